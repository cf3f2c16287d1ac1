"""Which calls are written down while they go on, and which afterwards: decided by what decoding costs here and now.

Pure: what was measured comes in, with the time it was measured at. A track is at one of three levels: live with
partial words, live sentence by sentence, or spooled to be transcribed after the call. A call is admitted whole: the
second track of a call follows the first. A track that is live and falls behind gives up its partial words first, then
the rest of its sound is spooled; a spooled track stays spooled, so that no sentence appears before an earlier one.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SPEECH_SHARE = 0.5  # of a track, until more is known of real ones: a talk has two speakers
_PRIOR_S = 60.0  # so many seconds of a track weigh as much as the measurement at the start
_FORGET_S = 600.0  # seconds of track after which what was learned weighs a third


class Level(StrEnum):
    """How a track is written down, best first."""

    LIVE = "live"
    SENTENCES = "sentences"  # without partial words
    SPOOLED = "spooled"


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds for a second of speech, with partial words and without."""

    live: float
    sentences: float


@dataclass(frozen=True, slots=True)
class Limits:
    """When a level is given up and when it is taken up again; the two differ, so that nothing flaps."""

    share: float = 0.8  # of the cores that decoding may take
    room: float = 0.85  # once calls were spooled, new ones are live again below this part of `share`
    partials_within_s: float = 2.0  # a track that lags more gives up its partial words: nobody misses them but the eye
    partials_again_within_s: float = 0.5
    calm_s: float = 10.0  # at least so long between giving up partial words and taking them up again
    spool_after_s: float = 15.0  # a sentence that late helps nobody in the talk
    try_sentences_s: float = 3.0  # so long without partial words before the rest is spooled
    window_s: float = 10.0


@dataclass(slots=True)
class _Track:
    call_id: str
    language: str
    level: Level
    changed_at: float
    behind_s: float = 0.0


@dataclass(slots=True)
class _Learned:
    """What a second of track costs with partial words: the measurement at the start, overtaken by what is seen."""

    measured: Cost
    cpu_s: float = field(init=False)
    sound_s: float = _PRIOR_S

    def __post_init__(self) -> None:
        self.cpu_s = self.measured.live * SPEECH_SHARE * _PRIOR_S

    @property
    def without_partials(self) -> float:
        """The part of the cost that remains without partial words."""
        return min(1.0, self.measured.sentences / self.measured.live) if self.measured.live > 0 else 1.0

    def cost(self, level: Level) -> float:
        if level is Level.SPOOLED:
            return 0.0
        live = self.cpu_s / self.sound_s
        return live if level is Level.LIVE else live * self.without_partials

    def add(self, cpu_s: float, sound_s: float, level: Level) -> None:
        keep = max(0.0, 1 - sound_s / _FORGET_S)
        self.cpu_s = self.cpu_s * keep + (cpu_s if level is Level.LIVE else cpu_s / (self.without_partials or 1.0))
        self.sound_s = self.sound_s * keep + sound_s


class Admission:
    """The tracks of one `media` process. All times in seconds of one monotonic clock."""

    def __init__(self, cores: float, limits: Limits | None = None, *, spools: bool = True) -> None:
        """`cores` that decoding can use: no more than its threads, the machine's cores, and what a container allows.
        Without `spools` there is no third level: a track that lags stays live."""
        self._cores = cores
        self._spools = spools
        self._limits = limits or Limits()
        self._learned: dict[str, _Learned] = {}
        self._tracks: dict[str, _Track] = {}
        self._spent: deque[tuple[float, float]] = deque()  # (at, processor seconds), within the window
        self._spent_s = 0.0  # their sum
        self._cpu_s = self._wall_s = 5.0  # of recent decodes; where others use the cores too, the second is more
        self._short = False  # calls were spooled, and there was no room since

    def measured(self, language: str, cost: Cost) -> None:
        """What a second of speech costs with this language's model, tried before its first call."""
        self._learned.setdefault(language, _Learned(cost))

    def known(self, language: str) -> bool:
        return language in self._learned

    @property
    def closed(self) -> bool:
        """No call may be live, whatever its language costs."""
        return self._spools and self._limits.share <= 0

    def admit(self, track: str, call_id: str, language: str, now: float) -> Level:
        """The level at which a new track begins. `language` must have been measured, unless `closed`."""
        companions = [each.level for each in self._tracks.values() if each.call_id == call_id]
        if companions:
            level = Level.SPOOLED if Level.SPOOLED in companions else Level.LIVE
            if Level.SENTENCES in companions and level is Level.LIVE:
                level = Level.SENTENCES
        else:
            level = self._at_the_door(language, now)
        self._tracks[track] = _Track(call_id, language, level, now)
        return level

    def _at_the_door(self, language: str, now: float) -> Level:
        if self.closed:
            return Level.SPOOLED
        limits, learned = self._limits, self._learned[language]
        latest_s = max((each.behind_s for each in self._tracks.values()), default=0.0)
        limit = self._for_decoding
        with_it = self.committed() + 2 * learned.cost(Level.LIVE)
        plain = self.committed(at_most=Level.SENTENCES) + 2 * learned.cost(Level.SENTENCES)
        if plain > limit * (limits.room if self._short else 1.0) or latest_s > limits.spool_after_s:
            self._short = True
            return Level.SPOOLED if self._spools else Level.SENTENCES
        self._short = False
        crowded = max(with_it, self.used(now)) > limit or latest_s > limits.partials_within_s
        return Level.SENTENCES if crowded else Level.LIVE

    def review(self, track: str, behind_s: float, now: float) -> Level:
        """The level of a track that has `behind_s` seconds of sound waiting."""
        own, limits = self._tracks[track], self._limits
        own.behind_s = 0.0 if own.level is Level.SPOOLED else behind_s
        limit = self._for_decoding
        busy = max(self.committed(), self.used(now))
        since_s = now - own.changed_at
        match own.level:
            case Level.LIVE if behind_s > limits.partials_within_s or busy > limit:
                self._change(own, Level.SENTENCES, now)
            case Level.SENTENCES if behind_s > limits.spool_after_s and since_s >= limits.try_sentences_s:
                if self._spools:
                    self._change(own, Level.SPOOLED, now)
            case Level.SENTENCES if since_s >= limits.calm_s and behind_s < limits.partials_again_within_s:
                learned = self._learned[own.language]
                with_partials = busy + learned.cost(Level.LIVE) - learned.cost(Level.SENTENCES)
                if with_partials < limit * limits.room:
                    self._change(own, Level.LIVE, now)
        return own.level

    @staticmethod
    def _change(track: _Track, level: Level, now: float) -> None:
        track.level, track.changed_at = level, now
        if level is Level.SPOOLED:
            track.behind_s = 0.0

    def spent(self, track: str, *, cpu_s: float, wall_s: float, sound_s: float, now: float) -> None:
        """`sound_s` seconds of a track were dealt with: in `cpu_s` of processor time, which took `wall_s`."""
        self.besides(cpu_s=cpu_s, wall_s=wall_s, now=now)
        own = self._tracks[track]
        if own.language in self._learned:
            self._learned[own.language].add(cpu_s, sound_s, own.level)

    def besides(self, *, cpu_s: float, wall_s: float, now: float) -> None:
        """So much was decoded that is no track's: what callers answer to a menu. It counts in what decoding takes."""
        self._spent.append((now, cpu_s))
        self._spent_s += cpu_s
        self._trim(now)
        keep = max(0.0, 1 - wall_s / (6 * self._limits.window_s))
        self._cpu_s, self._wall_s = self._cpu_s * keep + cpu_s, self._wall_s * keep + max(cpu_s, wall_s)

    def gone(self, track: str) -> None:
        """The stream is over, and all it sent is dealt with."""
        self._tracks.pop(track, None)

    @property
    def available(self) -> float:
        """Cores that decoding gets: fewer than there are when other work keeps it waiting."""
        return self._cores * self._cpu_s / self._wall_s

    def committed(self, *, at_most: Level = Level.LIVE) -> float:
        """Cores that the live tracks need; with `at_most` as if none had partial words."""
        drop = at_most is Level.SENTENCES
        return sum(
            self._learned[each.language].cost(
                Level.SENTENCES if drop and each.level is Level.LIVE else each.level,
            )
            for each in self._tracks.values()
            if each.language in self._learned
        )

    def used(self, now: float) -> float:
        """Cores that decoding took over the last seconds."""
        self._trim(now)
        return self._spent_s / self._limits.window_s

    def _trim(self, now: float) -> None:
        while self._spent and self._spent[0][0] < now - self._limits.window_s:
            self._spent_s -= self._spent.popleft()[1]
        if not self._spent:
            self._spent_s = 0.0  # without what rounding left

    @property
    def _for_decoding(self) -> float:
        return self.available * self._limits.share

    def room_for_calls(self, now: float) -> int | None:
        """How many more, in the dearest language; None while nothing is measured."""
        dearest = max((learned.cost(Level.LIVE) for learned in self._learned.values()), default=0.0)
        free = max(0.0, self._for_decoding - max(self.committed(), self.used(now)))
        return int(free / (2 * dearest)) if dearest else None

    def figures(self, now: float) -> Mapping[str, object]:
        """What was measured and what follows from it, for the health page."""
        levels = Counter(each.level for each in self._tracks.values())
        return {
            "cores": round(self._cores, 2),
            "cores_available": round(self.available, 2),
            "cores_for_decoding": round(self._for_decoding, 2),
            "cores_used": round(self.used(now), 3),
            "cores_committed": round(self.committed(), 3),
            "tracks": {level.value: levels[level] for level in Level},
            "slowest_behind_s": round(max((each.behind_s for each in self._tracks.values()), default=0.0), 1),
            "cpu_s_a_speech_second": {
                language: {"live": round(one.measured.live, 4), "sentences": round(one.measured.sentences, 4)}
                for language, one in sorted(self._learned.items())
            },
            "cpu_s_a_track_second": {
                language: round(one.cost(Level.LIVE), 4) for language, one in sorted(self._learned.items())
            },
            "room_for_calls": self.room_for_calls(now),
        }

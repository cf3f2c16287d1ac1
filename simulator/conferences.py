"""<Dial><Conference>: rooms where legs talk. Source: twilio.md 1.8 and 5.1."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from simulator.records import Callback, Conference, ConferenceView, Frame, Leg, Participant, SeatView
from simulator.twiml import Verb

if TYPE_CHECKING:
    from simulator.exchange import Exchange

MAX_PARTICIPANTS = 250
_SUBSCRIPTION = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
    "participant-modify": "modify",
    "announcement-end": "announcement",
    "announcement-fail": "announcement",
}
_LEFT = {
    "participant_hung_up": "last-participant-left",
    "participant_updated_via_api": "last-participant-left",
    "kicked": "last-participant-kicked",
}


class Conferences:
    """All conferences of the account: every running of a name is a conference of its own."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.by_sid: dict[str, Conference] = {}
        self._running: dict[str, Conference] = {}  # by name
        self._named: dict[str, list[Conference]] = {}  # every running of a name

    def running(self, name: str) -> Conference | None:
        return self._running.get(name)

    def find(self, sid_or_name: str) -> Conference | None:
        return self.by_sid.get(sid_or_name) or self._running.get(sid_or_name)

    def search(self, name: str | None, status: str | None) -> list[Conference]:
        """Conferences of a name, in a status, or both; the latest first."""
        if name is not None:
            found: Iterable[Conference] = reversed(self._named.get(name, []))
        else:
            found = reversed(self._running.values() if status in ("init", "in-progress") else self.by_sid.values())
        return [conference for conference in found if status in (None, conference.status)]

    def view(self, conference: Conference) -> ConferenceView:
        seats = tuple(
            SeatView(seat.leg.sid, seat.label, seat.muted, seat.held, seat.coaching, seat.end_on_exit,
                     seat.start_on_enter)
            for seat in conference.seats.values()
        )  # fmt: skip
        return ConferenceView(conference.sid, conference.name, conference.status, seats, conference.end_reason)

    def seat(self, conference: Conference, leg_or_label: str) -> Participant | None:
        found = conference.seats.get(leg_or_label)
        return found or next((seat for seat in conference.seats.values() if seat.label == leg_or_label), None)

    # Coming in

    def dial(self, leg: Leg, frame: Frame, noun: Verb) -> tuple[int, str]:
        """Seat a leg as `<Conference>` says. Gives an error code and sentence, 0 when seated."""
        callback = None
        if noun.get("statusCallback"):
            url = self._exchange.documents.resolve(frame.url, noun.get("statusCallback"))
            events = frozenset(noun.get("statusCallbackEvent", "start end").split())
            callback = Callback(url, noun.get("statusCallbackMethod", "POST"), events)
        recorded = noun.get("record") == "record-from-start"
        refused = self.join(
            leg, noun.text, callback, label=noun.get("participantLabel"), muted=noun.true("muted", False),
            start_on_enter=noun.true("startConferenceOnEnter", True),
            end_on_exit=noun.true("endConferenceOnExit", False), coaching=noun.get("coach"),
            max_participants=noun.whole("maxParticipants", MAX_PARTICIPANTS),
            record=(recorded, self._exchange.recorder.callback(frame, noun)),
        )  # fmt: skip
        if not refused[0] and noun.get("waitUrl") and leg.seat and leg.seat.conference.status == "init":
            wait = Frame("room", frame.url, when_out=lambda: None, when_faulty=lambda: None)
            self._exchange.documents.push(leg, wait, noun.get("waitUrl"), noun.get("waitMethod", "POST"))
        return refused

    def join(
        self, leg: Leg, name: str, callback: Callback | None, *, label: str, muted: bool, start_on_enter: bool,
        end_on_exit: bool, coaching: str = "", max_participants: int = MAX_PARTICIPANTS, hangs_up: bool = False,
        record: tuple[bool, Callback | None] = (False, None),
    ) -> tuple[int, str]:  # fmt: skip
        """Seat a leg in the running conference of that name, or start one. The first to come fixes the callbacks."""
        now = self._exchange.timeline.now()
        conference = self._running.get(name)
        if conference is not None:
            if label and self.seat(conference, label):
                return 16025, f"the participant label {label!r} is in use"
            if len(conference.seats) >= conference.max_participants:
                return 16020, "the conference is full"
        if coaching and (conference is None or coaching not in conference.seats):
            return 13240, f"{coaching} is not in the conference, so nobody can coach it"
        if conference is None:
            conference = Conference(
                self._exchange.new_sid("CF"), name, now, callback, max_participants=max_participants, record=record
            )
            self._running[name] = self.by_sid[conference.sid] = conference
            self._named.setdefault(name, []).append(conference)
        seat = Participant(
            leg, conference, label, muted, start_on_enter, end_on_exit, now, coaching=coaching, hangs_up=hangs_up
        )
        conference.seats[leg.sid] = seat
        leg.seat = seat
        leg.doing = "in-room"
        self._emit(conference, "participant-join", seat)
        if (
            conference.status == "init"
            and len(conference.seats) > 1
            and any(other.start_on_enter for other in conference.seats.values())
        ):
            self._begin(conference)
        self._mix(conference)
        return 0, ""

    def _begin(self, conference: Conference) -> None:
        conference.status = "in-progress"
        self._emit(conference, "conference-start")
        if conference.record[0]:
            conference.recording = self._exchange.recorder.begin(
                None, conference, "Conference", conference.record[1], channels=1
            )
        for seat in conference.seats.values():  # whoever heard a wait document now hears the room
            if not seat.held and len(seat.leg.frames) > 1:
                self._unstack(seat.leg)

    def _unstack(self, leg: Leg) -> None:
        """Stop the wait or hold document that runs on top of the leg's own."""
        self._exchange.documents.interrupt(leg)
        leg.frames = leg.frames[:1]
        leg.doing = "in-room"

    # Going out

    def leave(self, leg: Leg, reason: str) -> None:
        """Take a leg's seat away. What the leg does next is the caller's business."""
        seat, leg.seat = leg.seat, None
        if seat is None:
            return
        conference = seat.conference
        self._unseat(seat, "participant_updated_via_api" if reason == "kicked" else reason)
        if seat.end_on_exit:
            word = "kicked" if reason == "kicked" else "left"
            self._end(conference, f"participant-with-end-conference-on-exit-{word}", seat, "moderator_ended_conference")
        elif not conference.seats:
            self._end(conference, _LEFT.get(reason, "last-participant-left"), seat, "")
        else:
            self._mix(conference)

    def kick(self, seat: Participant) -> None:
        """DELETE of a participant: the leg goes on after its <Dial>."""
        self.leave(seat.leg, "kicked")
        self._go_on(seat)

    def complete(self, conference: Conference) -> None:
        """REST Status=completed: everybody out."""
        if conference.status != "completed":
            self._end(conference, "conference-ended-via-api", None, "conference_ended_via_api")

    def _end(self, conference: Conference, reason: str, by: Participant | None, left_reason: str) -> None:
        if conference.status == "completed":
            return
        conference.status = "completed"
        conference.ended_at = self._exchange.timeline.now()
        conference.end_reason = reason
        conference.end_leg = by.leg.sid if by else ""
        if self._running.get(conference.name) is conference:
            del self._running[conference.name]
        others = list(conference.seats.values())
        for seat in others:
            seat.leg.seat = None
            self._unseat(seat, left_reason)
        if conference.recording is not None:
            self._exchange.recorder.complete(conference.recording)
        extra = [("ReasonConferenceEnded", reason), ("Reason", reason.replace("-", " "))]
        if by is not None:
            extra += [("CallSidEndingConference", by.leg.sid)]
            extra += [("ParticipantLabelEndingConference", by.label)] if by.label else []
        self._emit(conference, "conference-end", None, extra)
        for seat in others:
            self._go_on(seat)

    def _unseat(self, seat: Participant, reason: str) -> None:
        conference, leg = seat.conference, seat.leg
        del conference.seats[leg.sid]
        for other in conference.seats.values():
            if other.coaching == leg.sid:
                other.coaching = ""
        if len(leg.frames) > 1:
            self._unstack(leg)
        self._exchange.sound.leave(conference.sid, leg.sid)
        extra = [("ParticipantCallStatus", leg.status), ("ReasonParticipantLeft", reason)]
        self._emit(conference, "participant-leave", seat, extra)

    def _go_on(self, seat: Participant) -> None:
        if seat.leg.over:
            return
        if seat.hangs_up:
            self._exchange.legs.finish(seat.leg, "completed", "the conference ended")
        else:
            self._exchange.dialler.after(seat.leg, [("DialCallStatus", "answered"), ("DialBridged", "true")])

    # Changes by REST

    def mute(self, seat: Participant, muted: bool) -> None:
        if seat.muted != muted:
            seat.muted = muted
            self._emit(seat.conference, "participant-mute" if muted else "participant-unmute", seat)
            self._mix(seat.conference)

    def hold(self, seat: Participant, held: bool, url: str = "", method: str = "GET") -> None:
        """Put somebody on hold, with what is heard meanwhile at `url`; hold again changes the document."""
        if held != seat.held:
            seat.held = held
            self._emit(seat.conference, "participant-hold" if held else "participant-unhold", seat)
        if len(seat.leg.frames) > 1:
            self._unstack(seat.leg)
        if held and url:
            room = [("ConferenceSid", seat.conference.sid), ("FriendlyName", seat.conference.name)]
            music = Frame("room", "", extra=lambda: room)
            music.when_out = lambda: self._hold_again(seat, music, url, method)
            music.when_faulty = lambda: None  # silence, but still on hold
            if not seat.leg.frames:  # joined by REST, without a document of its own
                seat.leg.frames = [Frame("main", "")]
            self._exchange.documents.push(seat.leg, music, url, method)
        self._mix(seat.conference)

    def _hold_again(self, seat: Participant, music: Frame, url: str, method: str) -> None:
        documents = self._exchange.documents
        documents.later(seat.leg, documents.breather_s(seat.leg), lambda: documents.fetch(seat.leg, music, url, method))

    def announce(self, seat: Participant, url: str, method: str) -> None:
        """Play a document to one participant; the room goes on without it meanwhile."""
        if seat.held or len(seat.leg.frames) != 1:
            return

        def over(event: str) -> None:
            self._unstack(seat.leg)
            self._emit(seat.conference, event, seat)

        speech = Frame("room", "")
        speech.when_out = lambda: over("announcement-end")
        speech.when_faulty = lambda: over("announcement-fail")
        self._exchange.documents.push(seat.leg, speech, url, method)

    def coach(self, seat: Participant, coached: str) -> None:
        """Let only the leg `coached` hear this participant; an empty SID ends the coaching."""
        seat.coaching = coached
        self._emit(seat.conference, "participant-modify", seat)
        self._mix(seat.conference)

    def set_end_on_exit(self, seat: Participant, value: bool) -> None:
        """Accepted but ignored while the participant is on hold (twilio.md 4.3, 7)."""
        if not seat.held and seat.end_on_exit != value:
            seat.end_on_exit = value
            self._emit(seat.conference, "participant-modify", seat)

    # Who hears whom, and who is told

    def _mix(self, conference: Conference) -> None:
        started = conference.status == "in-progress"
        seats = list(conference.seats.values())
        loud = [seat for seat in seats if not (seat.held or seat.muted or seat.coaching)]
        for seat in seats:
            held = seat.held or not started
            self._exchange.sound.join(
                conference.sid, seat.leg.sid, muted=seat.muted, held=held, coaches=seat.coaching or None
            )
            coaches = sum(1 for other in seats if other.coaching == seat.leg.sid and not (other.muted or other.held))
            others = 0 if held else len(loud) - (seat in loud) + coaches
            self._exchange.notice(
                seat.leg, "room", room=conference.name, others=others, held=seat.held, muted=seat.muted
            )

    def _emit(
        self, conference: Conference, event: str, seat: Participant | None = None,
        extra: list[tuple[str, str]] | None = None,
    ) -> None:  # fmt: skip
        callback = conference.callback
        if callback is None or _SUBSCRIPTION[event] not in callback.events or not callback.url:
            return
        conference.sequence += 1
        params = [
            ("ConferenceSid", conference.sid),
            ("FriendlyName", conference.name),
            ("AccountSid", self._exchange.account_sid),
            ("SequenceNumber", str(conference.sequence)),
            ("Timestamp", self._exchange.rfc2822_now()),
            ("StatusCallbackEvent", event),
        ]
        if seat is not None:
            params += [
                ("CallSid", seat.leg.sid),
                ("Muted", _text(seat.muted)),
                ("Hold", _text(seat.held)),
                ("Coaching", _text(bool(seat.coaching))),
                ("EndConferenceOnExit", _text(seat.end_on_exit)),
                ("StartConferenceOnEnter", _text(seat.start_on_enter)),
            ]
            params += [("CallSidToCoach", seat.coaching)] if seat.coaching else []
            params += [("ParticipantLabel", seat.label)] if seat.label else []
        params += extra or []
        leg = seat.leg.sid if seat else ""
        self._exchange.tell("conference-status", leg, callback, params)


def _text(value: bool) -> str:
    return "true" if value else "false"

"""Effects to TwiML, and the documents of the talking room. Pure: the same input gives the same text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from twilio.twiml.voice_response import Dial, Gather, Start, Stop, VoiceResponse

from callflows import effects as fx
from callflows.session import Session
from ivr.urls import VoiceUrls

# Language of a prompt -> Twilio's language tag and voice. Belgian voices where there are any (twilio.md 6).
VOICES = {
    "nl": ("nl-BE", "Polly.Lisa-Neural"),
    "fr": ("fr-BE", "Polly.Isabelle-Neural"),
    "en": ("en-GB", "Polly.Amy-Neural"),
}
HOLD_MUSIC = "hold.wav"
CONFERENCE_EVENTS = "start end join leave hold"  # one string in TwiML (twilio.md 6, helper trap)

TextOf = Callable[[fx.Say], str]  # renders a prompt in its own language


@dataclass(frozen=True)
class StreamTicket:
    """What a leg's Media Stream needs: where to, under which name, and the one-time token."""

    url: str
    name: str
    token: str


def queue_name(queue: str) -> str:
    return f"q-{queue}"


def room_name(call_id: str) -> str:
    """The conference of a call. No personal data in it (twilio.md 5.2)."""
    return f"c-{call_id}"


def operator_label(operator_id: int) -> str:
    return f"operator-{operator_id}"


CALLER_LABEL = "caller"


def answer_stream(step: int) -> str:
    """The name of the stream on which the answer to a step's question is listened for."""
    return f"answer-{step}"


def render(session: Session, text_of: TextOf, urls: VoiceUrls, ticket: StreamTicket | None = None) -> str:
    """The session's effects as one document. The URLs in it carry the session's step and loop. With `ticket` the answer
    is listened for too."""
    document = VoiceResponse()
    waiting = session.phase == "waiting"
    if session.listened is not None and (not waiting or isinstance(session.effects[-1], fx.Enqueue)):
        stop = Stop()
        stop.stream(name=answer_stream(session.listened))
        document.append(stop)
    if ticket is not None:
        document.append(_stream(ticket, urls.listening(session.call_id, session.step)))
    for effect in session.effects:
        match effect:
            case fx.Say() | fx.ReadOut() | fx.PlayHoldMusic():
                _speak(document, effect, text_of, urls)
            case fx.Gather():
                _gather(document, effect, session, text_of, urls)
            case fx.Record():
                _record(document, effect, session, text_of, urls)
            case fx.Continue():
                document.redirect(urls.answer(session.call_id, session.step), method="POST")
            case fx.Enqueue():
                enqueue(document, session, effect.queue, urls)
            case fx.WaitOn() if waiting:
                document.redirect(urls.wait(session.call_id, session.step, session.loop), method="POST")
            case fx.LeaveQueue() if waiting:
                document.leave()
            case _:
                document.hangup()
    return str(document)


def enqueue(document: VoiceResponse, session: Session, queue: str, urls: VoiceUrls) -> None:
    """Into the waiting room; the session's step is the one at which the caller went in."""
    document.enqueue(
        queue_name(queue),
        wait_url=urls.wait(session.call_id, session.step, session.loop),
        wait_url_method="POST",
        action=urls.left_queue(session.call_id, session.step),
        method="POST",
    )


def back_to_queue(session: Session, queue: str, urls: VoiceUrls) -> str:
    """The document that takes a caller out of the talking room into the queue again."""
    document = VoiceResponse()
    enqueue(document, session, queue, urls)
    return str(document)


def _speak(place: VoiceResponse | Gather, effect: fx.Spoken, text_of: TextOf, urls: VoiceUrls) -> None:
    if isinstance(effect, fx.Say):
        language, voice = VOICES[effect.language]
        place.say(text_of(effect), language=language, voice=voice)
    elif isinstance(effect, fx.ReadOut):
        language, voice = VOICES[effect.language]
        place.say(effect.text, language=language, voice=voice)
    else:
        place.play(urls.audio(HOLD_MUSIC))


def _gather(document: VoiceResponse, effect: fx.Gather, session: Session, text_of: TextOf, urls: VoiceUrls) -> None:
    if session.phase == "waiting":
        action = urls.wait_key(session.call_id, session.step, session.loop)
    else:
        action = urls.answer(session.call_id, session.step)
    gather = Gather(
        input="dtmf",
        num_digits=effect.digits if not effect.finish_on_key else None,
        finish_on_key=effect.finish_on_key,
        timeout=effect.timeout_s,
        action=action,
        method="POST",
        # In the queue silence simply goes on to the next round; in a menu the flow must hear of it.
        action_on_empty_result=session.phase != "waiting",
    )
    for spoken in effect.spoken:
        _speak(gather, spoken, text_of, urls)
    document.append(gather)
    if session.phase == "waiting":
        document.redirect(urls.wait(session.call_id, session.step, session.loop), method="POST")


def _record(document: VoiceResponse, effect: fx.Record, session: Session, text_of: TextOf, urls: VoiceUrls) -> None:
    for spoken in effect.spoken:
        _speak(document, spoken, text_of, urls)
    document.record(
        action=urls.answer(session.call_id, session.step),
        method="POST",
        max_length=effect.max_s,
        timeout=effect.silence_s,
        finish_on_key=effect.finish_on_key,
        play_beep=True,
        recording_status_callback=urls.recording(session.call_id),
        recording_status_callback_event="completed absent",
    )
    # An empty recording falls through to the next verb (twilio.md 1.7).
    document.redirect(urls.answer(session.call_id, session.step), method="POST")


def listen_on(session: Session, effect: fx.Gather, urls: VoiceUrls, *, timeout_s: int) -> str:
    """Wait some more for the answer to a question that was asked, without asking it again; its stream goes on."""
    document = VoiceResponse()
    _gather(document, effect.model_copy(update={"spoken": (), "timeout_s": timeout_s}), session, lambda _: "", urls)
    return str(document)


def go_on(url: str) -> str:
    """Leave what a leg does and come for the document at `url`."""
    document = VoiceResponse()
    document.redirect(url, method="POST")
    return str(document)


def _stream(ticket: StreamTicket, status_callback: str) -> Start:
    start = Start()
    stream = start.stream(url=ticket.url, name=ticket.name, track="inbound_track", status_callback=status_callback)
    stream.parameter(name="token", value=ticket.token)
    return start


def question(say: fx.Say, text_of: TextOf, *, action: str, timeout_s: int = 6) -> str:
    """Say something and wait for one key; `action` hears of it, and of none."""
    document = VoiceResponse()
    gather = Gather(
        input="dtmf", num_digits=1, timeout=timeout_s, action=action, method="POST", action_on_empty_result=True
    )
    language, voice = VOICES[say.language]
    gather.say(text_of(say), language=language, voice=voice)
    document.append(gather)
    return str(document)


def goodbye(say: fx.Say, text_of: TextOf) -> str:
    """Say something and hang up."""
    document = VoiceResponse()
    language, voice = VOICES[say.language]
    document.say(text_of(say), language=language, voice=voice)
    document.hangup()
    return str(document)


def talk(
    call_id: str, *, label: str, action: str, ends_room: bool, urls: VoiceUrls, ticket: StreamTicket | None
) -> str:
    """A leg into the talking room, its Media Stream first (twilio.md 4.3, steps 4 and 5).

    Every leg carries the same callback attributes, because the first participant fixes them (twilio.md 1.8).
    """
    document = VoiceResponse()
    if ticket is not None:
        document.append(_stream(ticket, urls.stream(call_id)))
    dial = Dial(action=action, method="POST")
    dial.conference(
        room_name(call_id),
        beep="false",
        wait_url="",
        start_conference_on_enter=True,
        end_conference_on_exit=ends_room,
        participant_label=label,
        status_callback=urls.conference(call_id),
        status_callback_event=CONFERENCE_EVENTS,
    )
    document.append(dial)
    return str(document)


def hold(urls: VoiceUrls) -> str:
    """What a caller on hold hears; a conference asks for it again when it is over."""
    document = VoiceResponse()
    document.play(urls.audio(HOLD_MUSIC), loop=0)
    return str(document)


def hang_up() -> str:
    document = VoiceResponse()
    document.hangup()
    return str(document)


def empty() -> str:
    """Nothing more: Twilio ends a leg that runs out of verbs (twilio.md 1.1)."""
    return str(VoiceResponse())


def apology(sentences: Iterable[tuple[str, str]], fallback_number: str) -> str:
    """What a caller hears when we cannot go on: the apology in every language (text, language), then a person.

    Needs neither store, so that it can always be said.
    """
    document = VoiceResponse()
    for text, language in sentences:
        tag, voice = VOICES[language]
        document.say(text, language=tag, voice=voice)
    if fallback_number:
        document.dial(fallback_number)
    else:
        document.hangup()
    return str(document)

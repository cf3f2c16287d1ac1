"""Nodes that wait for an answer outside the queue: what they ask, and where each answer leads.

Every function gives the node to go to, or None when it has closed the document.
"""

from __future__ import annotations

from callflows.effects import Gather, Record, Say
from callflows.events import AnswerSpoken, DigitsPressed, Event, Recorded
from callflows.facts import LanguageChosen, Rated, TranscriptionRefused
from callflows.node_parts import Choice
from callflows.nodes import AskNode, LanguageNode, MenuNode, NoticeNode, RatingNode, RecordNode
from callflows.speech import as_telephone
from callflows.turn import Turn

Question = LanguageNode | MenuNode | NoticeNode | AskNode | RecordNode | RatingNode

FINISH_KEY = "#"
SCORES = frozenset("12345")


def ask(turn: Turn, node: Question, preface: str = "") -> None:
    """Put the question, after the sentence `preface`."""
    if preface:
        turn.say(preface)
    match node:
        case LanguageNode():
            for key, language in node.keys.items():
                turn.spoken.append(Say(prompt=node.prompt, language=language, args={"key": key}))
        case NoticeNode():
            turn.say(node.prompt, retention_days=turn.context.retention_days)
        case MenuNode() | AskNode() | RecordNode():
            turn.say(node.prompt, **turn.filled(node.args))
        case RatingNode():
            turn.say(node.prompt)
    speech = turn.listens(node)
    spoken = tuple(turn.spoken)
    match node:
        case RecordNode():
            closing = Record(
                spoken=spoken, max_s=node.max_s, silence_s=node.silence_s, finish_on_key=node.finish_on_key
            )
            turn.effects = (closing,)
        case AskNode():
            gather = Gather(
                spoken=spoken,
                digits=node.max_digits,
                timeout_s=node.timeout_s,
                finish_on_key=FINISH_KEY,
                speech=speech,
            )
            turn.effects = (gather,)
        case _:
            turn.effects = (Gather(spoken=spoken, digits=node.digits, timeout_s=node.timeout_s, speech=speech),)


def answered(turn: Turn, node: Question, event: Event) -> str | None:
    """An answer came, or none."""
    if isinstance(node, RecordNode):
        turn.change(unattended=turn.session.unattended + 1)
        return _recorded(turn, node, event)
    if isinstance(event, DigitsPressed | AnswerSpoken) and event.digits:
        turn.change(unattended=0)
        return _typed(turn, node, event.digits)
    turn.change(unattended=turn.session.unattended + 1)
    match node:
        case MenuNode() if isinstance(event, AnswerSpoken):
            return _again(turn, node, node.wrong_key_prompt, node.wrong_key)
        case AskNode() if isinstance(event, AnswerSpoken):
            return _again(turn, node, node.wrong_prompt, node.wrong)
        case NoticeNode() | RatingNode():
            return node.next
        case LanguageNode():
            return _again(turn, node, "", node.next)
        case MenuNode() | AskNode():
            return _again(turn, node, node.no_input_prompt, node.no_input)


def _typed(turn: Turn, node: LanguageNode | MenuNode | NoticeNode | AskNode | RatingNode, digits: str) -> str | None:
    match node:
        case LanguageNode() if digits in node.keys:
            _speak_from_now_on(turn, node.keys[digits])
            return node.next
        case MenuNode() | NoticeNode() if digits in node.keys:
            return _choose(turn, node.keys[digits], digits)
        case RatingNode():
            if digits in SCORES:
                turn.note(Rated(at=turn.now, key=f"rated:{turn.session.step}", score=int(digits)))
            return node.next
        case NoticeNode():
            return node.next  # an impatient caller: nothing was asked that this could be the answer to
        case LanguageNode():
            return _again(turn, node, "", node.next)
        case MenuNode():
            return _again(turn, node, node.wrong_key_prompt, node.wrong_key)
        case AskNode():
            value = _accepted(node, digits)
            if value is None:
                return _again(turn, node, node.wrong_prompt, node.wrong)
            turn.store(node.store, value)
            return node.next


def _accepted(node: AskNode, digits: str) -> str | None:
    """What the node keeps of the digits, or None when they cannot be what was asked for."""
    if not digits.isascii() or not digits.isdigit() or not node.min_digits <= len(digits) <= node.max_digits:
        return None
    if node.format == "digits":
        return digits
    return as_telephone(digits)


def _again(turn: Turn, node: LanguageNode | MenuNode | AskNode, preface: str, otherwise: str) -> str | None:
    turn.change(attempts=turn.session.attempts + 1)
    if turn.session.attempts <= node.retries:
        ask(turn, node, preface)
        return None
    if isinstance(node, LanguageNode):
        _speak_from_now_on(turn, turn.flow.language)
    return otherwise


def _speak_from_now_on(turn: Turn, language: str) -> None:
    turn.change(language=language)
    turn.note(LanguageChosen(at=turn.now, key=f"language:{turn.session.step}", language=language))


def _choose(turn: Turn, choice: Choice, digits: str) -> str:
    if choice.action == "refuse-transcription" and turn.session.transcription:
        turn.change(transcription=False)
        turn.note(TranscriptionRefused(at=turn.now, key="transcription-refused", by="caller"))
    turn.chosen(choice.label, digits, f"menu:{turn.session.step}")
    return choice.exit


def _recorded(turn: Turn, node: RecordNode, event: Event) -> str:
    if not isinstance(event, Recorded):
        return node.empty
    turn.store(node.store, event.recording)
    return node.next

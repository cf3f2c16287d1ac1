"""Reads a TwiML document and refuses what Twilio refuses. Pure.

Where Twilio only warns (12200: unknown element, attribute or nesting, wrong case) this stand-in refuses too:
what Twilio still executes after such a warning is not documented, so nobody may rely on it.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from simulator import twiml_rules as rules

Place = Literal["main", "wait", "room", "whisper", "screen"]
_VERBS_OF: Mapping[Place, frozenset[str]] = {
    "main": rules.MAIN_VERBS,
    "wait": rules.WAIT_VERBS,
    "room": rules.ROOM_VERBS,
    "whisper": rules.WHISPER_VERBS,
    "screen": rules.SCREEN_VERBS,
}


class TwimlFault(Exception):
    """The document cannot be executed; `code` is Twilio's error code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Verb:
    """One element: its attributes as written, its text (with the text of SSML inside it), and its children."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""
    children: tuple[Verb, ...] = ()

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def whole(self, name: str, default: int) -> int:
        """An attribute that the rules know to be a whole number."""
        return int(self.attributes[name]) if name in self.attributes else default

    def true(self, name: str, default: bool) -> bool:
        return self.attributes[name] == "true" if name in self.attributes else default


def parse(body: bytes, place: Place = "main") -> tuple[Verb, ...]:
    """The verbs of a document for `place`. Raises TwimlFault."""
    if len(body) > rules.MAX_DOCUMENT_BYTES:
        raise TwimlFault(11750, f"the document has {len(body)} bytes, {rules.MAX_DOCUMENT_BYTES} are allowed")
    if not body.strip():
        raise TwimlFault(11770, "the answer has no body")
    if b"<!DOCTYPE" in body:
        raise TwimlFault(12100, "the document has a DOCTYPE")
    try:
        root = ET.fromstring(body)  # noqa: S314 - see the import
    except (ET.ParseError, LookupError, ValueError) as error:
        raise TwimlFault(12100, f"the document is not XML: {error}") from error
    if root.tag != "Response":
        raise TwimlFault(12102, f"the root element is <{root.tag}>, not <Response>")
    verbs = _element(root).children
    for index, verb in enumerate(verbs):
        if verb.name not in _VERBS_OF[place]:
            raise TwimlFault(_misplaced(verb.name, place), f"<{verb.name}> is not allowed in a {place} document")
        if verb.name == "Reject" and index:
            raise TwimlFault(12200, "<Reject> must be the first verb")
    return verbs


def _misplaced(name: str, place: Place) -> int:
    if place == "room":
        return 13238
    return 13201 if place == "screen" and name == "Dial" else 12200


def _element(element: ET.Element) -> Verb:
    name = element.tag
    rule = rules.RULES[name]
    for attribute, value in element.attrib.items():
        allowed = rule.attributes.get(attribute)
        if allowed is None:
            raise TwimlFault(12200, f"<{name}> has no attribute {attribute!r}")
        if not allowed.allows(value):
            raise TwimlFault(allowed.code, f"<{name} {attribute}={value!r}> is not an allowed value")
    ssml = name == "Say"
    if not rule.text and _own_text(element).strip():
        raise TwimlFault(12200, f"<{name}> holds no text")
    children: list[Verb] = []
    for child in element:
        if child.tag not in rule.children:
            raise TwimlFault(rule.child_code, f"<{child.tag}> is not allowed inside <{name}>")
        if not ssml:
            children.append(_element(child))
    text = "".join(element.itertext()) if ssml else _own_text(element)
    verb = Verb(name, dict(element.attrib), " ".join(text.split()), tuple(children))
    _check(verb)
    return verb


def _own_text(element: ET.Element) -> str:
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _check(verb: Verb) -> None:
    """What the table cannot say."""
    match verb.name:
        case "Say":
            limit = rules.MAX_SAY_PREMIUM if "." in verb.get("voice") else rules.MAX_SAY_BASIC
            if len(verb.text) > limit:
                raise TwimlFault(13521, f"<Say> has {len(verb.text)} characters, {limit} are allowed")
            if not verb.text:
                raise TwimlFault(13520, "<Say> has no text")
        case "Redirect" | "Queue" | "Identity" if not verb.text:
            raise TwimlFault(11100 if verb.name == "Redirect" else 12200, f"<{verb.name}> is empty")
        case "Play" if not verb.text and not verb.get("digits"):
            raise TwimlFault(11100, "<Play> has no URL")
        case "Enqueue":
            if verb.get("workflowSid"):
                raise TwimlFault(12200, "TaskRouter is not simulated: <Enqueue workflowSid>")
            if not 0 < len(verb.text) <= 64:
                raise TwimlFault(12200, "<Enqueue> needs a queue name of at most 64 characters")
        case "Conference":
            if not 0 < len(verb.text) <= 128:
                raise TwimlFault(13237, "<Conference> needs a name of at most 128 characters")
            label = verb.get("participantLabel")
            if not rules.label_allowed(label):
                raise TwimlFault(16023, f"the participant label {label!r} is not allowed")
        case "Dial":
            _check_dial(verb)
        case "Client" if not (bool(verb.text) ^ any(child.name == "Identity" for child in verb.children)):
            raise TwimlFault(12200, "<Client> needs one identity")
        case "Start" | "Stop" | "Connect" if len(verb.children) != 1:
            raise TwimlFault(12200, f"<{verb.name}> needs one <Stream>")
        case "Start" | "Connect" if not verb.children[0].get("url"):
            raise TwimlFault(31923, "<Stream> needs a url")
        case "Stop" if not verb.children[0].get("name"):
            raise TwimlFault(12200, "<Stop><Stream> needs a name")
        case "Parameter" if len(verb.get("name")) + len(verb.get("value")) >= rules.MAX_PARAMETER:
            raise TwimlFault(
                12200, f"the parameter {verb.get('name')!r} is longer than {rules.MAX_PARAMETER} characters"
            )
        case _:
            pass


def _check_dial(verb: Verb) -> None:
    nouns = {child.name for child in verb.children}
    if not verb.text and not nouns:
        raise TwimlFault(13223, "<Dial> dials nothing")
    if (verb.text and nouns) or (nouns & {"Conference", "Queue"} and len(verb.children) > 1):
        raise TwimlFault(13000, "<Dial> mixes what cannot be mixed")
    if len(verb.children) > 10:
        raise TwimlFault(13215, "<Dial> rings at most ten at once")

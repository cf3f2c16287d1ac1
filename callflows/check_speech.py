"""Faults of what callers may say: words that are missing in a language, or that mean two things."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from callflows.faults import Fault
from callflows.flow import Flow, Reading
from callflows.folder import Folder
from callflows.nodes import MenuNode
from callflows.speech import digits_said, own_words, question, yes_or_no
from callflows.spoken_words import FILLERS

# Which of these phrases the recogniser of a language cannot write down; None: it has none for that language.
Unheard = Callable[[str, tuple[str, ...]], tuple[str, ...] | None]


def faults_of_speech(reading: Reading, flow: Flow, languages: tuple[str, ...]) -> Iterator[Fault]:
    """Spoken answers of menus that nobody could give, or that nobody could tell apart."""
    for name, node in flow.nodes.items():
        for key, choice in node.choices().items():
            said = getattr(choice, "say", {}) or getattr(choice, "means", "")
            if said and not (isinstance(node, MenuNode) and node.speech):
                sentence = f"Key {key} has words to say, but only a menu with speech = true listens."
                yield reading.fault(sentence, "nodes", name, "keys", key)
        if isinstance(node, MenuNode) and node.speech:
            for language in languages:
                yield from _words(reading, name, node, language)


def _words(reading: Reading, name: str, node: MenuNode, language: str) -> Iterator[Fault]:
    meant = dict.fromkeys(FILLERS[language], "") | digits_said(language)
    for key, choice in node.keys.items():
        where = ("nodes", name, "keys", key)
        if choice.say and not own_words(choice, language):
            yield reading.fault(f"Key {key} has words to say, but none in {language}.", *where)
        for phrase in (*yes_or_no(choice, language), *own_words(choice, language)):
            other = meant.setdefault(phrase, key)
            if other != key:
                means = f"key {other}" if other else "nothing, because callers say it beside their answers"
                sentence = f'"{phrase}" ({language}) is to mean key {key}, but it means {means}.'
                yield reading.fault(sentence, *where)


def words_nobody_hears(folder: Folder, languages_of: Callable[[str], tuple[str, ...]], unheard: Unheard) -> list[Fault]:
    """Warnings: words of a flow that the installed recognisers do not know, and languages without a recogniser. The
    flow works all the same, by its keys."""
    found: list[Fault] = []
    for name, reading in folder.readings.items():
        for node_name, node in reading.flow.nodes.items() if reading.flow else ():
            for language in languages_of(name):
                asked = question(node, language)
                if asked is None:
                    continue
                keys = node.keys if isinstance(node, MenuNode) else {}
                own = {phrase: key for key, choice in keys.items() for phrase in own_words(choice, language)}
                missing = unheard(language, tuple(own))
                if missing is None:
                    sentence = f"No speech model for {language} is installed: its callers have the keys."
                    found.append(reading.fault(sentence, "nodes", node_name, "speech"))
                for phrase in missing or ():
                    sentence = f'The speech model for {language} does not know "{phrase}": nobody can say it.'
                    found.append(reading.fault(sentence, "nodes", node_name, "keys", own[phrase]))
    return sorted(set(found))

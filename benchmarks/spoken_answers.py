"""How well spoken answers are understood: `python -m benchmarks.spoken_answers`, with espeak-ng installed.

Every answer of the shipped menus, telephone numbers, and sentences that are no answer are said by voices of espeak-ng
that the shipped models were not trained on, each a different one of the same engine: good figures here say that the
way from sound to key works, not that people are understood. Nothing but the gate, the recogniser and the rules of
`callflows.speech` is in it; the sound goes through them as in a call.
"""

from __future__ import annotations

import asyncio
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import click
import numpy as np

from callflows.flow import Flow
from callflows.folder import load_flow
from callflows.nodes import MenuNode
from callflows.speech import Answer, Choices, Number, Question, question
from foundation.settings import ROOT
from tests.support.word_errors import spoken
from transcription import media_stream, pipeline, wav
from transcription.audio import TELEPHONE_HZ, mulaw_encode
from transcription.listening import answer_gate, only_a_sound
from transcription.models import Models
from transcription.protocol import Media, parse

QUIET = b"\xff" * TELEPHONE_HZ  # a second of it
VOICES = {
    "nl": ("nl+f4", "nl+m6", "nl+Annie", "nl+robert", "nl+klatt3"),
    "fr": ("fr-be+f4", "fr+m6", "fr-be+Annie", "fr+robert", "fr-be+klatt3"),
    "en": ("en-gb+f4", "en-gb+m6", "en-gb+Annie", "en-us+robert", "en-gb+klatt3"),
}
NO_ANSWERS = {
    "nl": (
        "goeiedag, ik heb een vraagje", "wacht eens even", "Marie, kom eens hier", "hallo, is daar iemand",
        "mijn fiets is kapot", "dat weet ik niet", "ik versta u niet", "zet die televisie stil", "de hond moet buiten",
    ),
    "fr": (
        "bonjour, j'ai une question", "attendez un instant", "Marie, viens ici", "allô, il y a quelqu'un",
        "mon vélo est cassé", "je ne sais pas", "je ne comprends pas", "éteins la télévision", "le chien doit sortir",
    ),
    "en": (
        "hello, I have a question", "wait a moment", "Mary, come over here", "hello, is anybody there",
        "my bike is broken", "I do not know", "I cannot understand you", "turn the television off", "the dog is out",
    ),
}  # fmt: skip
NUMBERS = {
    "nl": (
        ("nul vier zes nul, nul nul, een twee, drie vier", "0460001234"),
        ("nul vier zes nul, tien, zevenentachtig, negen negen", "0460108799"),
        ("nul twee, vijf vijf vijf, nul een, tweeënveertig", "025550142"),
    ),
    "fr": (
        ("zéro quatre cent soixante, zéro zéro, douze, trente quatre", "0460001234"),
        ("zéro quatre six zéro, dix, quatre vingt sept, nonante neuf", "0460108799"),
        ("zéro deux, cinq cent cinquante cinq, zéro un, quarante deux", "025550142"),
    ),
    "en": (
        ("zero four six zero, double zero, one two, three four", "0460001234"),
        ("oh four six oh, ten, eighty seven, double nine", "0460108799"),
        ("zero two, triple five, zero one, forty two", "025550142"),
    ),
}


def said(text: str, voice: str, *, espeak: str, noise: float = 20.0) -> bytes:
    """The text as a telephone carries it: 8 kHz mu-law with line noise, a second of it before and after."""
    command = [espeak, "-v", voice, "-s", "150", "--stdout", text]
    content = subprocess.run(command, check=True, capture_output=True).stdout
    rate_hz, start = int.from_bytes(content[24:28], "little"), content.index(b"data") + 8
    sound = np.frombuffer(content[start : start + (len(content) - start) // 2 * 2], np.int16).astype(np.float64)
    length = len(sound) * TELEPHONE_HZ // rate_hz
    spectrum = np.fft.rfft(sound)[: length // 2 + 1]
    narrow = np.fft.irfft(spectrum, length)
    narrow *= 9000 / np.abs(narrow).max()
    line = np.random.default_rng(len(text)).normal(0, noise, length + 2 * TELEPHONE_HZ)
    line[TELEPHONE_HZ : TELEPHONE_HZ + length] += narrow
    return mulaw_encode(line.clip(-32000, 32000).astype(np.int16))


def heard(asked: Question, language: str, mulaw: bytes, models: Models) -> Answer | None:
    """What `transcription.listening` would hand over at the end of the recording."""

    async def run() -> Answer | None:
        buffer = pipeline.FrameBuffer()
        for text in media_stream.frames("MZ", mulaw):
            frame = parse(text)
            if isinstance(frame, Media):
                buffer.put(frame)
        buffer.end()
        recogniser = models.answer_recogniser(language, asked.words())
        decoder = pipeline.Decoder(recogniser, partials=False, speech_gate=answer_gate())
        words, answer = [], None
        with ThreadPoolExecutor(1) as pool:
            async for result in pipeline.transcribe(buffer, decoder, pool):
                if isinstance(result, pipeline.Final) and not only_a_sound(result.words):
                    words = [*words, *result.words] if isinstance(asked, Number) else [*result.words]
                    answer = asked.answer(words) or answer
                    if asked.complete(answer):
                        break
        return answer

    return asyncio.run(run())


def questions(flow: Flow, language: str, models: Models) -> Iterator[tuple[str, Question, list[tuple[str, str]]]]:
    """Each question of the flow with what is said to it and the keys that it means ("" for none)."""
    for name in ("topic", "callback-internet/confirm-number"):
        node = flow.nodes[name]
        asked = question(node, language)
        if isinstance(node, MenuNode) and isinstance(asked, Choices):
            keys = {phrase: key for phrase, key in asked.phrases.items() if key in node.keys or phrase in asked.digits}
            known = set(keys) - set(models.unheard(language, tuple(keys)))
            yield name.rpartition("/")[2], asked, [(phrase, keys[phrase]) for phrase in sorted(known)]
    number = question(flow.nodes["callback-internet/ask-number"], language)
    if isinstance(number, Number):
        yield "ask-number", number, list(NUMBERS[language])


def outcome(answer: Answer | None, meant: str) -> str:
    found = answer.digits if answer is not None else ""
    return "right" if found == meant else "wrong" if found else "asked again"


@click.command()
@click.option("--espeak", default="espeak-ng", show_default=True, help="The program that speaks.")
@click.option("--language", "languages", multiple=True, type=click.Choice(sorted(VOICES)), default=tuple(VOICES))
@click.option("--verbose", is_flag=True, help="Tell each that was not understood.")
def main(espeak: str, languages: tuple[str, ...], verbose: bool) -> None:
    models, flow = Models(ROOT / "models"), load_flow(ROOT / "callflows" / "flows" / "helpdesk.toml")
    print("| language | question | said | right | asked again | wrong | no answer, taken for one |")
    print("|---|---|---|---|---|---|---|")
    for language, voices in ((each, VOICES[each]) for each in languages):
        for name, asked, answers in questions(flow, language, models):
            found: Counter[str] = Counter()
            for voice in voices:
                for text, meant in _all(answers, language):
                    answer = heard(asked, language, said(text, voice, espeak=espeak), models)
                    how = outcome(answer, meant)
                    found["none" if not meant else how] += 1
                    found["taken"] += not meant and how == "wrong"
                    if verbose and how != "right" and (meant or how == "wrong"):
                        print(f"  {voice}: {text!r} should be {meant or 'none'}, is {answer}")
            count = sum(found[how] for how in ("right", "asked again", "wrong"))
            print(
                f"| {language} | {name} | {count} | {found['right']} | {found['asked again']} | {found['wrong']} "
                f"| {found['taken']} of {found['none']} |"
            )

    print("\n| language | sentences of the test set | taken for a choice of the topic menu |")
    print("|---|---|---|")
    for language in languages:
        asked = question(flow.nodes["topic"], language)
        if isinstance(asked, Choices):
            sentences = [each for each in spoken(language) if each.grammar is None and each.kind != "call"]
            found_ = [heard(asked, language, wav.read(each.path).mulaw + QUIET, models) for each in sentences]
            taken = [
                each.text for each, answer in zip(sentences, found_, strict=True) if outcome(answer, "") == "wrong"
            ]
            print(f"| {language} | {len(sentences)} | {len(taken)}: {'; '.join(taken)} |")


def _all(answers: Iterable[tuple[str, str]], language: str) -> Iterator[tuple[str, str]]:
    yield from answers
    yield from ((text, "") for text in NO_ANSWERS[language])


if __name__ == "__main__":
    main()

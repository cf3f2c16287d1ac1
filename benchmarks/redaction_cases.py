# ruff: noqa: E501 - sentences, several a line
"""Generated things that people say: secrets to be found, and ordinary sentences to be left alone. Seeded.

The number words come from num2words, not from the product's own tables, so that the two check each other.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from num2words import num2words

LANGUAGES = ("nl", "fr", "en")
KINDS = ("card", "iban", "register", "secret")
_LOCALES = {"nl": ("nl",), "fr": ("fr", "fr_BE"), "en": ("en",)}
_ZEROES = {"nl": ("nul",), "fr": ("zéro",), "en": ("zero", "oh")}
_FILLERS = {"nl": ("euh", "ja", "en dan"), "fr": ("euh", "oui", "et puis"), "en": ("uh", "okay", "and then")}
_DOUBLE = {"nl": "dubbel", "fr": "double", "en": "double"}

_AROUND = {
    ("card", "nl"): ("ja dat is {}", "ik lees het even voor {} klopt dat", "mijn kaartnummer is {} dank u", "{}"),
    ("card", "fr"): ("oui c'est le {}", "je vous le lis {} c'est bon", "mon numéro de carte est le {} merci", "{}"),
    ("card", "en"): ("yes it is {}", "i will read it to you {} is that right", "my card number is {} thanks", "{}"),
    ("iban", "nl"): ("stort het op {} alstublieft", "mijn rekening is {}", "{}"),
    ("iban", "fr"): ("versez sur le {} s'il vous plaît", "mon compte est le {}", "{}"),
    ("iban", "en"): ("please pay to {} thank you", "my account is {}", "{}"),
    ("register", "nl"): ("mijn rijksregisternummer is {} voilà", "dat is {} mevrouw", "{}"),
    ("register", "fr"): ("mon numéro national est le {} voilà", "c'est {} madame", "{}"),
    ("register", "en"): ("my national register number is {} there", "that is {} madam", "{}"),
    ("secret", "nl"): ("mijn wachtwoord is {}", "de pincode is {} en verder niets", "mijn paswoord voor de mail is {}",
                       "de code die ik kreeg is {}", "pincode {}"),
    ("secret", "fr"): ("mon mot de passe est {}", "le code pin est {} et voilà", "le mot de passe de la boîte mail c'est {}",
                       "le code que j'ai reçu est {}", "code pin {}"),
    ("secret", "en"): ("my password is {}", "the pin code is {} and that is all", "the password for my mailbox is {}",
                       "the code they sent is {}", "pin {}"),
}  # fmt: skip
_PASSWORDS = {
    "nl": ("zonnebloem", "blauwe fiets", "appeltaart", "groene tafel", "vuurtoren"),
    "fr": ("tournesol", "vélo bleu", "chocolat", "table verte", "phare"),
    "en": ("sunflower", "blue bicycle", "marmalade", "green table", "lighthouse"),
}
_ORDINARY = {
    "nl": ("mijn ticket is {5}", "het bestelnummer is {8}", "ik bel over bestelling {6} van {d} november", "ons gsm nummer is {10}",
           "het klantnummer is {7}", "u kunt mij bereiken op {9}", "de factuur van {e} euro klopt niet", "de foutcode is {3}",
           "mijn postcode is {4} en ik woon op nummer {2}", "ik ben mijn wachtwoord vergeten", "mijn wachtwoord is niet meer geldig",
           "de code is verlopen", "sinds {d} november om {h} uur {m} werkt het internet niet meer", "er staan {2} mails in de wachtrij",
           "mijn wachtwoord is gewijzigd en nu kan ik niet meer inloggen", "het toestel heeft serienummer {8}", "ik heb {n} lampjes op de modem",
           "het wachtwoord moet opnieuw ingesteld worden", "het pakket met nummer {10} is niet geleverd", "bel mij terug om {h} uur"),
    "fr": ("mon ticket est le {5}", "le numéro de commande est {8}", "j'appelle pour la commande {6} du {d} novembre", "notre numéro est le {10}",
           "le numéro de client est {7}", "vous pouvez me joindre au {9}", "la facture de {e} euros est fausse", "le code d'erreur est {3}",
           "mon code postal est {4} et j'habite au numéro {2}", "j'ai oublié mon mot de passe", "mon mot de passe est expiré",
           "le code est incorrect", "depuis le {d} novembre à {h} heures {m} internet ne marche plus", "il y a {2} mails en attente",
           "mon mot de passe est changé et je ne peux plus me connecter", "l'appareil a le numéro de série {8}", "il y a {n} voyants sur le modem",
           "le mot de passe doit être réinitialisé", "le colis numéro {10} n'est pas arrivé", "rappelez-moi à {h} heures"),
    "en": ("my ticket is {5}", "the order number is {8}", "i am calling about order {6} of {d} november", "our phone number is {10}",
           "the customer number is {7}", "you can reach me at {9}", "the invoice of {e} euros is wrong", "the error code is {3}",
           "my postal code is {4} and i live at number {2}", "i forgot my password", "my password is not valid any more",
           "the code is expired", "since {d} november at {h} {m} the internet does not work", "there are {2} mails in the queue",
           "my password is changed and now i cannot log in", "the device has serial number {8}", "there are {n} lights on the modem",
           "the password must be reset", "the parcel with number {10} has not arrived", "call me back at {h} o'clock"),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """Sentences of one speaker, one a segment. `hidden` are the words that must not be seen; none is ordinary speech."""

    kind: str
    language: str
    segments: tuple[tuple[str, ...], ...]
    hidden: frozenset[int]  # places in all the words together

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for segment in self.segments for word in segment)


def secrets(kind: str, language: str, count: int, *, seed: int = 1, segments: int = 1) -> Iterator[Case]:
    """`count` cases, each said over `segments` segments (the secret is cut wherever it falls)."""
    chance = random.Random(f"{seed}:{kind}:{language}:{segments}")
    for _ in range(count):
        around = chance.choice(_AROUND[kind, language])
        bare = kind == "secret" and around in ("pincode {}", "code pin {}", "pin {}")
        secret = code(chance, language) if bare else said(kind, chance, language)
        before, _, after = around.partition("{}")
        head, tail = before.split(), after.split()
        words = [*head, *secret, *tail]
        hidden = frozenset(range(len(head), len(head) + len(secret)))
        yield Case(kind, language, cut(chance, words, len(head), len(head) + len(secret), segments), hidden)


def ordinary(language: str, count: int, *, seed: int = 1) -> Iterator[Case]:
    """`count` ordinary sentences with the numbers that a helpdesk hears."""
    chance = random.Random(f"{seed}:ordinary:{language}")
    for _ in range(count):
        text = re.sub(r"\{(\w+)\}", lambda m: number(chance, m[1], language), chance.choice(_ORDINARY[language]))
        yield Case("ordinary", language, (tuple(plain(text)),), frozenset())


def said(kind: str, chance: random.Random, language: str) -> list[str]:
    """A secret of a kind, as it is said."""
    return _SAID[kind](chance, language)


def cut(chance: random.Random, words: list[str], start: int, end: int, segments: int) -> tuple[tuple[str, ...], ...]:
    """The words as sentences: cut in between `start` and `end`, wherever it falls."""
    places = sorted(chance.sample(range(start + 1, end), min(segments - 1, max(0, end - start - 1))))
    edges = [0, *places, len(words)]
    return tuple(tuple(words[a:b]) for a, b in itertools.pairwise(edges))


def plain(text: str) -> list[str]:
    """A text as words that a recogniser could have written."""
    return text.replace("-", " ").replace(",", "").lower().split()


def _word(value: int, locale: str) -> list[str]:
    return plain(num2words(value, lang=locale))


def _spoken(chance: random.Random, digits: str, language: str) -> list[str]:
    """Digits as somebody says them: one by one, in pairs, in fours, or mixed; now and then with a filler."""
    locale = chance.choice(_LOCALES[language])
    how = chance.choice(("single", "single", "pairs", "fours", "mixed"))
    words: list[str] = []
    at = 0
    while at < len(digits):
        size = {"single": 1, "pairs": 2, "fours": 4, "mixed": chance.choice((1, 2, 4))}[how]
        piece = digits[at : at + size]
        if size == 1 and digits[at : at + 2] == piece * 2 and chance.random() < 0.3:
            words += [_DOUBLE[language], *_digit(chance, piece, language)]
            at += 2
            continue
        if piece[0] == "0" or len(piece) < size:
            for digit in piece:
                words += _digit(chance, digit, language)
        else:
            words += _word(int(piece), locale)
        at += len(piece)
        if at < len(digits) and chance.random() < 0.04:
            words += chance.choice(_FILLERS[language]).split()
    return words


def _digit(chance: random.Random, digit: str, language: str) -> list[str]:
    return [chance.choice(_ZEROES[language])] if digit == "0" else _word(int(digit), _LOCALES[language][0])


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _card(chance: random.Random, language: str) -> list[str]:
    head, length = chance.choice((("4", 16), ("52", 16), ("55", 16), ("2230", 16), ("37", 15), ("670300", 17)))
    body = head + _digits(chance, length - 1 - len(head))
    total = sum((int(d) * 2 - 9 * (int(d) > 4)) if n % 2 == 0 else int(d) for n, d in enumerate(reversed(body)))
    return _spoken(chance, body + str(-total % 10), language)


def _iban(chance: random.Random, language: str) -> list[str]:
    body = _digits(chance, 10)
    account = f"{body}{int(body) % 97 or 97:02}"
    check = 98 - int(f"{account}111400") % 97  # "BE00" as 11 14 00
    return ["b", "e", *_spoken(chance, f"{check:02}{account}", language)]


def _register(chance: random.Random, language: str) -> list[str]:
    year = chance.randint(1940, 2015)
    nine = f"{year % 100:02}{chance.randint(1, 12):02}{chance.randint(1, 28):02}{chance.randint(1, 997):03}"
    check = 97 - int(("2" if year >= 2000 else "") + nine) % 97
    return _spoken(chance, f"{nine}{check:02}", language)


def code(chance: random.Random, language: str) -> list[str]:
    """A code of four or six digits."""
    return _spoken(chance, _digits(chance, chance.choice((4, 6))), language)


def _secret(chance: random.Random, language: str) -> list[str]:
    digits = code(chance, language)
    return digits if chance.random() < 0.5 else password(chance, language)


def password(chance: random.Random, language: str) -> list[str]:
    """Words, and a number behind them."""
    return [*chance.choice(_PASSWORDS[language]).split(), *_word(chance.randint(11, 99), _LOCALES[language][0])]


_SAID: dict[str, Callable[[random.Random, str], list[str]]] = {
    "card": _card, "iban": _iban, "register": _register, "secret": _secret,
}  # fmt: skip


def number(chance: random.Random, what: str, language: str) -> str:
    """A number of so many digits, or a day, hour, minute, count or price, in words."""
    locale = _LOCALES[language][0]
    small = {"d": (1, 30), "h": (8, 18), "m": (10, 59), "n": (2, 9), "e": (12, 480)}
    if what in small:
        return " ".join(_word(chance.randint(*small[what]), locale))
    digits = int(what)
    first = "0" if digits in (9, 10) else chance.choice("123456789")
    return " ".join(_spoken(chance, first + _digits(chance, digits - 1), language))

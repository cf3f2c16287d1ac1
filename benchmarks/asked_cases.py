# ruff: noqa: E501 - sentences, several a line
"""Questions of one speaker and answers of the other, generated: secrets that only the question gives away, replies
that are none, and questions that ask for nothing secret. Seeded; numbers as in `redaction_cases`."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.redaction_cases import code, cut, number, password, plain, said

KINDS = ("card", "iban", "register", "secret")

QUESTIONS = {
    ("secret", "nl"): ("wat is uw wachtwoord", "kunt u mij uw wachtwoord even geven", "welke code hebt u gekregen", "mag ik uw pincode alstublieft",
                       "hebt u de verificatiecode voor mij", "en uw paswoord", "kunt u de code eens voorlezen die u per sms kreeg", "wat was het wachtwoord ook weer",
                       "geef mij de drie cijfers op de achterkant van uw kaart eens", "wil je me je wachtwoord spellen", "ik heb uw toegangscode nodig om verder te gaan"),
    ("secret", "fr"): ("quel est votre mot de passe", "pouvez-vous me donner votre mot de passe", "quel code avez-vous reçu", "puis-je avoir votre code pin s'il vous plaît",
                       "vous avez le code de vérification pour moi", "et votre mot de passe", "pouvez-vous lire le code que vous avez reçu par sms", "c'était quoi le mot de passe encore dites moi",
                       "donnez-moi les trois chiffres au dos de votre carte", "pouvez-vous épeler votre mot de passe", "j'ai besoin de votre code d'accès pour continuer"),
    ("secret", "en"): ("what is your password", "can you give me your password please", "which code did you receive", "may i have your pin please",
                       "do you have the verification code for me", "and your password", "could you read me the code you got by text message", "what was the password again",
                       "give me the three digits on the back of your card", "can you spell your password for me", "i need your access code to go on"),
    ("card", "nl"): ("wat is uw kaartnummer", "kunt u het nummer van uw kaart geven", "mag ik uw kaartnummer", "welk nummer staat er op uw kredietkaart"),
    ("card", "fr"): ("quel est votre numéro de carte", "pouvez-vous me donner le numéro de votre carte", "puis-je avoir votre numéro de carte", "quel numéro est indiqué sur votre carte de crédit"),
    ("card", "en"): ("what is your card number", "can you give me the number on your card", "may i have your card number", "which number is on your credit card"),
    ("iban", "nl"): ("wat is uw rekeningnummer", "op welke rekening mag ik het storten geef mij uw iban eens", "mag ik het nummer van uw rekening"),
    ("iban", "fr"): ("quel est votre numéro de compte", "donnez-moi votre iban s'il vous plaît", "puis-je avoir votre compte bancaire"),
    ("iban", "en"): ("what is your account number", "please give me your iban", "may i have your bank account"),
    ("register", "nl"): ("wat is uw rijksregisternummer", "mag ik uw rijksregisternummer noteren", "kunt u mij uw nationaal nummer geven"),
    ("register", "fr"): ("quel est votre numéro national", "puis-je noter votre numéro de registre national", "pouvez-vous me donner votre numéro national"),
    ("register", "en"): ("what is your national register number", "may i have your national number", "can you give me your national register number"),
}  # fmt: skip
_ANSWERS = {
    "nl": ("{}", "{}", "ja dat is {}", "euh {}", "ja {} alstublieft", "het is {}", "momentje ja {}", "ik denk dat het {} is", "{} denk ik", "dat zou {} moeten zijn"),
    "fr": ("{}", "{}", "oui c'est {}", "euh {}", "oui {} voilà", "c'est {}", "un moment oui {}", "je pense que c'est {}", "{} je crois", "ça doit être {}"),
    "en": ("{}", "{}", "yes it is {}", "uh {}", "yes {} please", "it's {}", "one moment yes {}", "i think it is {}", "{} i think", "that should be {}"),
}  # fmt: skip
REPLIES = {
    "nl": ("dat weet ik niet meer", "ik ben het vergeten", "momentje ik zoek het even", "waarom moet u dat weten", "mag ik dat wel zeggen", "dat zeg ik liever niet",
           "hetzelfde als altijd", "welk wachtwoord bedoelt u", "van mijn mailbox", "ja", "nee", "euh even kijken", "ik heb hem op een papiertje geschreven", "wacht ik open mijn laptop",
           "ik heb niks gekregen", "de code is niet aangekomen", "sorry ik heb u niet verstaan", "hallo hoort u mij nog", "die werkt niet meer", "dat moet ik aan mijn man vragen",
           "ik typ het nu in", "ja hij is veranderd vorige week", "dat staat in mijn telefoon denk ik", "ik zie daar geen code staan", "oké bedankt", "kunt u mij een link sturen"),
    "fr": ("je ne sais plus", "je l'ai oublié", "un moment je cherche", "pourquoi voulez-vous savoir ça", "je peux vous le dire", "je préfère ne pas le dire",
           "le même que toujours", "quel mot de passe voulez-vous", "celui de ma boîte mail", "oui", "non", "euh attendez", "je l'ai écrit sur un papier", "attendez j'ouvre mon ordinateur",
           "je n'ai rien reçu", "le code n'est pas arrivé", "pardon je n'ai pas compris", "allô vous m'entendez", "il ne marche plus", "je dois demander à mon mari",
           "je suis en train de le taper", "oui il a changé la semaine passée", "c'est dans mon téléphone je crois", "je ne vois pas de code ici", "d'accord merci", "pouvez-vous m'envoyer un lien"),
    "en": ("i do not remember it", "i forgot it", "one moment i am looking for it", "why do you need to know that", "am i allowed to say that", "i would rather not say",
           "the same as always", "which password do you mean", "the one of my mailbox", "yes", "no", "uh let me see", "i wrote it on a piece of paper", "wait i am opening my laptop",
           "i did not get anything", "the code has not arrived", "sorry i did not hear you", "hello can you still hear me", "it does not work any more", "i have to ask my husband",
           "i am typing it in now", "yes it was changed last week", "that is in my phone i think", "i do not see a code there", "okay thanks", "can you send me a link"),
}  # fmt: skip
OTHER_QUESTIONS = {
    "nl": ("wat is uw klantnummer", "mag ik uw ticketnummer", "bent u uw wachtwoord vergeten", "hebt u uw wachtwoord al gewijzigd", "op welk telefoonnummer kan ik u bereiken", "wat is het probleem juist",
           "geef nooit uw wachtwoord aan iemand", "ik stuur u een link om een nieuw wachtwoord in te stellen", "welke postcode hebt u", "wat is het bestelnummer", "typ uw wachtwoord maar in", "uw pincode is geblokkeerd zie ik"),
    "fr": ("quel est votre numéro de client", "puis-je avoir le numéro de ticket", "vous avez oublié votre mot de passe", "avez-vous déjà changé votre mot de passe", "à quel numéro de téléphone puis-je vous joindre", "quel est le problème exactement",
           "ne donnez jamais votre mot de passe", "je vous envoie un lien pour changer le mot de passe", "quel est votre code postal", "quel est le numéro de commande", "tapez votre mot de passe", "votre code pin est bloqué je vois"),
    "en": ("what is your customer number", "may i have your ticket number", "did you forget your password", "have you changed your password already", "on which phone number can i reach you", "what exactly is the problem",
           "never give your password to anyone", "i will send you a link to set a new password", "what is your postal code", "what is the order number", "just type your password", "your pin is blocked i see"),
}  # fmt: skip
_PLAIN_ANSWERS = {
    "nl": ("ja dat is {7}", "{5}", "het is {8} denk ik", "de router op de eerste verdieping", "sinds {d} november", "internet valt weg om {h} uur", "vergeten ja"),
    "fr": ("oui c'est le {7}", "{5}", "c'est {8} je crois", "le routeur au premier étage", "depuis le {d} novembre", "internet tombe à {h} heures", "oublié oui"),
    "en": ("yes it is {7}", "{5}", "it is {8} i think", "the router on the first floor", "since {d} november", "the internet drops at {h} o'clock", "forgotten yes"),
}  # fmt: skip


@dataclass(frozen=True)
class Exchange:
    """A question and the sentences said after it. `hidden` are places in all the answer's words together; none for
    what must stay readable."""

    kind: str
    language: str
    question: tuple[str, ...]
    answer: tuple[tuple[str, ...], ...]
    hidden: frozenset[int]


def asked(kind: str, language: str, count: int, *, seed: int = 1, segments: int = 1) -> Iterator[Exchange]:
    """Secrets that are told to who asks, over `segments` sentences."""
    chance = random.Random(f"{seed}:asked:{kind}:{language}:{segments}")
    for _ in range(count):
        question = chance.choice(QUESTIONS[kind, language])
        words = re.search(r"wachtwoord|paswoord|mot de passe|password", question)
        secret = (password if words else code)(chance, language) if kind == "secret" else said(kind, chance, language)
        head, _, tail = (part.split() for part in chance.choice(_ANSWERS[language]).partition("{}"))
        places = range(len(head), len(head) + len(secret))
        answer = cut(chance, [*head, *secret, *tail], places.start, places.stop, segments)
        yield Exchange(kind, language, tuple(plain(question)), answer, frozenset(places))


def refused(language: str) -> Iterator[Exchange]:
    """Each question for a secret with each reply that gives none."""
    for question in QUESTIONS["secret", language]:
        for reply in REPLIES[language]:
            yield Exchange("reply", language, tuple(plain(question)), (tuple(reply.split()),), frozenset())


def ordinary_exchanges(language: str, count: int, *, seed: int = 1) -> Iterator[Exchange]:
    """Questions for what is no secret, and sentences about secrets, with ordinary answers."""
    chance = random.Random(f"{seed}:exchanges:{language}")
    for _ in range(count):
        question, answer = chance.choice(OTHER_QUESTIONS[language]), chance.choice(_PLAIN_ANSWERS[language])
        answer = re.sub(r"\{(\w+)\}", lambda found: number(chance, found[1], language), answer)
        yield Exchange("ordinary", language, tuple(plain(question)), (tuple(plain(answer)),), frozenset())

"""What announces a secret, what interrupts one, and what stands in its place: a table a language."""

from __future__ import annotations

from dataclasses import dataclass

from transcription.phrases import phrases, words


@dataclass(frozen=True)
class Terms:
    """Phrases are tuples of tokens, lower case, hyphens and apostrophes taken as spaces.

    `fillers` may stand inside a number that is being said. `announced` names what follows (kind -> phrases); `other`
    names numbers that are no secret, and ends an announcement. `secrets` are followed by a password or a code when one
    of `says` comes after it, unless a word of `about` does: "the password is forgotten"; `links` may stand in between:
    "the password for the mail is". `ends` is where a secret that is a word stops.
    """

    fillers: frozenset[str]
    announced: dict[str, tuple[tuple[str, ...], ...]]
    other: tuple[tuple[str, ...], ...]
    secrets: tuple[tuple[str, ...], ...]
    says: tuple[tuple[str, ...], ...]
    about: frozenset[str]
    links: frozenset[str]
    ends: frozenset[str]
    letters: dict[str, str]
    at_sign: tuple[tuple[str, ...], ...]
    dot: frozenset[str]
    placeholders: dict[str, str]


_LETTERS = {letter: letter for letter in "abcdefghijklmnopqrstuvwxyz"}

TERMS = {
    "nl": Terms(
        fillers=words(
            "eh euh uh uhm hm en dan streepje punt spatie slash schuine streep ja ok daarna vervolgens komma"
        ),
        announced={
            "card": phrases("kaartnummer", "nummer van mijn kaart", "nummer van de kaart", "nummer op de kaart",
                            "visanummer", "kredietkaart is", "bankkaart is", "visa is", "mastercard is"),
            "iban": phrases("iban", "rekeningnummer", "nummer van mijn rekening"),
            "register": phrases("rijksregisternummer", "rijksregister", "nationaal nummer", "insz"),
        },
        other=phrases("bestelnummer", "bestelling", "ticket", "ticketnummer", "klantnummer", "dossiernummer",
                      "factuurnummer", "telefoonnummer", "gsm", "nummer van de bestelling", "postcode", "referentie"),
        secrets=phrases("wachtwoord", "paswoord", "wachtwoorden", "pincode", "pin", "code", "toegangscode",
                        "beveiligingscode", "cvc", "cvv", "sms code", "verificatiecode", "puk", "pukcode", "wachtzin"),
        says=phrases("is", "luidt", "was", "wordt", "zijn", "is dan", "is dus", "is nu", "is eh", "is euh"),
        about=words(
            "niet vergeten verlopen fout verkeerd geblokkeerd gewijzigd veranderd kwijt te nog al weg opnieuw "
            "correct juist onjuist geldig ongeldig klaar in op aangepast gereset verstuurd gestuurd altijd nodig "
            "veilig zwak sterk wat hoe ook hetzelfde een het de er door naar bij voor verwijderd bekend gekend "
            "ingesteld dat goed leeg"
        ),
        links=words("voor de het van op die dat ik kreeg mijn in een door naar bij onze ons deze"),
        ends=words("en dus maar want of kunt kan wilt wil klopt alstublieft bedankt dank hallo nu dan"),
        letters=_LETTERS | {"bé": "b", "bee": "b", "ee": "e", "é": "e"},
        at_sign=phrases("apestaartje", "apenstaartje", "at", "@"),
        dot=frozenset({"punt", "dot"}),
        placeholders={"card": "[kaartnummer]", "iban": "[rekeningnummer]", "register": "[rijksregisternummer]",
                      "secret": "[geheim]", "email": "[e-mailadres]", "pending": "…"},
    ),
    "fr": Terms(
        fillers=words("euh eh hm heu et puis ensuite tiret point espace slash barre oui ok accord alors virgule"),
        announced={
            "card": phrases("numéro de carte", "numéro de ma carte", "numéro de la carte", "carte est", "visa est"),
            "iban": phrases("iban", "numéro de compte", "compte bancaire"),
            "register": phrases("registre national", "numéro national", "niss"),
        },
        other=phrases("numéro de commande", "commande", "ticket", "numéro de client", "dossier", "facture",
                      "numéro de téléphone", "téléphone", "gsm", "code postal", "référence", "colis"),
        secrets=phrases("mot de passe", "mots de passe", "code pin", "code secret", "code", "cvc", "cvv", "pin",
                        "code d accès", "code de sécurité", "code puk", "code de vérification", "phrase de passe"),
        says=phrases("est", "c est", "sera", "était", "sont", "est donc", "est euh"),
        about=words(
            "pas oublié expiré incorrect faux bloqué changé perdu trop encore déjà à en correct bon juste valable "
            "valide invalide ne plus refusé envoyé réinitialisé toujours nécessaire sûr faible fort quoi comment "
            "aussi le la un une dans sur par pour que connu arrivé modifié mauvais obligatoire vide celui"
        ),
        links=words("pour la le les de du des que j ai reçu ma mon notre à dans un une sur par l cette ce"),
        ends=words("et donc mais car ou pouvez peux peut voulez merci bonjour maintenant alors voilà"),
        letters=_LETTERS | {"bé": "b", "bée": "b", "é": "e"},
        at_sign=phrases("arobase", "arrobase", "at", "@"),
        dot=frozenset({"point"}),
        placeholders={"card": "[numéro de carte]", "iban": "[numéro de compte]", "register": "[registre national]",
                      "secret": "[secret]", "email": "[adresse mail]", "pending": "…"},
    ),
    "en": Terms(
        fillers=words("uh um er eh hm and then dash point space slash yes okay ok comma"),
        announced={
            "card": phrases("card number", "number of my card", "number on the card", "card is", "visa is"),
            "iban": phrases("iban", "account number", "bank account"),
            "register": phrases("national register number", "national number", "register number"),
        },
        other=phrases("order number", "order", "ticket", "ticket number", "customer number", "case number", "invoice",
                      "phone number", "telephone number", "postal code", "reference", "parcel"),
        secrets=phrases("password", "passwords", "pass code", "passcode", "pin", "pin code", "code", "security code",
                        "cvc", "cvv", "access code", "verification code", "puk", "passphrase"),
        says=phrases("is", "s", "was", "will be", "are", "is now", "is just", "is uh", "is um"),
        about=words(
            "not wrong forgotten expired incorrect blocked too still changed reset correct right valid invalid no "
            "gone lost already always needed safe weak strong what how also the a an in on by to for that sent "
            "ready required empty known good fine being working rejected refused"
        ),
        links=words("for the my they sent to i got a an in on by you our this that of"),
        ends=words("and so but because or can could please thanks hello now then"),
        letters=_LETTERS | {"be": "b", "bee": "b"},
        at_sign=phrases("at", "@"),
        dot=frozenset({"dot", "point"}),
        placeholders={"card": "[card number]", "iban": "[account number]", "register": "[register number]",
                      "secret": "[secret]", "email": "[e-mail address]", "pending": "…"},
    ),
}  # fmt: skip

# A code with one of these beside it is no secret: "code postal", "error code".
OPEN_CODES = words(
    "postal erreur error zip country postcode fout foutcode produit product artikel article client promo "
    "qr source activation barre bar"
)
# Where no terms are: numbers are still found by their check digits, in digits and English letters.
FALLBACK = "en"

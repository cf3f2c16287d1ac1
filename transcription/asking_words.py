"""How somebody asks for a secret, and what an answer is made of that is not one: a table a language."""

from __future__ import annotations

from dataclasses import dataclass

from transcription.phrases import phrases, words


@dataclass(frozen=True)
class Asking:
    """Tokens as in `redaction_words.Terms`.

    A question has one of `asks` in it, or one of `may_ask` and none of `about`, beside the name of what is asked for
    (`nouns`: those that only a question has); `never` is advice and no question. An answer begins with words of
    `lead`, the copulas among them in `copula`; `talk` is what people say around a secret and never in one; `afters`
    may follow one. Behind `names` and what has the name ("the name of my dog") the name itself is the answer.
    """

    nouns: tuple[tuple[str, ...], ...]
    asks: tuple[tuple[str, ...], ...]
    may_ask: tuple[tuple[str, ...], ...]
    about: frozenset[str]
    never: frozenset[str]
    lead: frozenset[str]
    copula: frozenset[str]
    talk: frozenset[str]
    afters: tuple[tuple[str, ...], ...]
    names: tuple[tuple[str, ...], ...]


ASKING = {
    "nl": Asking(
        nouns=phrases(
            "cijfers op de achterkant", "cijfers achteraan", "cijfers achterop", "drie cijfers", "geheime vraag",
            "codewoord", "inlogcode", "aanmeldcode", "bevestigingscode", "controlecode", "itsme code",
        ),
        asks=phrases(
            "wat is uw", "wat is je", "wat is het", "wat is de", "wat is dat", "wat is nu", "wat was", "wat zijn",
            "wat staat", "hoe luidt", "welk", "welke", "mag ik", "geef mij", "geef me", "geeft u", "geven",
            "zeg mij", "zeg me", "zegt u", "zeggen", "noem", "noemt u", "noemen", "lees", "leest", "voorlezen",
            "spel", "spelt", "spellen", "vertel", "vertellen", "dicteer", "dicteren", "doorgeven", "meegeven",
            "herhalen", "herhaalt",
        ),
        may_ask=phrases(
            "hebt u", "heeft u", "heb je", "weet u", "weet je", "kent u", "ken je", "graag", "alstublieft", "nodig",
            "en het", "en de", "en uw", "en je", "had graag", "bij de hand", "kan ik",
        ),
        about=words(
            "vergeten gewijzigd wijzigen veranderd veranderen aanpassen aangepast reset resetten gereset opnieuw "
            "instellen ingesteld link stuur sturen gestuurd verlopen geblokkeerd typ typt typen intypen invullen "
            "ingeven invoeren ingevuld geprobeerd proberen kwijt opgeslagen opslaan niet geen fout verkeerd mis"
        ),
        never=words("nooit niemand"),
        lead=words(
            "ja jawel oké ok goed dus wel nou natuurlijk zeker tuurlijk dat het dit die is zijn was luidt mijn "
            "ons onze even kijken denken wacht momentje voilà volgens mij ziezo met wachtwoord paswoord code "
            "pincode pin daar hier komt ie nee maar want"
        ),
        copula=words("is was luidt zijn"),
        talk=words(
            "ik u je jij hij zij ze we wij jullie men mij me hem haar hun niet geen nee niks niets nooit weet "
            "weten wist ken kent vergeten kwijt idee moment momentje seconde minuut minuutje sorry pardon wablief "
            "hallo waarom waarvoor waar wanneer wie hoe wat welk welke als omdat want of ook al nog zo dan toen "
            "nu straks later eerst van voor door bij naar om over uit onder tussen tot sinds zonder heb hebt "
            "heeft hebben had ben bent wordt werd kan kunt kunnen kon moet moeten mag mogen wil wilt willen zou "
            "zouden zal zullen doe doet doen gedaan ga gaat gaan gegaan sta staat staan zit zitten zie ziet zien "
            "kijk kijkt hoor hoort zeg zegt zeggen gezegd denk denkt dacht geloof zoek zoekt zoeken vind vindt "
            "vinden gevonden schrijf geschreven opgeschreven noteer typ typt typen getypt probeer probeert "
            "proberen geprobeerd gebruik gebruikt gebruiken werkt werken lukt lukken klopt weer altijd misschien "
            "waarschijnlijk eigenlijk gewoon liever neem neemt pak haal regelt bedoelt zorgt veilig privé geheim "
            "dank dankjewel bedankt merci prima top super perfect akkoord inderdaad absoluut fijn dag graag "
            "alstublieft uur euro dagen weken maanden jaar er kreeg gekregen krijg gewijzigd veranderd verlopen "
            "geblokkeerd vraag vraagt blijkbaar momenteel net juist helemaal helaas jammer oei ah oh aha wachten "
            "hetzelfde dezelfde duidelijk begrepen snap begrijp zelf iemand iets veel keer vandaag gisteren "
            "morgen papier papiertje briefje telefoon collega hangt toch hoezo waarover natuurlijk "
            "vanzelfsprekend"
        ),
        afters=phrases(
            "denk ik", "geloof ik", "dacht ik", "alstublieft", "voilà", "dank u", "bedankt", "hè", "hoor",
            "en verder niets", "dat is alles", "zo", "ja", "mevrouw", "meneer",
        ),
        names=phrases("naam van mijn", "naam van onze", "naam van ons", "naam van de", "naam van het", "naam van een"),
    ),
    "fr": Asking(
        nouns=phrases(
            "chiffres au dos", "chiffres derrière", "trois chiffres", "question secrète", "code reçu",
            "code de confirmation", "code itsme", "mot secret", "chiffres à l arrière",
        ),
        asks=phrases(
            "quel est", "quelle est", "quel était", "quels sont", "c est quoi", "donner", "donniez", "dictiez",
            "lisiez", "donnez", "donne", "me dire", "dites", "dis moi", "lire", "lisez", "épeler", "épelez",
            "dicter", "dictez", "communiquer", "communiquez", "indiquer", "indiquez", "répéter", "répétez",
            "puis je avoir", "je peux avoir", "pourrais je avoir", "il me faut", "il me faudrait",
        ),
        may_ask=phrases(
            "avez vous", "vous avez", "connaissez vous", "vous connaissez", "s il vous plaît", "s il te plaît",
            "besoin", "sous la main", "est ce que", "et votre", "et le", "et la", "et ton",
        ),
        about=words(
            "oublié changé changer modifier modifié réinitialiser réinitialisé lien envoyer envoie expiré bloqué "
            "taper tapez tapé entrer entrez encoder encodez introduire saisir saisissez perdu essayé essayer "
            "enregistré pas plus faux incorrect"
        ),
        never=words("jamais personne"),
        lead=words(
            "oui non d ok bon ben alors donc bien sûr c est ce sera était voilà voici mon ma le la un attendez "
            "regarder regarde je crois pense que moment mot de passe code pin attends mais"
        ),
        copula=words("est sera était"),
        talk=words(
            "j tu il elle on nous vous ils elles me m te t se s lui leur ne n pas plus rien aucun aucune jamais "
            "sais sait savoir connais connaît oublié perdu idée moment seconde minute désolé désolée pardon "
            "comment pourquoi où quand qui quoi quel quelle quels lequel laquelle si parce car ou aussi encore "
            "déjà puis maintenant après avant abord pour par chez vers sur dans sous entre sans depuis jusque ai "
            "as a avons avez ont avais avait suis es sommes êtes sont peux peut pouvez pouvons dois doit devez "
            "devoir faut veux veut voulez voudrais fais fait faire faites vais va vas aller allez vois voit voir "
            "voyez regardez entends dis dit dire cherche chercher cherchez trouve trouver trouvé écris écrit noté "
            "note tape tapé essaie essayé essayer utilise utilisé utiliser marche marchait fonctionne toujours "
            "être probablement vraiment simplement plutôt secret privé merci parfait super accord prends prend "
            "mets met occupe occupent exactement absolument au revoir bonne journée bonjour plaît heures heure "
            "euros jours semaines mois ans y reçu reçois changé expiré bloqué demande demandez apparemment "
            "justement tout malheureusement dommage ah oh aha même pareil compris comprends quelqu chose beaucoup "
            "fois aujourd hui hier demain papier téléphone collègue bien sûr tiens ça cela celui celle votre vos"
        ),
        afters=phrases(
            "je crois", "je pense", "s il vous plaît", "voilà", "merci", "et voilà", "c est tout", "hein", "oui",
            "madame", "monsieur",
        ),
        names=phrases(
            "nom de mon", "nom de ma", "nom de mes", "nom de notre", "nom de la", "nom du", "nom de l", "prénom de mon",
            "prénom de ma", "prénom de notre", "jeune fille de ma",
        ),
    ),
    "en": Asking(
        nouns=phrases(
            "digits on the back", "numbers on the back", "three digits", "security question", "secret question",
            "confirmation code", "login code", "one time code", "code word",
        ),
        asks=phrases(
            "what is your", "what s your", "what is the", "what s the", "what was", "what are", "which", "tell me",
            "tell", "telling", "giving", "reading", "spelling", "give me", "give us", "you give", "read", "spell",
            "say", "repeat", "dictate", "can i have", "may i have", "could i have", "can i get", "could i get",
            "i will need", "i ll need", "let me have",
        ),
        may_ask=phrases(
            "do you have", "have you got", "do you know", "please", "need", "and your", "and the", "to hand",
            "do you remember",
        ),
        about=words(
            "forgotten forgot forget changed change reset link send sent expired blocked locked type typing typed "
            "enter entering fill tried try lost saved save not wrong incorrect no didn don"
        ),
        never=words("never nobody anyone anybody"),
        lead=words(
            "yes yeah sure okay ok right well so it is s that this the my was let me see here voila oh you go "
            "there wait a moment just one second password code pin but no"
        ),
        copula=words("is s was"),
        talk=words(
            "i you he she we they me him us them your yours not no nothing none never don t doesn didn can cannot "
            "couldn know knows knew remember forgot forgotten lost idea sorry pardon hello why where when who how "
            "what which if because or also too still already then now later first from for by at to about into "
            "under between until since without have has had am are were be been do does did done go goes going "
            "gone could must may might will would shall should want wants see sees look looking hear say says "
            "said think thought guess believe search searching find found write wrote written noted type typed "
            "try tried trying use used using work works working again always maybe probably actually simply "
            "rather private secret thanks thank perfect great fine agreed exactly absolutely bye goodbye please "
            "hours euros days weeks months years got get getting changed expired blocked locked ask asking asks "
            "apparently really of course unfortunately ah oh same understood understand someone something much "
            "many times today yesterday tomorrow paper note phone colleague hold hang second minute moment there "
            "anything everything only wait just ll ve re m let"
        ),
        afters=phrases(
            "i think", "i believe", "i guess", "please", "thanks", "thank you", "that is it", "that is all",
            "there you go", "yes", "madam", "sir", "right",
        ),
        names=phrases("name of my", "name of our", "name of the", "name of a"),
    ),
}  # fmt: skip

"""Words that callers say in every menu: yes and no, and the sounds they make before they answer."""

from __future__ import annotations

# One line a language. French "c'est" sounds like "sept": the fewer phrases begin with it, the surer is the digit.
YES = {
    "nl": ("ja", "ja hoor", "jawel", "klopt", "dat klopt", "ja dat klopt", "juist", "dat is juist", "correct"),
    "fr": ("oui", "oui oui", "c'est ça", "oui c'est ça", "exact", "correct", "d'accord"),
    "en": ("yes", "yes please", "yeah", "correct", "that's correct", "right", "that's right", "yes that's right"),
}  # fmt: skip
NO = {
    "nl": ("nee", "neen", "nee hoor", "nee dank u", "dat klopt niet", "nee dat klopt niet", "niet juist"),
    "fr": ("non", "non merci", "non non", "ce n'est pas ça", "non ce n'est pas ça"),
    "en": ("no", "nope", "no thanks", "no thank you", "that's wrong", "that's not right", "no that's wrong"),
}  # fmt: skip
# Said beside an answer, and no part of it.
FILLERS = {
    "nl": ("euh", "eh", "alstublieft", "graag", "nummer"),
    "fr": ("euh", "s'il vous plaît", "merci", "numéro"),
    "en": ("uh", "um", "please", "number"),
}

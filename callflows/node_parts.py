"""What every kind of node is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["nl", "fr", "en"]
Key = Annotated[str, Field(pattern=r"^[0-9*#]{1,20}$")]
EndOutcome = Literal["answered", "callback", "voicemail", "overflow", "closed", "failed", "left-menu"]


VariableName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
# As a recogniser writes them: small letters, no digits and no punctuation but apostrophe and hyphen.
SpokenWords = Annotated[str, Field(pattern=r"^[a-zà-öø-ÿœ]+(['\- ][a-zà-öø-ÿœ]+)*'?$", max_length=60)]

# Variables that every call has from its beginning; the others are stored by the nodes of a flow.
CALLER_NUMBER = "caller-number"
GIVEN_VARIABLES = frozenset({CALLER_NUMBER})


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(Part):
    """What one key does: where it leads, what the choice is called (a prompt id), and what else it brings about.

    Where the node listens, the choice may be said too: by the words in `say`, a list for each language, and, when it
    `means` yes or no, by the words for that. The digits of the key may be said without being named here.
    """

    exit: str
    label: str = ""
    action: Literal["", "refuse-transcription"] = ""
    say: dict[Language, tuple[SpokenWords, ...]] = Field(default_factory=dict)
    means: Literal["", "yes", "no"] = ""


class WaitChoice(Part):
    """What one key does in the queue: say the caller's position again, or step out of the queue to `exit`. With `when`
    it works only once the queue's own data say that a callback may be offered."""

    exit: str = ""
    label: str = ""
    action: Literal["", "say-position"] = ""
    when: Literal["", "callback-offered"] = ""


class BaseNode(Part):
    """`unattended` exits are taken without the caller pressing anything: a loop of only those would never end."""

    unattended: ClassVar[frozenset[str]] = frozenset()
    stores: ClassVar[tuple[str, ...]] = ()  # keys of this node that name the variable it stores into

    def exits(self) -> dict[str, str]:
        """Every way out: name in the file (dotted) -> node."""
        return {}

    def choices(self) -> Mapping[str, Choice | WaitChoice]:
        return {}

    def led(self, rename: Callable[[str], str]) -> Self:
        """The same node with every way out leading to `rename(target)`."""
        data = self.model_dump(by_alias=True)
        for name, target in self.exits().items():
            *path, last = name.split(".")
            place = data
            for part in path:
                place = place[part]
            place[last] = rename(target)
        return type(self).model_validate(data)

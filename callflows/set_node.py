"""The kind of node that says how the queue is to treat a call."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from callflows.node_parts import BaseNode


class SetNode(BaseNode):
    """Say how the queue is to treat this call from here on: `priority_s` is virtual waited time, up to the queue's own
    cap; `level` is what an operator must have in the queue; `product` is the queue that the call goes into, instead of
    the one that the queue node names. What is left out stays as it was."""

    kind: Literal["set"]
    priority_s: int | None = Field(default=None, ge=0, le=3600)
    level: int | None = Field(default=None, ge=1, le=5)
    product: str | None = Field(default=None, min_length=1)
    next: str

    unattended = frozenset({"next"})

    def exits(self) -> dict[str, str]:
        return {"next": self.next}

    @property
    def given(self) -> dict[str, int | str]:
        """What it sets."""
        values = {"priority_s": self.priority_s, "level": self.level, "product": self.product}
        return {name: value for name, value in values.items() if value is not None}

    @model_validator(mode="after")
    def _something(self) -> SetNode:
        if not self.given:
            raise ValueError("it sets nothing: give priority_s, level or product")
        return self

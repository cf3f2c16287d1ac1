"""The JSON Schema of a flow file, for editors that complete and check TOML while it is typed."""

from __future__ import annotations

import json
from typing import Any

from pydantic import create_model

from callflows.flow import Flow
from callflows.nodes import WrittenNode

SCHEMA_FILE = "flow.schema.json"  # beside the flows; a comment at the top of a flow names it
_PERIOD = {
    "type": "string",
    "pattern": "^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$",
    "description": 'A part of a day, as "08:00-12:30".',
}


def flow_schema() -> str:
    """The schema as text, the same for the same code."""
    written = create_model("Flow", __base__=Flow, nodes=(dict[str, WrittenNode], ...))
    schema: dict[str, Any] = written.model_json_schema(by_alias=True)
    schema["$schema"] = "http://json-schema.org/draft-07/schema#"
    schema["title"] = "A flow of Onthaal"
    schema.pop("description", None)
    schema["properties"].pop("version")  # made from the text, never written
    schema["$defs"]["Period"] = _PERIOD  # written as text; the model holds minutes
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

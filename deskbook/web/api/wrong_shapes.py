"""What of a request is not as openapi.json says, in sentences: pydantic's own are for those who
write Python.
"""

from collections.abc import Mapping
from typing import Any

_INSTANT = "Write an instant with its offset, as 2026-11-30T14:00:00Z."
_SENTENCES: Mapping[str, str] = {
    "extra_forbidden": "There is no such field here: openapi.json names those there are.",
    "missing": "This is needed.",
    "string_too_short": "Write {min_length} characters at least.",
    "string_too_long": "Write {max_length} characters at most.",
    "too_short": "Give {min_length} at least.",
    "too_long": "Give {max_length} at most.",
    "greater_than_equal": "Give {ge} at least.",
    "less_than_equal": "Give {le} at most.",
    "string_type": "This must be text.",
    "string_pattern_mismatch": "This must look like {pattern}.",
    "list_type": "This must be a list.",
    "dict_type": "This must be an object.",
    "model_type": "This must be an object.",
    "model_attributes_type": "This must be an object.",
    "json_invalid": "This is no JSON.",
}
"""What pydantic calls it → what is said of it."""


def wrong_in_words(one: Mapping[str, Any]) -> str:
    """Returns what is wrong with a field, of pydantic's error, as one sentence; the value is not
    repeated.
    """
    kind, facts = str(one["type"]), one.get("ctx") or {}
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(**facts)
    if kind.startswith(("datetime_", "timezone_")):
        return _INSTANT
    if kind.startswith(("int_", "float_")):
        return "This must be a number."
    if kind.startswith("bool_"):
        return "This must be true or false."
    return str(one["msg"]).removeprefix("Value error, ").rstrip(".") + "."

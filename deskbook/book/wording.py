"""What the schema's refusals say to the person who owns the policy."""

import json
import re
from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from deskbook.book.findings import Path, Remark, nearest
from deskbook.book.schema.section import Section, spaced
from deskbook.book.words import fold

_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown-key",
    "literal_error": "unknown-word",
    "dict_type": "type",
    "model_type": "type",
    "model_attributes_type": "type",
    "list_type": "type",
    "tuple_type": "type",
    "union_tag_invalid": "type",
    "union_tag_not_found": "type",
    "string_type": "type",
}
"""What the schema's library calls a refusal → its code in a book's findings."""
_ABOUT_THE_KEY = ("missing", "extra_forbidden")


def remark_of(model: type[Section], error: Mapping[str, Any], path: Path) -> Remark:
    """Returns the remark for one refusal of the schema, at the place it is about."""
    kind, place = str(error["type"]), (*path, *error["loc"])
    words, code = _words_of(model, kind, error), _CODES.get(kind, kind)
    return Remark(place, words, code, at_key=kind in _ABOUT_THE_KEY)


def _words_of(model: type[Section], kind: str, error: Mapping[str, Any]) -> str:
    loc, given = tuple(error["loc"]), _shown(error["input"])
    match kind:
        case "missing":
            return f"{loc[-1]!r} is missing: {_described(model, loc)}"
        case "extra_forbidden" if error["input"] is None:
            return (
                f"{str(loc[-1])!r} is not a key here. A text with a comma or colon in it needs"
                " quotes around all of it"
            )
        case "extra_forbidden":
            return f"{str(loc[-1])!r} is not a key here: {_keys_near(model, loc)}"
        case "literal_error":
            known = re.findall(r"'([^']*)'", str(error["ctx"]["expected"]))
            return f"{given} is not known here: {nearest(str(error['input']), known)}"
        case "dict_type" | "model_type" | "model_attributes_type":
            return f"keys and values belong here, not {given}{_for_example(model, loc)}"
        case "list_type" | "tuple_type":
            return f"a list belongs here, not {given}: put [ ] around it"
        case "union_tag_invalid" | "union_tag_not_found" | "string_type":
            return f"one piece of text belongs here, not {given}"
        case _:
            return str(error["msg"])


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "several keys"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else repr(str(value)[:60])


CALLED_OTHERWISE = {
    **dict.fromkeys(("retention", "archive"), "how long things are kept is `keep`"),
    **dict.fromkeys(
        ("escalation", "escalations", "escalate"),
        "what goes on by itself is `hands up` of `levels`",
    ),
    **dict.fromkeys(
        ("sla", "slas", "promises"),
        "what is promised is `targets`, and how many are in time `service levels`",
    ),
    **dict.fromkeys(
        ("penalties", "penalty", "refunds"),
        "what is owed for a case that is late is `compensation`",
    ),
    **dict.fromkeys(
        ("survey", "surveys", "satisfaction", "feedback"),
        "what requesters decide is `choices` of a stage; closed cases are rated without a line",
    ),
    **dict.fromkeys(
        ("exclusions", "scope", "out of scope"),
        "write it under `notes`; who has it instead is `outside`",
    ),
    **dict.fromkeys(("report", "reporting"), "what is reported, to whom and when, is `reports`"),
    **dict.fromkeys(("groups", "queues", "departments"), "who has a case is `teams`"),
    **dict.fromkeys(
        ("statuses", "status", "states", "workflow"), "what a case goes through is `stages`"
    ),
    **dict.fromkeys(
        ("calendar", "business hours", "opening hours"), "when the desk is open is `hours`"
    ),
    **dict.fromkeys(("notifications", "notify"), "who hears of what is `tell`"),
}
"""What other programs and policies call sections of a book."""


def _for_example(model: type[Section], loc: Path) -> str:
    """Returns how the key is written, from its description, or its entry where it has names of its
    own.
    """
    holder = section_at(model, loc[:-1])
    for name, given in holder.model_fields.items() if holder else ():
        example = given.examples[0] if spaced(name) == loc[-1] and given.examples else None
        if isinstance(example, dict):
            inside = json.dumps(example, ensure_ascii=False).replace('"', "")
            return f": {loc[-1]}: {inside}"
    return ""


def _keys_near(model: type[Section], loc: Path) -> str:
    if len(loc) == 1 and (otherwise := CALLED_OTHERWISE.get(fold(str(loc[-1])))):
        return otherwise
    holder = section_at(model, loc[:-1])
    known = [spaced(name) for name in holder.model_fields] if holder else []
    return nearest(str(loc[-1]), known, noun="one of the keys")


def _described(model: type[Section], loc: Path) -> str:
    holder = section_at(model, loc[:-1])
    for name, given in holder.model_fields.items() if holder else ():
        if spaced(name) == loc[-1]:
            example = given.examples[0] if given.examples else "…"
            return (
                f"{given.description} Write {loc[-1]}: {example}"
                if not isinstance(example, dict | list)
                else str(given.description)
            )
    return "write it"


def section_at(model: Any, loc: Path) -> type[Section] | None:
    """Returns the section of the schema that the steps lead to; steps that are no keys are passed
    over.
    """
    here: Any = model
    for step in loc:
        here = _step(here, step) or here
    found = [
        kind for kind in _choices(here) if isinstance(kind, type) and issubclass(kind, Section)
    ]
    return found[0] if found else None


def _step(here: Any, step: str | int) -> Any:
    for kind in _choices(here):
        if isinstance(kind, type) and issubclass(kind, Section):
            for name, given in kind.model_fields.items():
                if spaced(name) == step:
                    return given.annotation
        origin, inner = get_origin(kind), get_args(kind)
        if origin is dict and isinstance(step, str) and not step.startswith("("):
            return inner[1]
        if origin is list and isinstance(step, int):
            return inner[0]
    return None


def _choices(here: Any) -> list[Any]:
    """Returns the kinds an annotation allows, its decorations taken off."""
    origin = get_origin(here)
    if origin is Annotated:
        return _choices(get_args(here)[0])
    if origin in (Union, UnionType):
        return [kind for part in get_args(here) for kind in _choices(part)]
    return [] if here is type(None) or origin is Literal else [here]

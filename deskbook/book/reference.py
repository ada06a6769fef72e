"""The reference of the language and the editors' schema, both made from the schema's own words."""

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from deskbook.book import catalogue
from deskbook.book.schema import (
    Book,
    anonymous,
    cases,
    channels,
    hours,
    keeping,
    languages,
    letters,
    levels,
    macros,
    procedures,
    recurring,
    service_levels,
    stages,
    targets,
    teams,
)
from deskbook.book.schema.section import Section, spaced

MADE = "<!-- made by `deskbook schema --docs docs/book` from the schema: do not edit -->\n"
SECTIONS: tuple[tuple[str, str, type[Section]], ...] = (
    ("A book", "the top of the file", Book),
    ("channels", "each channel under `channels`, in its long form", channels.Channel),
    ("holidays", "each list under `holidays`, or in place under `closed`", hours.HolidayList),
    ("a holiday", "a day in such a list, when it says more than its name", hours.Holiday),
    ("hours", "each calendar under `hours`, or a plan's own", hours.Hours),
    ("open", "under `open`", hours.Campaign),
    ("freeze", "each entry under `freeze`, or the one", hours.Freeze),
    ("hand over", "under `freeze: hand over`", levels.HandOver),
    ("plans", "each plan under `plans`", cases.Plan),
    ("limits", "each line under `limits` of a plan", cases.Limit),
    ("limits of a person", "each line under `limits` of the book", cases.PersonLimit),
    ("severities", "each level under `severities` or `priorities`", cases.Severity),
    ("matrix", "under `matrix`", cases.Matrix),
    ("targets", "each line under `targets`", targets.Target),
    (
        "service levels",
        "each line under `service levels`",
        service_levels.ServiceLevel,
    ),
    ("credits", "each line under `credits` of a service level", service_levels.Credit),
    ("compensation", "each line under `compensation`", service_levels.Compensation),
    ("stages", "each stage under `stages`", stages.Stage),
    ("choices", "each thing to decide under `choices` of a stage", stages.Choice),
    (
        "facets",
        "each list under `facets`; `types` and `categories` in their long form",
        cases.Facet,
    ),
    ("values", "each value of a facet", cases.Value),
    ("fields", "each question under `fields`", cases.Question),
    ("procedures", "each line under `procedures`", procedures.Procedure),
    ("steps", "each step under `steps`", procedures.Step),
    ("papers", "each paper under `papers`", procedures.Paper),
    ("columns", "each column under `columns`", procedures.Column),
    ("keep", "each line under `keep`", keeping.Keep),
    ("anonymous", "each line under `anonymous`", anonymous.Anonymous),
    ("letters", "each line under `letters`", letters.LetterLine),
    ("macros", "each line under `macros`", macros.Macro),
    ("recurring", "each line under `recurring`", recurring.RecurringCase),
    ("reports", "each line under `reports`", recurring.ReportLine),
    ("levels", "each level under `levels`", levels.Level),
    ("hands up", "each line under `hands up` of a level", levels.HandUp),
    ("teams", "each team under `teams`", teams.Team),
    ("hops", "each line under `hops`", levels.Hop),
    ("outside", "each contact under `outside`", levels.Outside),
    ("sites", "each place under `sites`", channels.Site),
    ("services", "each service under `services`", channels.Service),
    ("site visits", "each line under `site visits`", channels.SiteVisit),
    ("templates", "each wording under `templates`", channels.Template),
    ("directory", "each field under `directory`", channels.DirectoryField),
    ("routing", "under `routing`", teams.Routing),
    ("rules", "each line under `routing: rules`", teams.Rule),
    ("rosters", "each line under `rosters`", levels.RosterLine),
    ("alerts", "under `alerts`", levels.Alerts),
    ("tell", "each line under `tell`", levels.Tell),
    ("reopening", "under `reopening`", teams.Reopening),
    ("seats", "each tool under `seats`", cases.Seats),
    ("responsibilities", "each one under `responsibilities`", levels.Responsibility),
    ("in", "each language under `in`", languages.InLanguage),
    ("in: names", "each name in such a language", languages.Said),
    ("in: facets", "each facet in such a language", languages.SaidFacet),
)


def json_schema() -> dict[str, Any]:
    """Returns the JSON Schema (2020-12) of a book."""
    made = Book.model_json_schema(mode="validation")
    _accept_short_forms(made)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "A Deskbook book",
    }


def _accept_short_forms(made: dict[str, Any]) -> None:
    """Text in place of a section, and nothing at all, are read as short forms: editors should
    know.
    """
    for name, section in made.get("$defs", {}).items():
        kind = next((k for _, _, k in SECTIONS if k.__name__ == name), None)
        if kind is None:
            continue
        long_form = {
            key: section.pop(key) for key in list(section) if key not in ("title", "description")
        }
        allowed = [long_form, {"type": "null"}]
        if kind.short_for:
            allowed.append({"type": ["string", "number"]})
        section["anyOf"] = allowed


def pages() -> dict[str, str]:
    """Returns the pages made from the schema: file name → Markdown."""
    return {
        "reference.md": _reference(),
        "findings.md": catalogue.page(),
        "book.schema.json": json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n",
    }


def write(folder: Path) -> None:
    """Writes the pages into a folder."""
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


def _reference() -> str:
    parts = [MADE, "# The language of a book: reference\n\n"]
    parts.append(
        "To learn it, read [Writing a book](index.md); to test a book, [Scenarios](scenarios.md).\n"
    )
    for title, where, section in SECTIONS:
        about = inspect.cleandoc(section.__doc__ or "")
        parts.append(
            f"\n## {title}\n\n*{where[:1].upper() + where[1:]}.*"
            f" {about}\n\n{table_of_keys(section)}"
        )
    return "".join(parts)


def table_of_keys(section: type[Section]) -> str:
    """Returns a Markdown table: each key, what it is, its kind, default and an example."""
    rows = "".join(_row(name, given) for name, given in section.model_fields.items())
    short = f"\nText alone is its `{section.short_for}`.\n" if section.short_for else ""
    return f"| key | what | kind | default | example |\n|---|---|---|---|---|\n{rows}{short}"


def _row(name: str, given: FieldInfo) -> str:
    examples = ", ".join(f"`{written(example)}`" for example in given.examples or [])
    default = "**required**" if given.is_required() else _default(given.default)
    return (
        f"| `{spaced(name)}` | {given.description} | {kind_of(given)} | {default} | {examples} |\n"
    )


def _default(value: Any) -> str:
    if value is None or value in ("", [], {}) or isinstance(value, BaseModel):
        return "–"
    return f"`{written(value)}`"


def written(value: Any) -> str:
    """Returns a value as an owner would write it on one line."""
    if isinstance(value, dict):
        return (
            "{ "
            + ", ".join(f"{key}: {written(said)}".strip() for key, said in value.items())
            + " }"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(written(item) for item in value) + "]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def kind_of(given: FieldInfo) -> str:
    """Returns the kind of value in the owner's words, read off the example."""
    words = [word for kind in _literals(given.annotation) for word in get_args(kind)]
    if words:
        return "one of " + ", ".join(f"`{word}`" for word in words)
    example = (given.examples or [""])[0]
    if isinstance(example, dict):
        return "mapping"
    if isinstance(example, list):
        return "list"
    if isinstance(given.default, bool) or example in ("yes", "no"):
        return "yes or no"
    return "number" if isinstance(example, int) else "text"


def _literals(annotation: Any) -> Iterator[Any]:
    if getattr(annotation, "__name__", "") == "Literal" or str(annotation).startswith(
        "typing.Literal"
    ):
        yield annotation
        return
    for inner in get_args(annotation):
        yield from _literals(inner)

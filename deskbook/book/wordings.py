"""Registered wordings of a book to the engine's: every variable known, every wording one that can
be sent.
"""

import re
from collections.abc import Iterator, Sequence
from string import Formatter

from deskbook.book.findings import Path, Remarks, nearest
from deskbook.book.schema.channels import Template as TemplateEntry
from deskbook.book.words import fold
from deskbook.engine.channels import Template
from deskbook.engine.letter_parts import VARIABLE_OF

VARIABLES = (
    "ticket",
    "subject",
    "text",
    "code",
    "link",
    "name",
    "when",
    "desk",
    "token",
    "place",
    "number",
    *(name for name in VARIABLE_OF.values() if name not in ("ticket", "subject", "link")),
)
PURPOSES = (
    "acknowledgement",
    "answer",
    "reminder",
    "closing",
    "code",
    "call back",
    "token",
    "notice",
    "severity",
    "paper",
    "redirect",
    "freeze",
    "estimate",
    "delivery",
    "visit",
    "end of texts",
)
"""What Deskbook tells by itself."""
KNOWN_FOR = {
    "code": ("code",),
    "token": ("token",),
    "place": ("token",),
    "when": ("call back", "reminder", "visit"),
    "number": ("call back", "end of texts"),
}
"""Variables that only some purposes can fill in."""
WITHOUT_A_CASE = {
    "code": ("ticket", "subject", "text"),
    "token": ("ticket", "subject", "text", "name", "desk"),
    "end of texts": ("ticket", "subject", "text", "name", "link"),
}
POINTLESS_WITHOUT = {"code": "code", "token": "token"}
"""Purposes whose wording says nothing without the variable."""


def read_templates(entries: Sequence[TemplateEntry], remarks: Remarks) -> tuple[Template, ...]:
    """Returns the templates in the book's order; one whose variables are wrong is remarked and left
    out.
    """
    taken: dict[tuple[str, str, str], int] = {}
    found = []
    for number, entry in enumerate(entries):
        path: Path = ("templates", number)
        said = Template(fold(entry.for_), entry.by, entry.language, entry.text, entry.id or "")
        _look_at_purpose(entry, path, remarks)
        _look_at_registration(said, path, remarks)
        if (
            same := taken.setdefault((said.purpose, said.channel, said.language), number)
        ) != number:
            what = (
                f"wording {same + 1} of this list is for the same, in the same language: delete one"
            )
            remarks.error(path, what, "same-template")
        elif _variables_are_known(said, path, remarks):
            found.append(said)
    return tuple(found)


def _look_at_purpose(entry: TemplateEntry, path: Path, remarks: Remarks) -> None:
    if fold(entry.for_) not in PURPOSES:
        said = (
            f"nothing Deskbook sends by itself is {entry.for_!r}: {nearest(entry.for_, PURPOSES)}"
        )
        remarks.warn((*path, "for"), said, "unused-template")
    elif entry.by == "whatsapp" and fold(entry.for_) in WITHOUT_A_CASE:
        said = f"a {entry.for_} goes by sms alone: this wording is never sent"
        remarks.warn((*path, "for"), said, "unused-template")


def _look_at_registration(said: Template, path: Path, remarks: Remarks) -> None:
    if said.channel == "whatsapp" and not re.fullmatch(r"[a-z0-9_]{1,512}", said.registered):
        where = (*path, "id") if said.registered else path
        what = (
            "WhatsApp knows a template by its name, of a-z, 0-9 and _: write it as `id:"
            " ticket_update`"
        )
        remarks.error(where, what, "template-name")


def variables_known(
    text: str, known: Sequence[str], path: Path, remarks: Remarks
) -> list[str] | None:
    """Returns the variables of a text; None where it is remarked that one is none of those
    `known`.
    """
    try:
        names = list(_variables(text))
    except ValueError:
        what = "a brace stands alone: variables are {ticket}, a brace itself is {{ or }}"
        remarks.error(path, what, "template-variable")
        return None
    unknown = [name for name in names if name not in known]
    for name in unknown:
        what = f"{{{name}}} is nothing that can be filled in: {nearest(name, known)}"
        remarks.error(path, what, "template-variable")
    return None if unknown else names


def _variables_are_known(said: Template, path: Path, remarks: Remarks) -> bool:
    where = (*path, "text")
    names = variables_known(said.text, VARIABLES, where, remarks)
    if names is None:
        return False
    for name in names:
        if said.purpose not in KNOWN_FOR.get(name, (said.purpose,)) or name in WITHOUT_A_CASE.get(
            said.purpose, ()
        ):
            what = f"{{{name}}} is not known for {said.purpose!r}: a text with it is not sent"
            remarks.warn(where, what, "template-variable")
    needed = POINTLESS_WITHOUT.get(said.purpose)
    if needed and needed not in names:
        remarks.error(
            where, f"a {said.purpose} is told with {{{needed}}}: it is missing", "template-variable"
        )
    return True


def _variables(text: str) -> Iterator[str]:
    """Yields what stands between braces, as written: `{ticket!r}` is no name of ours."""
    for _text, name, spec, conversion in Formatter().parse(text):
        if name is not None:
            yield name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")

"""Places as a list: sites, offices, villages by code, each within another."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import cast

from django.utils.translation import gettext_lazy as _

from deskbook.people.copying import write_by_copy
from deskbook.people.lists.columns import (
    Given,
    Judged,
    ListColumn,
    Wrong,
    each_once,
    required,
    said_anew,
    short_enough,
    taken,
)
from deskbook.people.lists.kept_columns import kept_columns
from deskbook.people.lists.quoting import short
from deskbook.people.models import Agent, HelpDesk, Place
from deskbook.refusals.refusal import Refusal

COLUMNS = (
    ListColumn(
        "code", _("What it is known by."), ("place code", "office code", "código"), required=True
    ),
    ListColumn("name", _("What people call it."), ("place", "office", "nome"), required=True),
    ListColumn("kind", _("District, village, treasury …"), ("type", "level")),
    ListColumn("within", _("The code of the place around it."), ("parent", "district")),
)


def judge(helpdesk: HelpDesk, lines: Iterable[Given]) -> Iterator[Judged]:
    """Returns what would become of each line; a place is known by its code and may lie within one
    of a later line.
    """
    given_lines = list(lines)
    known = {row.code: row for row in Place.objects.filter(desk=helpdesk)}
    codes = known.keys() | {given.values.get("code", "") for given in given_lines}
    around = {code: row.within for code, row in known.items()}
    around |= {
        g.values.get("code", ""): g.values["within"] for g in given_lines if g.values.get("within")
    }
    return each_once(
        given_lines,
        lambda given: given.values.get("code", ""),
        lambda given, code: _judged(given, known.get(code), codes, around),
        twice=lambda code, line: Refusal("list: code twice", code=short(code), number=line),
    )


def write(helpdesk: HelpDesk, records: Iterable[object], *, at: datetime, by: Agent) -> None:
    """Writes one batch of places."""
    batch = cast(list[Place], list(records))
    for row in batch:
        row.desk = helpdesk
    write_by_copy(batch, ("name", "kind", "within", "attributes"))


def kept(helpdesk: HelpDesk) -> list[str]:
    """Returns the headings of what is kept of the desk's places beside COLUMNS."""
    return kept_columns(Place.objects.filter(desk=helpdesk))


def rows(helpdesk: HelpDesk, kept: Sequence[str] = ()) -> Iterator[list[object]]:
    """Returns every place of the desk as a line of such a list, with what is `kept` under these
    headings.
    """
    found = Place.objects.filter(desk=helpdesk).order_by("code")
    for row in found.iterator(2_000):
        yield [*_cells(row).values(), *(row.attributes.get(name, "") for name in kept)]


def _cells(row: Place) -> dict[str, object]:
    """What a list that goes out says of a place, by column, in the order of COLUMNS."""
    return {"code": row.code, "name": row.name, "kind": row.kind, "within": row.within}


def _judged(
    given: Given, known: Place | None, codes: Iterable[str], around: dict[str, str]
) -> Judged:
    if given.broken:
        raise Wrong(given.broken)
    required(given, "code", "name")
    short_enough(given, 64 if len(given.values["code"]) > 64 else 200)
    code, before = given.values["code"], known or Place()
    said = said_anew(given, _cells(before), before.attributes)
    within = said.values.get("within", "")
    if within and within not in codes:
        raise Wrong("list: within", code=short(within))
    _refuse_circle(code, around)
    row = Place(
        pk=before.pk,
        code=code,
        name=said.values.get("name") or before.name,
        kind=said.values.get("kind") or before.kind,
        within=within or before.within,
        attributes=before.attributes | dict(said.others),
    )
    if known is None:
        return taken(given, "added", row)
    was = (known.name, known.kind, known.within, known.attributes)
    same = was == (row.name, row.kind, row.within, row.attributes)
    return taken(given, "same" if same else "changed", row)


def _refuse_circle(code: str, around: dict[str, str]) -> None:
    passed, here = {code}, around.get(code, "")
    while here:
        if here in passed:
            raise Wrong("list: circle", code=short(code), here=short(here))
        passed.add(here)
        here = around.get(here, "")

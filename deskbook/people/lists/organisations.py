"""Organisations as a list: customers with their plan, zone and mail domains."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import cast

from django.utils.translation import gettext_lazy as _

from deskbook.engine.addresses import normal_domain
from deskbook.people.books import desk_in_force, words_for
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
from deskbook.people.lists.quoting import short
from deskbook.people.lists.reading import zone_name
from deskbook.people.lists.sheets import as_read
from deskbook.people.models import Agent, HelpDesk, Organisation
from deskbook.refusals.refusal import Refusal, Word

COLUMNS = (
    ListColumn(
        "name", _("What it is called."), ("organisation", "organization", "company"), required=True
    ),
    ListColumn("plan", _("What it bought: a plan of the book.")),
    ListColumn("zone", _("Its time zone, like America/Toronto."), ("time zone", "timezone")),
    ListColumn(
        "domains", _("Mail domains of its people, with spaces between."), ("domain", "mail domains")
    ),
)


def judge(helpdesk: HelpDesk, lines: Iterable[Given]) -> Iterator[Judged]:
    """Returns what would become of each line; an organisation is known by its name."""
    here = {as_read(row.name): row for row in Organisation.objects.filter(desk=helpdesk)}
    once = Counter(name.lower() for name in here)
    known = {_known_by(name, once): row for name, row in here.items()}
    plans = words_for(desk_in_force(helpdesk), lambda said: said.plans)
    return each_once(
        lines,
        lambda given: _known_by(given.values.get("name", ""), once),
        lambda given, name: _judged(given, known.get(name), plans),
        twice=lambda name, line: Refusal("list: same organisation", number=line),
    )


def write(helpdesk: HelpDesk, records: Iterable[object], *, at: datetime, by: Agent) -> None:
    """Writes one batch of organisations."""
    batch = cast(list[Organisation], list(records))
    for row in batch:
        row.desk = helpdesk
    write_by_copy(batch, ("plan", "zone", "domains"))


def rows(helpdesk: HelpDesk) -> Iterator[list[object]]:
    """Returns every organisation of the desk as a line of such a list."""
    for row in Organisation.objects.filter(desk=helpdesk).order_by("name"):
        yield [*_cells(row).values()]


def _cells(row: Organisation) -> dict[str, object]:
    """What a list that goes out says of an organisation, by column, in the order of COLUMNS."""
    return {"name": row.name, "plan": row.plan, "zone": row.zone, "domains": " ".join(row.domains)}


def _judged(given: Given, known: Organisation | None, plans: dict[str, str]) -> Judged:
    if given.broken:
        raise Wrong(given.broken)
    required(given, "name")
    short_enough(given)
    before = known or Organisation(name=given.values["name"])
    values = said_anew(given, _cells(before)).values
    plan, zone, domains = values.get("plan"), values.get("zone"), values.get("domains")
    row = Organisation(
        pk=before.pk,
        name=before.name,
        plan=_plan(plan, plans) if plan else before.plan,
        zone=zone_name(zone) if zone else before.zone,
        domains=_domains(domains) if domains else list(before.domains),
    )
    if known is None:
        return taken(given, "added", row)
    same = (known.plan, known.zone, known.domains) == (row.plan, row.zone, row.domains)
    return taken(given, "same" if same else "changed", row)


def _known_by(name: str, called: Mapping[str, int]) -> str:
    """However it is spelled; exactly so where several are called that but for the case."""
    return name if called.get(name.lower(), 0) > 1 else name.lower()


def _domains(text: str) -> list[str]:
    found = [
        normal_domain(word.removeprefix("@"))
        for word in text.replace(",", " ").replace(";", " ").split()
    ]
    wrong = next((word for word in found if "." not in word or "@" in word), None)
    if wrong:
        raise Wrong("list: mail domain", text=short(wrong))
    return found


def _plan(text: str, plans: dict[str, str]) -> str:
    if text.lower() not in plans:
        known = tuple(dict.fromkeys(plans.values()))
        raise Wrong("list: plan", text=short(text), known=known or Word("none"))
    return plans[text.lower()]

"""Organisations as a list: customers with their plan, zone and mail domains."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import cast

from django.utils.translation import gettext_lazy as _

from deskbook.engine.addresses import normal_domain
from deskbook.people.books import desk_in_force
from deskbook.people.copying import write_by_copy
from deskbook.people.lists.columns import (
    Given,
    Judged,
    ListColumn,
    Wrong,
    each_once,
    required,
    short_enough,
    taken,
)
from deskbook.people.lists.quoting import short
from deskbook.people.lists.reading import zone_name
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
    known = {row.name.lower(): row for row in Organisation.objects.filter(desk=helpdesk)}
    plans = {
        word.lower(): plan.key
        for plan in desk_in_force(helpdesk).plans.values()
        for word in (plan.key, plan.title)
    }
    return each_once(
        lines,
        lambda given: given.values.get("name", "").lower(),
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
        yield [row.name, row.plan, row.zone, " ".join(row.domains)]


def _judged(given: Given, known: Organisation | None, plans: dict[str, str]) -> Judged:
    if given.broken:
        raise Wrong(given.broken)
    required(given, "name")
    short_enough(given)
    values, before = given.values, known or Organisation(name=given.values["name"])
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

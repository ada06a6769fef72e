"""The facts of passing a case on, redirecting it, its estimates and deliveries, and who is named on
it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from deskbook.engine.decision import hindrance
from deskbook.engine.desk import Desk
from deskbook.engine.hops import Way, ways_from
from deskbook.people.models import Contact
from deskbook.people.seats import holders_at
from deskbook.tickets.contact_changes import asked_for
from deskbook.tickets.relations import incidents_of
from deskbook.tickets.work import Order, orders_of
from deskbook.web.console.facts import Fact, Form, Options, Subject
from deskbook.web.console.rows import channel_title
from deskbook.web.times import worked
from deskbook.web.told import team_title

ARROWS = {"up": "↑", "back": "↓", "over": "→"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to go, with all the book says about it."""

    key: str
    title: str
    means: str


@dataclass(frozen=True, slots=True)
class PassingForm(Form):
    ways: tuple[Choice, ...] = ()
    channels: Options = ()


@dataclass(frozen=True, slots=True)
class SeatForm(Form):
    holders: Options = ()


def with_case_facts(of: Subject, told: list[Fact]) -> list[Fact]:
    """Returns the facts with those of this module among them: passing on beside the owner, the rest
    behind.
    """
    if of.state.merged_into:
        return told
    fixed = next((n for n, fact in enumerate(told) if fact.key == "channel"), len(told))
    if of.desk.stages[of.state.stage].closed:
        return [*told[:fixed], *_incidents(of), *told[fixed:]]
    after = next((n for n, fact in enumerate(told, start=1) if fact.key == "assignment"), len(told))
    return [
        *_waiting(of),
        *told[:after],
        *_passing(of),
        *told[after:fixed],
        *_work(of),
        *told[fixed:],
    ]


def _waiting(of: Subject) -> Iterator[Fact]:
    """What was stated when the case was put where it waits: the vendor and their reference."""
    needs = of.desk.stages[of.state.stage].needs
    if needs:
        entry = (
            of.ticket.log.filter(kind="StageChanged", data__stage=of.state.stage)
            .order_by("-seq")
            .first()
        )
        stated = entry.data.get("stated", {}) if entry else {}
        yield from (
            Fact(f"needs-{n}", need.capitalize(), stated.get(need, ""))
            for n, need in enumerate(needs)
        )


def _passing(of: Subject) -> Iterator[Fact]:
    if of.desk.hops or of.desk.levels:
        ways = ways_from(of.desk, of.state.team)
        channels = dict.fromkeys(name for way in ways for name in way.by) or dict.fromkeys(
            of.desk.channels
        )
        form = PassingForm(
            # Mypy cannot see which key holds which.
            **of.values("passing"),  # type: ignore[arg-type]
            ways=tuple(_choice(of.desk, way) for way in ways),
            channels=tuple((name, channel_title(name, of.desk)) for name in channels),
        )
        yield of.fact("passing", _("Pass on"), _here(of), form, "h")
    if of.desk.outside:
        contacts = of.desk.outside.values()
        names = dict.fromkeys(name for contact in contacts for name in contact.by) or dict.fromkeys(
            of.desk.channels
        )
        form = PassingForm(
            **of.values("redirect"),  # type: ignore[arg-type]
            ways=tuple(Choice(c.key, c.title, _reached(of.desk, c.means, c.by)) for c in contacts),
            channels=tuple((name, channel_title(name, of.desk)) for name in names),
        )
        yield of.fact("redirect", _("Redirect"), _("to somebody outside"), form, "d")


def _here(of: Subject) -> str:
    return team_title(of.desk, of.state.team) if of.state.team else _("no team yet")


def _choice(desk: Desk, way: Way) -> Choice:
    title = f"{ARROWS[way.direction]} {team_title(desk, way.team)}"
    lines = (
        _("line %(lines)s of the book") % {"lines": ", ".join(map(str, way.lines))}
        if any(way.lines)
        else ""
    )
    by = _("by %(channels)s") % {"channels": _either(desk, way.by)} if way.by else ""
    return Choice(way.team, title, " · ".join(part for part in (by, lines) if part))


def _reached(desk: Desk, means: str, by: tuple[str, ...]) -> str:
    ways = _("by %(channels)s") % {"channels": _either(desk, by)} if by else ""
    return " · ".join(part for part in (means, ways) if part)


def _either(desk: Desk, names: tuple[str, ...]) -> str:
    return _(" or ").join(channel_title(name, desk) for name in names)


def _work(of: Subject) -> Iterator[Fact]:
    orders = orders_of(of.ticket)
    if of.desk.stage_set_by("estimate") and not hindrance(of.desk, of.state, "estimate"):
        shown = _offered(orders[0]) if orders else ""
        yield of.fact("estimates", _("Estimate"), shown, Form(**of.values("estimates")), "y")  # type: ignore[arg-type]
    signed = [order for order in orders if order.signed_at]
    if signed:
        form = Form(
            **of.values("work"),  # type: ignore[arg-type]
            options=tuple((order.id, _offered(order)) for order in signed),
        )
        yield of.fact("work", _("Work order"), "; ".join(map(_booked, signed)), form, "b")
    if of.desk.stage_set_by("delivery") and not hindrance(of.desk, of.state, "deliver"):
        shown = of.state.delivered or ""
        yield of.fact("delivery", _("Delivery"), shown, Form(**of.values("delivery")), "v")  # type: ignore[arg-type]
    if of.ticket.organisation_id:
        yield _seat(of)
    yield from _incidents(of)


def _offered(order: Order) -> str:
    state = (
        _("signed")
        if order.signed_at
        else _("declined")
        if order.declined_at
        else _("waits for the signature")
    )
    return ", ".join(part for part in (worked(order.time), order.cost, state) if part)


def _booked(order: Order) -> str:
    time = _("%(booked)s of %(time)s") % {
        "booked": worked(order.booked),
        "time": worked(order.time),
    }
    return f"{time} · {order.booked_cost}" if order.booked_cost else time


def _incidents(of: Subject) -> Iterator[Fact]:
    open_ones = incidents_of(of.ticket)
    if not open_ones:
        return
    stage = next((stage for stage in of.desk.stages.values() if stage.solved), None)
    form = Form(
        **of.values("incidents"),  # type: ignore[arg-type]
        text=", ".join(map(str, open_ones)),
        word=stage.title if stage else "",
    )
    shown = _("%(n)s open: answer all…") % {"n": len(open_ones)}
    fact = of.fact("incidents", _("Incidents"), shown, form, "i")
    # The problem is solved: that is when those who wait for it are told.
    yield replace(fact, open=True) if of.ticket.outcome else fact


def _seat(of: Subject) -> Fact:
    asked = asked_for(of.ticket)
    holders = holders_at(of.ticket.organisation_id)
    start = {"leaves": str(asked.leaves_id), "arrives": _address(asked.arrives)} if asked else {}
    form = SeatForm(
        **of.values("seat", **start),  # type: ignore[arg-type]
        holders=tuple((str(contact.pk), str(contact)) for contact in holders),
    )
    names = {"leaves": asked.leaves, "arrives": asked.arrives} if asked else {}
    shown = _("%(arrives)s for %(leaves)s") % names if asked else ""
    return of.fact("seat", _("Seat"), shown, form)


def _address(contact: Contact) -> str:
    first = contact.identities.order_by("pk").first()
    return first.identifier if first else str(contact)

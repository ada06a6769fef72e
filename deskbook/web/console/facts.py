"""The facts beside a ticket, each with the form that changes it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from deskbook.engine.decide_stage import allowed_moves
from deskbook.engine.desk import Desk
from deskbook.engine.routing import facets_of, target_for
from deskbook.engine.ticket import Ticket as State
from deskbook.people.models import Agent
from deskbook.people.moments import written, zone_name
from deskbook.people.unmerging import may_unmerge
from deskbook.tickets.models import Ticket
from deskbook.tickets.relations import merged_by
from deskbook.web.console.clocks import promise_texts
from deskbook.web.console.rows import channel_title
from deskbook.web.console.typed import Errors, Typed, Values
from deskbook.web.told import facet_title, severity_title

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Need:
    key: str
    title: str
    hint: str


@dataclass(frozen=True, slots=True)
class FacetChoice:
    key: str
    title: str
    options: Options


@dataclass(frozen=True, slots=True)
class OpenPromise:
    text: str
    due: str
    keeping: str
    withdrawal: str


@dataclass(frozen=True, slots=True)
class Form:
    """What the template of one act needs; most acts need little of it."""

    values: Values = field(default_factory=lambda: defaultdict(str))
    errors: Errors = field(default_factory=lambda: defaultdict(list))
    options: Options = ()
    needs: tuple[Need, ...] = ()
    teams: Options = ()
    facets: tuple[FacetChoice, ...] = ()
    promises: tuple[OpenPromise, ...] = ()
    routes: bool = False
    word: str = ""
    zone: str = ""
    source: str = ""
    hint: str = ""
    verb: str = ""
    id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    key: str
    label: str
    value: str
    action: str = ""
    template: str = ""
    shortcut: str = ""
    form: Form = field(default_factory=Form)
    open: bool = False
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """The ticket whose facts are told, with all that is needed to tell them."""

    ticket: Ticket
    desk: Desk
    state: State
    viewer: Agent
    shown_again: Typed

    def fact(
        self, key: str, label: str, value: str, form: Form, shortcut: str = "", template: str = ""
    ) -> Fact:
        again = self.shown_again if self.shown_again.act == key else Typed()
        return Fact(
            key,
            label,
            value,
            reverse(f"console-{key}", args=[str(self.ticket)]),
            f"console/acts/{template or key}.html",
            shortcut,
            form,
            bool(again.act),
            again.refusal,
        )

    def values(self, key: str, **start: str) -> dict[str, Values | Errors]:
        """Returns what the form shows: what was typed and not accepted, else how things stand."""
        if self.shown_again.act == key:
            return {"values": self.shown_again.values, "errors": self.shown_again.errors}
        return {"values": defaultdict(str, start), "errors": defaultdict(list)}


def facts(of: Subject) -> list[Fact]:
    """Returns the facts in the order of the side panel."""
    if of.state.merged_into:
        return [*_unmerging(of), *_fixed(of)]
    return [*_handling(of), *_relations(of), *_fixed(of)]


def _handling(of: Subject) -> Iterator[Fact]:
    closed = of.desk.stages[of.state.stage].closed
    yield _stage(of)
    if not closed:
        yield _assignment(of)
        if of.desk.severities:
            yield _severity(of)
        if of.desk.facets:
            yield _facets(of)
        yield _promise(of)
        if _agreed_updates(of):
            yield _next_update(of)
        if any(stage.closed for stage in allowed_moves(of.desk, of.state)):
            form = Form(text=_("The requester is told that the case is closed."), verb=_("Close"))
            yield of.fact("closure", _("Close"), "", form, "x", "confirm")


def _stage(of: Subject) -> Fact:
    moves = allowed_moves(of.desk, of.state)
    needs = {need: [s.title for s in moves if need in s.needs] for s in moves for need in s.needs}
    form = Form(
        **of.values("stage"),  # type: ignore[arg-type]  # mypy cannot see which key holds which
        options=tuple((stage.key, stage.title) for stage in moves),
        needs=tuple(
            Need(need, need.capitalize(), _for_stages(titles)) for need, titles in needs.items()
        ),
    )
    return of.fact("stage", _("Stage"), of.desk.stages[of.state.stage].title, form, "e")


def _for_stages(titles: list[str]) -> str:
    return _("for “%(stages)s”") % {"stages": "”, “".join(titles)}


def _assignment(of: Subject) -> Fact:
    owner, team = of.ticket.owner, of.desk.teams.get(of.state.team or "")
    shown = " · ".join(
        part
        for part in (str(owner.user) if owner else _("Nobody"), team.title if team else "")
        if part
    )
    form = Form(
        **of.values("assignment", owner=owner.user.email if owner else ""),  # type: ignore[arg-type]
        # Where the book names ways from team to team, a case is passed on by one of them.
        teams=()
        if of.desk.hops
        else tuple((t.key, t.title) for t in of.desk.teams.values() if t is not team),
    )
    return of.fact("assignment", _("Owner"), shown, form, "a")


def _severity(of: Subject) -> Fact:
    state, known = of.state, of.desk.severities
    counts = known.get(state.severity or "")
    title = severity_title(counts) if counts else ""
    if title:
        title += f", {_('verified')}" if state.verified else f", {_('claimed')}"
    if state.verified and state.claimed and state.claimed != state.verified:
        title += f" ({_('claimed %(severity)s') % {'severity': state.claimed.upper()}})"
    word = of.desk.severity_word.capitalize()
    form = Form(
        **of.values("severity", severity=state.severity or ""),  # type: ignore[arg-type]
        options=tuple((s.key, severity_title(s)) for s in known.values()),
        word=word,
    )
    return of.fact("severity", word, title, form, "s")


def _facets(of: Subject) -> Fact:
    told = [
        facet.values.get(of.state.facets.get(facet.key, ""), "")
        for facet in of.desk.facets.values()
    ]
    start = {f"facet.{key}": value for key, value in of.state.facets.items()}
    form = Form(
        **of.values("facets", **start),  # type: ignore[arg-type]
        facets=tuple(
            FacetChoice(f.key, facet_title(f), tuple(f.values.items()))
            for f in of.desk.facets.values()
        ),
        routes=bool(of.desk.rules),
    )
    return of.fact("facets", _("Sorted as"), " · ".join(part for part in told if part), form, "f")


def _promise(of: Subject) -> Fact:
    open_ones = [promise for promise in of.state.promises if promise.is_open]
    texts = promise_texts(of.ticket, of.state) if open_ones else {}
    form = Form(
        **of.values("promises"),  # type: ignore[arg-type]
        zone=_zone(),
        promises=tuple(
            OpenPromise(
                texts.get(promise.id, ""),
                written(promise.due_at),
                reverse("console-promise-keeping", args=[str(of.ticket), promise.id]),
                reverse("console-promise-withdrawal", args=[str(of.ticket), promise.id]),
            )
            for promise in open_ones
        ),
    )
    first = min((promise.due_at for promise in open_ones), default=None)
    return of.fact("promises", _("Promise"), written(first) if first else "", form, "p", "promise")


def _next_update(of: Subject) -> Fact:
    agreed_at = of.state.next_update_at
    form = Form(**of.values("next-update"), zone=_zone())  # type: ignore[arg-type]
    shown = written(agreed_at) if agreed_at else _("not agreed")
    return of.fact("next-update", _("Next update"), shown, form, "u", "next_update")


def _agreed_updates(of: Subject) -> bool:
    target = target_for(of.desk, "update", facets_of(of.state))
    return bool(target and target.agreed and of.state.last_answer_at)


def _relations(of: Subject) -> Iterator[Fact]:
    source = reverse("console-tickets") + f"?not={of.ticket}"
    for key, label, verb, hint, shortcut in (
        (
            "merge",
            _("Merge into"),
            _("Merge"),
            _("This ticket ends; its messages show in the other."),
            "m",
        ),
        ("links", _("Link to"), _("Link"), _("Both go on and point to each other."), "l"),
    ):
        relations = _relations_of(of) if key == "links" else ()
        form = Form(
            **of.values(key),  # type: ignore[arg-type]
            source=source,
            hint=hint,
            verb=verb,
            id=f"{key}-other",
            options=relations,
        )
        yield of.fact(key, label, "", form, shortcut, "relation")


def _relations_of(of: Subject) -> Options:
    """Returns how two tickets may belong together, where the book knows problems and incidents;
    else they just do.
    """
    types = of.desk.facets.get("type")
    if types is None or not types.gathers:
        return ()
    return (
        ("related", _("belongs together")),
        ("incident of", _("this is an incident of the other")),
        ("problem behind", _("the other is an incident of this")),
    )


def _unmerging(of: Subject) -> Iterator[Fact]:
    into = of.state.merged_into or ""
    yield Fact("merged", _("Merged into"), into)
    if may_unmerge(of.viewer, merged_by(of.ticket)):
        form = Form(
            text=_("The ticket goes on where it stood before."), verb=_("Take the merge back")
        )
        yield of.fact("unmerging", _("Merge"), _("Take back…"), form, template="confirm")


def _fixed(of: Subject) -> Iterator[Fact]:
    yield Fact("channel", _("Channel"), channel_title(of.ticket.channel, of.desk))
    yield Fact("opened", _("Opened"), written(of.ticket.opened_at))
    yield Fact(
        "book",
        pgettext("of a desk", "Book"),
        _("version %(number)s") % {"number": of.ticket.book_version},
    )


def _zone() -> str:
    return _("Times are %(zone)s.") % {"zone": zone_name(timezone.localtime())}

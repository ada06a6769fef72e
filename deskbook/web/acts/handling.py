"""Who has a case, where it stands, how it is sorted."""

from collections.abc import Iterable

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from deskbook.engine.desk import Desk
from deskbook.engine.hops import Way, ways_from
from deskbook.people.words import Words
from deskbook.tickets.assignment import (
    assign_ticket,
    categorise_ticket,
    hand_over_ticket,
    route_ticket,
    take_ticket,
)
from deskbook.tickets.redirecting import redirect_ticket
from deskbook.tickets.stages import move_ticket, verify_severity
from deskbook.web.acts.act import Act, How
from deskbook.web.acts.doing import part_of
from deskbook.web.acts.subject import Subject
from deskbook.web.acts.whom import agent_typed
from deskbook.web.shared.fields import Choice, Flag, Known, Line, Lines, Ways
from deskbook.web.told import (
    channel_title,
    facet_title,
    need_title,
    not_in_book,
    severity_word,
    team_title,
    with_those_in_use,
)

AGENTS = reverse_lazy("console-agents")
ARROWS = {"up": "↑", "back": "↓", "over": "→"}


class Taking(Act):
    key, label, shortcut, told_in = "taking", _("Take"), "t", "foot"

    def perform(self, how: How) -> Words:
        take_ticket(self.of.ticket, **how)
        return ""


class Stage(Act):
    key, label, shortcut = "stage", _("Stage"), "e"
    may_be_undone = on_many = True
    button = _("Move")
    stage = Choice(_("Move to"))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return not of.is_merged

    def add_fields(self) -> None:
        needs = dict.fromkeys(need for stage in self.of.moves for need in stage.needs)
        for need in needs:
            stages = "”, “".join(stage.title for stage in self.of.moves if need in stage.needs)
            hint = _("for “%(stages)s”") % {"stages": stages}
            self.fields[f"needs.{need}"] = Line.called(need_title(self.of.desk, need), hint=hint)

    def furnish(self) -> None:
        self.offer("stage", [(stage.key, stage.title) for stage in self.of.moves])

    def stands(self) -> Words:
        return self.of.desk.stages[self.of.state.stage].title

    def perform(self, how: How) -> Words:
        move_ticket(self.of.ticket, self("stage"), stated=self.group("needs."), **how)
        return _("Moved.")


class Assignment(Act):
    key, label, shortcut = "assignment", _("Assign"), "a"
    may_be_undone = on_many = True
    fact = _("Owner")
    in_sight = True
    owner = Known(
        _("Person"), reverse_lazy("console-agents"), hint=_("Name or address; empty for nobody.")
    )
    team = Choice(_("Team"), blank=_("as it is"))
    reason = Line(_("Reason for handing on"))

    def furnish(self) -> None:
        owner, desk = self.of.ticket.owner, self.of.desk
        self.begin_with(owner=owner.user.email if owner else "")
        others = [team for team in desk.teams.values() if team.key != self.of.state.team]
        # Where the book names ways from team to team, a case is passed on by one of them.
        if desk.hops or not others:
            del self.fields["team"], self.fields["reason"]
        else:
            self.offer("team", [(team.key, team.title) for team in others])

    def stands(self) -> Words:
        owner, key = self.of.ticket.owner, self.of.state.team or ""
        team = self.of.desk.teams.get(key)
        title = team.title if team else not_in_book(key)
        told = (str(owner.user if owner else _("Nobody")), title)
        return " · ".join(part for part in told if part)

    def perform(self, how: How) -> Words:
        ticket, owner = self.of.ticket, agent_typed(self.of.viewer, self("owner"))
        if self("team"):
            hand_over_ticket(ticket, self("team"), reason=self("reason"), **part_of(how, "team"))
        if (owner.pk if owner else None) != ticket.owner_id:
            assign_ticket(ticket, owner, **how)
        return _("Assigned.")


class Passing(Act):
    key, label, shortcut, on_many = "passing", _("Pass on"), "h", True
    team = Ways(
        _("Where to"),
        _("Choose where it goes."),
        empty=_("The book names no way from here."),
    )
    channel = Choice(_("Over"), blank=_("– choose –"))
    reason = Lines(_("Why"), _("Say why: whoever takes it reads this first."), rows=3)

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return of.goes_on and bool(of.desk.hops or of.desk.levels)

    def furnish(self) -> None:
        desk = self.of.desk
        ways = ways_from(desk, self.of.state.team)
        self.offer("team", [_way(desk, way) for way in ways])
        self.offer("channel", _channels(desk, (way.by for way in ways)))

    def stands(self) -> Words:
        team = self.of.state.team
        return team_title(self.of.desk, team) if team else _("no team yet")

    def perform(self, how: How) -> Words:
        channel, reason = self("channel") or None, self("reason")
        hand_over_ticket(self.of.ticket, self("team"), channel=channel, reason=reason, **how)
        return _("Passed on.")


class Redirect(Act):
    key, label, shortcut = "redirect", _("Redirect"), "d"
    to = Ways(
        _("To whom"),
        _("Choose to whom."),
        empty=_("The book names nobody outside."),
    )
    channel = Choice(_("Over"), blank=_("– choose –"))
    reference = Line(
        _("Reference"),
        _("Give a reference: who took it there, or under which number."),
        hint=_("Who took it there, or under which number."),
    )
    words = Lines(
        _("What the requester reads with it"),
        rows=3,
        hint=_("This ends the ticket as redirected, not as solved."),
    )

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return of.goes_on and bool(of.desk.outside)

    def furnish(self) -> None:
        desk, outside = self.of.desk, self.of.desk.outside.values()
        self.offer(
            "to", [(one.key, one.title, _means(one.means, _by(desk, one.by))) for one in outside]
        )
        self.offer("channel", _channels(desk, (one.by for one in outside)))

    def stands(self) -> Words:
        return _("to somebody outside")

    def perform(self, how: How) -> Words:
        told = {"reference": self("reference"), "words": self("words")}
        redirect_ticket(self.of.ticket, self("to"), self("channel"), **told, **how)
        return _("Redirected. The requester is told where it went.")


class Severity(Act):
    key, label, shortcut = "severity", _("Severity"), "s"
    in_sight = True
    button = _("Verify")
    severity = Choice(_("Severity"))
    reason = Line(_("Reason, if it differs from what was claimed (the requester reads it)"))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return of.goes_on and bool(of.desk.severities)

    @property
    def called(self) -> Words:
        return severity_word(self.of.desk)

    def furnish(self) -> None:
        self.begin_with(severity=self.of.state.severity or "")
        self.fields["severity"] = Choice.called(self.called)
        known = {one.key: one.title for one in self.of.desk.severities.values()}
        now = (self.of.state.severity or "",)
        self.offer("severity", tuple(with_those_in_use(known, now).items()))

    def stands(self) -> Words:
        state = self.of.state
        counts = self.of.desk.severities.get(state.severity or "")
        title = counts.title if counts else not_in_book(state.severity or "")
        if title:
            title += f", {_('verified') if state.verified else _('claimed')}"
        if state.verified and state.claimed and state.claimed != state.verified:
            title += f" ({_('claimed %(severity)s') % {'severity': state.claimed.upper()}})"
        return title

    def perform(self, how: How) -> Words:
        verify_severity(self.of.ticket, self("severity"), reason=self("reason"), **how)
        return _("Verified.")


class Facets(Act):
    key, label, shortcut = "facets", _("Sort"), "f"
    fact = _("Sorted as")
    in_sight = True
    route = Flag(_("Sort and hand on by the book"))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return of.goes_on and bool(of.desk.facets)

    def add_fields(self) -> None:
        for facet in self.of.desk.facets.values():
            self.fields[f"facet.{facet.key}"] = Choice.called(facet_title(facet), blank="–")

    def furnish(self) -> None:
        self.begin_with(**{f"facet.{key}": value for key, value in self.of.state.facets.items()})
        for facet in self.of.desk.facets.values():
            now = (self.of.state.facets.get(facet.key, ""),)
            options = with_those_in_use(facet.values, now)
            self.offer(f"facet.{facet.key}", tuple(options.items()))
        self.second = "route" if self.of.desk.rules else ""

    def stands(self) -> Words:
        facets, now = self.of.desk.facets.values(), self.of.state.facets
        keys = [(facet, now[facet.key]) for facet in facets if now.get(facet.key)]
        return " · ".join(facet.values.get(key) or not_in_book(key) for facet, key in keys)

    def perform(self, how: How) -> Words:
        categorise_ticket(self.of.ticket, self.group("facet."), **how)
        if self("route"):
            route_ticket(self.of.ticket, **part_of(how, "route"))
        return _("Sorted.")


def _way(desk: Desk, way: Way) -> tuple[str, str, str]:
    lines = ", ".join(map(str, way.lines)) if any(way.lines) else ""
    told = _("line %(lines)s of the book") % {"lines": lines} if lines else ""
    return (
        way.team,
        f"{ARROWS[way.direction]} {team_title(desk, way.team)}",
        _means(_by(desk, way.by), told),
    )


def _means(*told: Words) -> str:
    return " · ".join(str(part) for part in told if part)


def _by(desk: Desk, names: Iterable[str]) -> Words:
    channels = str(_(" or ")).join(channel_title(name, desk) for name in names)
    return _("by %(channels)s") % {"channels": channels} if channels else ""


def _channels(desk: Desk, by: Iterable[Iterable[str]]) -> list[tuple[str, str]]:
    """Returns the channels of some ways; those of the book where none names any."""
    named = dict.fromkeys(name for names in by for name in names) or dict.fromkeys(desk.channels)
    return [(name, channel_title(name, desk)) for name in named]

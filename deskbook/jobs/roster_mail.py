"""The mails about rosters and accounts, in each reader's language."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from deskbook.channels.email.notices import Notice, queue_notice
from deskbook.engine.desk import Desk
from deskbook.engine.rosters import Gap
from deskbook.jobs.addresses import address_at
from deskbook.jobs.each import tell_each
from deskbook.people.agents import language_of
from deskbook.people.books import desk_in_force
from deskbook.people.duty import leads_of
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.moments import written_in
from deskbook.people.roster_models import Leave, Shift, Swap
from deskbook.people.rosters import Plan, plan_of, span_words
from deskbook.tickets.models import Ticket
from deskbook.tickets.visit_models import DatedVisit

log = logging.getLogger(__name__)
MOST_LISTED = 50
Words = Callable[[], tuple[str, str]]
"""Gives subject and text; called in the reader's language."""


def tell_leads_of_gap(helpdesk: HelpDesk, desk: Desk, gap: Gap, *, at: datetime) -> None:
    """Mails each lead that fewer people will be on than the book asks for."""
    when = span_words(desk, Plan(gap.team, gap.from_at, gap.until_at))
    named = {
        "team": desk.teams[gap.team].title,
        "when": when,
        "on": gap.on_shift,
        "needed": gap.needed,
        "line": gap.line,
        "place": f" ({gap.place})" if gap.place else "",
    }

    def words() -> tuple[str, str]:
        subject = _("Gap in the roster: %(team)s%(place)s, %(when)s") % named
        asked = _(
            "%(on)s of %(needed)s people are on shift then. The book asks for more in line"
            " %(line)s."
        )
        return subject, asked % named

    time = f"{gap.from_at:%Y%m%dT%H%M} {gap.until_at:%Y%m%dT%H%M}"
    key = f"gap {helpdesk.pk} {gap.team} {gap.place or ''} {time}"
    link = _roster_link(helpdesk, gap.team, gap.from_at)
    _mail_each(helpdesk, leads_of(helpdesk), key, words, link, at)


def tell_leads_of_unfilled(helpdesk: HelpDesk, desk: Desk, shift: Shift, *, at: datetime) -> None:
    """Mails each lead that nobody will work a shift that is on the roster."""
    named = {"team": desk.teams[shift.team].title if shift.team in desk.teams else shift.team}
    named |= {"when": span_words(desk, plan_of(shift)), "name": str(shift.agent or "")}

    def words() -> tuple[str, str]:
        why = _("%(name)s is away or has left.") if shift.agent else _("It has no person yet.")
        return _("Nobody works a shift: %(team)s, %(when)s") % named, why % named

    _mail_each(
        helpdesk,
        leads_of(helpdesk),
        f"unfilled shift {shift.pk} {shift.from_at:%Y%m%dT%H%M}",
        words,
        _roster_link(helpdesk, shift.team, shift.from_at),
        at,
    )


def tell_of_ended_accounts(helpdesk: HelpDesk, agents: Sequence[Agent], *, at: datetime) -> None:
    """Mails those whose temporary account ended, and the leads which ended."""
    for agent in agents:

        def ended() -> tuple[str, str]:
            subject = _("Your account at %(desk)s has ended") % {"desk": helpdesk.title}
            thanks = _("It was made for a time, and that time is over. Thank you for your work.")
            return subject, thanks

        _mail_each(helpdesk, [agent], f"seat ended {agent.pk} {at:%Y%m%dT%H%M}", ended, "", at)
    if not agents:
        return

    def listed() -> tuple[str, str]:
        lines = "\n".join(_agent_line(agent) for agent in agents)
        told = {"desk": helpdesk.title, "count": len(agents)}
        subject = _("Accounts switched off at %(desk)s: %(count)s") % told
        return subject, _("They were made for a time that is over now:") + f"\n\n{lines}"

    link = address_at(helpdesk, "/console/people/")
    key = f"seats ended {agents[0].pk} {at:%Y%m%dT%H%M}"
    _mail_each(helpdesk, leads_of(helpdesk), key, listed, link, at)


def tell_leads_of_returned(left: Agent, tickets: Sequence[Ticket], *, at: datetime) -> None:
    """Mails each lead whose the open tickets are now that somebody held who left."""
    named = {"name": str(left.user), "count": len(tickets)}

    def words() -> tuple[str, str]:
        lines = [_returned_line(ticket) for ticket in tickets[:MOST_LISTED]]
        more = len(tickets) - len(lines)
        lines += [_("and %(count)s more") % {"count": more}] if more else []
        subject = ngettext(
            "%(count)s open ticket of %(name)s went back",
            "%(count)s open tickets of %(name)s went back",
            len(tickets),
        )
        return subject % named, "\n".join(lines)

    link = address_at(left.desk, "/console/")
    key = f"returned {left.pk} {tickets[0].pk} {at:%Y%m%dT%H%M}"
    _mail_each(left.desk, leads_of(left.desk), key, words, link, at)


def tell_leads_of_visit(left: Agent, visit: DatedVisit, *, at: datetime) -> None:
    """Mails each lead that somebody who left was to go on a visit; once for each date of it."""
    desk = desk_in_force(left.desk)
    named = {"name": str(left.user), "ticket": visit.ticket, "where": visit.place}

    def words() -> tuple[str, str]:
        return (
            _("%(ticket)s: %(name)s was to go on a visit and has left") % named,
            _("The visit is on %(when)s (%(where)s). Choose who goes, move it or call it off.")
            % {**named, "when": written_in(visit.from_at, desk.zone, get_language(), True)},
        )

    link = f"{settings.DESKBOOK_SITE_URL}/console/tickets/{visit.ticket}/visit"
    key = f"visit of who left {left.pk} {visit.pk} {visit.sequence}"
    _mail_each(left.desk, leads_of(left.desk), key, words, link, at)


def tell_of_offer(swap: Swap, *, at: datetime) -> None:
    """Mails the person a shift is offered to."""
    desk = desk_in_force(swap.desk)
    named = {"name": str(swap.by), "when": span_words(desk, plan_of(swap.shift))}
    named["other"] = span_words(desk, plan_of(swap.other)) if swap.other else ""

    def words() -> tuple[str, str]:
        text = (
            _("%(name)s offers the shift %(when)s for yours, %(other)s.")
            if swap.other
            else _("%(name)s asks you to take over the shift %(when)s.")
        )
        return _("%(name)s asks to swap a shift") % named, text % named

    link = _roster_link(swap.desk, swap.shift.team, swap.shift.from_at)
    _mail_each(swap.desk, [swap.to], f"swap {swap.pk} asked", words, link, at)


def tell_of_answer(swap: Swap, *, at: datetime) -> None:
    """Mails the person who offered a swap what became of it."""
    named = {
        "name": str(swap.to),
        "when": span_words(desk_in_force(swap.desk), plan_of(swap.shift)),
    }

    def words() -> tuple[str, str]:
        agreed = swap.state == Swap.State.AGREED
        subject = _("%(name)s agreed to the swap") if agreed else _("%(name)s declined the swap")
        return subject % named, _("It was about the shift %(when)s.") % named

    _mail_each(
        swap.desk,
        [swap.by],
        f"swap {swap.pk} answered",
        words,
        _roster_link(swap.desk, swap.shift.team, swap.shift.from_at),
        at,
    )


def tell_of_fallen(swaps: Iterable[Swap], *, at: datetime, by: Agent) -> None:
    """Mails both sides of offers that do not stand any more, but for the agent `by` who did that.

    Each says when the shift was as it was offered.
    """
    for swap in swaps:
        if swap.shift.from_at <= at:
            continue
        named = {"when": span_words(desk_in_force(swap.desk), plan_of(swap.shift))}
        for person, other, text in (
            (swap.to, swap.by, _ASKED_BY),
            (swap.by, swap.to, _OFFERED_TO),
        ):
            if person.pk != by.pk:
                words = _fallen_words(text, {**named, "name": str(other)})
                link = _roster_link(swap.desk, swap.shift.team, swap.shift.from_at)
                _mail_each(swap.desk, [person], f"swap {swap.pk} fallen", words, link, at)


_ASKED_BY = gettext_lazy("%(name)s asked you about the shift %(when)s.")
_OFFERED_TO = gettext_lazy("You offered %(name)s the shift %(when)s.")


def _fallen_words(text: object, named: Mapping[str, str]) -> Words:
    def words() -> tuple[str, str]:
        why = _("It was taken back, agreed with somebody else, or the shift was changed.")
        return _("An offer to swap a shift does not stand any more"), f"{text}" % named + " " + why

    return words


def tell_of_leave(leave: Leave, *, at: datetime) -> None:
    """Mails the leads a request for leave, or the person its answer."""
    named = {
        "name": str(leave.agent),
        "when": f"{leave.from_at:%-d %b %H:%M} – {leave.until_at:%-d %b %H:%M} UTC",
    }

    def words() -> tuple[str, str]:
        if leave.state == Leave.State.ASKED:
            return _("%(name)s asks for leave") % named, f"{named['when']}\n\n{leave.reason}"
        accepted = leave.state == Leave.State.ACCEPTED
        return (_("Your leave was accepted") if accepted else _("Your leave was declined")), named[
            "when"
        ]

    to: Sequence[Agent] = (
        list(leads_of(leave.desk)) if leave.state == Leave.State.ASKED else [leave.agent]
    )
    link = _roster_link(leave.desk, next(iter(leave.agent.teams), ""), leave.from_at)
    _mail_each(leave.desk, to, f"leave {leave.pk} {leave.state}", words, link, at)


def _mail_each(
    helpdesk: HelpDesk, people: Iterable[Agent], key: str, words: Words, link: str, at: datetime
) -> None:
    def tell(person: Agent) -> None:
        with translation.override(language_of(person)):
            subject, text = words()
            body = "\n\n".join(part for part in (text.strip(), link) if part)
        notice = Notice(
            key[:120], person.user.email, subject, body, language_of(person), str(person.user)
        )
        queue_notice(helpdesk, notice, at=at)

    try:
        tell_each(people, tell)
    except ExceptionGroup:  # what was decided of rosters and accounts stands all the same
        log.exception("%s was not told to everybody", key)


def _agent_line(agent: Agent) -> str:
    return f"- {agent.user} <{agent.user.email}>"


def _returned_line(ticket: Ticket) -> str:
    now = Ticket.objects.select_related("owner__user").get(pk=ticket.pk).owner
    return f"- {ticket} {ticket.subject}: {now.user if now else _('nobody’s yet')}"


def _roster_link(helpdesk: HelpDesk, team: str, day: datetime) -> str:
    return address_at(helpdesk, "/console/roster/", team=team, week=f"{day:%G-W%V}")

"""Mail to those who decide about a visit, who go on it, or were to go."""

from datetime import UTC, datetime

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deskbook.channels.email.queueing import Post, queue_letter
from deskbook.engine.decide_site_visit import visits_rule
from deskbook.engine.wall_time import zone_named
from deskbook.jobs.alerts import how_to_answer, tell, waits
from deskbook.jobs.each import tell_each
from deskbook.jobs.visit_letters import earlier_dates, row_of
from deskbook.jobs.words_of_case_letters import text_named
from deskbook.jobs.words_of_letters import desk_of
from deskbook.people.agents import language_of
from deskbook.people.books import desk_at
from deskbook.people.duty import members_of
from deskbook.people.models import Agent
from deskbook.tickets.messages import File
from deskbook.tickets.models import LogEntry
from deskbook.tickets.state import state_of
from deskbook.tickets.visit_calendar import calendar_of_visit
from deskbook.tickets.visit_models import DatedVisit
from deskbook.tickets.visit_rows import people_of


def alert_deciding_team(entry_id: int, *, at: datetime | None = None) -> None:
    """Tells the team that decides that an office asks for a visit, in that team's hours, unless it
    is decided by then.

    It is told at its own address, else its leads are, else all its people; not who wrote the wish
    down themselves.
    """
    entry = LogEntry.objects.select_related("ticket__desk").get(pk=entry_id)
    at = at or datetime.now(UTC)
    state, desk = state_of(entry.ticket), desk_at(entry.ticket.desk_id, entry.ticket.book_version)
    rule = visits_rule(desk, state)
    if rule is None or state.site_visit_approved is not None:
        return
    if waits("alert_deciding_team", entry, rule.decided_by, at):
        return
    if address := desk.teams[rule.decided_by].mail:
        tell(entry, address, None)
        return
    people = list(members_of(entry.ticket.desk, rule.decided_by, at=at).select_related("user"))
    told = [one for one in people if one.role != Agent.Role.AGENT] or people
    others = [agent for agent in told if entry.actor != f"agent:{agent.pk}"]
    tell_each(others, lambda agent: tell(entry, agent.user.email, agent))


def alert_visitors(entry_id: int) -> None:
    """Mails those who go, and those who were to go, what became of their visit; not who did it
    themselves.
    """
    entry = LogEntry.objects.select_related("ticket__desk").get(pk=entry_id)
    row = row_of(entry)
    if row is None:
        return
    before = _people_before(entry)
    concerned = {
        pk: agent for pk, agent in people_of([row]).items() if pk in row.people or pk in before
    }
    told = [
        agent for pk, agent in concerned.items() if agent.is_active and entry.actor != f"agent:{pk}"
    ]
    tell_each(told, lambda agent: _tell(entry, row, agent, left_out=agent.pk not in row.people))


def _tell(entry: LogEntry, row: DatedVisit, agent: Agent, *, left_out: bool) -> None:
    language = language_of(agent)
    with translation.override(language):
        what = _what(entry, left_out=left_out)
        link = f"{settings.DESKBOOK_SITE_URL}/console/tickets/{entry.ticket}/visit"
        when, reason = _when_for(row, agent), text_named(entry, "reason")
        parts = [what, when, row.place, entry.ticket.subject, reason, how_to_answer(), link]
        files: tuple[File, ...] = (
            () if entry.kind == "SiteVisitAnswered" else (calendar_of_visit(row, agent),)
        )
        post = Post(
            "visitor",
            agent.user.email,
            "\n\n".join(filter(None, parts)),
            language,
            str(agent),
            answered_by=str(agent.pk),
            subject=f"{what}: {row.place or entry.ticket.subject}",
            files=files,
        )
    queue_letter(entry, entry.ticket, post, at=datetime.now(UTC))


def _what(entry: LogEntry, *, left_out: bool) -> str:
    named = {"ticket": entry.ticket}
    if left_out:
        return _("You do not go to the visit of %(ticket)s any more") % named
    if entry.kind == "SiteVisitCalledOff":
        return _("The visit of %(ticket)s is called off") % named
    if entry.kind == "SiteVisitAnswered":
        suits, not_so = _("The date of %(ticket)s suits"), _("The date of %(ticket)s does not suit")
        return (suits if entry.data["suits"] else not_so) % named
    moved = earlier_dates(entry)
    return (
        _("The visit of %(ticket)s was moved") if moved else _("You go on a visit for %(ticket)s")
    ) % named


def _when_for(row: DatedVisit, agent: Agent) -> str:
    zone = zone_named(agent.user.zone or desk_of(row.ticket).zone)
    begins, ends = row.from_at.astimezone(zone), row.until_at.astimezone(zone)
    last = date_format(ends, "H:i" if begins.date() == ends.date() else "D j M Y H:i")
    return f"{date_format(begins, 'D j M Y H:i')} – {last} ({zone.key})"


def _people_before(entry: LogEntry) -> frozenset[int]:
    """Returns who was to go before this entry: those it takes off are told once, by this entry
    alone.
    """
    earlier = earlier_dates(entry) if entry.kind == "SiteVisitDated" else None
    return frozenset(int(pk) for pk in earlier.data["people"]) if earlier else frozenset()

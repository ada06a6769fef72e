"""Mail to people at the desk. Screens are told live; a mail goes to who is not looking.

Outside the receiving team's hours a mail waits until they open, but for the severities the book names.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from deskbook.channels.email.letters import Post, queue_letter
from deskbook.engine.calendar import NoOpening
from deskbook.people.books import desk_at
from deskbook.people.models import Agent
from deskbook.tickets.models import LogEntry, Presence


def alert_owner(entry_id: int, *, at: datetime | None = None) -> None:
    """Tells the owner what happened to their ticket, unless they did it themselves or it is somebody else's by now."""
    entry = LogEntry.objects.select_related("ticket__desk", "ticket__owner__user").get(pk=entry_id)
    owner = entry.ticket.owner
    if owner is None or not owner.is_active or entry.actor == f"agent:{owner.pk}" or _is_looking(entry, owner):
        return
    if entry.kind == "Assigned" and entry.data.get("owner") != str(owner.pk):
        return
    if not waits("alert_owner", entry, entry.ticket.team, at or datetime.now(UTC)):
        tell(entry, owner.user.email, owner)


def alert_team(entry_id: int, *, at: datetime | None = None) -> None:
    """Tells a team's own address, where the book gives one, that a ticket arrived."""
    entry = LogEntry.objects.select_related("ticket__desk").get(pk=entry_id)
    desk = desk_at(entry.ticket.desk_id, entry.ticket.book_version)
    team = desk.teams.get(entry.data.get("team", ""))
    if team is not None and team.mail and not waits("alert_team", entry, team.key, at or datetime.now(UTC)):
        tell(entry, team.mail, None)


def quiet_until(entry: LogEntry, team: str, *, at: datetime) -> datetime | None:
    """Returns when the team's hours open next; None when the mail may leave at `at`.

    It may within the hours, for a severity the book alerts always, and where the hours never open again.
    """
    desk = desk_at(entry.ticket.desk_id, entry.ticket.book_version)
    if entry.ticket.severity in desk.alert_always:
        return None
    known = desk.teams.get(team)
    calendar = desk.calendars[(known.hours if known else None) or desk.hours]
    try:
        opens_at = calendar.next_opening(at)
    except NoOpening:
        return None
    return opens_at if opens_at > at else None


def waits(job: str, entry: LogEntry, team: str, at: datetime) -> bool:
    """Returns whether the mail waits; it is then asked for again when the team's hours open."""
    opens_at = quiet_until(entry, team, at=at)
    if opens_at is None:
        return False
    app.configure_task(job, queue="reactions", schedule_at=opens_at).defer(entry_id=entry.pk)
    return True


def tell(entry: LogEntry, address: str, agent: Agent | None) -> None:
    """Mails what happened to somebody at the desk, in their language; asked twice it is one mail."""
    language = agent.user.language if agent else "en"
    with translation.override(language):
        text = "\n\n".join([_what(entry), entry.ticket.subject, _where(entry)])
        subject = f"{_what(entry)}: {entry.ticket.subject}"
    post = Post("notice", address, text, language, ask_for_answer=False, subject=subject)
    queue_letter(entry, entry.ticket, post, at=datetime.now(UTC))


def _is_looking(entry: LogEntry, owner: Agent) -> bool:
    lately = datetime.now(UTC) - Presence.LASTS
    return Presence.objects.filter(user=owner.user_id, ticket=entry.ticket_id, seen_at__gt=lately).exists()


def _what(entry: LogEntry) -> str:
    words = {
        "Assigned": _("%(number)s is yours now"),
        "CustomerWrote": _("The requester wrote on %(number)s"),
        "AimPassed": _("%(number)s: the %(clock)s clock has passed its aim"),
        "LimitBreached": _("%(number)s: the %(clock)s clock is over its limit"),
        "Reopened": _("%(number)s is open again"),
        "DeliveryFailed": _("A message of %(number)s did not arrive"),
        "CannotBeReached": _("%(number)s: the requester cannot be reached"),
        "SiteVisitAsked": _("%(number)s: people are asked to come"),
        "SiteVisitAnswered": _("%(number)s: the date of the visit suits the office"),
        "SiteVisitReported": _("%(number)s: the visit was reported"),
    }.get(entry.kind, _("%(number)s arrived at your team"))
    if entry.kind == "SiteVisitAnswered" and not entry.data["suits"]:
        words = _("%(number)s: the date of the visit does not suit the office")
    return words % {"number": entry.ticket, "clock": entry.data.get("clock", "").partition(":")[0]}


def _where(entry: LogEntry) -> str:
    return f"{settings.DESKBOOK_SITE_URL}/console/tickets/{entry.ticket}"

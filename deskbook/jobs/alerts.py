"""Mail to people at the desk. Screens are told live; a mail goes to who is not looking.

Outside the receiving team's hours a mail waits until they open, but for the severities the book
names.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from deskbook.channels.email.by_agents import TEAM, told_lately, told_once_an_hour
from deskbook.channels.email.queueing import Post, queue_letter
from deskbook.engine.calendar import NoOpening
from deskbook.engine.decide_owner import brings_back
from deskbook.engine.desk import Desk
from deskbook.jobs.deliveries import not_reached
from deskbook.jobs.each import tell_each
from deskbook.people.agents import language_of
from deskbook.people.books import desk_at
from deskbook.people.duty import has_left, is_away, leads_of, on_duty
from deskbook.people.merging import same_person
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.people.terms import CLOCKS
from deskbook.tickets.duty_assignment import RELIEVED, relieve_absent_owner
from deskbook.tickets.models import LogEntry, Message, Presence, Ticket
from deskbook.tickets.state import entry_of
from deskbook.tickets.what_follows import Alert, only_where, rows

LONGEST_QUOTED = 4_000
"""Characters of what the requester wrote in a notice about it."""
MOST_FILES = 20
_OF_A_NOTE = Alert(
    gettext_lazy("%(number)s: a mail of %(who)s was kept as a note"), quotes="message"
)


def alert_owner(entry_id: int, *, at: datetime | None = None) -> None:
    """Tells the owner what happened to their ticket, unless they did it themselves or it is
    somebody else's by now.

    What brings a case back to an owner who is not there gives it to who is on or to its team
    (semantics §4.8), and that has an alert of its own. Of a case nobody owns, and of a clock missed
    while its owner is off, those hear who could take it: whatever is told to an owner, but what the
    lists mark.
    """
    entry = LogEntry.objects.select_related("ticket__desk", "ticket__owner__user").get(pk=entry_id)
    at = at or _now()
    if brings_back(entry_of(entry).event) and relieve_absent_owner(entry.ticket, at=at) is not None:
        return
    told_already = entry.kind == "Reopened" and entry.data.get("cause") == "choice"
    if told_already or _is_told_later(entry):
        return
    owner = entry.ticket.owner if _is_for_owner(entry, at) else None
    others = _is_for_others(entry, at)
    if not (owner or others) or waits("alert_owner", entry, entry.ticket.team, at):
        return
    if owner:
        tell(entry, owner.user.email, owner)
    if others:
        _tell_who_is_there(entry, at)


def _is_for_owner(entry: LogEntry, at: datetime) -> bool:
    owner = entry.ticket.owner
    if owner is None or has_left(owner, at=at) or _knows(entry, owner) or _is_looking(entry, owner):
        return False
    return entry.kind != "Assigned" or entry.data.get("owner") == str(owner.pk)


def _is_told_later(entry: LogEntry) -> bool:
    """Whether a later notice shows the same words: of one message a case is open again and changes
    hands.
    """
    message = _written_to(entry) if entry.kind in ("CustomerWrote", "Reopened") else None
    later = LogEntry.objects.select_related("ticket").filter(
        ticket=entry.ticket_id, seq__gt=entry.seq
    )
    again = later.filter(kind__in=("Reopened", "Assigned")) if message else ()
    return any(_written_to(one) == message for one in again)


def _is_for_others(entry: LogEntry, at: datetime) -> bool:
    owner = entry.ticket.owner
    if owner is not None and not has_left(owner, at=at):
        return _alert(entry).cannot_wait and is_away(owner, at=at)
    if entry.kind == "Assigned":
        return owner is None and entry.data.get("cause") in RELIEVED
    # An acknowledgement nobody asked for.
    by_itself = entry.kind == "DeliveryFailed" and not entry.data.get("message")
    return not (_alert(entry).lists_mark_it or by_itself)


def _knows(entry: LogEntry, agent: Agent) -> bool:
    """Whether they did it themselves, or wrote the mail that was not taken: that is told to them by
    itself.
    """
    message = _written_to(entry) if entry.kind == "Noted" else None
    if f"agent:{agent.pk}" in (entry.actor, f"agent:{entry.data.get('discarded_by')}"):
        return True
    return message is not None and message.sender == agent.user.email


def _tell_who_is_there(entry: LogEntry, at: datetime) -> None:
    """Tells who could take a case: its team at its own address, else who is on, else the leads."""
    ticket = entry.ticket
    team = desk_at(ticket.desk_id, ticket.book_version).teams.get(ticket.team)
    if team is not None and team.mail:
        tell(entry, team.mail, None)
        return
    there = on_duty(ticket.desk, ticket.team, at=at) if team is not None else ()
    others = [agent for agent in there or leads_of(ticket.desk) if not _knows(entry, agent)]
    tell_each(others, lambda agent: tell(entry, agent.user.email, agent))


def _has_an_address(desk: Desk, _ticket: Ticket, entry: LogEntry) -> bool:
    team = desk.teams.get(entry.data.get("team", ""))
    return team is not None and bool(team.mail)


@only_where(_has_an_address)
def alert_team(entry_id: int, *, at: datetime | None = None) -> None:
    """Tells a team's own address, where the book gives one, that a ticket arrived."""
    entry = LogEntry.objects.select_related("ticket__desk").get(pk=entry_id)
    desk = desk_at(entry.ticket.desk_id, entry.ticket.book_version)
    team = desk.teams.get(entry.data.get("team", ""))
    if (
        team is not None
        and team.mail
        and not waits("alert_team", entry, team.key, at or datetime.now(UTC))
    ):
        tell(entry, team.mail, None)


def quiet_until(entry: LogEntry, team: str, *, at: datetime) -> datetime | None:
    """Returns when the team's hours open next; None when the mail may leave at `at`.

    It may within the hours, for a severity the book alerts always, and where the hours never open
    again.
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
    """Mails what happened to somebody at the desk, in their language; asked twice it is one mail.

    Of mails that became notes one an hour: anybody can write them.
    """
    language, at = language_of(agent) if agent else "en", _now()
    if entry.kind == "Noted" and told_lately(entry.ticket, address, at=at):
        return
    with translation.override(language):
        what, about = _what(entry), entry.ticket.subject
        parts = (what, about, _why(entry), _words(entry), _how_to_go_on(entry), _where(entry))
        text = "\n\n".join(filter(None, parts))
    post = Post(
        "notice",
        address,
        text,
        language,
        answered_by=str(agent.pk) if agent else TEAM,
        subject=f"{what}: {about}",
        ask_for_answer=not _alert(entry).of_a_way,
    )
    queue_letter(entry, entry.ticket, post, at=at)


def how_to_answer() -> str:
    """Returns what an answer to a notice does; in its reader's language."""
    return _(
        "Answer this mail to write to the requester; begin with NOTE to leave a note that only the"
        " desk reads."
    )


def _how_to_go_on(entry: LogEntry) -> str:
    if _alert(entry).of_a_way:
        return _("Another mail would go where this one did: look for another way to reach them.")
    return "\n\n".join([how_to_answer(), *([told_once_an_hour()] if entry.kind == "Noted" else [])])


def _why(entry: LogEntry) -> str:
    """What hindered that a mail was taken as an answer, or that a message arrived."""
    if _alert(entry).of_a_way:
        return "\n".join(
            f"{one.to}: {in_words(one.why)}" if one.why else one.to for one in not_reached(entry)
        )
    message = _written_to(entry) if entry.kind == "Noted" else None
    return in_words(message.mended[0]) if message and message.mended else ""


def _words(entry: LogEntry) -> str:
    """What was written, so that who answers knows what, and what came with it."""
    message = _written_to(entry)
    if message is None:
        return ""
    quoted = "\n".join(f"> {line}" for line in message.text[:LONGEST_QUOTED].splitlines())
    listed = message.attachments.filter(within=None, inline=False).order_by("pk")
    names = list(listed.values_list("name", flat=True)[:MOST_FILES])
    files = _("With it: %(files)s") % {"files": ", ".join(names)} if names else ""
    return "\n\n".join(filter(None, (quoted, files)))


def _written_to(entry: LogEntry) -> Message | None:
    """What a notice is about: the message that came, or by which a case is open or without its
    owner again.
    """
    quotes = _alert(entry).quotes
    if quotes:
        quoted = Message.objects.filter(pk=entry.data.get(quotes) or 0)
        return quoted.select_related("author_contact").first()
    return _last_written(entry) if _is_about_words(entry) else None


def _is_about_words(entry: LogEntry) -> bool:
    """Whether it came of words of the requester, or the case is without its owner again."""
    if entry.kind == "Reopened":
        return bool(entry.data.get("cause") == "requester writing")
    if entry.kind == "Assigned":
        return bool(entry.data.get("cause") in RELIEVED)
    return entry.kind == "CustomerWrote"


def _last_written(entry: LogEntry) -> Message | None:
    """The requester's words, where nobody answered them before this."""
    kinds = ("CustomerWrote", "Answered", "AnsweredElsewhere")
    spoken = LogEntry.objects.filter(ticket=entry.ticket_id, seq__lte=entry.seq, kind__in=kinds)
    last = spoken.order_by("-seq").first()
    written = last if last and last.kind == "CustomerWrote" else None
    found = Message.objects.filter(pk=written.data.get("message") or 0) if written else None
    return found.select_related("author_contact").first() if found else None


def _who_wrote(entry: LogEntry) -> str:
    """The name of who wrote where that is not the requester; the address a mail came from that was
    not taken.
    """
    if entry.kind == "Noted":
        noted = _written_to(entry)
        return noted.sender if noted else ""
    message = _written_to(entry) if entry.kind == "CustomerWrote" else None
    writer = message.author_contact if message else None
    return str(writer) if writer and writer.pk not in same_person(entry.ticket.requester) else ""


def _is_looking(entry: LogEntry, owner: Agent) -> bool:
    lately = datetime.now(UTC) - Presence.LASTS
    return Presence.objects.filter(
        user=owner.user_id, ticket=entry.ticket_id, seen_at__gt=lately
    ).exists()


def _alert(entry: LogEntry) -> Alert:
    """What its row says; of a mail that only became a note people hear beside the table."""
    return rows()[entry.kind].alert or _OF_A_NOTE


def _now() -> datetime:
    return datetime.now(UTC)


def _what(entry: LogEntry) -> str:
    if entry.kind == "Assigned" and not entry.data.get("owner"):
        left = entry.data.get("cause") == "left"
        words = (
            _("%(number)s has no owner any more: who had it has left")
            if left
            else _("%(number)s came back while its owner is off duty")
        )
        return words % {"number": entry.ticket}
    if entry.kind == "OutsiderWrote":
        return _outsider_wrote(entry)
    who = _who_wrote(entry)
    words = str(_alert(entry).words)
    if who and entry.kind == "CustomerWrote":
        words = _("%(who)s wrote on %(number)s")
    if entry.kind == "SiteVisitAnswered" and not entry.data["suits"]:
        words = _("%(number)s: the date of the visit does not suit the office")
    clock = entry.data.get("clock", "").partition(":")[0]
    return words % {"number": entry.ticket, "who": who, "clock": CLOCKS.get(clock, clock)}


def _outsider_wrote(entry: LogEntry) -> str:
    message = _written_to(entry)
    words = _("%(who)s, who takes no part in it, wrote on %(number)s")
    if message and message.unproven:
        words = _("A mail in the name of %(who)s, which is not proven, came to %(number)s")
    return words % {
        "who": message and (message.sender or message.author_contact),
        "number": entry.ticket,
    }


def _where(entry: LogEntry) -> str:
    return f"{settings.DESKBOOK_SITE_URL}/console/tickets/{entry.ticket}"

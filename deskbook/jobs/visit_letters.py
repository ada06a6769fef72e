"""What is told about visits to sites: to the requester by whatever way reaches them, to those who go by mail."""

from datetime import UTC, datetime

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deskbook.channels.contract import Outgoing
from deskbook.channels.email.letters import Post, queue_letter
from deskbook.engine.wall_time import zone_named
from deskbook.jobs.carriers import send
from deskbook.jobs.texts import desk_of, instant, letter
from deskbook.jobs.texts_of_cases import text_named
from deskbook.people.models import Agent, Contact
from deskbook.tickets.messages import File
from deskbook.tickets.models import LogEntry
from deskbook.tickets.visit_calendar import calendar_of_visit
from deskbook.tickets.visit_models import DatedVisit
from deskbook.tickets.visit_rows import people_of


def mail_site_visit(entry_id: int) -> None:
    """Tells the requester that a visit was decided, dated, moved or called off; the calendar file goes with it."""
    entry = LogEntry.objects.select_related("ticket__desk", "ticket__requester").get(pk=entry_id)
    contact = entry.ticket.requester
    if entry.actor == f"contact:{contact.pk}":  # who closed the case themselves knows that nobody comes
        return
    row, language = _row_of(entry), contact.language or "en"
    with translation.override(language):
        files = (calendar_of_visit(row, contact),) if row else ()
        lines = _lines(entry, contact, row)
        outgoing = Outgoing(
            entry, entry.ticket, contact, "visit", letter(entry.ticket, contact, lines), language, files=files
        )
    send(outgoing, at=datetime.now(UTC))


def alert_visitors(entry_id: int) -> None:
    """Mails those who go, and those who were to go, what became of their visit; not who did it themselves."""
    entry = LogEntry.objects.select_related("ticket__desk").get(pk=entry_id)
    row = _row_of(entry)
    if row is None:
        return
    before = _people_before(entry)
    for pk, agent in people_of([row]).items():
        left_out = pk not in row.people
        if (left_out and pk not in before) or not agent.is_active or entry.actor == f"agent:{pk}":
            continue
        _tell(entry, row, agent, left_out=left_out)


def _tell(entry: LogEntry, row: DatedVisit, agent: Agent, *, left_out: bool) -> None:
    language = agent.user.language or "en"
    with translation.override(language):
        what = _what(entry, left_out=left_out)
        link = f"{settings.DESKBOOK_SITE_URL}/console/tickets/{entry.ticket}/visit"
        parts = [what, _when_for(row, agent), row.place, entry.ticket.subject, text_named(entry, "reason"), link]
        files: tuple[File, ...] = () if entry.kind == "SiteVisitAnswered" else (calendar_of_visit(row, agent),)
        post = Post(
            "visitor", agent.user.email, "\n\n".join(filter(None, parts)), language, str(agent), ask_for_answer=False,
            subject=f"{what}: {row.place or entry.ticket.subject}", files=files,
        )  # fmt: skip
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
    moved = _moved_before(entry)
    return (_("The visit of %(ticket)s was moved") if moved else _("You go on a visit for %(ticket)s")) % named


def _lines(entry: LogEntry, contact: Contact, row: DatedVisit | None) -> list[str]:
    """Returns the letter to the requester, paragraph by paragraph."""
    named = {"subject": entry.ticket.subject}
    if entry.kind == "SiteVisitDecided":
        approved = _("We will come to you for “{subject}”. The date follows.")
        refused = _("We cannot come to you for “{subject}”.")
        return [(approved if entry.data["approved"] else refused).format(**named), text_named(entry, "reason")]
    if row is None:
        return [_("Something changed about the visit for “{subject}”.").format(**named)]
    if entry.kind == "SiteVisitCalledOff":
        words = _("The visit on {when} for “{subject}” is called off.")
        when = instant(row.from_at, contact, entry.ticket)
        return [words.format(when=when, **named), text_named(entry, "reason")]
    moved = _("The visit for “{subject}” was moved.")
    dated = _("We come to you for “{subject}”.")
    return [
        (moved if _moved_before(entry) else dated).format(**named),
        _("From {begins} until {ends}").format(
            begins=instant(row.from_at, contact, entry.ticket), ends=instant(row.until_at, contact, entry.ticket)
        ),
        _("Where: {place}").format(place=row.place) if row.place else "",
        _("Who comes: {names}").format(names=", ".join(map(str, _going(row)))),
        text_named(entry, "message"),
        _("Please tell us on the page of the case whether the date suits you. A calendar file is attached."),
    ]  # fmt: skip


def _going(row: DatedVisit) -> list[Agent]:
    people = people_of([row])
    return [people[pk] for pk in row.people if pk in people]


def _when_for(row: DatedVisit, agent: Agent) -> str:
    zone = zone_named(agent.user.zone or desk_of(row.ticket).zone)
    begins, ends = row.from_at.astimezone(zone), row.until_at.astimezone(zone)
    last = date_format(ends, "H:i" if begins.date() == ends.date() else "D j M Y H:i")
    return f"{date_format(begins, 'D j M Y H:i')} – {last} ({zone.key})"


def _row_of(entry: LogEntry) -> DatedVisit | None:
    rows = DatedVisit.objects.filter(ticket=entry.ticket_id, visit=entry.data.get("visit", ""))
    return rows.select_related("ticket__desk").first()


def _moved_before(entry: LogEntry) -> bool:
    return _earlier_dates(entry) is not None


def _people_before(entry: LogEntry) -> frozenset[int]:
    """Returns who was to go before this entry: those it takes off are told once, by this entry alone."""
    earlier = _earlier_dates(entry) if entry.kind == "SiteVisitDated" else None
    return frozenset(int(pk) for pk in earlier.data["people"]) if earlier else frozenset()


def _earlier_dates(entry: LogEntry) -> LogEntry | None:
    rows = LogEntry.objects.filter(ticket=entry.ticket_id, kind="SiteVisitDated", seq__lt=entry.seq)
    return rows.filter(data__visit=entry.data["visit"]).order_by("-seq").first()

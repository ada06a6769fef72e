"""What requesters are told about visits to their offices, by whatever way reaches them."""

from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.jobs.letters import write
from deskbook.jobs.words_of_case_letters import opens_pages, text_named
from deskbook.jobs.words_of_letters import letter, nobody_answers
from deskbook.people.models import Agent, Contact
from deskbook.tickets.followers import whose_then
from deskbook.tickets.models import LogEntry, Message
from deskbook.tickets.stated import instant
from deskbook.tickets.visit_calendar import calendar_of_visit
from deskbook.tickets.visit_models import DatedVisit
from deskbook.tickets.visit_rows import people_of


def tell_of_visit(entry_id: int) -> None:
    """Tells the requester that a visit was decided, dated, moved or called off; the calendar file
    goes with it.
    """
    entry = LogEntry.objects.select_related("ticket__desk", "ticket__requester").get(pk=entry_id)
    contact = whose_then(entry).requester
    if entry.actor == f"contact:{contact.pk}":
        # Who closed the case themselves knows that nobody comes.
        return
    row = row_of(entry)
    with translation.override(contact.language or "en"):
        files = (calendar_of_visit(row, contact),) if row else ()

    def text(entry: LogEntry, contact: Contact, message: Message | None) -> str:
        return letter(entry.ticket, contact, visit_lines(entry, contact, row))

    write(entry, "visit", text, contact, files=files)


def visit_lines(entry: LogEntry, contact: Contact, row: DatedVisit | None) -> list[str]:
    """Returns the letter to the requester, paragraph by paragraph."""
    named = {"subject": entry.ticket.subject}
    if entry.kind == "SiteVisitDecided":
        approved = _("We will come to you for “{subject}”. The date follows.")
        refused = _("We cannot come to you for “{subject}”.")
        decided = approved if entry.data["approved"] else refused
        return [decided.format(**named), text_named(entry, "reason")]
    if row is None:
        return [_("Something changed about the visit for “{subject}”.").format(**named)]
    if entry.kind == "SiteVisitCalledOff":
        words = _("The visit on {when} for “{subject}” is called off.")
        when = instant(row.from_at, contact, entry.ticket)
        return [words.format(when=when, **named), text_named(entry, "reason")]
    moved = _("The visit for “{subject}” was moved.")
    dated = _("We come to you for “{subject}”.")
    begins = instant(row.from_at, contact, entry.ticket)
    ends = instant(row.until_at, contact, entry.ticket)
    return [
        (moved if earlier_dates(entry) else dated).format(**named),
        _("From {begins} until {ends}").format(begins=begins, ends=ends),
        _("Where: {place}").format(place=row.place) if row.place else "",
        _("Who comes: {names}").format(names=", ".join(map(str, _going(row)))),
        text_named(entry, "message"),
        nobody_answers(entry, contact) or _asks_whether_it_suits(contact),
    ]


def _asks_whether_it_suits(contact: Contact) -> str:
    if opens_pages(contact):
        return _(
            "Please tell us on the page of the case whether the date suits you. A calendar file is"
            " attached."
        )
    return _("Please answer this message whether the date suits you.")


def _going(row: DatedVisit) -> list[Agent]:
    people = people_of([row])
    return [people[pk] for pk in row.people if pk in people]


def row_of(entry: LogEntry) -> DatedVisit | None:
    """Returns the visit an entry is about, as it stands now."""
    rows = DatedVisit.objects.filter(ticket=entry.ticket_id, visit=entry.data.get("visit", ""))
    return rows.select_related("ticket__desk").first()


def earlier_dates(entry: LogEntry) -> LogEntry | None:
    """Returns the entry that dated the same visit before: with one, it was moved."""
    rows = LogEntry.objects.filter(ticket=entry.ticket_id, kind="SiteVisitDated", seq__lt=entry.seq)
    return rows.filter(data__visit=entry.data["visit"]).order_by("-seq").first()

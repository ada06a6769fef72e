"""What requesters may read of a case: public messages and their files, never notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Greatest, Left, Length
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from deskbook.people.models import Contact
from deskbook.people.reading_since import later_than
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.thread import MOST_HTML, MOST_TEXT, Kept, files_of
from deskbook.web.carried_mails import CarriedMail, File, carried_mails, files_shown
from deskbook.web.mail_html import desks_own, mail_html
from deskbook.web.portal.letters_shown import Letter, letters_on
from deskbook.web.shared.reading import readable

PAGE = 40


@dataclass(frozen=True, slots=True)
class Said:
    """One public message as the requester reads it."""

    id: int
    author: str
    by_desk: bool
    at: datetime
    text: str
    html: SafeString | str
    quoted: str
    whole_url: str
    """Where all of it is when it is cut here."""
    files: Sequence[File]
    carried: Sequence[CarriedMail]
    """The mails that came with it as files."""
    sentence: str = ""
    """What a letter of the desk's says before its words; such a letter has the id 0."""


def said_on(
    ticket: Ticket, contact: Contact, *, before: int | None = None
) -> tuple[list[Said], bool]:
    """Returns the latest public messages (before message id `before`) with the letters between
    them, oldest first, and whether there are more messages.
    """
    public = readable(ticket, contact)
    found = _cut_short(public.select_related("author_user", "author_contact"))
    until_at = None
    if before is not None:
        found = found.filter(pk__lt=before)
        until_at = public.filter(pk=before).values_list("at", flat=True).first()
    messages = list(found.order_by("-pk")[: PAGE + 1])
    shown = messages[:PAGE][::-1]
    files = files_of([message.pk for message in shown])
    said = [_said(message, contact, ticket, files[message.pk]) for message in shown]
    more = len(messages) > PAGE
    from_at = shown[0].at if more else None
    return _between(said, letters_on(ticket, contact, from_at=from_at, until_at=until_at)), more


def _between(said: Sequence[Said], letters: Sequence[Letter]) -> list[Said]:
    """Messages stay in the order they came in, whatever their clocks say; each letter stands before
    the first that is later.
    """
    found, left = list[Said](), list(letters)
    for one in said:
        while left and left[0].at < one.at:
            found.append(_as_said(left.pop(0)))
        found.append(one)
    return [*found, *map(_as_said, left)]


def _as_said(letter: Letter) -> Said:
    author, text = letter.author, letter.text
    return Said(0, author, True, letter.at, text, "", "", "", (), (), sentence=letter.sentence)


def severity_reason(ticket: Ticket, since: datetime | None = None) -> str:
    """Returns what the desk wrote when it verified the severity: the one reason a requester reads,
    if not earlier than `since`.
    """
    entries = LogEntry.objects.filter(later_than(since), ticket=ticket, kind="SeverityVerified")
    verified = entries.order_by("-seq").first()
    reason = verified.data.get("reason") if verified else None
    return (
        Message.objects.filter(pk=reason, ticket=ticket).values_list("text", flat=True).first()
        or ""
        if reason
        else ""
    )


def _cut_short(messages: QuerySet[Message]) -> QuerySet[Message]:
    """What is too long for a page is not even read."""
    formatted = Case(
        When(Q(text__regex=r"^\s*$") | Q(formatted=True), n_html__lte=MOST_HTML, then="html"),
        default=Value(""),
        output_field=TextField(),
    )
    longest = Greatest(Length("text"), Length("quoted"))
    counted = messages.defer("text", "html", "quoted").annotate(
        n_html=Length("html"), longest=longest
    )
    return counted.annotate(
        shown_text=Left("text", MOST_TEXT),
        shown_html=formatted,
        shown_quoted=Left("quoted", MOST_TEXT),
    )


def _said(message: Message, contact: Contact, ticket: Ticket, files: Sequence[Kept]) -> Said:
    by_desk = message.kind != Message.Kind.REQUEST
    cut_short = vars(message)
    html, pictures = mail_html(cut_short["shown_html"], files)
    cut = cut_short["longest"] > MOST_TEXT or (
        cut_short["n_html"] > MOST_HTML and not cut_short["shown_text"].strip()
    )
    whole_url = reverse("message", args=[message.pk]) if cut else ""
    return Said(
        message.pk,
        _author(message, contact, ticket),
        by_desk,
        message.at,
        desks_own(cut_short["shown_text"]),
        html,
        cut_short["shown_quoted"],
        whole_url,
        files_shown(files, pictures),
        carried_mails(files),
    )


def _author(message: Message, contact: Contact, ticket: Ticket) -> str:
    if message.author_contact and contact.pk in (
        message.author_contact_id,
        message.author_contact.merged_into_id,
    ):
        return _("You")
    if message.author_contact:
        return message.author_contact.name or _("A colleague")
    return (
        message.author_user.name
        if message.author_user and message.author_user.name
        else ticket.desk.title
    )

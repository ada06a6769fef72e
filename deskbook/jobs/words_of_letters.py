"""The words of the desk's own letters, in the reader's language."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from deskbook.channels.email.recipients import is_proven
from deskbook.engine.campaign import campaign_of
from deskbook.engine.clocks import next_due
from deskbook.engine.desk import Desk
from deskbook.jobs.words_of_choices import asked_to_decide
from deskbook.people.access import follows
from deskbook.people.books import desk_at, ended_desk
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.people.terms import SEVERITY
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.ratings import rating_token, value_titles
from deskbook.tickets.state import state_of
from deskbook.tickets.stated import case_link, instant, stated_lines

Text = Callable[[LogEntry, Contact, Message | None], str]


def acknowledgement(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    ticket, proven = entry.ticket, is_proven(entry.ticket, contact)
    due = next_due(desk_of(ticket), state_of(ticket))
    received = _("We have received “%(subject)s”. Its number is %(number)s.")
    lines = [
        (received if proven else _("We have received your message. Its number is %(number)s."))
        % _named(ticket)
    ]
    outside = nobody_answers(entry, contact)
    outside = outside or outside_dates(desk_of(ticket), ticket, contact, at=entry.at)
    if outside:
        lines.append(outside)
    elif due and due.due_at and due.kind == "response":
        when = instant(due.due_at, contact, ticket)
        lines.append(
            _("We aim to answer by %(when)s.") % {"when": when}
            if due.recommended
            else _("We answer by %(when)s.") % {"when": when}
        )
    lines += ["" if outside else _channel_closed(ticket, at=entry.at), _official_preferred(ticket)]
    return letter(ticket, contact, lines, greet=proven)


def _channel_closed(ticket: Ticket, *, at: datetime) -> str:
    """What the book says to people who write out of a channel's hours; a chat says it before they
    write.
    """
    desk = desk_of(ticket)
    channel = desk.channels.get(ticket.channel)
    if channel is None or channel.kind == "chat" or desk.channel_hours(channel).is_open(at):
        return ""
    return channel.when_closed


def _official_preferred(ticket: Ticket) -> str:
    """What somebody is told who wrote from an address of their own."""
    ends = desk_of(ticket).official_mail
    if not ends or not ticket.messages.filter(unofficial=True).exists():
        return ""
    return _(
        "You wrote from an address that is not official. We took it in all the same. If you have an"
        " official address (%(ends)s), please use it next time: it spares us asking who you are."
    ) % {"ends": ", ".join(f"@{end.lstrip('@.')}" for end in ends)}


def answer(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    leaves = [_how_to_leave(entry.ticket)] if follows(contact, entry.ticket) else []
    asked = asked_to_decide(entry.ticket, contact, at=entry.at)
    lines = [message.text if message else "", asked, *leaves]
    return letter(entry.ticket, contact, lines, greet=False)


def aside(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    """Returns what was written, and nothing of the case: its reader takes no part in it."""
    text = message.text if message else ""
    return letter(entry.ticket, contact, [text], greet=False, follows=False)


def _how_to_leave(ticket: Ticket) -> str:
    words = _("You get this because you follow this case. To stop following: %(link)s")
    return words % {"link": f"{case_link(ticket)}/leaving/"}


def reminder(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    ticket = entry.ticket
    lines = [_("We are waiting for your answer to “%(subject)s” (%(number)s).") % _named(ticket)]
    answers = ticket.messages.filter(kind=Message.Kind.ANSWER)
    told = answers.exclude(kept_from__overlap=same_person(contact))
    question = told.filter(pk__in=_questions_at(entry)).first()
    asked = question or told.order_by("-at", "-id").first()
    if asked:
        lines.append(quoted(asked.text))
    keeps = _("Any answer keeps the case open. Without one it will be closed.")
    ended = nobody_answers(entry, contact)
    if ended:
        lines[0] = f"“{ticket.subject}” ({ticket})"
    decide = "" if ended else asked_to_decide(ticket, contact, at=entry.at)
    return letter(ticket, contact, [*lines, ended or keeps, decide])


def _questions_at(entry: LogEntry) -> list[int]:
    """The message (id) of the question by which the case waits; none where it waits by another
    move. What was answered since asks nothing.
    """
    before = entry.ticket.log.filter(seq__lt=entry.seq).order_by("-seq")
    moved = before.filter(kind="StageChanged").first()
    if moved is None or moved.data.get("cause") != "asking":
        return []
    asked = before.filter(kind="InformationRequested")[:1]
    return [int(one.data["message"]) for one in asked]


def closing(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    ticket = entry.ticket
    if entry.data.get("cause") == "silence":
        first = _("We have not heard from you, so “%(subject)s” (%(number)s) is closed now.")
    else:
        first = _("“%(subject)s” (%(number)s) is closed now.")
    again = nobody_answers(entry, contact) or _(
        "If it is not settled, answer this message: it opens again."
    )
    away = _fell_away(entry, contact)
    decide = asked_to_decide(ticket, contact, at=entry.at)
    lines = [first % _named(ticket), *away, again, decide, _asked_to_rate(entry, contact)]
    return letter(ticket, contact, lines)


def _fell_away(closing: LogEntry, contact: Contact) -> list[str]:
    """What was promised and does not come because of this closing, each with when it was to be."""
    call = _("We do not call you back by %(when)s as we said: it falls away with the case.")
    rest = _("What we promised by %(when)s falls away with the case.")
    promised = LogEntry.objects.filter(ticket=closing.ticket, kind="Promised")
    away = closing.ticket.log.filter(data__with_the_case=True, at=closing.at, seq__lt=closing.seq)
    ids = away.values_list("data__promise", flat=True)
    return [
        (call if entry.data.get("channel") == "phone" else rest)
        % {"when": instant(datetime.fromisoformat(entry.data["due_at"]), contact, closing.ticket)}
        for entry in promised.filter(data__promise__in=list(ids)).order_by("seq")
    ]


def _asked_to_rate(closing: LogEntry, contact: Contact) -> str:
    desk, token = closing.ticket.desk.key, rating_token(closing, contact)
    link = f"{settings.DESKBOOK_SITE_URL}/desk/{desk}/ratings/{token}/?answer="
    answers = [f"{title}: {link}{value}" for value, title in value_titles()]
    return "\n".join([_("How did we do on this case?"), *answers])


def severity(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    ticket = entry.ticket
    desk = desk_of(ticket)
    level = desk.severities.get(entry.data["severity"])
    names = {
        "now": level.title if level else entry.data["severity"].upper(),
        "word": SEVERITY[desk.severity_word],
        **_named(ticket),
    }
    lines = [_("We have looked at %(number)s and set its %(word)s to %(now)s.") % names]
    reason = Message.objects.filter(pk=entry.data.get("reason") or 0).first()
    return letter(ticket, contact, [*lines, *([reason.text] if reason else [])])


def promise(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    ticket = entry.ticket
    promised = Message.objects.filter(pk=entry.data.get("message") or 0).first()
    when = instant(datetime.fromisoformat(entry.data["due_at"]), contact, ticket)
    by_phone = entry.data.get("channel") == "phone"
    words = _("We call you back by %(when)s.") if by_phone else _("We promise, by %(when)s:")
    return letter(ticket, contact, [words % {"when": when}, *([promised.text] if promised else [])])


def withdrawal(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    promised = entry.ticket.log.get(kind="Promised", data__promise=entry.data["promise"])
    text = Message.objects.filter(pk=promised.data.get("message") or 0).first()
    by_phone = promised.data.get("channel") == "phone"
    taken_back = (
        _("We do not call you back by %(when)s as we said.")
        if by_phone
        else _("We take back what we promised by %(when)s:")
    )
    when = instant(datetime.fromisoformat(promised.data["due_at"]), contact, entry.ticket)
    lines = [
        taken_back % {"when": when},
        quoted(text.text) if text and not by_phone else "",
        nobody_answers(entry, contact) or _("If you still need it, answer this message."),
    ]
    return letter(entry.ticket, contact, lines)


def nobody_answers(entry: LogEntry, contact: Contact) -> str:
    """Returns what a letter says in place of asking for an answer where the desk has ended; else
    nothing.
    """
    ticket = entry.ticket
    ended = ended_desk(ticket.desk, ticket.book_version, at=entry.at)
    return outside_dates(ended, ticket, contact, at=entry.at) if ended else ""


def outside_dates(desk: Desk, ticket: Ticket, contact: Contact, *, at: datetime) -> str:
    """Returns what a letter says of a desk whose dates have not begun or are over; else nothing."""
    campaign = campaign_of(desk)
    state = campaign.state(at=at) if campaign else "on"
    if campaign and campaign.from_at and state == "before":
        return _("This desk begins its work on {when}. It is read then.").format(
            when=instant(campaign.from_at, contact, ticket)
        )
    if campaign and campaign.until_at and state == "over":
        return _(
            "This desk ended its work on {when}. What you wrote is kept, and nobody answers."
        ).format(when=instant(campaign.until_at, contact, ticket))
    return ""


def letter(
    ticket: Ticket,
    contact: Contact,
    lines: list[str],
    *,
    greet: bool = True,
    follows: bool = True,
) -> str:
    hello = (
        [_("Hello %(name)s,") % {"name": contact.name}]
        if greet and contact.name and "@" not in contact.name
        else []
    )
    where = [_("Follow it at %(link)s") % {"link": case_link(ticket)}] if follows else []
    below = "\n".join([ticket.desk.title, *where])
    return "\n\n".join([*hello, *(line for line in lines if line)]) + _END + below


def with_what_the_book_says(words: str, ticket: Ticket, contact: Contact, letter: str) -> str:
    """Returns a letter with what the book has it say and it does not anyhow, above its end; who has
    not proven who they are is not told what they wrote.
    """
    if not desk_of(ticket).letters:
        return words
    said, ends, below = words.rpartition(_END)
    lines = stated_lines(ticket, contact, letter, said, proven=is_proven(ticket, contact))
    return "\n\n".join(filter(None, [said, *lines])) + ends + below


_END = "\n\n--\n"


def _named(ticket: Ticket) -> dict[str, object]:
    return {"subject": ticket.subject, "number": ticket}


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())


def desk_of(ticket: Ticket) -> Desk:
    return desk_at(ticket.desk_id, ticket.book_version)

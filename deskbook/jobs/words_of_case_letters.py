"""The words of the letters about papers, redirects, freezes, estimates and deliveries, in the
reader's language.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from deskbook.channels.all import called
from deskbook.channels.email.recipients import is_proven
from deskbook.engine.procedures import paper_title
from deskbook.jobs.words_of_letters import desk_of, letter, nobody_answers
from deskbook.people.access import takes_part
from deskbook.people.merging import person, same_person
from deskbook.people.models import Contact
from deskbook.tickets.going_on import merged_into
from deskbook.tickets.models import LogEntry, Message
from deskbook.tickets.relations import taken_out_of
from deskbook.tickets.stated import instant


def paper_returned(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    title = paper_title(desk_of(entry.ticket), entry.data["paper"])
    lines = [
        _("We looked at “{paper}” and cannot use it yet:").format(paper=title),
        text_named(entry, "reason"),
        nobody_answers(entry, contact) or _("Please send it again as an answer to this mail."),
    ]
    return letter(entry.ticket, contact, lines)


def redirected(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    outside = desk_of(entry.ticket).outside.get(entry.data["to"])
    if entry.data.get("cause") == "escalation":
        return letter(entry.ticket, contact, _handed_up_outside(entry))
    reference, _blank, words = text_named(entry, "reference").partition("\n\n")
    lines = [
        _("“{subject}” is not for our desk to settle. We passed it to {to}, by {channel}.").format(
            subject=entry.ticket.subject,
            to=outside.title if outside else entry.data["to"],
            channel=called(entry.data["channel"]),
        ),
        _("Reference: {reference}").format(reference=reference) if reference else "",
        words,
        _("They go on with it. Our number {number} ends here.").format(number=entry.ticket),
    ]
    return letter(entry.ticket, contact, lines)


def _handed_up_outside(entry: LogEntry) -> list[str]:
    outside = desk_of(entry.ticket).outside.get(entry.data["to"])
    words = _("“{subject}” was not settled in the time we give ourselves. It goes on to {to} now.")
    return [
        words.format(
            subject=entry.ticket.subject, to=outside.title if outside else entry.data["to"]
        ),
        _("They go on with it. Our number {number} ends here.").format(number=entry.ticket),
    ]


def merged(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    into = merged_into(entry.ticket)
    ended = nobody_answers(entry, contact)
    if ended:
        goes_on = _("{number} goes on as {into}.")
    elif into is not None and not into.is_open:
        goes_on = _(
            "The case “{subject}” ({number}) goes on as {into}, which is closed. If it is not"
            " solved, write to us."
        )
    elif entry.ticket.requester_id in same_person(contact):
        goes_on = _("Your case “{subject}” ({number}) goes on as {into}: we work on both together.")
    else:
        goes_on = _(
            "The case “{subject}” ({number}), which you follow, goes on as {into}: we work on both"
            " together."
        )
    lines = [
        goes_on.format(subject=entry.ticket.subject, number=entry.ticket, into=entry.data["into"]),
        ended
        or _(
            "You get our answers there. What you answer to this mail, or to an earlier one, arrives"
            " there too."
        ),
    ]
    return letter(entry.ticket, contact, lines)


def unmerged(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    if entry.ticket.requester_id in same_person(contact):
        alone = _("Your case “{subject}” goes on by itself again as {number}, no longer as {into}.")
    else:
        alone = _(
            "The case “{subject}”, which you follow, goes on by itself again as {number}, no longer"
            " as {into}."
        )
    if takes_part(contact, taken_out_of(entry)):
        meanwhile = _(
            "What was answered meanwhile stands on both. What you wrote stands on the one whose"
            " mail or page you answered. What you answer to this mail arrives on {number}."
        )
    else:
        meanwhile = _(
            "What you wrote and were answered meanwhile stands there too. What you answer to this"
            " mail arrives there."
        )
    named = {
        "subject": entry.ticket.subject,
        "number": entry.ticket,
        "into": entry.data["out_of"],
    }
    return letter(entry.ticket, contact, [line.format(**named) for line in (alone, meanwhile)])


def held(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    when = instant(datetime.fromisoformat(entry.data["pick_up_at"]), contact, entry.ticket)
    proven = is_proven(entry.ticket, contact)
    kept = _("Changes of this kind rest for now. We kept “{subject}”.")
    lines = [
        (kept if proven else _("Changes of this kind rest for now. We kept yours.")).format(
            subject=entry.ticket.subject
        ),
        _("It is picked up by itself on {when}.").format(when=when),
    ]
    return letter(entry.ticket, contact, lines, greet=proven)


def estimate(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    return letter(entry.ticket, contact, estimate_lines(entry, contact))


def estimate_lines(entry: LogEntry, contact: Contact) -> list[str]:
    asks = (
        _("Please sign or decline it on the page of the case. The work begins when it is signed.")
        if opens_pages(contact)
        else _(
            "Please tell us as an answer to this message what you think of it. To sign it, tell us"
            " an e-mail address of yours: with it you can open the page of the case. The work"
            " begins when it is signed."
        )
    )
    return [
        _("Our estimate for “{subject}”:").format(subject=entry.ticket.subject),
        text_named(entry, "message"),
        _("Time: {time}. Cost: {cost}.").format(
            time=_worked(entry.data["minutes"]), cost=entry.data["cost"]
        ),
        nobody_answers(entry, contact) or asks,
    ]


def delivery(entry: LogEntry, contact: Contact, message: Message | None) -> str:
    return letter(entry.ticket, contact, delivery_lines(entry, contact))


def delivery_lines(entry: LogEntry, contact: Contact) -> list[str]:
    asks = (
        _(
            "Please try it and confirm it on the page of the case, or answer this message if"
            " something is not right."
        )
        if opens_pages(contact)
        else _("Please try it and answer this message: whether it works, or what is not right.")
    )
    return [
        _("Version {version} was delivered for “{subject}”.").format(
            version=entry.data["version"], subject=entry.ticket.subject
        ),
        text_named(entry, "message"),
        nobody_answers(entry, contact) or asks,
    ]


def opens_pages(contact: Contact) -> bool:
    """Whether somebody can sign in to the page of their case: whom the desk knows by a number alone
    cannot.
    """
    return person(contact).user_id is not None


def _worked(minutes: int) -> str:
    hours, rest = divmod(int(timedelta(minutes=minutes).total_seconds()) // 60, 60)
    return f"{hours}:{rest:02} h"


def text_named(entry: LogEntry, field: str) -> str:
    """Returns the text of the message an entry names: the log holds only its id."""
    found = Message.objects.filter(pk=entry.data.get(field) or 0, ticket=entry.ticket)
    return found.values_list("text", flat=True).first() or ""

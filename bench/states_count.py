"""What the timelines of a desk say of its messages, beside what the mail server saw of them."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from deskbook.channels.email.models import OutboundMail
from deskbook.delivery.states import State
from deskbook.people.books import desk_at
from deskbook.people.contacts import addresses_of
from deskbook.people.models import Contact
from deskbook.tickets.followers import who_is_answered
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.untold_models import Untold
from deskbook.web.console.shared.deliveries import STATE_TITLES
from deskbook.web.console.ticket.story_pages import before_in
from deskbook.web.console.ticket.timeline import timeline


@dataclass
class Found:
    """What is printed, and whether all of it is as it should be."""

    messages: Counter = field(default_factory=Counter)
    """State on the timeline → how many; all of them as the server saw it, but for those that
    differ.
    """
    differing: list[str] = field(default_factory=list)
    closed: int = 0
    untold: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def wrong(self):
        return len(self.differing) + len(self.untold)

    def __str__(self):
        states = ", ".join(f"{state} {n}" for state, n in sorted(self.messages.items()))
        return "\n".join(
            [
                (
                    f"messages {self.messages.total()}, agreed"
                    f" {self.messages.total() - len(self.differing)}, differing"
                    f" {len(self.differing)}: {states}"
                ),
                *(f"    {name}" for name in self.differing[:20]),
                f"closed for silence {self.closed}, of these untold {len(self.untold)}",
                *(f"    {name}" for name in self.untold[:20]),
                *self.remarks,
            ]
        )


def counted(desk, sink, problems, took):
    """Return what the timelines of all tickets say, compared with what the sink saw."""
    found, seen = Found(), _Seen(sink)
    for ticket in Ticket.objects.select_related("desk", "requester", "owner__user").order_by("pk"):
        lines = _lines(ticket)
        for mail in (
            OutboundMail.objects.filter(ticket=ticket).exclude(contact=None).select_related("entry")
        ):
            _compare(found, seen, mail, lines[mail.entry.seq].pop(mail.recipient, None))
        for row in Untold.objects.filter(ticket=ticket).select_related("entry", "contact"):
            _compare_untold(found, row, lines[row.entry.seq])
        _nobody_is_forgotten(found, ticket)
        _closed_for_silence(found, seen, ticket)
    found.differing += problems
    moods = ", ".join(f"{mood} {n}" for mood, n in sorted(sink.moods.items()))
    found.remarks = [
        f"{Ticket.objects.count()} cases, {desk.refusals} acts the desk refused, {took}; moods met:"
        f" {moods}; refused recipients {sum(sink.refused.values())}, put off"
        f" {sum(map(len, sink.put_off.values()))}, came back {len(sink.returned)}"
    ]
    return found


class _Seen:
    """What the server knows of each mail."""

    def __init__(self, sink):
        self.sink = sink
        self.taken = defaultdict(list)
        for copy in sink.taken:
            self.taken[copy.mail_id].append(copy)

    def allows(self, mail):
        """Return the states that are true of a mail now that nothing is done any more."""
        told = any(copy.told for copy in self.taken[mail.mail_id])
        if mail.mail_id in self.sink.returned and told:
            return {State.BOUNCED}
        if told:
            return {State.HANDED_OVER}
        if self.sink.refuses(mail.recipient) and mail.attempts:
            return {State.BOUNCED}
        if mail.attempts:
            return {State.GIVEN_UP, State.HELD, State.DROPPED}
        return {State.HELD, State.DROPPED}

    def reached(self, mail):
        return bool(self.taken[mail.mail_id]) and mail.mail_id not in self.sink.returned


def states_by_title():
    """Return what a title says of a message; what a worker has in hand is told as waiting."""
    titles = STATE_TITLES.items()
    return {str(title): state for state, title in titles if state is not State.IN_HAND}


def _lines(ticket):
    """Return seq → address or name → what the timeline says became of it; of all its pages."""
    desk, titles = desk_at(ticket.desk_id, ticket.book_version), states_by_title()
    titles["not acknowledged: no way to reach them"] = State.NO_WAY
    titles["not acknowledged"] = State.GIVEN_UP
    lines, before = defaultdict(dict), ""
    while before is not None:
        items = timeline(ticket, desk, before=before_in(before))
        for item in items:
            for line in item.fate.lines if item.fate else ():
                lines[item.seq][line.to] = (titles[line.what], line.why)
        links = [item.url for item in items if item.kind == "elsewhere" and "before=" in item.url]
        before = links[0].partition("before=")[2] if links else None
    return lines


def _compare(found, seen, mail, said):
    state, why = said or ("nothing", "")
    found.messages[str(state)] += 1
    allowed = seen.allows(mail)
    if state not in allowed:
        found.differing.append(
            f"{_name(mail)}: the timeline says {state}, the server saw {sorted(allowed)}"
        )
    elif state is State.GIVEN_UP and not any(
        words in why for words in (*seen.sink.words, "said nothing more")
    ):
        found.differing.append(f"{_name(mail)}: given up, and not in the server's words: {why}")


def _compare_untold(found, row, lines):
    state, _why = lines.get(str(row.contact), ("nothing", ""))
    found.messages[str(state)] += 1
    broken = [address for address in addresses_of(row.contact) if address.startswith("@")]
    right = State.GIVEN_UP if broken and row.state == Untold.State.GIVEN_UP else State.NO_WAY
    if state is not right:
        found.differing.append(
            f"{row.purpose} to {row.contact} of {row.ticket_id}: {state} instead of {right}"
        )


def _nobody_is_forgotten(found, ticket):
    """Each answer says for its requester and everybody who follows what became of it."""
    for entry in LogEntry.objects.filter(ticket=ticket, kind="Answered"):
        if Message.objects.get(pk=entry.data["message"]).channel == "phone":
            continue
        told = set(
            OutboundMail.objects.filter(entry=entry, purpose="answer").values_list(
                "contact", flat=True
            )
        )
        told |= set(
            Untold.objects.filter(entry=entry, purpose="answer").values_list("contact", flat=True)
        )
        for contact in who_is_answered(ticket):
            if contact.pk not in told:
                found.differing.append(
                    f"answer {entry.seq} of {ticket}: nothing is said of {contact}"
                )


def _closed_for_silence(found, seen, ticket):
    """Who was not told what was waited for, or that the case is solved, cannot be silent
    about it.
    """
    log = list(LogEntry.objects.filter(ticket=ticket).order_by("seq"))
    for entry in log:
        if entry.kind != "Closed" or entry.data.get("cause") != "silence":
            continue
        found.closed += 1
        before = [e for e in log if e.seq < entry.seq]
        since = max(
            (e.seq for e in before if e.kind in ("StageChanged", "Reopened", "Opened")), default=0
        )
        told = [e.pk for e in before if e.kind == "ReminderDue" and e.seq > since]
        told = told or [e.pk for e in before if e.kind == "Answered"][-1:]
        mails = OutboundMail.objects.filter(
            entry__in=told, contact__in=Contact.objects.filter(pk=ticket.requester_id)
        )
        if not any(seen.reached(mail) for mail in mails):
            found.untold.append(
                f"{ticket}, closed {entry.at:%d %b}: {[_name(mail) for mail in mails] or 'no mail'}"
            )


def _name(mail):
    return (
        f"{mail.purpose} to {mail.recipient} of {mail.ticket_id}, {mail.queued_at:%d %b %H:%M}"
        f" ({mail.state})"
    )

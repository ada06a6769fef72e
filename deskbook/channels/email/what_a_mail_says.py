"""What a mail says to its desk: new words told apart from old, whose they are, and who follows."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

from deskbook.channels.contract import Incoming
from deskbook.channels.email.copied import Copied, answers_elsewhere, nobody_follows, who_follows
from deskbook.channels.email.floods import stop_a_flood
from deskbook.channels.email.forwarded import told_apart
from deskbook.channels.email.mail import ParsedMail
from deskbook.channels.email.mailboxes import ours_of
from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.place import Place, answers_an_aside
from deskbook.channels.email.reply_text import ReplyText, new_text
from deskbook.channels.email.set_aside import files_of
from deskbook.channels.email.signing import signer_for
from deskbook.engine.channels import is_official
from deskbook.people.apart import Over, done_apart
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import (
    normal_identifier,
)
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message, Ticket

KNOWN_ANSWERS = 5


def new_words(text: str, answered: list[str], *, never_empty: bool = True) -> ReplyText:
    """What is new in the text; all of it, or nothing, when that cannot be told in the time there
    is.
    """
    try:
        return done_apart(new_text, text, quoted=answered, never_empty=never_empty)
    except Over:
        return ReplyText(text, "") if never_empty else ReplyText("", text)


def told_from_carried(mail: ParsedMail) -> tuple[str, str]:
    """What was said above a mail that was carried on, and that mail; all counts as said when that
    cannot be told.
    """
    try:
        return done_apart(told_apart, mail.text)
    except Over:
        return mail.text, ""


def envelope_sender(row: InboundMail) -> str | None:
    """The MAIL FROM, empty for the null sender; None when the mail came in a way that does not
    tell.
    """
    return "" if row.envelope_from == "<>" else row.envelope_from or None


def incoming_of(
    row: InboundMail,
    mail: ParsedMail,
    sender: Contact,
    place: Place,
    unproven: str,
    automatic: str = "",
) -> Incoming:
    """Returns what a mail says to its desk, ready to be taken in. Raises TooMany where its sender
    floods the desk.
    """
    ticket = place.ticket
    if not row.let_in:
        stop_a_flood(
            ticket, sender, row.received_at, unproven=bool(unproven), outsider=place.outsider
        )
    aside = ticket is not None and answers_an_aside(
        mail, sender.desk, signer_for(sender.desk), outsider=place.outsider
    )
    forged = unproven or automatic or place.outsider or aside
    copied = Copied() if forged else _copied_in(mail, sender, place)
    elsewhere = answers_elsewhere(sender.desk, sender, mail)
    mail = replace(mail, defects=(*mail.defects, *copied.left_out, *elsewhere))
    forwarded = "" if ticket else _forwarded_from(mail, sender.desk)
    written = _written(mail, _new_words(mail, ticket), place, sender.desk)
    written = replace(written, unproven=unproven, automatic=automatic, forwarded_from=forwarded)
    if forwarded:
        # Whose mail it is reads it once the case is theirs: not what colleagues say about it.
        text, html = carried_on(mail)
        written = replace(written, text=text, html=html, only_in_html="")
    return Incoming(
        sender,
        "email",
        written,
        row.received_at,
        f"mail:{row.pk}",
        subject=mail.subject,
        ticket=ticket,
        outsider=place.outsider,
        aside=aside,
        followers=copied.followers,
    )


def _new_words(mail: ParsedMail, ticket: Ticket | None) -> ReplyText:
    """What a mail says that its case does not have yet: all of it where it has none."""
    if ticket is None:
        return ReplyText(mail.text, "")
    answers = Message.objects.filter(ticket=ticket).exclude(kind=Message.Kind.NOTE).order_by("-pk")
    known = answers.values_list("text", flat=True)[:KNOWN_ANSWERS]
    return new_words(mail.text, list(known))


def _copied_in(mail: ParsedMail, sender: Contact, place: Place) -> Copied:
    """Who follows from now on. A forged From and a number out of the air would let anybody follow
    any case.
    """
    others = (*mail.to, *mail.cc)
    if place.by_number and not settings.DESKBOOK_TRUSTED_MAIL_SERVERS:
        return nobody_follows(sender, others)
    return who_follows(sender, others, place.ticket)


def _forwarded_from(mail: ParsedMail, desk: HelpDesk) -> str:
    """Whose mail somebody of the desk carries on: of others' forwards whoever sends them is the
    requester.
    """
    ours, wrote = ours_of(desk), mail.original_sender
    if wrote is None or wrote.key == mail.from_.key or ours.wrote(wrote.addr):
        return ""
    agents = Agent.objects.filter(desk=desk, user__email=mail.from_.key)
    if not ours.hosts(mail.from_.addr) and not agents.exists():
        return ""
    return f"{wrote.name[: 310 - len(wrote.addr)]} <{wrote.addr}>".strip()


def carried_on(mail: ParsedMail) -> tuple[str, str]:
    """The words of the mail that somebody of the desk carries on, below their own or in a file, and
    its HTML.
    """
    below = told_from_carried(mail)[1]
    return (
        (below, "") if below or not mail.carried else (mail.carried[0].text, mail.carried[0].html)
    )


def _written(mail: ParsedMail, words: ReplyText, place: Place, desk: HelpDesk) -> Written:
    official = desk_in_force(desk).official_mail
    return Written(
        text=words.new,
        quoted=words.quoted,
        html=mail.html or "",
        only_in_html=mail.only_in_html,
        files=files_of(mail),
        to=[a.addr for a in mail.to if len(a.addr) <= 320],
        cc=[a.addr for a in mail.cc if len(a.addr) <= 320],
        sender=normal_identifier("email", mail.from_.addr),
        mail_id=bare(mail.message_id),
        match_reason=place.reason,
        written_to=place.written_to,
        outsider=place.outsider,
        mended=mail.defects,
        unofficial=bool(official) and not is_official(mail.from_.addr, official),
    )


def bare(message_id: str | None) -> str:
    """Returns a Message-ID without its brackets, as it is kept; empty for none."""
    return (message_id or "").strip("<>")[:998]

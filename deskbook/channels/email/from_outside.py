"""A mail from outside taken in: on its case, on each of several, on a new one, or beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db import transaction
from structlog import get_logger

from deskbook.channels.email.automatic import (
    Classification,
    is_answered_by_itself,
    sent_by_itself,
)
from deskbook.channels.email.by_agents import (
    BY_MAIL,
)
from deskbook.channels.email.floods import TooMany
from deskbook.channels.email.mail import ParsedMail
from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.place import Place, letter_answered, other_places, place_of
from deskbook.channels.email.signing import signer_for
from deskbook.channels.email.what_a_mail_says import (
    KNOWN_ANSWERS,
    bare,
    carried_on,
    envelope_sender,
    incoming_of,
    told_from_carried,
)
from deskbook.channels.way_in import take_in
from deskbook.delivery.states import Taken
from deskbook.people.contacts import (
    contact_by,
    find_or_make_contact,
    normal_identifier,
    prove_stated,
    stated_address,
)
from deskbook.people.merging import person, same_person
from deskbook.people.models import Contact, HelpDesk
from deskbook.people.prepared import Prepared, among
from deskbook.people.turns import take_turns
from deskbook.refusals.kept import joined, kept, stored
from deskbook.refusals.refusal import Refused
from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.log import Recorded
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message, Ticket

NOT_ON_EACH = "a mail to several cases is not on each"
_log = get_logger(__name__)


def take_in_from_outside(
    row: InboundMail, desk: HelpDesk, mail: ParsedMail, found: Classification, unproven: str
) -> None:
    """Takes a mail of somebody outside in: on its case, on a new one, or left out with why; the row
    is changed, not saved. Raises Refused, TooMany.
    """
    known = contact_by(desk, "email", mail.from_.addr)
    answered = None if unproven or known else _answered_where_only_typed(row, desk, mail)
    if answered and found.kind == "automatic":
        # No person read the letter, whoever's the address is.
        row.state, row.ticket, row.reason = Taken.IGNORED, answered, found.reason
        return
    if answered and not sent_by_itself(mail, envelope_sender(row)):
        prove_stated(person(answered.requester))
    sender = known or find_or_make_contact(desk, "email", mail.from_.addr, name=mail.from_.name)
    place = _place(row, desk, mail, sender, unproven)
    automatic = found.reason if found.kind == "automatic" else ""
    _take_in_at(row, mail, sender, place, unproven, automatic)


def _take_in_at(
    row: InboundMail, mail: ParsedMail, sender: Contact, place: Place, unproven: str, automatic: str
) -> None:
    if automatic and not place.ticket and is_answered_by_itself(mail):
        row.state, row.reason = Taken.IGNORED, automatic  # an absence note is no case
    elif copied := _copied(mail, sender):
        row.state, row.ticket, row.message = Taken.IGNORED, copied.ticket, copied
        row.reason = kept("mail.copy", ticket=str(copied.ticket))
    elif automatic and place.ticket:
        _put_by(row, mail, sender, place, unproven, automatic)
    else:
        _take_in_words(row, mail, sender, place, unproven)


def _place(
    row: InboundMail, desk: HelpDesk, mail: ParsedMail, sender: Contact, unproven: str
) -> Place:
    """Returns where the mail belongs. It may be forged: then nobody is written to for it, and on a
    case it does not act as who it says it is.
    """
    place = place_of(mail, desk, signer_for(desk), sender, envelope_to=row.envelope_to)
    if not unproven:
        return place
    row.may_acknowledge, row.silence = False, ""
    return replace(place, outsider=place.ticket is not None)


def _take_in_words(
    row: InboundMail, mail: ParsedMail, sender: Contact, place: Place, unproven: str
) -> None:
    desk = sender.desk
    others = other_places(place, mail, desk, signer_for(desk), sender, envelope_to=row.envelope_to)
    incoming = incoming_of(
        row, naming(mail, (one.ticket for one in others)), sender, place, unproven
    )
    recorded = take_in(incoming)
    _done(row, mail, recorded, place)
    if incoming.written.forwarded_from:
        _note_own_words(row, mail, recorded)
    for other in others if not unproven else ():
        rest = [one for one in (place, *others) if one is not other]
        _take_in_besides(row, naming(mail, (one.ticket for one in rest)), sender, other)


def take_in_on_their_own(
    row: InboundMail, desk: HelpDesk, mail: ParsedMail, taken: Sequence[Ticket]
) -> None:
    """Puts a mail that somebody of the desk wrote on the `taken` tickets on their own cases as
    well, whose addresses it was sent to.
    """
    sender = contact_by(desk, "email", mail.from_.addr)
    if sender is None:
        return
    signer = signer_for(desk)
    for own in other_places(
        Place(taken[0]), mail, desk, signer, sender, envelope_to=row.envelope_to
    ):
        if own.ticket not in taken:
            _take_in_besides(row, naming(mail, taken), sender, own)


def naming(mail: ParsedMail, others: Iterable[Ticket | None]) -> ParsedMail:
    """Returns the mail, which says on its case to which others it was sent."""
    cases = ", ".join(str(other) for other in others)
    return (
        replace(mail, defects=(*mail.defects, kept("mail.to_cases", cases=cases)))
        if cases
        else mail
    )


def _take_in_besides(row: InboundMail, mail: ParsedMail, sender: Contact, place: Place) -> None:
    """Puts a mail to several cases on one more of them. Not on one that is closed: an old address
    is easily left among the recipients. Nor where they take no part or the case takes nothing: the
    first says for which others it was.
    """
    if place.ticket is None or place.outsider or not place.ticket.is_open:
        return
    try:
        with transaction.atomic():
            incoming = incoming_of(row, mail, sender, place, "")
            take_in(replace(incoming, key=f"{incoming.key}:{place.ticket.pk}"))
    except (Refused, TooMany):
        _log.info(NOT_ON_EACH, inbound=row.pk, ticket=place.ticket.pk)


def _note_own_words(row: InboundMail, mail: ParsedMail, recorded: Recorded) -> None:
    """What was said above a mail that was carried on is for the desk; of nobody, as any sender can
    be forged.
    """
    own = told_from_carried(mail)[0]
    if own:
        note = Written(
            f"{mail.from_.addr}:\n\n{own}", sender=normal_identifier("email", mail.from_.addr)
        )
        key = f"mail:{row.pk}:own words"
        note_on_ticket(
            recorded.ticket, note, channel="email", at=row.received_at, by=BY_MAIL, key=key
        )


def _put_by(
    row: InboundMail, mail: ParsedMail, sender: Contact, place: Place, unproven: str, automatic: str
) -> None:
    """Shows what a machine wrote on a case that exists. It is no answer: it may not move the case
    or stop its reminders, and one that the case does not take is left out, not held.
    """
    place = replace(place, outsider=True)
    try:
        incoming = incoming_of(row, mail, sender, place, unproven, automatic=automatic)
        _done(row, mail, take_in(incoming), place)
    except (Refused, TooMany) as refused:
        row.state, row.ticket = Taken.IGNORED, place.ticket
        row.reason = joined(
            automatic, refused.refusal if isinstance(refused, Refused) else stored(str(refused))
        )


def _done(row: InboundMail, mail: ParsedMail, recorded: Recorded, place: Place) -> None:
    row.state, row.ticket, row.reason = Taken.DONE, recorded.ticket, place.reason
    found = _ITS_MESSAGE.columns(ticket=recorded.ticket.pk, mail_id=bare(mail.message_id))
    row.message_id = found[0][0] if found else None


_ITS_MESSAGE = Prepared(
    lambda ticket, mail_id: (
        Message.objects.filter(ticket=ticket, mail_id=mail_id).order_by("-pk").values_list("pk")[:1]
    ),
    "ticket",
    "mail_id",
)


def _answered_where_only_typed(row: InboundMail, desk: HelpDesk, mail: ParsedMail) -> Ticket | None:
    """The case of somebody who typed the address of a sender nobody knows in a chat, where the mail
    answers a letter of it: who does that has shown that it is theirs.
    """
    ticket = letter_answered(mail, desk, signer_for(desk), envelope_to=row.envelope_to)
    typed = stated_address(person(ticket.requester)) if ticket else None
    return ticket if typed == normal_identifier("email", mail.from_.addr) else None


def _copied(mail: ParsedMail, sender: Contact) -> Message | None:
    """The message a mail is another copy of: of one sender, under one Message-ID, with the same
    words but for what a list puts below them.
    """
    mail_id = bare(mail.message_id)
    if not mail_id:
        return None
    # Both copies come at once: the second waits until the first is stored.
    take_turns(f"mail {sender.desk_id} {mail_id}")
    people = same_person(sender)
    known = _UNDER_ONE_ID.ask(desk=sender.desk_id, people=people, mail_id=mail_id)
    return next((one for one in known if _says_the_same(mail, one)), None)


_UNDER_ONE_ID = Prepared(
    lambda desk, people, mail_id: Message.objects.filter(
        among("deskbook_message.author_contact_id", people),
        desk=desk,
        mail_id=mail_id,
        ticket__isnull=False,
    ).select_related("ticket__desk")[:KNOWN_ANSWERS],
    "desk",
    "people",
    "mail_id",
)


def _says_the_same(mail: ParsedMail, message: Message) -> bool:
    words, there = " ".join(mail.text.split()), " ".join(message.text.split())
    if message.forwarded_from and there in " ".join(carried_on(mail)[0].split()):
        return True
    return words == there or bool(
        (there and words.startswith(there)) or (words and there.startswith(words))
    )

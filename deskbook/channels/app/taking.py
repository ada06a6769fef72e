"""What a system asks, done: a case opened, words added, its state told. Once, however often it is
sent.
"""

from base64 import b64decode
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils import translation

from deskbook.book.words import fold
from deskbook.channels.app.asked import Adds, Asks, File, Follows, NotUnderstood, Opens, read
from deskbook.channels.app.models import AppCase, AppRequest, AppSystem
from deskbook.channels.app.people import who
from deskbook.channels.contract import Incoming
from deskbook.channels.way_in import take_in
from deskbook.people.access import may_write_on, takes_part
from deskbook.people.books import OWN_WORDS, desk_at
from deskbook.people.merging import same_person
from deskbook.people.refusals import in_words
from deskbook.people.turns import take_turns
from deskbook.refusals.refusal import Refused
from deskbook.tickets.going_on import goes_on_as
from deskbook.tickets.messages import File as Kept
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.stated import case_link

MOST_ANSWERS = 50
Answer = dict[str, object]


@transaction.atomic
def answer_to(system: AppSystem, webhook_id: str, body: bytes, *, at: datetime) -> Answer:
    """Does what a proven request asks and returns what it is answered; sent again, the same.

    Raises NotUnderstood, and then nothing was done or kept.
    """
    take_turns(f"app {system.pk} {webhook_id}")
    digest = sha256(body).hexdigest()
    before = AppRequest.objects.filter(system=system, webhook_id=webhook_id).first()
    if before is None:
        key = f"app:{system.pk}:{sha256(webhook_id.encode()).hexdigest()}"
        answer = _done(system, body, key, at)
        AppRequest.objects.create(
            system=system,
            webhook_id=webhook_id,
            digest=digest,
            answer=answer,
            came_at=at,
        )
        return answer
    if before.digest != digest:
        raise NotUnderstood(
            f"Another body was sent under the webhook-id {webhook_id} before.",
            "webhook-id",
            "Give each request an id of its own; keep it only to send the same again.",
            409,
        )
    return dict(before.answer)


def _done(system: AppSystem, body: bytes, key: str, at: datetime) -> Answer:
    asked = read(body)
    try:
        if isinstance(asked, Opens):
            return _state(_opened(system, asked, key[:64], at))
        case = _case_of(system, asked)
        if isinstance(asked, Adds):
            _added(case, asked, key[:64], at)
        return _state(case, with_answers=isinstance(asked, Asks))
    except Refused as refused:
        with translation.override("en"):
            said = in_words(refused)
        do = "The desk's book refuses it: correct it, or ask the desk."
        raise NotUnderstood(said, "data", do) from None


def _opened(system: AppSystem, asked: Opens, key: str, at: datetime) -> AppCase:
    reference = asked.reference
    known = system.cases.filter(reference=reference).first() if reference else None
    if known:
        raise NotUnderstood(
            f"“{reference}” is the case {known.ticket} already.",
            "data.reference",
            "Add to it by case.add, or give the new one a reference of its own.",
            409,
        )
    sender = who(system, asked.person)
    facets = {**asked.fields, **({"category": asked.category} if asked.category else {})}
    recorded = take_in(
        Incoming(
            sender,
            system.channel,
            _written(asked.text, asked.files),
            at,
            key,
            subject=asked.subject,
            facets={fold(facet): fold(value) for facet, value in facets.items()},
            severity=fold(asked.severity) or None,
        )
    )
    return AppCase.objects.create(
        system=system, ticket=recorded.ticket, contact=sender, reference=reference
    )


def _added(case: AppCase, asked: Adds, key: str, at: datetime) -> None:
    sender = who(case.system, asked.person) if asked.person else case.contact
    written = _written(asked.text, asked.files)
    outsider = not may_write_on(sender, case.ticket)
    incoming = Incoming(
        sender,
        case.system.channel,
        written,
        at,
        key,
        subject=case.ticket.subject,
        ticket=case.ticket,
        outsider=outsider,
    )
    taken = take_in(incoming).ticket
    if taken.pk not in (case.ticket_id, goes_on_as(case.ticket).pk):
        # It was closed for good: a new case goes on with it, and the system's reference with that.
        AppCase.objects.create(
            system=case.system, ticket=taken, contact=sender, reference=case.reference
        )
        case.ticket = taken


def _case_of(system: AppSystem, asked: Follows) -> AppCase:
    cases = system.cases.select_related("ticket__desk", "contact", "system__desk").order_by("-pk")
    prefix, _dash, number = asked.case.rpartition("-")
    if asked.case:
        is_number = number.isdecimal() and len(number) < 16
        ours = is_number and prefix.upper() == system.desk.prefix.upper()
        cases = cases.filter(ticket__number=int(number) if ours else 0)
    if asked.reference:
        cases = cases.filter(reference=asked.reference)
    found = cases.first()
    if found is None:
        raise NotUnderstood(
            "No case of this system is called so.",
            "data.case" if asked.case else "data.reference",
            "Name one that this system opened: by its number, or by the reference it gave.",
            404,
        )
    return found


def _written(text: str, files: list[File]) -> Written:
    return Written(
        text,
        files=tuple(Kept(file.name, file.type, b64decode(file.base64)) for file in files),
    )


def state_of(ticket: Ticket, case: AppCase) -> Answer:
    """Returns how a case stands, as its system is told: `ticket` is what it goes on as."""
    desk = desk_at(ticket.desk_id, ticket.book_version, language=OWN_WORDS)
    stage = desk.stages.get(ticket.stage)
    return {
        "case": str(case.ticket),
        "goes_on_as": str(ticket) if ticket.pk != case.ticket_id else None,
        "reference": case.reference,
        "subject": ticket.subject,
        "stage": {"key": ticket.stage, "title": stage.title if stage else ticket.stage},
        "open": ticket.is_open,
        "outcome": ticket.outcome or None,
        "opened_at": ticket.opened_at.isoformat(),
        "link": case_link(ticket),
    }


def _state(case: AppCase, *, with_answers: bool = False) -> Answer:
    ticket = goes_on_as(Ticket.objects.select_related("desk").get(pk=case.ticket_id))
    state = state_of(ticket, case)
    if with_answers:
        state["answers"] = _answers(case, ticket)
    return state


def _answers(case: AppCase, ticket: Ticket) -> list[Answer]:
    """What the person was answered, the latest last; nothing once the case is not theirs any
    more.
    """
    if not takes_part(case.contact, ticket):
        return []
    answers = Message.objects.filter(ticket__in={case.ticket, ticket}, kind=Message.Kind.ANSWER)
    theirs = answers.exclude(kept_from__overlap=same_person(case.contact))
    latest = list(theirs.order_by("-at", "-pk")[:MOST_ANSWERS])
    return [{"at": one.at.isoformat(), "text": one.text} for one in reversed(latest)]

"""What is done to a complaint through DIGIT, done to its case by the same verbs as at the desk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction

from deskbook.channels.contract import Incoming
from deskbook.channels.digit.asked import NotTaken, Service, ServiceRequest, read_request
from deskbook.channels.digit.models import DigitComplaint, DigitDoor
from deskbook.channels.digit.people import NOT_THEIRS, agent_there, who_acts
from deskbook.channels.digit.statuses import OF
from deskbook.channels.way_in import take_in
from deskbook.engine.desk import Desk
from deskbook.people.books import desk_at
from deskbook.people.models import Agent, Contact
from deskbook.people.turns import take_turns
from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.conversation import answer_ticket, note_on_ticket
from deskbook.tickets.going_on import goes_on_as
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.ratings import closing_of, rate_closing
from deskbook.tickets.stages import close_ticket, move_ticket


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done to one complaint."""

    complaint: DigitComplaint
    ticket: Ticket
    asked: ServiceRequest
    at: datetime
    key: str

    @property
    def words(self) -> str:
        return self.asked.workflow.comments

    @property
    def desk(self) -> Desk:
        return desk_at(self.ticket.desk_id, self.ticket.book_version)


@transaction.atomic
def do_act(door: DigitDoor, said: dict[str, Any], body: bytes, *, at: datetime) -> DigitComplaint:
    """Does what an _update says and returns its complaint; the same request again does nothing.

    Raises NotTaken, or Refused by the book; then nothing is kept.
    """
    asked = read_request(said)
    complaint = _complaint_of(door, asked.service)
    take_turns(f"digit {door.pk} {complaint.mark}")
    key = f"digit:{door.pk}:{sha256(body).hexdigest()}"[:64]
    case = complaint.goes_on_id or complaint.ticket_id
    ticket = goes_on_as(Ticket.objects.select_related("desk").get(pk=case))
    act = Act(complaint, ticket, asked, at, key)
    by = who_acts(door, asked.request_info, ticket, at)
    acts = _BY_AGENTS if isinstance(by, Agent) else _BY_PEOPLE
    does = acts.get(asked.workflow.action.upper())
    if does is None:
        raise NotTaken("INVALID ROLE", f"{NOT_THEIRS}: {asked.workflow.action[:40]}")
    does(act, by)
    complaint.refresh_from_db()
    return complaint


def _complaint_of(door: DigitDoor, service: Service) -> DigitComplaint:
    rows = door.complaints.select_related("door__desk")
    try:
        found = rows.filter(uuid=UUID(service.id)).first() if service.id else None
    except ValueError:
        found = None
    number, mark = service.service_request_id, service.client_reference_id
    found = found or (rows.filter(request_id=number).first() if number else None)
    found = found or (rows.filter(mark=mark).first() if mark else None)
    if found is None:
        told = "The record that you are trying to update does not exists"
        raise NotTaken("INVALID_UPDATE", told)
    return found


def _assign(act: Act, by: Agent) -> None:
    names = act.asked.workflow.assignes
    owner = agent_there(act.complaint.door, names[0], at=act.at) if names else None
    if owner is None and (names or act.asked.workflow.action.upper() == "ASSIGN"):
        told = "The application cannot be assigned to who is nobody of this desk"
        raise NotTaken("INVALID_ASSIGNMENT", told)
    assign_ticket(act.ticket, owner, at=act.at, by=by, key=act.key)
    if act.words:
        _note(act, by, key=f"{act.key[:60]}:n")


def _resolve(act: Act, by: Agent) -> None:
    """In DIGIT who complained reads what is said with it: here too, by their own way."""
    solved = next((stage.key for stage in act.desk.stages.values() if stage.solved), "")
    _answer_and_move(act, by, solved)


def _reject(act: Act, by: Agent) -> None:
    door = act.complaint.door
    refused = (key for key, said in door.statuses.items() if said == OF[door.flavour].refused)
    closed = (stage.key for stage in act.desk.stages.values() if stage.closed)
    _answer_and_move(act, by, next(refused, "") or next(closed, ""))


def _answer_and_move(act: Act, by: Agent, stage: str) -> None:
    if not stage:
        raise NotTaken("INVALID_ACTION", "The book of this desk has no stage for it")
    if act.words:
        words = Written(act.words)
        answer_ticket(act.ticket, words, then_stage=stage, at=act.at, by=by, key=act.key)
    else:
        move_ticket(act.ticket, stage, at=act.at, by=by, key=act.key)


def _reopen_by_agent(act: Act, by: Agent) -> None:
    begun = act.desk.stage_set_by("requester writing") or act.desk.first_stage
    move_ticket(act.ticket, begun.key, at=act.at, by=by, key=act.key)


def _note(act: Act, by: Agent, *, key: str = "") -> None:
    written = Written(act.words or act.asked.workflow.action)
    note_on_ticket(act.ticket, written, at=act.at, by=by, key=key or act.key)


def _write(act: Act, by: Contact) -> None:
    """A comment, or why it is to come back; what is closed for good is followed by a new case."""
    written, channel = Written(act.words or act.asked.workflow.action), act.complaint.door.channel
    subject = act.ticket.subject
    incoming = Incoming(by, channel, written, act.at, act.key, subject=subject, ticket=act.ticket)
    taken = take_in(incoming).ticket
    if taken.pk != act.ticket.pk:
        DigitComplaint.objects.filter(pk=act.complaint.pk).update(goes_on=taken)


def _rate(act: Act, by: Contact) -> None:
    """By rating it, who complained says that it is over."""
    rating = act.asked.service.rating or 0
    if not 1 <= rating <= 5:
        raise NotTaken("INVALID_REQUEST", "service.rating: a number from 1 to 5")
    if act.ticket.is_open and act.desk.stages[act.ticket.stage].solved:
        close_ticket(act.ticket, at=act.at, by=by, key=act.key)
    closing = closing_of(Ticket.objects.get(pk=act.ticket.pk))
    if closing is None:
        raise NotTaken("INVALID_ACTION", "Complaint is not resolved")
    value = "bad" if rating < 3 else "so-so" if rating == 3 else "good"
    rate_closing(closing, by, value, act.words, at=act.at)
    service = {**act.complaint.service, "rating": rating}
    DigitComplaint.objects.filter(pk=act.complaint.pk).update(service=service)


_BY_AGENTS: Mapping[str, Callable[[Act, Any], None]] = {
    "ASSIGN": _assign,
    "REASSIGN": _assign,
    "RESOLVE": _resolve,
    "REJECT": _reject,
    "REOPEN": _reopen_by_agent,
    "COMMENT": _note,
}
_BY_PEOPLE: Mapping[str, Callable[[Act, Any], None]] = {
    "COMMENT": _write,
    "REOPEN": _write,
    "RATE": _rate,
}

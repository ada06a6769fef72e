"""A complaint that comes by a door, made a case: once, however often and by how many it is sent."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.channels.contract import Incoming
from deskbook.channels.digit.asked import (
    LONGEST_DETAIL,
    NotTaken,
    Service,
    ServiceRequest,
    details_of,
    read_request,
)
from deskbook.channels.digit.mapping import in_the_book
from deskbook.channels.digit.models import DigitComplaint, DigitDoor
from deskbook.channels.digit.people import complainant
from deskbook.channels.way_in import take_in
from deskbook.people.books import desk_in_force, usual_language
from deskbook.people.turns import take_turns
from deskbook.tickets.messages import LONGEST_TEXT, Written

MOST_UNSORTED = 100
MOST_BESIDE = 10_000
"""Characters of what stands below what was written."""
LATE = timedelta(minutes=10)
"""What was written down longer before it came says when."""
OTHER = "otherComplaintDescription"
SUPERVISOR = ("supervisorName", "supervisorContactNumber", "supervisorMobileNumber")


@transaction.atomic
def take_complaint(
    door: DigitDoor, said: dict[str, Any], body: bytes, *, at: datetime
) -> DigitComplaint:
    """Opens a case for a _create and returns the complaint; known by its mark, the one there is.

    Raises NotTaken, or Refused by the book; then nothing is kept.
    """
    asked = read_request(said)
    service = asked.service
    _of_the_tenant(door, service)
    mark = service.client_reference_id or sha256(body).hexdigest()
    take_turns(f"digit {door.pk} {mark}")
    rows = door.complaints.select_related("ticket__desk", "goes_on__desk")
    known = rows.filter(mark=mark).first()
    if known:
        return known
    ticket = take_in(_incoming(door, asked, mark, at)).ticket
    _note_unsorted(door, service.service_code)
    return DigitComplaint.objects.create(
        door=door,
        ticket=ticket,
        mark=mark,
        request_id=str(ticket),
        service_code=service.service_code,
        locality=service.locality.code,
        created_by=asked.request_info.user.uuid[:64] or service.complainant.uuid[:64],
        service=said["service"],
    )


def _of_the_tenant(door: DigitDoor, service: Service) -> None:
    """A tenant's city is within it: "od.jatni" is of "od"."""
    if service.tenant_id != door.tenant and not service.tenant_id.startswith(f"{door.tenant}."):
        raise NotTaken("INVALID_TENANT_ID", f"This door is of the tenant {door.tenant}.")


def _incoming(door: DigitDoor, asked: ServiceRequest, mark: str, at: datetime) -> Incoming:
    service, desk = asked.service, desk_in_force(door.desk)
    found = {
        **door.places.get(service.locality.code, {}),
        **door.services.get(service.service_code, {}),
    }
    sorting = in_the_book(desk, found)
    severity, team = sorting.pop("severity", None), sorting.pop("team", None)
    return Incoming(
        complainant(door, service.complainant, asked.request_info.language),
        door.channel,
        Written(_text(door, asked, at)),
        at,
        f"digit:{door.pk}:{sha256(mark.encode()).hexdigest()}"[:64],
        subject=_subject(service),
        facets=sorting,
        severity=severity,
        team=team,
    )


def _subject(service: Service) -> str:
    said = details_of(service).get(OTHER, "") or service.description or service.service_code
    return said.strip().partition("\n")[0][:200]


def _text(door: DigitDoor, asked: ServiceRequest, at: datetime) -> str:
    """What was written, and below it what else the app was told, in the desk's language."""
    with translation.override(usual_language(door.desk)):
        beside = "\n".join(_beside(door, asked, at))
        cut = _("Something is left out here: it was too long. DIGIT has it whole.")
    description = asked.service.description or asked.service.service_code
    beside = _cut(beside, MOST_BESIDE, cut)
    return f"{_cut(description, LONGEST_TEXT - len(beside) - 2, cut)}\n\n{beside}"


def _cut(text: str, most: int, said: str) -> str:
    """Where the text is longer, a line says that something is missing."""
    return text if len(text) <= most else f"{text[: most - len(said) - 1]}\n{said}"


def _beside(door: DigitDoor, asked: ServiceRequest, at: datetime) -> Iterator[str]:
    service = asked.service
    yield _("Complaint: {code}").format(code=service.service_code)
    where = service.locality
    if where.code:
        yield _("Place: {name}").format(name=f"{where.name} ({where.code})".strip())
    spot = service.address.geo_location
    if spot and spot.latitude is not None and spot.longitude is not None:
        yield f"geo:{spot.latitude},{spot.longitude}"
    details = details_of(service)
    supervisor = ", ".join(details[key] for key in SUPERVISOR if details.get(key))
    if supervisor:
        yield _("Supervisor: {who}").format(who=supervisor)
    for key, value in details.items():
        if key not in SUPERVISOR:
            yield f"{key}: {value}".removeprefix(": ")[:LONGEST_DETAIL]
    yield from _written_down(door, service, at)
    documents = (*service.documents, *asked.workflow.verification_documents)
    if kept := ", ".join(one.file_store_id for one in documents if one.file_store_id):
        yield _("Files in DIGIT: {ids}").format(ids=kept)


def _written_down(door: DigitDoor, service: Service, at: datetime) -> Iterator[str]:
    try:
        written_at = datetime.fromtimestamp((service.written_ms or 0) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return
    if service.written_ms and written_at < at - LATE:
        there = written_at.astimezone(ZoneInfo(desk_in_force(door.desk).zone))
        yield _("Written down: {when}").format(when=f"{there:%Y-%m-%d %H:%M}")


def _note_unsorted(door: DigitDoor, code: str) -> None:
    """An owner reads on the door's page what came and stands for nothing."""
    if code in door.services or code in door.unsorted:
        return
    row = DigitDoor.objects.select_for_update(no_key=True).get(pk=door.pk)
    if code not in row.unsorted:
        row.unsorted = [*row.unsorted, code][-MOST_UNSORTED:]
        row.save(update_fields=["unsorted"])

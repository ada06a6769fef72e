"""Complaints of a door as an app asks for them: by number, place, code, person, state and day."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict

from deskbook.channels.digit.asked import NotTaken, RequestInfo
from deskbook.channels.digit.models import DigitComplaint, DigitDoor
from deskbook.channels.digit.people import agent_there, known_by, number_there
from deskbook.channels.digit.statuses import standing, statuses_of
from deskbook.people.contacts import contact_by
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.tickets.going_on import goes_on_as_all

USUAL, MOST = 100, 200
"""Complaints in one answer, as DIGIT has it."""
_SORTED: Mapping[str, str] = {
    "locality": "locality",
    "applicationStatus": "stage",
    "serviceRequestId": "request_id",
    "createdTime": "ticket__opened_at",
    "lastModifiedTime": "last_activity_at",
}
_CASES = ("ticket__desk", "goes_on__desk")


def found(
    door: DigitDoor, info: RequestInfo, asked: QueryDict, *, at: datetime
) -> QuerySet[DigitComplaint]:
    """Returns the complaints that meet the criteria of an address, the newest first or as it says.

    A citizen is shown their own alone. Raises NotTaken.
    """
    tenant = asked.get("tenantId", "")
    if not tenant:
        raise NotTaken("INVALID_SEARCH", "TenantId is mandatory search param")
    rows = door.complaints.filter(_by_tenant(door, tenant), _by_code(asked))
    rows = rows.filter(_by_person(door, info, asked), _by_owner(door, asked, at), _by_day(asked))
    if statuses := _several(asked, "applicationStatus"):
        rows = rows.filter(_standing_as(door, rows, statuses))
    rows = rows.annotate(**{name: _of_its_case(name) for name in ("stage", "last_activity_at")})
    return rows.select_related(*_CASES, "door__desk").order_by(*_order(asked))


def page(rows: QuerySet[DigitComplaint], asked: QueryDict) -> list[DigitComplaint]:
    """Returns those of one answer."""
    start, size = _number(asked, "offset") or 0, _number(asked, "limit") or USUAL
    return list(rows[start : start + min(size, MOST)])


def _by_tenant(door: DigitDoor, tenant: str) -> Q:
    """A tenant has those of its cities too, and nobody sees those of another."""
    if f"{door.tenant}.".startswith(f"{tenant}."):
        return Q()
    is_within = tenant.startswith(f"{door.tenant}.")
    return Q(service__tenantId=tenant) if is_within else Q(pk__in=())


def _by_code(asked: QueryDict) -> Q:
    wanted = Q()
    for name, column in (("serviceCode", "service_code"), ("locality", "locality")):
        if values := _several(asked, name):
            wanted &= Q(**{f"{column}__in": values})
    if ids := _several(asked, "ids"):
        wanted &= Q(uuid__in=[one for one in ids if _is_uuid(one)])
    if number := asked.get("serviceRequestId", ""):
        wanted &= Q(request_id=number)
    if mark := asked.get("clientReferenceId", ""):
        wanted &= Q(mark=mark)
    return wanted


def _by_person(door: DigitDoor, info: RequestInfo, asked: QueryDict) -> Q:
    wanted = Q()
    if info.user.type.upper() == "CITIZEN":
        wanted &= _of(known_by(door, info.user))
    if mobile := asked.get("mobileNumber", ""):
        wanted &= _of(contact_by(door.desk, "phone", number_there(door, mobile)))
    if creators := _several(asked, "createdBy"):
        wanted &= Q(created_by__in=creators)
    return wanted


def _of(person: Contact | None) -> Q:
    return Q(ticket__requester__in=same_person(person)) if person else Q(pk__in=())


def _by_owner(door: DigitDoor, asked: QueryDict, at: datetime) -> Q:
    """“My complaints” of DIGIT's inbox asks so."""
    assignee = asked.get("assignee", "")
    owner = agent_there(door, assignee, at=at)
    return Q() if not assignee else _by_its_case(owner=owner) if owner else Q(pk__in=())


def _by_its_case(**wanted: Any) -> Q:
    """Of the case by which a complaint stands: the one that followed, else its own."""
    followed = Q(**{f"goes_on__{name}": value for name, value in wanted.items()})
    return followed | Q(goes_on=None, **{f"ticket__{name}": v for name, v in wanted.items()})


def _of_its_case(name: str) -> Coalesce:
    return Coalesce(F(f"goes_on__{name}"), F(f"ticket__{name}"))


def _by_day(asked: QueryDict) -> Q:
    wanted = Q()
    for name, how in (("fromDate", "gte"), ("toDate", "lte")):
        if (ms := _number(asked, name)) is not None:
            try:
                when = datetime.fromtimestamp(ms / 1000, UTC)
            except (ValueError, OverflowError, OSError):
                raise NotTaken("INVALID_SEARCH", f"{name}: no instant in milliseconds") from None
            wanted &= Q(**{f"ticket__opened_at__{how}": when})
    return wanted


def _standing_as(door: DigitDoor, rows: QuerySet[DigitComplaint], statuses: list[str]) -> Q:
    """One that was merged stands as the case it goes on as."""
    alike = standing(door).filter(status__in=statuses).exclude(outcome="merged")
    merged = rows.filter(_by_its_case(outcome="merged")).select_related(*_CASES).defer("service")
    kept = goes_on_as_all(row.case for row in merged)
    stand = statuses_of(door, kept.values())
    those = [row.pk for row in merged if stand.get(kept[row.case.pk].pk) in statuses]
    return _by_its_case(pk__in=alike) | Q(pk__in=those)


def _order(asked: QueryDict) -> tuple[str, str]:
    column = _SORTED.get(asked.get("sortBy", ""), "ticket__opened_at")
    sign = "" if asked.get("sortOrder", "DESC").upper() == "ASC" else "-"
    return f"{sign}{column}", f"{sign}pk"


def _several(asked: QueryDict, name: str) -> list[str]:
    """A set comes as the same name again and again, or with commas."""
    values = ",".join(asked.getlist(name)).strip("[]").split(",")
    return [value.strip() for value in values if value.strip()]


def _number(asked: QueryDict, name: str) -> int | None:
    typed = asked.get(name, "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > 15:
        raise NotTaken("INVALID_SEARCH", f"{name}: a whole number is needed")
    return int(typed)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

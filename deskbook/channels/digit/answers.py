"""What DIGIT's apps are answered, in the shapes of its contract."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from deskbook.channels.digit.asked import NotTaken, RequestInfo
from deskbook.channels.digit.models import DigitComplaint, DigitDoor
from deskbook.channels.digit.statuses import statuses_of
from deskbook.tickets.going_on import goes_on_as_all
from deskbook.tickets.models import Ticket

Answer = dict[str, Any]


def response_info(info: RequestInfo, *, at: datetime, status: str = "successful") -> Answer:
    """Returns what every answer begins with."""
    return {
        "apiId": info.api_id,
        "ver": info.ver,
        "ts": _ms(at),
        "resMsgId": "",
        "msgId": info.msg_id,
        "status": status,
    }


def complaints_told(
    door: DigitDoor, info: RequestInfo, complaints: Sequence[DigitComplaint], *, at: datetime
) -> Answer:
    """Returns these complaints, each with how it stands now."""
    kept = goes_on_as_all(row.case for row in complaints)
    stand = statuses_of(door, kept.values())
    users = {agent: user for user, agent in door.people.items()}
    return {
        "responseInfo": response_info(info, at=at),
        "ServiceWrappers": [
            _wrapped(row, kept[row.case.pk], stand[kept[row.case.pk].pk], users)
            for row in complaints
        ],
        "complaintsResolved": 0,
        "averageResolutionTime": 0,
        "complaintTypes": 0,
    }


def errors_told(refusal: NotTaken) -> Answer:
    """Returns what is wrong, as DIGIT's services say it."""
    error = {"code": refusal.code, "message": refusal.message, "description": None, "params": None}
    return {"ResponseInfo": None, "Errors": [error]}


def _wrapped(row: DigitComplaint, kept: Ticket, status: str, users: dict[int, str]) -> Answer:
    came = row.service
    by = row.created_by or "deskbook"
    told = {
        "tenantId": row.door.tenant,
        "description": "",
        "source": "mobile",
        "address": {},
        **came,
        "active": True,
        "id": str(row.uuid),
        "serviceRequestId": row.request_id,
        "serviceCode": row.service_code,
        "accountId": came.get("accountId") or by,
        "applicationStatus": status,
        "auditDetails": {
            "createdBy": by,
            "lastModifiedBy": by,
            "createdTime": _ms(row.ticket.opened_at),
            "lastModifiedTime": _ms(kept.last_activity_at),
        },
    }
    owner = users.get(kept.owner_id or 0)
    assignes = [owner] if owner else []
    workflow = {"action": "", "assignes": assignes, "comments": "", "verificationDocuments": []}
    return {"service": told, "workflow": workflow}


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)

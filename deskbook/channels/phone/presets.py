"""Calls as Twilio and Exotel tell of them, in the fields of the standard event."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from deskbook.channels.phone.told import Malformed, Told, UnknownType, told_by

_STATUSES = {
    "queued": "ringing",
    "initiated": "ringing",
    "ringing": "ringing",
    "incoming_call": "ringing",
    "active": "ringing",
    "in-progress": "answered",
    "answered": "answered",
    "completed": "ended",
    "terminal": "ended",
    "busy": "missed",
    "failed": "missed",
    "no-answer": "missed",
    "canceled": "missed",
    "call-attempt": "missed",
    "client-hangup": "missed",
    "incomplete": "missed",
}
INDIA = ZoneInfo("Asia/Kolkata")
"""Exotel writes its times in it, without saying so."""


def read_twilio(form: Mapping[str, str], *, at: datetime) -> Told:
    """Returns what a status callback of Twilio says. Raises Malformed or UnknownType."""
    happened_at = at
    with suppress(ValueError, TypeError, OverflowError):
        happened_at = parsedate_to_datetime(form.get("Timestamp", "")).astimezone(UTC)
    recording = form.get("RecordingUrl", "")
    data = {
        "provider": "twilio",
        "call_id": form.get("CallSid", ""),
        "direction": form.get("Direction", ""),
        "from": form.get("From", ""),
        "to": form.get("To", ""),
        "agent_ext": form.get("agent_ext", ""),
        "recording_url": recording,
    }
    type_ = (
        "recording" if recording and "RecordingSid" in form else _type(form.get("CallStatus", ""))
    )
    return told_by(data, type_, happened_at, at=at)


def read_exotel(form: Mapping[str, str], *, at: datetime) -> Told:
    """Returns what Exotel says by notification, status callback or Passthru applet. Raises
    Malformed, UnknownType.
    """
    recording = _first(form, "RecordingUrl", "CallRecordings")
    started = _first(form, "StartTime", "Created", "timestamp")
    data = {
        "provider": "exotel",
        "call_id": _first(form, "CallSid", "call_sid"),
        "direction": _first(form, "Direction"),
        "from": _first(form, "FromNumber", "CallFrom", "From", "from"),
        "to": _first(form, "ToNumber", "VirtualNumber", "CallTo", "To", "to"),
        "agent_ext": _first(form, "user_id", "DialWhomNumber", "AgentNumber"),
        "recording_url": recording if recording.startswith("http") else "",
    }
    status = _first(
        form, "CallStatus", "Status", "DialCallStatus", "CallType", "event", "CallState"
    )
    return told_by(data, _type(status), _indian(started) or at, at=at)


def _type(status: str) -> str:
    known = _STATUSES.get(status.strip().lower())
    if known is None and not status:
        raise Malformed("CallStatus is missing: it says what happened to the call.")
    if known is None:
        raise UnknownType(
            f"“{status[:40]}” is no state of a call that is known here; it was left out."
        )
    return known


def _first(form: Mapping[str, str], *names: str) -> str:
    return next((str(form[name]) for name in names if form.get(name)), "")


def _indian(text: str) -> datetime | None:
    try:
        local = datetime.fromisoformat(text)
        return (local if local.tzinfo else local.replace(tzinfo=INDIA)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

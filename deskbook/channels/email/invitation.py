"""Calendar parts (RFC 5545, RFC 5546) in a few words, so that "accepted" is not an empty mail."""

from __future__ import annotations

import re

_UNFOLD = re.compile(r"\r?\n[ \t]")
# RFC 5545, 3.1. Each character has one place in it: a `;` begins a parameter or stands in quotes.
_LINE = re.compile(r"([A-Za-z-]+)((?:;[^:;\"]*(?:\"[^\"]*\"[^:;\"]*)*)*):(.*)")
_SHOWN = {
    "SUMMARY": "Subject",
    "DTSTART": "From",
    "DTEND": "Until",
    "LOCATION": "Place",
    "ORGANIZER": "Organiser",
}
_ANSWERS = {
    "ACCEPTED": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "accepted tentatively",
    "DELEGATED": "delegated",
}
_METHODS = {
    "REQUEST": "Invitation",
    "REPLY": "Answer to an invitation",
    "CANCEL": "Cancelled meeting",
    "COUNTER": "Other time proposed",
}
MAX_LINES = 500
MAX_CALENDAR = 200_000


def summary(calendar: str) -> str:
    """Some lines saying what the first event of a calendar part is and who answered it; times stand
    as the sender wrote them.
    """
    method, shown = "Calendar entry", []
    inside = False
    for line in _UNFOLD.sub("", calendar[:MAX_CALENDAR]).splitlines()[:MAX_LINES]:
        name, parameters, value = _parts(line)
        if name == "METHOD":
            method = _METHODS.get(value.strip().upper(), method)
        elif name in ("BEGIN", "END"):
            if name == "END" and value.strip().upper() == "VEVENT":
                break
            inside = name == "BEGIN" and value.strip().upper() == "VEVENT"
        elif inside:
            shown += _said(name, parameters, value)
    return "\n".join([f"[{method}]", *shown])


def _parts(line: str) -> tuple[str, str, str]:
    found = _LINE.match(line[:5_000])
    return (found[1].upper(), found[2], found[3]) if found else ("", "", "")


def _said(name: str, parameters: str, value: str) -> list[str]:
    text = value.replace("\\n", " ").replace("\\,", ",").replace("\\;", ";").strip()
    if name in _SHOWN and text:
        zone = re.search(r"TZID=\"?([^;:\"]+)", parameters)
        return [f"{_SHOWN[name]}: {_moment(text)}{f' ({zone[1]})' if zone else ''}"]
    answer = re.search(r"PARTSTAT=([A-Z-]+)", parameters.upper()) if name == "ATTENDEE" else None
    if answer and answer[1] in _ANSWERS:
        return [f"{re.sub('(?i)^mailto:', '', text)}: {_ANSWERS[answer[1]]}"]
    return []


def _moment(text: str) -> str:
    found = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?", text)
    if not found:
        return re.sub("(?i)^mailto:", "", text)
    date = f"{found[1]}-{found[2]}-{found[3]}"
    return f"{date} {found[4]}:{found[5]}{' UTC' if found[6] else ''}" if found[4] else date

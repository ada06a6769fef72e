"""Calendar parts (RFC 5545, RFC 5546) in a few words, so that "accepted" is not an empty mail."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

_UNFOLD = re.compile(r"\r?\n[ \t]")
# RFC 5545, 3.1. Each character has one place in it: a `;` begins a parameter or stands in quotes.
_LINE = re.compile(r"([A-Za-z-]+)((?:;[^:;\"]*(?:\"[^\"]*\"[^:;\"]*)*)*):(.*)")
_SHOWN = {
    "SUMMARY": "Subject",
    "DTSTART": "From",
    "DTEND": "Until",
    "LOCATION": "Place",
    "ORGANIZER": "Organiser",
    "DESCRIPTION": "About",
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


_SAID_IN: dict[str, Callable[[], str]] = {
    "[Invitation]": lambda: _("[Invitation]"),
    "[Answer to an invitation]": lambda: _("[Answer to an invitation]"),
    "[Cancelled meeting]": lambda: _("[Cancelled meeting]"),
    "[Other time proposed]": lambda: _("[Other time proposed]"),
    "[Calendar entry]": lambda: _("[Calendar entry]"),
    "Subject": lambda: pgettext("of a meeting", "Subject"),
    "From": lambda: pgettext("of a meeting", "From"),
    "Until": lambda: pgettext("of a meeting", "Until"),
    "Place": lambda: pgettext("of a meeting", "Place"),
    "Organiser": lambda: pgettext("of a meeting", "Organiser"),
    "About": lambda: pgettext("of a meeting", "About"),
    "accepted": lambda: pgettext("of a meeting", "accepted"),
    "declined": lambda: pgettext("of a meeting", "declined"),
    "accepted tentatively": lambda: pgettext("of a meeting", "accepted tentatively"),
    "delegated": lambda: pgettext("of a meeting", "delegated"),
}
_HEADS = frozenset(f"[{method}]" for method in ("Calendar entry", *_METHODS.values()))


def in_their_language(text: str) -> str:
    """Returns a text in which `summary` said something, with its words in its reader's language;
    any other text as it is.
    """
    if not any(head in text for head in _HEADS):
        return text
    said, inside = [], False
    for line in text.split("\n"):
        bare = line.strip()
        inside = bare in _HEADS or (inside and ": " in bare)
        said.append(_line_in_their_language(bare) if inside else line)
    return "\n".join(said)


def _line_in_their_language(line: str) -> str:
    if line in _HEADS:
        return _SAID_IN[line]()
    name, _colon, value = line.partition(": ")
    if name in _SHOWN.values():
        return f"{_SAID_IN[name]()}: {value}"
    who, _colon, answer = line.rpartition(": ")
    return f"{who}: {_SAID_IN[answer]()}" if answer in _ANSWERS.values() else line


def summary(calendar: str, beside: str = "") -> str:
    """Some lines saying what the first event of a calendar part is and who answered it; times stand
    as the sender wrote them. What it says of itself is left out where the words beside it say so
    already: programs write both. In English, which `in_their_language` reads again: who reads it,
    and in which language, is not known yet.
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
        elif inside and not (name == "DESCRIPTION" and _is_said(value, beside)):
            shown += _said(name, parameters, value)
    return "\n".join([f"[{method}]", *shown])


def _parts(line: str) -> tuple[str, str, str]:
    found = _LINE.match(line[:5_000])
    return (found[1].upper(), found[2], found[3]) if found else ("", "", "")


def _is_said(value: str, beside: str) -> bool:
    return set(_unescaped(value).split()) <= set(beside.split())


def _unescaped(value: str) -> str:
    """Returns a text of one line (RFC 5545, 3.3.11)."""
    return re.sub(r"\\(.)", lambda told: " " if told[1] in "nN" else told[1], value).strip()


def _said(name: str, parameters: str, value: str) -> list[str]:
    text = _unescaped(value)
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

"""A message of any kind as the words a ticket shows, and the files that belong to it."""

import json
import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from deskbook.channels.whatsapp.payload import Arrived, error_words

Json = Mapping[str, Any]
FILES = ("image", "document", "audio", "voice", "video", "sticker")
_SHOWN_OF_UNKNOWN = 1_500
_UNSAFE = re.compile('[\x00-\x1f\x7f\u200e\u200f\u2028-\u202e\u2066-\u2069<>:"/\\\\|?*]+')


@dataclass(frozen=True, slots=True)
class FileTold:
    """A file a message names; its bytes are fetched later."""

    media_id: str
    name: str
    content_type: str
    sha256: str


def words_of(message: Arrived) -> str:
    """Returns what the message says, for people; a kind nobody knows is named and shown as it
    came.
    """
    part = message.content.get(message.kind)
    told = _WORDS.get(message.kind)
    said = told(part if isinstance(part, dict) else {}, message.content) if told else ""
    if not said and message.kind not in FILES:
        return _unknown(message)
    return said


def file_of(message: Arrived) -> FileTold | None:
    """Returns the file a message brings, None if it brings none."""
    part = message.content.get(message.kind)
    if message.kind not in FILES or not isinstance(part, dict) or not _text(part, "id"):
        return None
    content_type = (
        _text(part, "mime_type").partition(";")[0].strip()[:255] or "application/octet-stream"
    )
    return FileTold(
        _text(part, "id")[:255],
        safe_name(_text(part, "filename"))
        or f"{message.kind}{mimetypes.guess_extension(content_type) or ''}",
        content_type,
        _text(part, "sha256")[:88],
    )


def safe_name(given: str) -> str:
    """Returns a file's name without folders, control and direction characters; empty when nothing
    is left.
    """
    name = _UNSAFE.sub("_", re.split(r"[/\\]", given.strip())[-1]).strip(" .")
    stem, dot, extension = name.rpartition(".")
    return f"{stem[:150]}{dot}{extension[:20]}" if stem else name[:150]


def _said(part: Json, whole: Json) -> str:
    return _text(part, "body") or _text(part, "text")


def _caption(part: Json, whole: Json) -> str:
    return _text(part, "caption")


def _location(part: Json, whole: Json) -> str:
    """As words and numbers: a link would send whoever reads it to somebody else's map."""
    named = ", ".join(word for word in (_text(part, "name"), _text(part, "address")) if word)
    where = f"{part.get('latitude')}, {part.get('longitude')}"
    return "\n".join(line for line in (_("Location: %(where)s") % {"where": where}, named) if line)


def _cards(part: Json, whole: Json) -> str:
    cards = whole.get("contacts")
    lines = (
        [_card(card) for card in cards if isinstance(card, dict)] if isinstance(cards, list) else []
    )
    return "\n".join([_("Contact card:"), *lines]) if lines else ""


def _card(card: Json) -> str:
    name = card.get("name")
    phones = card.get("phones")
    numbers = (
        [_text(phone, "phone") for phone in phones if isinstance(phone, dict)]
        if isinstance(phones, list)
        else []
    )
    return " ".join(
        [_text(name, "formatted_name") if isinstance(name, dict) else "", *numbers]
    ).strip()


def _interactive(part: Json, whole: Json) -> str:
    reply = part.get(_text(part, "type"))
    if not isinstance(reply, dict):
        return ""
    form = _text(reply, "response_json")
    words = [_text(reply, "title"), _text(reply, "description"), _text(reply, "body"), form]
    return "\n".join(word for word in words if word)


def _unsupported(part: Json, whole: Json) -> str:
    errors = whole.get("errors")
    words = (
        [error_words(error) for error in errors if isinstance(error, dict)]
        if isinstance(errors, list)
        else []
    )
    return _("A message of a kind we cannot show: %(what)s") % {
        "what": "; ".join(words) or _text(whole, "type")
    }


def _unknown(message: Arrived) -> str:
    part = message.content.get(message.kind, {})
    shown = json.dumps(part, ensure_ascii=False)[:_SHOWN_OF_UNKNOWN] if part else ""
    return _("A message of a kind we cannot show: %(what)s") % {
        "what": f"{message.kind} {shown}".strip()
    }


_WORDS: Mapping[str, Callable[[Json, Json], str]] = {
    "text": _said,
    **dict.fromkeys(FILES, _caption),
    "location": _location,
    "contacts": _cards,
    "button": _said,
    "interactive": _interactive,
    "system": _said,
    "unsupported": _unsupported,
    "unknown": _unsupported,
}


def _text(part: Json, name: str) -> str:
    found = part.get(name)
    return found.replace("\x00", "") if isinstance(found, str) else ""

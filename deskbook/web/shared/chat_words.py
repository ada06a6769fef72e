"""What talk.js says on both sides of a chat, in the reader's language."""

import re

from django.template.defaultfilters import filesizeformat
from django.utils.formats import get_format
from django.utils.translation import gettext as _


def words_of_both() -> dict[str, str]:
    """Returns the words that the visitor's and the operators' chats share."""
    return {
        "you": _("You"),
        "sending": _("Sending…"),
        "uploading": _("Sending “{name}”…"),
        "read": _("Read"),
        "again": _("Send again"),
        "typing": _("{who} is typing…"),
        "large": _("“{name}” is too large: a file may have {most} MB."),
        **words_of_sizes(),
    }


def words_of_sizes() -> dict[str, str]:
    """Returns how `filesizeformat` says sizes, with {n} for the amount."""
    amounts = {"byte": 1, "bytes": 5, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}
    said = {
        f"size_{name}": re.sub(r"\d+([.,]\d+)?", "{n}", filesizeformat(amount))
        for name, amount in amounts.items()
    }
    return {**said, "size_point": str(get_format("DECIMAL_SEPARATOR"))}

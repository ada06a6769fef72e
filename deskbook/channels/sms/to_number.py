"""Texts of no case: a code to sign in by, the token of a visitor."""

from collections.abc import Mapping
from datetime import datetime

from deskbook.channels.sms.gateway import gateway_of
from deskbook.channels.sms.writing import NewText, queue_text
from deskbook.people.models import HelpDesk


def is_there(helpdesk: HelpDesk) -> bool:
    """Whether the desk has a gateway."""
    return gateway_of(helpdesk) is not None


def say(
    helpdesk: HelpDesk,
    number: str,
    purpose: str,
    values: Mapping[str, str],
    *,
    language: str,
    key: str,
    at: datetime,
) -> None:
    """Queues the text, once for a key. Raises NoText."""
    queue_text(helpdesk, NewText(key, number, purpose, values, language), at=at)

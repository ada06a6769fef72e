"""What a person typed, and what was wrong with it: kept together so that nothing is lost."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.tickets.messages import LONGEST_TEXT

Values = Mapping[str, str]
Errors = Mapping[str, list[str]]


class NotUnderstood(Exception):
    """Something typed cannot be used. `errors` says, field by field, what and what to do."""

    def __init__(self, **errors: str) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = {name: [text] for name, text in errors.items()}


MOST_WORDS = 8


def words_of(typed_text: str) -> list[str]:
    """Returns the first words of what was typed into a search: a question of two thousand takes a
    database 18 s.
    """
    return typed_text[:200].split()[:MOST_WORDS]


ADDRESS = re.compile(r"(?<![^\s<>,;@])[^\s<>,;@]{1,254}@[^\s<>,;@.]+(?:\.[^\s<>,;@.]+)+")
"""A mail address among other words, from its first letter on: the end of a longer one is somebody
else's.
"""


@dataclass(frozen=True, slots=True)
class Typed:
    """One form as it came in and why it was not done. An empty one is a fresh form."""

    act: str = ""
    values: Values = field(default_factory=lambda: defaultdict(str))
    errors: Errors = field(default_factory=lambda: defaultdict(list))
    refusal: str = ""
    """The rule of the book, as a sentence, when it was the book that refused."""


def typed(
    request: HttpRequest, act: str, *, errors: Errors | None = None, refusal: str = ""
) -> Typed:
    """Returns what came in for `act`, to be shown again."""
    values = defaultdict(str, {name: str(value) for name, value in request.POST.items()})
    return Typed(act, values, defaultdict(list, errors or {}), refusal)


def client_key(request: HttpRequest, part: str = "") -> str | None:
    """Returns the key that makes a double submit one act. A person's keys are theirs alone."""
    given = request.POST.get("client_key", "")
    return f"{request.user.pk}:{given[:40]}{part}"[:64] if given else None


def refuse_too_long(text: str) -> None:
    """Raises NotUnderstood for a text longer than a requester may write either."""
    if len(text) > LONGEST_TEXT:
        said = _(
            "This has {count} characters; at most {most} fit. Shorten it, or attach it as a file."
        )
        raise NotUnderstood(text=said.format(count=len(text), most=LONGEST_TEXT))


def instant_typed(text: str, field_name: str) -> datetime:
    """Returns what a `datetime-local` field holds, in the viewer's zone; raises NotUnderstood."""
    try:
        local = datetime.fromisoformat(text)
        if local.tzinfo is None:
            local = local.replace(tzinfo=timezone.get_current_timezone())
        return local.astimezone(UTC)
    except (ValueError, OverflowError):  # the last day of the year 9999 has no UTC
        raise NotUnderstood(**{field_name: _("Give a date and a time.")}) from None

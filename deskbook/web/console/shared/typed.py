"""What a person typed, and what was wrong with it: kept together so that nothing is lost."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from deskbook.web.shared import fields
from deskbook.web.shared.fields import NotUnderstood

Values = Mapping[str, str]
Errors = Mapping[str, list[str]]


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


def refuse_too_long(text: str) -> None:
    """Raises NotUnderstood for a text longer than a requester may write either."""
    try:
        fields.refuse_too_long(text)
    except ValidationError as wrong:
        raise NotUnderstood(text=wrong.message) from None


def instant_typed(text: str, field_name: str) -> datetime:
    """Returns what a `datetime-local` field holds, in the viewer's zone; raises NotUnderstood."""
    try:
        return fields.instant_in(text)
    except (ValueError, OverflowError):
        raise NotUnderstood(**{field_name: fields.Instant.wrong}) from None

"""Whoever asked not to be texted is not."""

from collections.abc import Iterable
from datetime import datetime

from deskbook.people.models import HelpDesk
from deskbook.people.numbers import spellings
from deskbook.people.stopped_models import StoppedNumber


def record_wish(desk: HelpDesk, number: str, *, wants: bool, at: datetime) -> bool:
    """Keeps whether the people of a number want texts; returns whether it is about texts at all: a
    wish for them is, where they had been stopped.
    """
    stopped = StoppedNumber.objects.filter(desk=desk, number__in=spellings(number))
    if wants:
        return bool(stopped.delete()[0])
    if not stopped.exists():
        StoppedNumber.objects.get_or_create(desk=desk, number=number, defaults={"stopped_at": at})
    return True


def is_stopped(desk: HelpDesk, number: str) -> bool:
    """Whether nobody at this number (E.164) is to be texted."""
    return bool(stopped_among(desk, [number]))


def stopped_among(desk: HelpDesk, numbers: Iterable[str]) -> set[str]:
    """Returns those of these numbers at which nobody is to be texted."""
    lines = {form: number for number in numbers for form in spellings(number)}
    stopped = StoppedNumber.objects.filter(desk=desk, number__in=lines)
    return {lines[number] for number in stopped.values_list("number", flat=True)}

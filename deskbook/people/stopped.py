"""Whoever asked not to be texted is not."""

from collections.abc import Iterable
from datetime import datetime

from deskbook.people.models import HelpDesk
from deskbook.people.numbers import spellings
from deskbook.people.stopped_models import StoppedNumber


def start(desk: HelpDesk, number: str) -> bool:
    """Lets the people of a number be texted again; returns whether they had asked not to be."""
    return bool(StoppedNumber.objects.filter(desk=desk, number__in=spellings(number)).delete()[0])


def stop(desk: HelpDesk, number: str, word: str, *, at: datetime) -> bool:
    """Keeps that the people of a number asked not to be texted, by which word; returns whether that
    is new.
    """
    if StoppedNumber.objects.filter(desk=desk, number__in=spellings(number)).exists():
        return False
    asked = {"stopped_at": at, "word": word[:32]}
    return StoppedNumber.objects.get_or_create(desk=desk, number=number, defaults=asked)[1]


def is_stopped(desk: HelpDesk, number: str) -> bool:
    """Whether nobody at this number (E.164) is to be texted."""
    return bool(stopped_among(desk, [number]))


def stopped_among(desk: HelpDesk, numbers: Iterable[str]) -> set[str]:
    """Returns those of these numbers at which nobody is to be texted."""
    return set(stops_of(desk, numbers))


def stops_of(desk: HelpDesk, numbers: Iterable[str]) -> dict[str, StoppedNumber]:
    """Returns number → when and by which word its people asked not to be texted."""
    lines = {form: number for number in numbers for form in spellings(number)}
    stopped = StoppedNumber.objects.filter(desk=desk, number__in=lines) if lines else ()
    return {lines[row.number]: row for row in stopped}

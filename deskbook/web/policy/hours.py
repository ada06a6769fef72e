"""When a desk is open, and when it is not."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from deskbook.book.words import fold
from deskbook.engine.calendar import Calendar
from deskbook.web.policy.days import (
    Closing,
    closed_when,
    day_in_words,
    valid_between,
    weekly,
    windows_in_words,
)
from deskbook.web.policy.parts import Block, Entry, Heading, Points, Said, Section, entries, lines
from deskbook.web.policy.reader import Reader


def hours(reader: Reader) -> Section:
    """Returns the desk's calendars, and the days on which they are closed."""
    shown = [(fold(name), reader.desk.calendars[fold(name)]) for name in reader.book.hours]
    blocks = entries(_calendar(reader, key, calendar) for key, calendar in shown)
    return Section("hours", _("Hours"), (*blocks, *_closed(reader, dict(shown))))


def _calendar(reader: Reader, key: str, calendar: Calendar) -> Entry:
    said = lines(*weekly(calendar), zone_in_words(calendar), valid_between(calendar))
    return Entry(reader.hours_title(key), (*said, *_extra(calendar)), reader.opening(calendar))


def zone_in_words(calendar: Calendar) -> str:
    """Returns whose clocks the hours are told by."""
    return _("Time zone: {zone}").format(zone=calendar.zone)


def _extra(calendar: Calendar) -> Iterator[str]:
    for extra in calendar.extra:
        said = f"{day_in_words(extra.on)}, {windows_in_words(extra.windows)}"
        yield _("Open also: {day}").format(day=said)


def _closed(reader: Reader, calendars: dict[str, Calendar]) -> Iterator[Block]:
    """Yields the closed days, once for all calendars that share them."""
    together: dict[tuple[object, ...], list[str]] = {}
    for key, calendar in calendars.items():
        together.setdefault(calendar.closures, []).append(key)
    shared = [keys for keys in together.values() if calendars[keys[0]].closures]
    for keys in shared:
        yield Heading(_("Closed days"))
        if len(shared) > 1 or len(keys) < len(calendars):
            yield Said(", ".join(map(reader.hours_title, keys)))
        yield from _days(reader, calendars[keys[0]])


def _days(reader: Reader, calendar: Calendar) -> Iterator[Block]:
    """Yields the days, then who says so; a day of another source, or that nobody has confirmed,
    says that itself.
    """
    sources = [getattr(closing, "source", "") for closing in calendar.closures]
    usual = max(sources, key=sources.count, default="")
    yield Points(
        tuple(
            _closing(reader, closing, source if source != usual else "")
            for closing, source in zip(calendar.closures, sources, strict=True)
        ),
        short=True,
    )
    if usual:
        yield Said(_("Source: {source}").format(source=usual))


def _closing(reader: Reader, closing: Closing, source: str) -> str:
    said = f"{closed_when(closing)}: {reader.said(closing.name)}"
    doubted = [
        _("not yet confirmed") if not getattr(closing, "confirmed", True) else "",
        source,
    ]
    more = "; ".join(filter(None, doubted))
    return f"{said} ({more})" if more else said

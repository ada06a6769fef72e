"""Spans and instants in words, in the viewer's own zone and always with its name."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from html import escape

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deskbook.engine.wall_time import zone_named
from deskbook.people.moments import (
    is_far,
    spoken,
    spoken_minutes,
    unit_names,
    written_in,
    zone_name,
)


def words_for_script() -> Mapping[str, str]:
    """Returns what countdown.js needs to keep times alive in the viewer's language."""
    return _words_in(get_language() or "")


@cache
def _words_in(_language: str) -> Mapping[str, str]:
    return {
        **unit_names(),
        "in": _("in %(span)s"),
        "late": _("%(span)s late"),
        "ago": _("%(span)s ago"),
        "now": _("now"),
    }


def worked(span: timedelta) -> str:
    """Returns time somebody works in hours and minutes ("26 h 30 min"): a day of 24 hours is no
    day's work.
    """
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    names = unit_names()
    parts = [
        f"{hours} {names['h']}" if hours else "",
        f"{minutes} {names['min']}" if minutes or not hours else "",
    ]
    return " ".join(filter(None, parts))


def until(at: datetime, now: datetime) -> str:
    """Returns how far `at` lies ahead ("in 2 h") or behind ("2 h late")."""
    if abs(at - now) < timedelta(minutes=1):
        return _("now")
    words = _("in %(span)s") if at > now else _("%(span)s late")
    return words % {"span": spoken(at - now)}


def since(at: datetime, now: datetime) -> str:
    """Returns how long ago `at` was ("3 d 2 h ago"), "now" within the minute."""
    if now - at < timedelta(minutes=1):
        return _("now")
    return _("%(span)s ago") % {"span": spoken(now - at)}


def day(on: date) -> str:
    """Returns a day of a week at a glance ("Mon 2 Mar")."""
    return formatted(on, "D j M")


def clock_time(at: datetime) -> str:
    """Returns the time of day in the viewer's zone with the zone's name ("17:00 EST")."""
    local = timezone.localtime(at)
    return formatted(local, "H:i ") + zone_name(local)


def same_day(first: datetime, last: datetime) -> bool:
    """Whether two instants are of one day where the viewer is."""
    return timezone.localtime(first).date() == timezone.localtime(last).date()


def instant(at: datetime | None, style: str = "") -> SafeString | str:
    """Returns a `time` element. `style` is "" (the instant), "countdown", "ago" or "clock"; nothing
    for None.
    """
    if at is None:
        return ""
    zone, language = timezone.get_current_timezone_name(), get_language() or ""
    if style in _ALIVE:
        return _element(at, zone, language, f" data-{style}", _ALIVE[style](at, timezone.now()))
    if style == "clock":
        return _clock(at, zone, language)
    return _instant(at, zone, language, is_far(at, zone))


def instants() -> Callable[[datetime | None], SafeString | str]:
    """Returns what writes instants as `instant` does, with all that those of a page share asked for
    once.
    """
    zone, language = timezone.get_current_timezone_name(), get_language() or ""
    here = zone_named(zone)
    this_year = timezone.now().astimezone(here).year

    def written_here(at: datetime | None) -> SafeString | str:
        return (
            ""
            if at is None
            else _instant(at, zone, language, at.astimezone(here).year != this_year)
        )

    return written_here


def clock_times() -> Callable[[datetime], SafeString]:
    """Returns what writes instants as `instant(at, "clock")` does: beside a day that is named."""
    zone, language = timezone.get_current_timezone_name(), get_language() or ""
    return lambda at: _clock(at, zone, language)


@lru_cache(maxsize=8192)
def _clock(at: datetime, zone: str, language: str) -> SafeString:
    return _element(at, zone, language, "", clock_time(at))


def days() -> Callable[[datetime], str]:
    """Returns what names the day an instant is of where the viewer is ("Mon 2 Mar"), with its year
    where that is another.
    """
    here, language = timezone.get_current_timezone(), get_language() or ""
    this_year = timezone.now().astimezone(here).year

    def day_of(at: datetime) -> str:
        on = at.astimezone(here).date()
        return _day(on, language, on.year != this_year)

    return day_of


@lru_cache(maxsize=2048)
def _day(on: date, _language: str, far: bool) -> str:
    return formatted(on, "D j M Y") if far else day(on)


@lru_cache(maxsize=8192)
def _instant(at: datetime, zone: str, language: str, far: bool) -> SafeString:
    return _element(at, zone, language, "", written_in(at, zone, language, far))


def countdowns() -> Callable[[float], str]:
    """Returns what writes instants, in seconds since the epoch, as `instant(at, "countdown")` does,
    with all that a list's share asked for once.
    """
    zone, language = timezone.get_current_timezone_name(), get_language() or ""
    return _spans(
        _("in %(span)s"),
        _("%(span)s late"),
        lambda when, text: _counting_down(when, zone, language, text),
    )


def agos() -> Callable[[float], str]:
    """Returns what writes instants as `instant(at, "ago")` does, as `countdowns` does; without the
    instant in words, which fifty of would weigh more than what they stand beside.
    """
    return _spans(_("now"), _("%(span)s ago"), _gone_by)


def _spans(
    ahead: str, behind: str, element: Callable[[float, str], SafeString]
) -> Callable[[float], str]:
    now, words, language = timezone.now().timestamp(), _("now"), get_language() or ""

    def span(when: float) -> str:
        left = int(when - now)
        minutes = (left if left > 0 else -left) // 60
        word = words if not minutes else ahead if left > 0 else behind
        return element(when, word % {"span": spoken_minutes(minutes, language)})

    return span


@lru_cache(maxsize=8192)
def _counting_down(when: float, zone: str, language: str, text: str) -> SafeString:
    return _element(datetime.fromtimestamp(when, UTC), zone, language, " data-countdown", text)


@lru_cache(maxsize=8192)
def _gone_by(when: float, text: str) -> SafeString:
    at = datetime.fromtimestamp(when, UTC)
    return mark_safe(f'<time datetime="{at:%Y-%m-%dT%H:%M:%SZ}" data-ago>{escape(text)}</time>')


@lru_cache(maxsize=8192)
def _element(at: datetime, zone: str, language: str, live: str, text: str) -> SafeString:
    title = f"{written_in(at, zone, language, True)} ({at.astimezone(UTC):%Y-%m-%d %H:%M} UTC)"
    return mark_safe(
        f'<time datetime="{at.isoformat()}" title="{escape(title)}"{live}>{escape(text)}</time>'
    )


def by_instant(words: str, at: datetime | None) -> SafeString:
    """Puts an instant, with the name of its zone, into a sentence that has a place for it."""
    return format_html(words, when=with_zone(at)) if at else format_html("{}", words)


def with_zone(at: datetime) -> SafeString:
    """Returns "Mon 9 Mar, 17:00 EST (America/Toronto)" in the viewer's zone, as an element."""
    return format_html(
        '{} <span class="zone">({})</span>', instant(at), timezone.get_current_timezone_name()
    )


_ALIVE = {"countdown": until, "ago": since}
"""Times that countdown.js keeps true."""

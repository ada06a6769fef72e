"""Hours and closed days of a calendar in words: “Monday to Friday 08:00–20:00”."""

from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils.dateformat import format as formatted
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from deskbook.engine.calendar import Calendar
from deskbook.engine.windows import Closure, ClosureRule, Window, YearlyClosure

Closing = Closure | ClosureRule | YearlyClosure
_NTH = {
    1: gettext_lazy("the first {day} of each month"),
    2: gettext_lazy("the second {day} of each month"),
    3: gettext_lazy("the third {day} of each month"),
    4: gettext_lazy("the fourth {day} of each month"),
    5: gettext_lazy("the fifth {day} of each month"),
    -1: gettext_lazy("the last {day} of each month"),
}


def weekly(calendar: Calendar) -> tuple[str, ...]:
    """Returns the open hours of a week, days that are alike together."""
    runs = groupby(range(7), key=lambda day: calendar.weekly.get(day, ()))
    return tuple(
        f"{_days(list(run))} {windows_in_words(windows)}" for windows, run in runs if windows
    )


def _days(run: list[int]) -> str:
    first, last = str(WEEKDAYS[run[0]]), str(WEEKDAYS[run[-1]])
    if len(run) == 7:
        return _("Every day")
    return first if len(run) == 1 else _("{first} to {last}").format(first=first, last=last)


def windows_in_words(windows: tuple[Window, ...]) -> str:
    """Returns “12:00–13:00, 15:00–17:00”; what ends on the next day says so."""
    return ", ".join(map(_window, windows))


def _window(window: Window) -> str:
    said = "–".join(window.clocks)
    past_midnight = window.closes > timedelta(days=1)
    return _("{hours} (into the next day)").format(hours=said) if past_midnight else said


def day_in_words(on: date) -> str:
    """Returns “Fri 3 Apr 2026”."""
    return formatted(on, "D j M Y")


def closed_when(closing: Closing) -> str:
    """Returns the day, the days or the rule by which a calendar is closed."""
    match closing:
        case Closure():
            return _dated(closing)
        case ClosureRule():
            return _by_rule(closing)
        case YearlyClosure(from_day, until_day):
            first, last = (f"{day} {MONTHS[month]}" for month, day in (from_day, until_day))
            said = first if first == last else f"{first} – {last}"
            return _("{days}, every year").format(days=said)


def _dated(closing: Closure) -> str:
    first, end = closing.from_at, closing.until_at
    if _is_midnight(first) and _is_midnight(end):
        last = end - timedelta(days=1)
        return day_in_words(first) if first == last else _from_to(first, last)
    if first.date() == (end - timedelta.resolution).date():
        ends = "24:00" if _is_midnight(end) else f"{end:%H:%M}"
        return f"{day_in_words(first)}, {first:%H:%M}–{ends}"
    return f"{day_in_words(first)}, {first:%H:%M} – {day_in_words(end)}, {end:%H:%M}"


def _from_to(first: date, last: date) -> str:
    return f"{day_in_words(first)} – {day_in_words(last)}"


def _is_midnight(at: datetime) -> bool:
    return not (at.hour or at.minute or at.second or at.microsecond)


def _by_rule(rule: ClosureRule) -> str:
    day = WEEKDAYS[rule.weekday]
    words = _NTH.get(rule.nth)
    said = (
        str(words).format(day=day)
        if words
        else _("{day} number {nth} from the end of each month").format(day=day, nth=-rule.nth)
    )
    months = ", ".join(str(MONTHS[month]) for month in sorted(rule.months or ()))
    return f"{said} ({months})" if months else said


def valid_between(calendar: Calendar) -> str:
    """Returns between which days a calendar is valid at all; nothing where it always is."""
    first, last = (_edge(edge) for edge in (calendar.valid_from, calendar.valid_until))
    if first and last:
        return pgettext("dates", "From {first} until {last}").format(first=first, last=last)
    if first:
        return pgettext("dates", "From {first}").format(first=first)
    return pgettext("dates", "Until {last}").format(last=last) if last else ""


def _edge(edge: date | datetime | None) -> str:
    if isinstance(edge, datetime):
        return f"{day_in_words(edge)}, {edge:%H:%M}"
    return day_in_words(edge) if edge else ""

"""What a calendar is written with: windows, closures, closing rules, extra openings."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

DAY = timedelta(days=1)
_WINDOW = re.compile(r"(\d{1,2}):(\d{2}) *[-–] *(\d{1,2}):(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Window:
    """Open hours of one date, `[opens, closes)`, as wall time since that date's midnight.

    `closes` may exceed 24 h: the window runs past midnight and belongs to the date it starts on.
    Refuses an opening outside the date and a length of nothing or of more than 24 h.
    """

    opens: timedelta
    closes: timedelta

    def __post_init__(self) -> None:
        if not timedelta() <= self.opens < DAY:
            raise ValueError(f"a window opens between 00:00 and 23:59, not at {self.opens}")
        if not timedelta() < self.closes - self.opens <= DAY:
            raise ValueError(
                f"a window closes within 24 hours after it opens, not {self.closes - self.opens}"
            )

    @property
    def clocks(self) -> tuple[str, str]:
        """What a clock on the wall shows when it opens and closes; 24:00 is the end of its date."""
        return _clock(self.opens), _clock(self.closes)


def _clock(since_midnight: timedelta) -> str:
    seconds = int(since_midnight.total_seconds())
    if seconds > DAY.total_seconds():
        seconds -= int(DAY.total_seconds())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"


def parse_window(text: str) -> Window:
    """The window that `08:00-20:00`, `06:00-24:00` or `22:00-06:00` (past midnight) says.

    Raises ValueError with a sentence on anything else.
    """
    found = _WINDOW.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"'{text}' is not a window. Write it like 08:00-20:00 or 22:00-06:00.")
    hours = [int(found[1]), int(found[3])]
    minutes = [int(found[2]), int(found[4])]
    opens, closes = (
        timedelta(hours=hour, minutes=minute) for hour, minute in zip(hours, minutes, strict=True)
    )
    if max(minutes) > 59 or opens >= DAY or closes > DAY:
        raise ValueError(f"'{text}' has a time that no clock shows. The day runs 00:00 to 24:00.")
    if opens == closes:
        raise ValueError(f"'{text}' is empty. A whole day is written 00:00-24:00.")
    return Window(opens, closes if closes > opens else closes + DAY)


@dataclass(frozen=True, slots=True)
class Closure:
    """A time the desk is shut: naive wall times of the calendar's zone, half open.

    A whole day runs from its midnight to the next. `confirmed` is False for a date that a
    library proposed and no one has confirmed yet; it closes all the same.
    """

    from_at: datetime
    until_at: datetime
    name: str = ""
    source: str = ""
    confirmed: bool = True

    def __post_init__(self) -> None:
        if self.from_at.tzinfo or self.until_at.tzinfo:
            raise ValueError("a closure is written in wall time, without an offset")
        if self.until_at <= self.from_at:
            raise ValueError(
                f"closure {self.name or 'without a name'} ends at {self.until_at}, not after its"
                f" start {self.from_at}"
            )


@dataclass(frozen=True, slots=True)
class ClosureRule:
    """The nth weekday of each month is closed: second Saturday is (5, 2), last Friday (4, -1).

    `weekday` counts from 0 (Monday); `nth` is 1 to 5, or -1 to -5 from the month's end;
    `months` limits it to some months (1 to 12).
    """

    weekday: int
    nth: int
    name: str = ""
    months: frozenset[int] | None = None

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise ValueError(f"a weekday is 0 (Monday) to 6 (Sunday), not {self.weekday}")
        if not 1 <= abs(self.nth) <= 5:
            raise ValueError(f"a month has a first to fifth or last weekday, not {self.nth}")
        if self.months is not None and not self.months <= frozenset(range(1, 13)):
            raise ValueError("months are 1 to 12")

    def closes(self, day: date) -> bool:
        """Whether `day` is the one the rule names."""
        if day.weekday() != self.weekday or (self.months and day.month not in self.months):
            return False
        if self.nth > 0:
            return (day.day + 6) // 7 == self.nth
        next_month = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
        return ((next_month - day).days + 6) // 7 == -self.nth


@dataclass(frozen=True, slots=True)
class YearlyClosure:
    """Closed every year from one (month, day) to another, both included; may wrap the new year."""

    from_day: tuple[int, int]
    until_day: tuple[int, int]
    name: str = ""

    def __post_init__(self) -> None:
        for month, day in (self.from_day, self.until_day):
            date(2024, month, day)  # a leap year, so that 29 February may be named

    def closes(self, day: date) -> bool:
        """Whether `day` lies in the closure of its year."""
        here = (day.month, day.day)
        if self.from_day <= self.until_day:
            return self.from_day <= here <= self.until_day
        return here >= self.from_day or here <= self.until_day


@dataclass(frozen=True, slots=True)
class ExtraOpening:
    """Windows worked on one date besides its weekly ones; they beat a closure."""

    on: date
    windows: tuple[Window, ...]
    name: str = ""

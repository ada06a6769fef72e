"""Between the wall clock of a zone and the line of instants, in whole microseconds since 1970."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WALL_EPOCH = EPOCH.replace(tzinfo=None)
MICRO = timedelta(microseconds=1)
SECOND = 1_000_000
DAY = 86_400 * SECOND


def micros_of(at: datetime) -> int:
    """Microseconds since 1970 of an aware instant. Refuses a naive one, which names no instant."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no offset, so it is no instant")
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def instant_of(micros: int) -> datetime:
    """The aware UTC instant of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo:
    """The IANA zone. Raises ValueError with a sentence when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"'{name}' is no time zone. Write an IANA name such as America/Toronto."
        ) from None


def wall_of(zone: ZoneInfo, micros: int) -> datetime:
    """What a wall clock in the zone shows, with its fold, without its offset."""
    return instant_of(micros).astimezone(zone).replace(tzinfo=None)


def resolve(zone: ZoneInfo, wall: datetime, *, second: bool) -> int:
    """The instant, in microseconds since 1970, at which the zone's clocks show `wall`.

    A time shown twice: the second if `second`, else the first. A time never shown moves to the
    first instant after it that is (semantics §1.5).
    """
    shown = (wall - WALL_EPOCH) // MICRO
    first = _offset(zone, wall.replace(fold=0) if wall.fold else wall)
    last = _offset(zone, wall.replace(fold=1))
    if first < last:
        return _change_between(zone, shown - last, shown - first)
    return shown - (last if second else first)


def _offset(zone: ZoneInfo, wall: datetime) -> int:
    offset = zone.utcoffset(wall)  # as of `wall` in that zone, without making one that says so
    assert offset is not None  # a ZoneInfo always has one
    return (offset.days * 86_400 + offset.seconds) * SECOND + offset.microseconds


def _change_between(zone: ZoneInfo, before: int, after: int) -> int:
    """The instant of the clock change that lies in (before, after], by halving whole seconds."""
    low, high = before // SECOND, -(-after // SECOND)
    old = _offset_at(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_at(zone, middle) == old:
            low = middle
        else:
            high = middle
    return high * SECOND


def _offset_at(zone: ZoneInfo, seconds: int) -> timedelta | None:
    return instant_of(seconds * SECOND).astimezone(zone).utcoffset()

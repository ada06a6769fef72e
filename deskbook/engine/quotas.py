"""What a plan includes: how many cases and how much work in a month, and by which channels."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from deskbook.engine.desk import Desk, Plan
from deskbook.engine.plan_parts import Period, Quota
from deskbook.engine.routing import matches
from deskbook.engine.ticket_parts import LoggedTime
from deskbook.engine.wall_time import instant_of, resolve, zone_named
from deskbook.refusals.refusal import Refusal, Word

PERIODS: Mapping[Period, Word] = {
    "week": Word("a week"),
    "month": Word("a month"),
    "quarter": Word("a quarter"),
    "year": Word("a year"),
}


class Before(NamedTuple):
    """A case the same organisation opened before."""

    opened_at: datetime | None
    """None: it was merged into another, which counts, and its work as well."""
    facets: Mapping[str, str]
    logged: Sequence[LoggedTime] = ()
    is_open: bool = False


class Used(NamedTuple):
    """How much of a quota is used in the period that runs."""

    quota: Quota
    used: int
    """Cases; minutes where the quota is of time."""
    again_at: datetime | None
    """When the next period begins; None where it counts open cases."""


def used_of(desk: Desk, plan: Plan, before: Sequence[Before], *, at: datetime) -> list[Used]:
    """Returns what is used of each quota of a plan, in the book's order."""
    return used_of_each(desk, plan.quotas, before, at=at)


def used_of_each(
    desk: Desk, quotas: Sequence[Quota], before: Sequence[Before], *, at: datetime
) -> list[Used]:
    """Returns what is used of some quotas, by cases of a plan's customer or of a person."""
    found = []
    for quota in quotas:
        fitting = [one for one in before if matches(quota.when, one.facets)]
        if quota.at_a_time:
            found.append(Used(quota, sum(one.is_open for one in fitting), None))
            continue
        from_at, again_at = period_at(quota.each, desk.zone, at=at)
        instants = (_logged if quota.timed else _opened)(fitting)
        used = sum(much for at, much in instants if from_at <= at < again_at)
        found.append(Used(quota, used, again_at))
    return found


def _opened(cases: Sequence[Before]) -> Iterator[tuple[datetime, int]]:
    yield from ((one.opened_at, 1) for one in cases if one.opened_at)


def _logged(cases: Sequence[Before]) -> Iterator[tuple[datetime, int]]:
    yield from ((time.at, time.minutes) for one in cases for time in one.logged)


def counts_time(desk: Desk) -> bool:
    """Returns whether any plan includes so much work, and time is logged therefore."""
    return any(quota.timed for plan in desk.plans.values() for quota in plan.quotas)


def period_at(each: Period, zone: str, *, at: datetime) -> tuple[datetime, datetime]:
    """Returns when the period began that holds an instant, and when the next begins."""
    day = at.astimezone(zone_named(zone)).date()
    if each == "week":
        first = day - timedelta(days=day.weekday())
        return midnight(first, zone), midnight(first + timedelta(days=7), zone)
    length = {"month": 1, "quarter": 3, "year": 12}[each]
    month = (day.month - 1) // length * length + length
    following = date(day.year + month // 12, month % 12 + 1, 1)
    return midnight(day.replace(month=month - length + 1, day=1), zone), midnight(following, zone)


def longest_period(quotas: Sequence[Quota], zone: str, *, at: datetime) -> datetime:
    """Returns from when the cases are counted that any of some quotas asks about."""
    of_periods = (one for one in quotas if not one.at_a_time)
    return min((period_at(one.each, zone, at=at)[0] for one in of_periods), default=at)


def refused_to_person(
    desk: Desk, facets: Mapping[str, str], before: Sequence[Before], *, at: datetime
) -> Refusal | None:
    """Returns why one more case of a person is not taken, or None; `before` are their own."""
    return _refused_to_person(desk, _over(desk, desk.limits, facets, before, at))


def refused_whatever_it_is(desk: Desk, used: Iterable[Used]) -> Refusal | None:
    """Returns why a person opens no case of any sort now, or None; `used` is theirs."""
    full = (one for one in used if not one.quota.when and one.used >= one.quota.most)
    return _refused_to_person(desk, full)


def _refused_to_person(desk: Desk, over: Iterable[Used]) -> Refusal | None:
    refused = _first_refused(over)
    if refused is None:
        return None
    facts = _facts(desk, refused)
    if refused.again_at is None:
        return Refusal("person quota: open", **facts)
    if facts["sort"]:
        return Refusal("person quota: sort", **facts)
    return Refusal("person quota", **facts)


def _first_refused(over: Iterable[Used]) -> Used | None:
    return next((one for one in over if one.quota.beyond == "refused"), None)


def _facts(desk: Desk, over: Used) -> dict[str, object]:
    """What is told of a quota that is used up, whoever has it."""
    quota, again_at = over.quota, over.again_at
    return {
        "most": in_hours(quota.most) if quota.timed else quota.most,
        "period": PERIODS[quota.each],
        "sort": sort_in_words(desk, quota),
        "again": again_at.astimezone(zone_named(desk.zone)).date() if again_at else None,
        "line": quota.line or None,
    }


def of_plan_and_of_person(desk: Desk, lines: Iterable[int]) -> tuple[list[int], list[int]]:
    """Returns which lines of the book, beyond which a case was taken, are of a plan, and which say
    what one person may open.
    """
    of_person = {one.line for one in desk.limits}
    found = list(lines)
    return [n for n in found if n not in of_person], [n for n in found if n in of_person]


def lines_beyond_of_person(
    desk: Desk, facets: Mapping[str, str], before: Sequence[Before], *, at: datetime
) -> tuple[int, ...]:
    """Returns the lines of the book beyond which a case of a person is taken."""
    return tuple(one.quota.line for one in _over(desk, desk.limits, facets, before, at))


def refused_by_plan(
    desk: Desk, facets: Mapping[str, str], before: Sequence[Before], *, at: datetime
) -> Refusal | None:
    """Returns why a case is not in the plan of who opens it, or None. Facets are all that is said
    of it, its plan, severity and channel too.
    """
    plan = desk.plans.get(facets.get("plan", ""))
    if plan is None:
        return None
    if plan.ways.others == "refused" and _by_another_way(plan, facets):
        has = [channel.title for key, channel in desk.channels.items() if key in plan.ways.channels]
        ways, line = tuple(has), plan.ways.line or None
        said = _title_of_channel(desk, facets["channel"])
        return Refusal("plan channel", channel=said, plan=plan.title, channels=ways, line=line)
    over = _first_refused(_over(desk, plan.quotas, facets, before, at))
    return _beyond_plan(desk, plan, over) if over else None


def lines_beyond(
    desk: Desk, facets: Mapping[str, str], before: Sequence[Before], *, at: datetime
) -> tuple[int, ...]:
    """Returns the lines of the book beyond which a case is taken."""
    plan = desk.plans.get(facets.get("plan", ""))
    if plan is None:
        return ()
    way = (plan.ways.line,) if _by_another_way(plan, facets) else ()
    return (*way, *(one.quota.line for one in _over(desk, plan.quotas, facets, before, at)))


def sort_in_words(desk: Desk, quota: Quota) -> str:
    """Returns which cases a quota counts, in the book's words; "" for all."""
    return ", ".join(
        " / ".join(title for key, title in _titles(desk, facet).items() if key in values)
        for facet, values in quota.when.items()
    )


def _over(
    desk: Desk,
    quotas: Sequence[Quota],
    facets: Mapping[str, str],
    before: Sequence[Before],
    at: datetime,
) -> Iterator[Used]:
    for used in used_of_each(desk, quotas, before, at=at):
        if used.used >= used.quota.most and matches(used.quota.when, facets):
            yield used


def _by_another_way(plan: Plan, facets: Mapping[str, str]) -> bool:
    return bool(plan.ways.channels) and facets.get("channel") not in plan.ways.channels


def _beyond_plan(desk: Desk, plan: Plan, over: Used) -> Refusal:
    facts = {"plan": plan.title, **_facts(desk, over)}
    if over.again_at is None:
        return Refusal("plan quota: open", **facts)
    if over.quota.timed:
        return Refusal("plan time", **facts)
    if facts["sort"]:
        return Refusal("plan quota: sort", **facts)
    return Refusal("plan quota", **facts)


def in_hours(minutes: int) -> str:
    """Returns "7:30" for seven and a half hours."""
    return f"{minutes // 60}:{minutes % 60:02}"


def _titles(desk: Desk, facet: str) -> Mapping[str, str]:
    if facet == "severity":
        return {key: one.title for key, one in desk.severities.items()}
    if facet == "channel":
        return {key: one.title for key, one in desk.channels.items()}
    return desk.facets[facet].values if facet in desk.facets else {}


def _title_of_channel(desk: Desk, channel: str) -> str:
    return desk.channels[channel].title if channel in desk.channels else channel


def midnight(day: date, zone: str) -> datetime:
    """Returns when a day begins in a zone."""
    wall = datetime.combine(day, time())
    return instant_of(resolve(zone_named(zone), wall, second=False)).astimezone(UTC)

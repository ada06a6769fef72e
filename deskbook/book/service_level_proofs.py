"""How many cases are in time, and what follows where not: what can be proved of it."""

from collections.abc import Iterator
from itertools import pairwise

from deskbook.book.boxes import meets
from deskbook.book.compile import Compiled
from deskbook.book.findings import Path
from deskbook.engine.amounts import DAY, Amount, BusinessDays, CalendarTime, OpenTime
from deskbook.engine.desk import Conditions, Desk, Target
from deskbook.engine.money import Money, Part
from deskbook.engine.service_level_parts import Compensation, Credit, Kept, ServiceLevel


def prove_service_levels(compiled: Compiled) -> None:
    """Each counts cases that are promised something, is there once, and what follows of it can
    follow.
    """
    desk, remarks = compiled.desk, compiled.remarks
    for number, level in enumerate(desk.service_levels):
        path: Path = ("service levels", number)
        if not _promised(desk, level):
            said = f"no target promises these cases a time to be in: {_which(level)}"
            remarks.error((*path, "of"), said, "level-no-target")
        for other, one in enumerate(desk.service_levels[:number]):
            if _alike(one, level):
                said = f"“{one.title}” counts the same cases: delete one"
                also: tuple[Path, ...] = (("service levels", other),)
                remarks.error(path, said, "same-level", also=also)
            elif graver := _looser(desk, level, one) or _looser(desk, one, level):
                said = f"graver cases are in time less often than milder ones: see {graver}"
                also = (("service levels", other),)
                remarks.warn((*path, "at least"), said, "level-slower", also=also)
        for said, code in _credits(desk, level):
            remarks.error((*path, "credits"), said, code)


def prove_compensation(compiled: Compiled) -> None:
    """Each is owed for a promise that can be missed, and its sums belong together."""
    for number, line in enumerate(compiled.desk.compensations):
        path: Path = ("compensation", number)
        if not any(_is_for(one, line.clock, line.when) for one in compiled.desk.targets):
            said = "no target promises these cases such a time: nothing is ever late"
            compiled.remarks.error((*path, "late"), said, "level-no-target")
        for said in _sums(line):
            compiled.remarks.error((*path, "at most"), said, "money-order")
        if line.most is None and line.each and _is_short(line.each):
            said = "paid for each time shorter than a day it never ends: say how much `at most`"
            compiled.remarks.error((*path, "each"), said, "money-endless")


def _which(level: ServiceLevel) -> str:
    aim = " with an aim, `5d to 10d`" if level.within == "aim" else ""
    return f"write a line with a limit{aim} that is not only recommended"


def _promised(desk: Desk, level: ServiceLevel) -> bool:
    when = {**level.when, "team": level.teams}
    fitting = [one for one in desk.targets if _is_for(one, level.clock, when)]
    return any(one.aim for one in fitting) if level.within == "aim" else bool(fitting)


def _is_for(target: Target, clock: Kept, when: Conditions) -> bool:
    """Whether a target may be missed by a case of some sort."""
    of_clock = "resolve" if clock == "team-resolve" else clock
    can_be = target.limit is not None and not target.unclocked and not target.recommended
    own = ("team" in target.when) or clock != "team-resolve"
    return target.clock == of_clock and can_be and own and meets(target.when, when)


def _alike(one: ServiceLevel, other: ServiceLevel) -> bool:
    return _what(one) == _what(other) and one.when == other.when


def _what(level: ServiceLevel) -> tuple[object, ...]:
    return level.clock, level.each, level.within, level.teams, level.by_organisation


def _looser(desk: Desk, graver: ServiceLevel, milder: ServiceLevel) -> str:
    """Returns the name of a line for graver cases that promises less than one for milder ones,
    all else alike; "" where it does not.
    """
    if _what(graver) != _what(milder) or graver.at_least >= milder.at_least:
        return ""
    order, sides = list(desk.severities), (dict(graver.when), dict(milder.when))
    first, second = (sorted(map(order.index, side.pop("severity", ()))) for side in sides)
    apart = first and second and first[-1] < second[0]
    return graver.title if apart and sides[0] == sides[1] else ""


def _credits(desk: Desk, level: ServiceLevel) -> Iterator[tuple[str, str]]:
    for credit in level.credits:
        if credit.below > level.at_least:
            said = "a credit below more than is promised would follow where nothing was missed"
            yield said, "credit-above"
    ordered = sorted(level.credits, key=lambda one: one.below, reverse=True)
    for milder, worse in pairwise(ordered):
        if worse.below == milder.below:
            yield f"two credits are for less than {worse.below}%: delete one", "credit-order"
        elif _gives_less(worse, milder):
            yield f"below {worse.below}% less follows than below {milder.below}%", "credit-order"
    parts = [one.gives.of for one in level.credits if isinstance(one.gives, Part)]
    if parts and any(plan.fee for plan in desk.plans.values()) and not level.by_organisation:
        said = "a part of a fee is each customer's own: write `for each: organisation`"
        yield said, "credit-of-whom"


def _gives_less(worse: Credit, milder: Credit) -> bool:
    one, other = worse.gives, milder.gives
    if isinstance(one, Part) and isinstance(other, Part):
        return one.of == other.of and one.percent < other.percent
    if isinstance(one, Money) and isinstance(other, Money):
        return one.currency == other.currency and one.amount < other.amount
    return False


def _is_short(each: Amount) -> bool:
    match each:
        case OpenTime(size) | CalendarTime(size):
            return size < DAY
        case BusinessDays(days):
            return days < 1
    return False


def _sums(line: Compensation) -> Iterator[str]:
    if line.most is None:
        return
    if line.most.currency != line.pays.currency:
        yield f"{line.pays} and {line.most} are of two currencies: write one"
    elif line.most.amount < line.pays.amount:
        yield f"{line.most} is less than {line.pays}, which is paid once"
    elif line.each is None:
        yield "it is paid once for a case: say for `each` of what time, or delete `at most`"

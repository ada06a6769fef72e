"""What plans include: what can be proved of it."""

from collections.abc import Sequence

from deskbook.book.compile import Compiled
from deskbook.book.findings import Path
from deskbook.book.words import fold
from deskbook.engine.desk import Plan
from deskbook.engine.plan_parts import Quota


def prove_limits(compiled: Compiled) -> None:
    """No limit of a plan is there twice, and none is of no effect beside a stricter one."""
    for name, plan in _by_name(compiled):
        _prove_quotas(compiled, plan.quotas, ("plans", name, "limits"))
    _prove_quotas(compiled, compiled.desk.limits, ("limits",))


def _prove_quotas(compiled: Compiled, quotas: Sequence[Quota], where: Path) -> None:
    for number, quota in enumerate(quotas):
        others = [(n, one) for n, one in enumerate(quotas) if n != number]
        twice = next((one for n, one in others if n < number and _alike(one, quota)), None)
        stricter = next((one for _, one in others if _is_stricter(one, quota)), None)
        path = _place(compiled, quota, where, number)
        if twice is not None:
            said = f"line {twice.line} limits the same: delete one"
            also = (_place(compiled, twice, where, quotas.index(twice)),)
            compiled.remarks.error(path, said, "same-limit", also=also)
        elif stricter is not None:
            said = f"so many never come: line {stricter.line} is stricter and refuses them before"
            also = (_place(compiled, stricter, where, quotas.index(stricter)),)
            compiled.remarks.warn(path, said, "limit-never", also=also)


def _place(compiled: Compiled, quota: Quota, where: Path, number: int) -> Path:
    """Returns where a limit stands; among those of a person there are lines of reminders too."""
    if where != ("limits",):
        return (*where, number)
    of_cases = [n for n, one in enumerate(compiled.book.limits) if one.of == "cases"]
    return (*where, of_cases[number])


def prove_ways(compiled: Compiled) -> None:
    """Each severity may be claimed by a channel of each plan."""
    for name, plan in _by_name(compiled):
        refuses = plan.ways.channels and plan.ways.others == "refused"
        for level in compiled.desk.severities.values() if refuses else ():
            if level.only_by and not level.only_by & plan.ways.channels:
                said = (
                    f"on this plan nobody can claim {level.title}, which is taken by"
                    f" {', '.join(sorted(level.only_by))} only"
                )
                compiled.remarks.warn(("plans", name, "channels"), said, "plan-channels")


def _by_name(compiled: Compiled) -> list[tuple[str, Plan]]:
    """Returns each plan and how it is written; of two that are one to the desk, which read last."""
    written = {fold(name): name for name in compiled.book.plans}
    return [(written[key], plan) for key, plan in compiled.desk.plans.items()]


def _alike(one: Quota, other: Quota) -> bool:
    return one.when == other.when and _counts(one) == _counts(other)


def _counts(quota: Quota) -> tuple[str, bool, bool]:
    return "" if quota.at_a_time else quota.each, quota.timed, quota.at_a_time


def _is_stricter(one: Quota, quota: Quota) -> bool:
    """Whether a line refuses cases before so many of a narrower sort have come in its period."""
    wider = all(facet in quota.when and quota.when[facet] <= one.when[facet] for facet in one.when)
    return (
        wider
        and _counts(one) == _counts(quota)
        and one.beyond == "refused"
        and (one.most < quota.most or (one.most == quota.most and one.when != quota.when))
    )

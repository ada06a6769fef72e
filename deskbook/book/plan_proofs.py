"""What plans include: what can be proved of it."""

from deskbook.book.compile import Compiled
from deskbook.book.findings import Path
from deskbook.book.words import fold
from deskbook.engine.desk import Plan
from deskbook.engine.plan_parts import Quota


def prove_limits(compiled: Compiled) -> None:
    """No limit of a plan is there twice, and none is of no effect beside a stricter one."""
    for name, plan in _by_name(compiled):
        for number, quota in enumerate(plan.quotas):
            path: Path = ("plans", name, "limits", number)
            others = [(n, one) for n, one in enumerate(plan.quotas) if n != number]
            twice = next((n for n, one in others if n < number and _alike(one, quota)), None)
            stricter = next((n for n, one in others if _is_stricter(one, quota)), None)
            if twice is not None:
                said = "a line above limits the same: delete one"
                also: tuple[Path, ...] = (("plans", name, "limits", twice),)
                compiled.remarks.error(path, said, "same-limit", also=also)
            elif stricter is not None:
                said = "so many never come: the stricter line refuses them before"
                also = (("plans", name, "limits", stricter),)
                compiled.remarks.warn(path, said, "limit-never", also=also)


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
    return (one.when, one.each, one.timed) == (other.when, other.each, other.timed)


def _is_stricter(one: Quota, quota: Quota) -> bool:
    """Whether a line refuses cases before so many of a narrower sort have come in its period."""
    wider = all(facet in quota.when and quota.when[facet] <= one.when[facet] for facet in one.when)
    return (
        wider
        and one.each == quota.each
        and one.timed == quota.timed
        and one.beyond == "refused"
        and (one.most < quota.most or (one.most == quota.most and one.when != quota.when))
    )

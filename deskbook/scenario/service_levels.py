"""Sentences of many cases together, and of what is owed for one that is late."""

from deskbook.engine.money import Money
from deskbook.engine.quotas import period_at
from deskbook.engine.service_level_parts import ServiceLevel
from deskbook.engine.service_levels import Counted, credit_of, outcome, owed, worked_out
from deskbook.scenario.named import titled
from deskbook.scenario.sentences import Instead, Said, Sentence
from deskbook.scenario.story import Story


def _level(story: Story, said: Said) -> ServiceLevel:
    known = {one.key: one.title for one in story.desk.service_levels}
    key = titled(said.words["name"], known, "service level")
    return next(one for one in story.desk.service_levels if one.key == key)


def _counted(story: Story, level: ServiceLevel, said: Said) -> Counted:
    """All cases of the scenario that opened in the period are of one organisation."""
    from_at, until_at = period_at(level.each, story.desk.zone, at=said.at)
    counted = Counted()
    for one in story.others or [story]:
        ticket = one.as_of(said.at).ticket
        if ticket and from_at <= ticket.opened_at < until_at:
            found = outcome(story.desk, level, ticket, at=said.at)
            counted = counted.plus(found) if found else counted
    return counted


def _stands(story: Story, said: Said) -> Instead:
    counted = _counted(story, _level(story, said), said)
    decided = counted.kept + counted.missed
    wanted = (int(said.words["kept"]), int(said.words["all"]))
    return None if (counted.kept, decided) == wanted else f"{counted.kept} of {decided} are in time"


def _gives(story: Story, said: Said) -> Instead:
    level = _level(story, said)
    credit = credit_of(level, _counted(story, level, said))
    plan = story.desk.plans.get(story.case.facets.get("plan", ""))
    found = str(worked_out(level, credit, plan.fee if plan else None)) if credit else "nothing"
    wanted = said.words["what"].strip()
    return None if found.casefold() == wanted.casefold() else f"it gives {found}"


def _owed(story: Story, said: Said) -> Instead:
    now = story.as_of(said.at).case
    found = owed(story.desk, now, at=said.at)
    if "name" in said.words:
        known = {one.key: one.title for one in story.desk.compensations}
        key = titled(said.words["name"], known, "compensation")
        found = [one for one in found if one.line.key == key]
    sums = ", ".join(_spoken(one.money) for one in found) or "nothing"
    wanted = " ".join(said.words["what"].split()).replace(",", "")
    return None if sums.casefold() == wanted.casefold() else f"{sums} is owed"


def _spoken(money: Money) -> str:
    """Commas part two sums: none stands in one."""
    return str(money).replace(",", "")


STEPS: tuple[Sentence[None], ...] = ()
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        r"(?:the )?service level (?P<name>.+) stands at (?P<kept>\d+) of (?P<all>\d+)",
        "So many were in time of those that are decided: of the scenario's cases, all of one"
        " organisation, that opened in the same period.",
        "service level Urgent answers stands at 2 of 3",
        _stands,
    ),
    Sentence(
        r"(?:the )?service level (?P<name>.+) gives (?P<what>.+)",
        "What follows as it stands: `nothing`, a sum, or the part the book says, worked out where"
        " the plan has a `fee`.",
        "service level Urgent answers gives 120 EUR",
        _gives,
    ),
    Sentence(
        r"(?P<what>nothing|\d[\d,.]* [A-Za-z]{3}) is owed(?: for (?P<name>.+))?",
        "What is owed for the case by then, by all lines of `compensation` or by one.",
        "750 INR is owed for Penalty of the officer",
        _owed,
    ),
)

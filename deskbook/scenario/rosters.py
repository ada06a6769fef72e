"""Sentences of rosters: who is on shift, who is on leave, where somebody is missing."""

from datetime import timedelta

from deskbook.book.words import fold
from deskbook.engine.rosters import Shift, gaps, on_duty
from deskbook.scenario.moments import written
from deskbook.scenario.named import team_named, titled
from deskbook.scenario.sentences import UNTIL, Instead, Said, Sentence
from deskbook.scenario.story import CannotBe, Story


def _on_shift(story: Story, said: Said) -> None:
    team = team_named(story.desk, said.words["team"])
    until_at = said.until()
    if until_at <= said.at:
        raise CannotBe("the shift ends before it begins")
    place = said.words.get("place")
    sites = dict(story.desk.facets["site"].values) if "site" in story.desk.facets else {}
    at_site = titled(place, sites, "site") if place else None
    story.shifts.append(Shift(fold(said.words["person"]), team, said.at, until_at, at_site))


def _on_leave(story: Story, said: Said) -> None:
    until_at = said.until()
    if until_at <= said.at:
        raise CannotBe("the leave ends before it begins")
    story.away(fold(said.words["person"]), said.at, until_at)


def _who_is_on(story: Story, said: Said) -> Instead:
    on = on_duty(story.shifts, team_named(story.desk, said.words["team"]), at=said.at)
    people = said.words["people"].replace(" and ", ", ")
    wanted = [] if fold(people) == "nobody" else [fold(person) for person in people.split(", ")]
    return None if sorted(on) == sorted(wanted) else f"on shift: {', '.join(on) or 'nobody'}"


def _gap(story: Story, said: Said) -> Instead:
    team = team_named(story.desk, said.words["team"])
    until_at = said.until()
    around = timedelta(days=1)
    found = gaps(story.desk, story.shifts, from_at=said.at - around, until_at=until_at + around)
    mine = [(gap.from_at, gap.until_at) for gap in found if gap.team == team]
    if (said.at, until_at) in mine:
        return None
    return (
        "; ".join(f"{written(a, said.zone)} to {written(b, said.zone)}" for a, b in mine)
        or "there is no gap"
    )


def _no_gap(story: Story, said: Said) -> Instead:
    team = team_named(story.desk, said.words["team"])
    until_at = said.until()
    found = [
        gap
        for gap in gaps(story.desk, story.shifts, from_at=said.at, until_at=until_at)
        if gap.team == team
    ]
    told = (
        f"{written(gap.from_at, said.zone)} to {written(gap.until_at, said.zone)}" for gap in found
    )
    return "; ".join(told) or None


STEPS: tuple[Sentence[None], ...] = (
    Sentence(
        r"(?P<person>\w+) is on shift for (?P<team>[^:]+?)(?: at (?P<place>[^:]+?))? until "
        + UNTIL,
        "A line of the roster, from this instant on. Asha is the agent of the other sentences.",
        "Asha is on shift for L2 until Mon 2023-08-07 14:00",
        _on_shift,
    ),
    Sentence(
        r"(?P<person>\w+) is on leave until (?P<until>MOMENT)",
        "From this instant on; who is on leave is not sent anywhere.",
        "Ravi is on leave until Tue 2026-03-10 00:00",
        _on_leave,
    ),
)
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        r"on shift for (?P<team>[^:]+): ?(?P<people>.+)",
        "Who is on shift by the scenario's roster, or nobody.",
        "on shift for L2: Asha and Bala",
        _who_is_on,
    ),
    Sentence(
        r"(?P<team>.+) has a gap until " + UNTIL,
        "From this instant on fewer are on shift than the book asks for.",
        "L2 has a gap until Mon 2023-08-07 16:00",
        _gap,
    ),
    Sentence(
        r"(?P<team>.+) has no gap until " + UNTIL,
        "From this instant on enough are on shift.",
        "L2 has no gap until Tue 2023-08-08 00:00",
        _no_gap,
    ),
)

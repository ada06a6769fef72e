"""Sentences of several cases: which there are of some sort, and in what order agents find them."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskbook.book.findings import nearest
from deskbook.book.words import fold
from deskbook.engine.clocks import next_due
from deskbook.engine.routing import facets_of
from deskbook.engine.ticket import TicketState
from deskbook.engine.turn import PLACES, place_in_list, turn_of
from deskbook.scenario.named import facts, stage_named, team_named
from deskbook.scenario.sentences import Instead, Said, Sentence
from deskbook.scenario.story import CannotBe, Story

NEVER = datetime.max.replace(tzinfo=UTC)
Wanted = Callable[[TicketState], bool]


def _cases(story: Story, at: datetime) -> dict[str, Story]:
    """Returns the cases opened by `at`, as they stood then, by name."""
    then = {one.name: one.as_of(at) for one in story.others}
    return {name: one for name, one in then.items() if one.ticket is not None}


def _named(story: Story, words: str) -> list[str]:
    known = [one.name for one in story.others]
    names = [fold(word) for word in words.replace(" and ", ",").replace(" then ", " ").split(",")]
    for name in names:
        if name not in known:
            raise CannotBe(f"{name!r} is no case of this scenario: {nearest(name, known)}")
    return names


def _are(story: Story, said: Said) -> Instead:
    wanted = _sort(story, said.words)
    cases = _cases(story, said.at)
    there = [name for name, one in cases.items() if wanted(one.case)]
    names = said.words["names"]
    expected = [] if names.lower() == "none" else _named(story, names)
    return None if set(expected) == set(there) else ", ".join(there) or "none"


def _sort(story: Story, words: dict[str, str]) -> Wanted:
    """Returns which cases a sentence is about. Raises CannotBe for what the book does not have."""
    desk = story.desk
    if stage := words.get("stage"):
        key = stage_named(desk, stage)
        return lambda case: case.stage == key
    if facet := words.get("facet"):
        said = facts(desk, {facet: words["value"]})
        return lambda case: said.items() <= facets_of(case).items()
    if word := words.get("team"):
        levels = [k for k, one in desk.levels.items() if fold(word) in (k, fold(one.title))]
        teams = {k for k, one in desk.teams.items() if one.level in levels}
        have = teams or {team_named(desk, word)}
        return lambda case: case.team in have
    return lambda case: not desk.stages[case.stage].closed


def _find(story: Story, said: Said) -> Instead:
    wanted = _sort(story, said.words)
    cases = _cases(story, said.at)
    found = {
        name: _place(one, said.at, said.zone)
        for name, one in cases.items()
        if wanted(one.case) and turn_of(one.desk, one.case)[0]
    }
    there = sorted(found, key=found.__getitem__)
    names = said.words["names"]
    expected = [] if names.lower() == "nothing" else _named(story, names)
    return None if expected == there else f"agents find {', then '.join(there) or 'nothing'}"


def _place(story: Story, at: datetime, zone: str) -> tuple[int, datetime, datetime]:
    """Returns where a case stands in a list, as the console orders it."""
    turn, waits_since_at = turn_of(story.desk, story.case)
    clock = next_due(story.desk, story.case)
    due_at = (clock.due_at if clock else None) or NEVER
    day = at.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    tomorrow = datetime.combine(day, time(), ZoneInfo(zone))
    place = place_in_list(turn, due_at, now=at, tomorrow=tomorrow)
    instant = waits_since_at if place == "requester" and waits_since_at else due_at
    return PLACES.index(place), instant, story.case.opened_at


_WHICH = (
    r"(?:open cases|cases in stage (?P<stage>.+?)|cases of team (?P<team>.+?)"
    r"|cases of (?P<facet>\S+) (?P<value>.+?))"
)
STEPS: tuple[Sentence[None], ...] = ()
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        _WHICH + r" (?:is|are) (?P<names>.+)",
        "Which cases there are of a sort, all of them, or `none`: `open cases`, `cases in stage"
        " waiting`, `cases of team L2` (a team, or all of a level), `cases of severity S1` or of"
        " another facet.",
        "cases of severity S1 are lamp and pump",
        _are,
    ),
    Sentence(
        r"agents(?: of (?P<team>.+?))? find (?P<names>.+)",
        "The open cases in the order of the console's list, of a team or a level or of the desk:"
        " who is late, who waits for an answer, what is due today.",
        "agents of L2 find pump, then lamp",
        _find,
    ),
)

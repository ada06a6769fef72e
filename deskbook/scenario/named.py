"""What a scenario calls by name: facets and stages, teams and levels, as the book has them."""

from collections.abc import Mapping

from deskbook.book.findings import nearest
from deskbook.book.words import fold
from deskbook.engine.desk import Desk
from deskbook.scenario.story import CannotBe

CASE_WORDS = ("zone", "requested for")


def known(word: str, names: Mapping[str, object], noun: str) -> str:
    """Returns the name as the engine keeps it. Refuses (CannotBe) one the book does not have."""
    if fold(word) in names:
        return fold(word)
    raise CannotBe(f"{word!r} is no {noun} of the book: {nearest(word, names)}")


def facts(desk: Desk, said: Mapping[str, object]) -> dict[str, str]:
    """Returns what a case is sorted by, each key and value one of the book's."""
    values: dict[str, Mapping[str, object]] = {
        key: facet.values for key, facet in desk.facets.items()
    }
    values |= {"severity": desk.severities, "priority": desk.severities, "plan": desk.plans}
    values["channel"] = dict.fromkeys(desk.channels)
    found: dict[str, str] = {}
    for key, value in said.items():
        if fold(key) in CASE_WORDS:
            found[fold(key)] = str(value)
            continue
        if fold(key) not in values:
            raise CannotBe(
                f"{key!r} is no facet of the book: {nearest(key, (*values, *CASE_WORDS))}"
            )
        canonical = "severity" if fold(key) == "priority" else fold(key)
        found[canonical] = known(str(value), values[fold(key)], key)
    return found


def stage_named(desk: Desk, word: str) -> str:
    """Returns a stage by its key or by what people see."""
    titles = {fold(stage.title): key for key, stage in desk.stages.items()}
    return titles.get(fold(word)) or known(word, desk.stages, "stage")


def titled(word: str, named: Mapping[str, str], noun: str) -> str:
    """Returns the key of a thing said by its key or by its title. Refuses (CannotBe) one the book
    does not have.
    """
    titles = {fold(title): key for key, title in named.items()}
    said = fold(word)
    if said in named or said in titles:
        return said if said in named else titles[said]
    raise CannotBe(f"{word!r} is no {noun} of the book: {nearest(word, named.values())}")


def team_named(desk: Desk, word: str) -> str:
    """Returns a team by its key or title, or by its level when that has one team only."""
    teams = {key: team.title for key, team in desk.teams.items()}
    level = next(
        (k for k, level in desk.levels.items() if fold(word) in (k, fold(level.title))), None
    )
    members = [key for key, team in desk.teams.items() if level and team.level == level]
    return members[0] if len(members) == 1 else titled(word, teams, "team")

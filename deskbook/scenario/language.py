"""The sentences of a scenario, noun by noun: what may happen (STEPS), what may be expected (THEN).

A step acts on the story. An expectation returns None when it holds, and what was there instead when
it does not. They are tried in this order.
"""

from dataclasses import replace

from deskbook.scenario import (
    asking,
    cases,
    choices,
    clocks,
    hours,
    keeping,
    letters,
    lists,
    macros,
    procedures,
    recurring,
    rosters,
    service_levels,
    severities,
    teams,
    visits,
    work,
)
from deskbook.scenario.sentences import Instead, Sentence

NOUNS = (
    cases,
    recurring,
    choices,
    severities,
    clocks,
    service_levels,
    teams,
    procedures,
    work,
    visits,
    rosters,
    hours,
    keeping,
    letters,
    macros,
    lists,
    asking,
)
OF_THE_DESK = (rosters, hours, asking, lists)
STEPS: tuple[Sentence[None], ...] = tuple(
    replace(one, of_the_desk=noun in OF_THE_DESK) for noun in NOUNS for one in noun.STEPS
)
THEN: tuple[Sentence[Instead], ...] = tuple(
    replace(one, of_the_desk=noun in OF_THE_DESK) for noun in NOUNS for one in noun.THEN
)

"""The policy of a desk as people read it: made of the book that runs it, so that what is promised
is what is done.
"""

from collections.abc import Callable

from deskbook.web.policy import (
    cases,
    hours,
    keeping,
    letters,
    manual,
    people,
    reach,
    service_levels,
    stages,
)
from deskbook.web.policy.parts import Section
from deskbook.web.policy.reader import Reader

POLICY: tuple[Callable[[Reader], Section], ...] = (
    hours.hours,
    reach.channels,
    reach.without_a_name,
    reach.places,
    cases.plans,
    cases.limits,
    cases.about_what,
    cases.severities,
    cases.targets,
    service_levels.service_levels,
    stages.stages,
    stages.closure,
    stages.freezes,
    letters.letters,
    keeping.keeping,
    people.outside,
    people.teams,
    people.responsibilities,
    people.tools,
    people.notes,
)
"""The order of the pages that organisations write: how one reaches them, what they promise, what
becomes of a case, who they are.
"""


def policy(reader: Reader) -> tuple[Section, ...]:
    """Returns what everybody may read: no person's name, nothing of a case."""
    return _that_say_something(POLICY, reader)


def manual_of(reader: Reader) -> tuple[Section, ...]:
    """Returns what those who work at the desk read besides."""
    return _that_say_something(manual.MANUAL, reader)


def _that_say_something(
    made: tuple[Callable[[Reader], Section], ...], reader: Reader
) -> tuple[Section, ...]:
    return tuple(section for part in made if (section := part(reader)).blocks)

"""What DIGIT's codes stand for here, typed one a line and checked against the book.

"SyncNotWorking = category: technical query, type: incident"; nothing after the = says that a code
is known and sorts nothing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeVar

from django.utils.translation import gettext as _

from deskbook.book.words import fold
from deskbook.channels.digit.statuses import known_statuses
from deskbook.engine.desk import Desk
from deskbook.people.models import Agent, HelpDesk

Sorting = Mapping[str, str]
Means = TypeVar("Means")
LONGEST_CODE = 100
USUAL = "category"
"""What a value alone is of."""


class WrongLine(Exception):
    """Says which line, and what the book has instead."""


def sorted_by(desk: Desk) -> dict[str, Collection[str]]:
    """Returns what a code may be sorted by, and the values the book has for each."""
    facets = {key: tuple(facet.values) for key, facet in desk.facets.items()}
    return {**facets, "severity": tuple(desk.severities), "team": tuple(desk.teams)}


def in_the_book(desk: Desk, sorting: Sorting) -> dict[str, str]:
    """Returns what of it the book has still."""
    known = sorted_by(desk)
    return {key: value for key, value in sorting.items() if value in known.get(key, ())}


def read_sortings(text: str, desk: Desk) -> dict[str, dict[str, str]]:
    """Returns code → what it is sorted by. Raises WrongLine."""
    return _read(text, lambda meant: dict(_targets(meant, sorted_by(desk))))


def read_statuses(text: str, desk: Desk, flavour: str) -> dict[str, str]:
    """Returns stage → applicationStatus of the lines "stage = STATUS". Raises WrongLine."""
    known = known_statuses(flavour)
    stages = _read(text, lambda status: _one_of(status.upper(), known, "applicationStatus"), fold)
    return {_one_of(stage, desk.stages, _("stage")): status for stage, status in stages.items()}


def read_people(text: str, helpdesk: HelpDesk) -> dict[str, int]:
    """Returns user there → agent of the lines "user = mail address". Raises WrongLine."""
    agents = Agent.objects.filter(desk=helpdesk, is_active=True).select_related("user")
    by_mail = {agent.user.email.casefold(): agent.pk for agent in agents}
    return _read(text, lambda mail: by_mail[_one_of(mail.casefold(), by_mail, _("agent"))])


def spelled(sortings: Mapping[str, Sorting]) -> str:
    """Returns the lines again, by the letters: the database keeps no order."""
    meant = {
        code: ", ".join(f"{key}: {value}" for key, value in sorted(sorting.items()))
        for code, sorting in sorted(sortings.items())
    }
    lines = (f"{code} = {targets}".rstrip() for code, targets in meant.items())
    return "\n".join(lines)


def spelled_people(people: Mapping[str, int]) -> str:
    """Returns the lines of who is whom."""
    agents = Agent.objects.filter(pk__in=people.values()).select_related("user")
    mails = {agent.pk: agent.user.email for agent in agents}
    return "\n".join(f"{user} = {mails[pk]}" for user, pk in people.items() if pk in mails)


def _read(
    text: str, means: Callable[[str], Means], spelled: Callable[[str], str] = str
) -> dict[str, Means]:
    found: dict[str, Means] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        code, mark, meant = (part.strip() for part in line.partition("="))
        try:
            if not mark or not code or len(code) > LONGEST_CODE:
                raise WrongLine(_("Write it like: code = value."))
            if spelled(code) in found:
                raise WrongLine(_("Another line says already what it stands for."))
            found[spelled(code)] = means(meant)
        except WrongLine as wrong:
            raise WrongLine(f"“{line[:80]}”: {wrong}") from None
    return found


def _targets(meant: str, known: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    for part in filter(None, map(str.strip, meant.split(","))):
        key, mark, value = map(fold, part.partition(":"))
        key, value = (key, value) if mark else (USUAL, key)
        yield _one_of(key, known, _("field")), _one_of(value, known[key], key)


def _one_of(given: str, known: Collection[str], word: str) -> str:
    if given not in known:
        told = _("There is no {word} “{given}” here. There are: {known}.")
        raise WrongLine(told.format(word=word, given=given[:60], known=", ".join(known)[:400]))
    return given

"""What is left over, as screens show it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from deskbook.delivery.left_over import LeftOver, Sort
from deskbook.delivery.states import LEFT_OVER, Taken
from deskbook.people.access import may
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of the list, and what this agent may do about it."""

    choice: str
    """What its buttons send: its sort and its number."""
    id: int
    icon: str
    sort: str
    who: str
    what: str
    words: str
    to: str
    reason: str
    ticket: str
    at: datetime
    may_try: bool
    may_drop: bool
    may_take_back: bool
    for_good: bool
    """What is dropped cannot be taken back."""
    is_mail: bool
    """It can be looked at."""
    may_be_case: bool
    """It can be made a ticket."""
    is_one_of_many: bool
    """It is held because so many came of its sender: all of them can be let in."""


def shown_rows(found: Sequence[LeftOver], agent: Agent, *, settled: bool = False) -> list[Row]:
    """Returns what the list says of each. Of what is `settled` nothing is left to decide."""
    names = names_of(one.row.dropped_by for one in found)
    return [_shown(one, agent, names, settled) for one in found]


def names_of(actors: Iterable[str]) -> Mapping[str, str]:
    """Returns for each of some agents ("agent:7") who that is."""
    numbers = [actor.partition(":")[2] for actor in actors if actor.startswith("agent:")]
    agents = Agent.objects.filter(pk__in=numbers).select_related("user") if numbers else ()
    return {f"agent:{agent.pk}": str(agent.user) for agent in agents}


def _shown(one: LeftOver, agent: Agent, names: Mapping[str, str], settled: bool) -> Row:
    sort, row = one.sort, one.row
    shown, ticket, decides = sort.shows(row), sort.ticket(row), may(agent, "settle left over")
    is_left = row.state in (*LEFT_OVER, Taken.HELD) and not settled
    return Row(
        choice_of(sort, row),
        row.pk,
        sort.icon,
        str(sort.title),
        shown.who or _("unknown sender"),
        str(shown.what)[:300],
        shown.words[:300],
        str(shown.to),
        _reason(row, names),
        str(ticket) if ticket else "",
        one.at,
        is_left and (decides or not sort.only_leads_try),
        is_left and decides,
        bool(sort.take_back and row.dropped_by) and decides,
        sort.take_back is None,
        sort.is_mail,
        sort.begins is not None and (sort.is_mail or row.state == Taken.HELD),
        sort.is_mail and row.state == Taken.HELD and bool(row.flooding),
    )


def choice_of(sort: Sort, row: Any) -> str:
    """Returns what the buttons of a row send."""
    return f"{sort.key} {row.pk}"


def _reason(row: Any, names: Mapping[str, str]) -> str:
    """Why it is left over, and of what came, who dropped it and why: of what did not leave the
    reason says that itself.
    """
    said = [in_words(row.reason)]
    if row.dropped_by and hasattr(row, "dropped_why"):
        who = names.get(row.dropped_by, "–")
        words = (
            _("Discarded by %(who)s: %(why)s.") if row.dropped_why else _("Discarded by %(who)s.")
        )
        said.append(words % {"who": who, "why": row.dropped_why})
    return " ".join(said)

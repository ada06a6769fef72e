"""What may stand between the words of a search: `from:anil`, `is:open`, `before:2026-11-30`."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeAlias

from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.channels.phone.callers import ids_like
from deskbook.engine.desk import Desk
from deskbook.engine.quoting import short
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent, Organisation
from deskbook.tickets import queues
from deskbook.tickets.queues import Wanted
from deskbook.tickets.tags import tagged_with
from deskbook.web.acts.whom import agent_typed
from deskbook.web.shared.fields import NotUnderstood

MOST_PEOPLE = 200
"""Whoever asks for the cases of more people than this at once writes more of the name."""
STATES = {
    "open": "open",
    "closed": "closed",
    "redirected": "redirected",
    "late": "breached",
    "waiting": "waiting",
    "mine": "mine",
    "unassigned": "unassigned",
}
"""What may stand behind `is:`, and the queue it is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, and taken apart."""

    typed: str
    words: str
    terms: tuple[tuple[str, str], ...]
    """Operator and value, as often as each was typed."""


def taken_apart(typed: str) -> Asked:
    """Returns the words and the operators of a search. What looks like one and is none we know
    ("COVID:19", "https://…") is words.
    """
    terms = tuple(
        (found[1].lower(), found[2].strip('"').strip()) for found in _TERM.finditer(typed)
    )
    words = " ".join(_TERM.sub(" ", typed).split())
    return Asked(typed, words, tuple(t for t in terms if t[1]))


def wanted_of(agent: Agent, asked: Asked) -> Wanted:
    """Returns the tickets that hold every word and for which every operator holds, the latest
    activity first. Raises NotUnderstood, of the field `q`, for a value that means nothing here.
    """
    plain = asked.words or not asked.terms
    wanted = queues.find(agent, asked.words) if plain else queues.every(agent)
    for place, (operator, value) in enumerate(asked.terms):
        condition, values = OPERATORS[operator](agent, value, f"term_{place}")
        wanted = wanted.where(condition, **values)
    return wanted


_Condition: TypeAlias = tuple[str, dict[str, Any]]
"""Of SQL on `ticket`, and the values it names."""


def _from(agent: Agent, value: str, name: str) -> _Condition:
    people = ids_like(agent.desk, value, most=MOST_PEOPLE + 1)
    if len(people) > MOST_PEOPLE:
        raise _not(_("More than %(n)s people fit “%(text)s”: write more of the name."), value)
    are = f"id = any(%({name})s) or merged_into_id = any(%({name})s)"
    return f"ticket.requester_id in (select id from deskbook_contact where {are})", {name: people}


def _owner(agent: Agent, value: str, name: str) -> _Condition:
    if value.casefold() in ("none", _("nobody")):
        return "ticket.owner_id is null", {}
    if value.casefold() in ("me", _("me")):
        return f"ticket.owner_id = %({name})s", {name: agent.pk}
    try:
        owner = agent_typed(agent, value)
    except NotUnderstood as unclear:
        raise NotUnderstood(q=str(unclear)) from None
    return f"ticket.owner_id = %({name})s", {name: owner.pk if owner else None}


def _organisation(agent: Agent, value: str, name: str) -> _Condition:
    named = Organisation.objects.filter(desk=agent.desk_id, name__icontains=value)
    ids = list(named.order_by("name").values_list("pk", flat=True)[: MOST_PEOPLE + 1])
    if len(ids) > MOST_PEOPLE:
        raise _not(
            _("More than %(n)s organisations fit “%(text)s”: write more of the name."), value
        )
    return f"ticket.organisation_id = any(%({name})s)", {name: ids}


def _is(agent: Agent, value: str, name: str) -> _Condition:
    queue = STATES.get(value.casefold())
    if queue is None:
        raise _not(_("“is:%(text)s” says nothing. There are %(known)s."), value, known=STATES)
    wanted = queues.queue(agent, queue)
    return " and ".join(wanted.conditions), dict(wanted.values)


def _tag(agent: Agent, value: str, name: str) -> _Condition:
    return tagged_with(value, name)


def _before(agent: Agent, value: str, name: str) -> _Condition:
    return f"ticket.last_activity_at < %({name})s", {name: _instant(value)}


def _after(agent: Agent, value: str, name: str) -> _Condition:
    return f"ticket.last_activity_at >= %({name})s", {name: _instant(value)}


def _instant(value: str) -> datetime:
    """An instant, or the beginning of a day; where the reader is, unless it says otherwise."""
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            found = read(value)
        except ValueError:
            continue
        if not isinstance(found, datetime):
            return timezone.make_aware(datetime.combine(found, time()))
        return found if found.tzinfo else timezone.make_aware(found)
    day = timezone.localdate().isoformat()
    told = _("“%(text)s” is no day and no instant. Write it as %(known)s.")
    raise _not(told, value, known=[day, f"{day}T14:00Z"])


def _of_book(column: str, titles_in: Callable[[Desk], Mapping[str, str]]) -> "_Operator":
    """An operator for what the book calls by a key and by a title."""

    def condition(agent: Agent, value: str, name: str) -> _Condition:
        titles = titles_in(desk_in_force(agent.desk))
        keys = _called(titles, value.casefold())
        if not keys:
            known = titles.values()
            raise _not(
                _("Nothing here is called “%(text)s”. There are %(known)s."), value, known=known
            )
        return f"ticket.{column} = any(%({name})s)", {name: keys}

    return condition


def _titled(named: Mapping[str, Any]) -> Mapping[str, str]:
    return {key: one.title for key, one in named.items()}


def _values_of(facet: str, desk: Desk) -> Mapping[str, str]:
    return desk.facets[facet].values if facet in desk.facets else {}


def _called(titles: Mapping[str, str], typed: str) -> list[str]:
    """The keys of what is called so, else of what begins so."""
    exact = [key for key, title in titles.items() if typed in (key.casefold(), title.casefold())]
    return exact or [key for key, title in titles.items() if title.casefold().startswith(typed)]


def _not(sentence: str, value: str, *, known: Iterable[str] = ()) -> NotUnderstood:
    told = {"text": short(value), "n": MOST_PEOPLE, "known": ", ".join(known)}
    return NotUnderstood(q=sentence % told)


_Operator: TypeAlias = Callable[[Agent, str, str], _Condition]
"""Agent, what was typed behind it, and the name of its value."""
OPERATORS: dict[str, _Operator] = {
    "from": _from,
    "owner": _owner,
    "organisation": _organisation,
    "is": _is,
    "tag": _tag,
    "before": _before,
    "after": _after,
    "stage": _of_book("stage", lambda desk: _titled(desk.stages)),
    "severity": _of_book("severity", lambda desk: _titled(desk.severities)),
    "team": _of_book("team", lambda desk: _titled(desk.teams)),
    "type": _of_book("kind", lambda desk: _values_of("type", desk)),
    "category": _of_book("category", lambda desk: _values_of("category", desk)),
    "place": _of_book("place", lambda desk: _values_of("place", desk)),
}
_TERM = re.compile(rf'(?<!\S)({"|".join(OPERATORS)}):("[^"]*"?|[^\s"]+)', re.IGNORECASE)
_LIKE_A_TERM = re.compile(r'(?<!\S)([a-z][a-z_-]+):(?!//)["\w]')
"""What a program that writes it means for an operator; people search for such words too."""


def unknown_operator(asked: Asked) -> str | None:
    """Returns the name of what looks like an operator among the words and is none."""
    found = _LIKE_A_TERM.search(asked.words)
    return found[1] if found else None

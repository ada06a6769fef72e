"""Answers that are given again and again: whose they are, and one as it goes into a case."""

import re

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import translation

from deskbook.engine.macros import VARIABLES as OF_CASES
from deskbook.people.access import may
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.people.moments import is_far, written_in
from deskbook.refusals.refusal import Refused
from deskbook.tickets.macros import variables_of
from deskbook.tickets.models import Ticket
from deskbook.tickets.ready_answer_models import ReadyAnswer

MOST = 200
"""Of one owner: what is found by typing is written by hand."""
VARIABLES = (*OF_CASES, "due", "agent")
"""What one may have filled in, in braces."""
_IN_BRACES = re.compile(r"\{([^{}\n]{1,40})\}")


def ready_answers_for(agent: Agent) -> QuerySet[ReadyAnswer]:
    """Returns an agent's own and those of the desk, by name."""
    own = Q(owner=agent) | Q(owner=None)
    return ReadyAnswer.objects.filter(own, desk=agent.desk_id).order_by(Lower("name"), "pk")


def may_change(agent: Agent, answer: ReadyAnswer) -> bool:
    """Whether an agent changes or drops it: everybody their own, who keeps them the desk's."""
    if answer.owner_id is None:
        return may(agent, "keep answers")
    return answer.owner_id == agent.pk


def keep_ready_answer(answer: ReadyAnswer) -> ReadyAnswer:
    """Keeps one, made or changed. Raises Refused for a name that is taken, what nothing fills in,
    and beyond MOST of one owner.
    """
    others = ReadyAnswer.objects.filter(desk=answer.desk_id, owner=answer.owner_id)
    others = others.exclude(pk=answer.pk)
    if others.filter(name__iexact=answer.name).exists():
        raise Refused("ready answer: name", name=answer.name)
    if answer._state.adding and others.count() >= MOST:
        raise Refused("ready answer: too many", most=MOST)
    said = "\n".join(answer.texts.values())
    if unknown := [name for name in _IN_BRACES.findall(said) if name not in VARIABLES]:
        known = ", ".join(f"{{{name}}}" for name in VARIABLES)
        raise Refused("ready answer: variable", name=f"{{{unknown[0]}}}", known=known)
    answer.save()
    return answer


def filled_ready_answer(answer: ReadyAnswer, ticket: Ticket, *, by: Agent) -> str:
    """Returns its words in the requester's language, where it has them, with its variables filled
    in; one of which nothing is known stays as it is written.
    """
    desk = desk_in_force(ticket.desk)
    spoken = (ticket.requester.language, *desk.languages, *answer.texts)
    language = next(one for one in spoken if one in answer.texts)
    known = {**variables_of(ticket), "agent": str(by)}
    if due_at := ticket.next_due_at:
        zone = ticket.requester.zone or desk.zone
        with translation.override(language):
            known["due"] = written_in(due_at, zone, language, is_far(due_at, zone))
    return _IN_BRACES.sub(lambda found: known.get(found[1], found[0]), answer.texts[language])

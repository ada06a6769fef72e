"""Keeping a search under a name, and taking it away."""

from django.db.models import Q, QuerySet

from deskbook.people.access import may
from deskbook.people.models import Agent
from deskbook.refusals.refusal import Refused
from deskbook.tickets.saved_search_models import SavedSearch

MOST = 30
"""Of one maker: a rail is read at a glance."""
LISTED = """
    (select coalesce(json_agg(
        json_build_array(id, name, words, made_by_id = %(me)s) order by lower(name), id), '[]')
    from deskbook_savedsearch
    where desk_id = %(desk)s and (made_by_id = %(me)s or is_shared))
"""
"""SQL that lists an agent's saved searches and those of others that are for all: id, name, words,
whether it is the agent's own.
"""


def searches_of(agent: Agent) -> QuerySet[SavedSearch]:
    """Returns an agent's own saved searches and those of others that are for all."""
    return SavedSearch.objects.filter(Q(made_by=agent) | Q(is_shared=True), desk=agent.desk_id)


def may_change(agent: Agent, search: SavedSearch) -> bool:
    """Tells who takes one away: whoever made it, and leads one that is for all."""
    return search.made_by_id == agent.pk or (search.is_shared and may(agent, "manage people"))


def save_search(name: str, words: str, *, shared: bool, by: Agent) -> SavedSearch:
    """Keeps what was typed under this name; the same name again of the same maker is that one,
    changed. Raises Refused beyond MOST.
    """
    own = SavedSearch.objects.filter(made_by=by)
    kept = own.filter(name__iexact=name).first()
    if kept is None and own.count() >= MOST:
        raise Refused("too many saved searches", most=MOST)
    kept = kept or SavedSearch(desk_id=by.desk_id, made_by=by)
    kept.name, kept.words, kept.is_shared = name, words, shared
    kept.save()
    return kept

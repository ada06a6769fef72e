"""What a mail to somebody of the desk says of a case that they do not see: its number and stage."""

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import translation

from deskbook.engine.sight import Viewer
from deskbook.people.books import OWN_WORDS, desk_in_force
from deskbook.people.models import Agent
from deskbook.people.sight import NOTHING, Hidden, hidden_from, hidden_from_viewer
from deskbook.tickets.masked import masked_words
from deskbook.tickets.models import Ticket

if TYPE_CHECKING:
    from deskbook.channels.email.queueing import Post

_TO_THE_DESK = ("notice", "visitor")
"""Purposes of mails to its people, and to others whom the book names."""


def as_told(post: "Post", ticket: Ticket) -> "Post":
    """Returns the mail as its reader may have it: whole where they see the case, or it is no mail
    to the desk.
    """
    if post.purpose not in _TO_THE_DESK or not hidden_at(post.recipient, ticket).hides(ticket):
        return post
    with translation.override(post.language):
        words = masked_words(ticket)
    return replace(post, text=words, subject=words, files=(), message=None, answered_by="")


def hidden_at(address: str, ticket: Ticket) -> Hidden:
    """Returns what is hidden from who reads a mailbox: an agent, a team, or somebody the book
    names, from whom only what is confined is. The outside contact a case went to gets it whole.
    """
    desk = desk_in_force(ticket.desk, language=OWN_WORDS)
    if not desk.sight:
        return NOTHING
    agents = Agent.objects.filter(desk=ticket.desk_id, user__email__iexact=address)
    if agent := agents.select_related("user", "desk").first():
        return hidden_from(agent)
    teams = frozenset(team.key for team in desk.teams.values() if team.mail == address)
    hidden = hidden_from_viewer(ticket.desk, Viewer(teams, address))
    outside = desk.outside.get(ticket.state.get("redirected_to") or "")
    if outside is not None and outside.mail == address:
        return NOTHING
    confined = tuple(limit for limit in hidden.limits if limit.masked)
    return hidden if teams else replace(hidden, limits=confined)

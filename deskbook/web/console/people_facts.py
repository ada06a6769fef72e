"""The facts of whose case it is and who follows it, each with the form that changes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from deskbook.engine.decision import hindrance
from deskbook.web.console.facts import Fact, Form, Subject


@dataclass(frozen=True, slots=True)
class Follower:
    """Who follows a ticket, with where a copy of an answer goes."""

    contact: int
    name: str
    shown: str


@dataclass(frozen=True, slots=True)
class FollowersForm(Form):
    followers: tuple[Follower, ...] = ()


def with_people(of: Subject, told: list[Fact], followers: Sequence[Follower]) -> list[Fact]:
    """Returns the facts with those of this module behind the ones that say how the case is
    handled.
    """
    if of.state.merged_into:
        return told
    fixed = next((n for n, fact in enumerate(told) if fact.key == "channel"), len(told))
    return [*told[:fixed], *_requester(of), _followers(of, followers), *told[fixed:]]


def _requester(of: Subject) -> list[Fact]:
    if hindrance(of.desk, of.state, "change the requester"):
        return []
    form = Form(**of.values("requester", follows="yes"))  # type: ignore[arg-type]  # as in facts.py
    return [of.fact("requester", _("Requester"), str(of.ticket.requester), form)]


def _followers(of: Subject, followers: Sequence[Follower]) -> Fact:
    form = FollowersForm(**of.values("followers"), followers=tuple(followers))  # type: ignore[arg-type]
    return of.fact("followers", _("Followers"), ", ".join(one.name for one in followers), form)

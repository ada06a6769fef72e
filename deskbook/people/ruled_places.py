"""What somebody is at each desk by the operator's rules: made when they first come, kept in step
with their groups.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app
from structlog import get_logger

from deskbook.people.agent_changes import tell_agents_changed
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import find_or_make_contact, give_sign_ins
from deskbook.people.duty import has_left
from deskbook.people.models import Agent, HelpDesk, User
from deskbook.people.people_rules import REQUESTER, PeopleRule, Place, places

log = get_logger(__name__)


@transaction.atomic
def put_in_place(
    rules: Sequence[PeopleRule],
    user: User | None,
    address: str,
    name: str,
    groups: Collection[str],
    *,
    at: datetime,
) -> User | None:
    """Makes somebody what the rules say, at each desk they name, and takes from them what a rule
    gave and gives no more; returns the user, made where there is a rule and a proven `address`.

    Whom a person added, or changed since, is left as they are.
    """
    for key, place in places(rules, address or (user.email if user else ""), groups).items():
        desk = HelpDesk.objects.filter(key=key, book_version__gt=0).first()
        if desk is None:
            log.warning("a rule of people names a desk that is not there", desk=key)
        elif place is not None and place.role != REQUESTER:
            user = _works(desk, place, user, address, name)
        else:
            _works_no_more(desk, user, at)
            if place is not None and address:
                user = _asks(desk, user, address, name)
    return user


def _works(desk: HelpDesk, place: Place, user: User | None, address: str, name: str) -> User | None:
    if user is None and address:
        known = {"name": name[:200], "password": "!"}
        user = User.objects.get_or_create(email=address, defaults=known)[0]
    if user is None:
        return None
    found = Agent.objects.filter(desk=desk, user=user).first()
    if found is None:
        found = Agent(desk=desk, user=user, by_rule=True, is_active=False)
    if found.by_rule and not _is(found, place := _known(desk, place)):
        found.role, found.teams, found.is_active = place.role, list(place.teams), True
        found.save()
        tell_agents_changed(desk.pk)
        log.info("a rule put somebody in place", user=user.pk, desk=desk.key, role=place.role)
    return user


def _works_no_more(desk: HelpDesk, user: User | None, at: datetime) -> None:
    agents = Agent.objects.filter(desk=desk, user=user, by_rule=True, is_active=True)
    for agent in agents if user else ():
        switch_off(agent, at=at)
        log.info("no rule has somebody at work any more", user=agent.user_id, desk=desk.key)


def switch_off(agent: Agent, *, at: datetime) -> None:
    """Somebody works at a desk no more: their open cases go back, their screens close."""
    agent.is_active = False
    agent.save(update_fields=["is_active"])
    after_a_change(agent, at=at)


def after_a_change(agent: Agent, *, at: datetime) -> None:
    """Tells open screens of the desk, and has the cases of who left given back."""
    tell_agents_changed(agent.desk_id)
    if has_left(agent, at=at):
        app.configure_task("return_cases", queue="reactions").defer()


def _asks(desk: HelpDesk, user: User | None, address: str, name: str) -> User | None:
    """Who works there is none of those it helps."""
    if user and Agent.objects.filter(desk=desk, user=user, is_active=True).exists():
        return user
    find_or_make_contact(desk, "email", address, name=name[:200])
    # Not the contact's: an agent may have put the address to somebody who signs in by another.
    return user or give_sign_ins(address)


def _known(desk: HelpDesk, place: Place) -> Place:
    teams = desk_in_force(desk).teams
    return Place(place.role, tuple(team for team in place.teams if team in teams))


def _is(agent: Agent, place: Place) -> bool:
    return agent.is_active and (agent.role, tuple(agent.teams)) == (place.role, place.teams)

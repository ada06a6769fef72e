"""What follows when a directory makes, changes or ends a person here."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from procrastinate.contrib.django import app
from structlog import get_logger

from deskbook.people.access import agents_of
from deskbook.people.agent_changes import tell_agents_changed
from deskbook.people.contacts import normal_identifier
from deskbook.people.models import Agent, User
from deskbook.people.people_rules import PeopleRule
from deskbook.people.provisioning_models import Provisioned
from deskbook.people.ruled_places import put_in_place
from deskbook.people.sessions import end_sessions
from deskbook.people.tokens import end_tokens_of

log = get_logger(__name__)


class TakenAddress(ValueError):
    """Another person here has the address."""


def groups_of(user: User) -> tuple[str, ...]:
    """Returns the names of the directory's groups somebody is in."""
    found = Provisioned.objects.filter(kind=Provisioned.Kind.GROUP, members__user=user)
    return tuple(found.values_list("name", flat=True))


def follow_person(
    row: Provisioned,
    address: str,
    name: str,
    *,
    is_active: bool,
    rules: Sequence[PeopleRule],
    at: datetime,
) -> None:
    """Brings who a row is here in step with it: their address and name, whether they may come at
    all, and what the rules make of their groups. Raises TakenAddress.
    """
    address = normal_identifier("email", address)
    user = row.user or User.objects.filter(email=address).first()
    if user is not None:
        _refuse_taken(row, user, address)
        user.email, user.name = address or user.email, name[:200] or user.name
        user.save(update_fields=["email", "name"])
    if not is_active:
        if user is not None:
            shut_out(user, at=at)
    else:
        if user is not None and not user.is_active:
            User.objects.filter(pk=user.pk).update(is_active=True)
            user.is_active = True
        groups = tuple(row.groups.values_list("name", flat=True))
        user = put_in_place(rules, user, address, name, groups, at=at)
    if row.user != user:
        row.user = user
        row.save(update_fields=["user"])


def shut_out(user: User, *, at: datetime) -> None:
    """From now on somebody gets in nowhere: their sessions and tokens end, their cases go back."""
    if not user.is_active:
        return
    desks = [agent.desk_id for agent in agents_of(user)]
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False
    sessions, tokens = end_sessions(user), end_tokens_of(user, at=at)
    for desk in desks:
        tell_agents_changed(desk)
    if Agent.objects.filter(user=user).exists():
        app.configure_task("return_cases", queue="reactions").defer()
    log.info("the directory ended a person", user=user.pk, sessions=sessions, tokens=tokens)


def follow_groups(people: Iterable[Provisioned], rules: Sequence[PeopleRule], at: datetime) -> None:
    """Brings the places of people in step with the groups they are in now."""
    for row in people:
        emails = row.document.get("emails") or [{}]
        address = row.user.email if row.user else str(emails[0].get("value") or "")
        if row.document.get("active") is False:
            continue
        groups = tuple(row.groups.values_list("name", flat=True))
        name = str(row.document.get("displayName") or "")
        user = put_in_place(
            rules, row.user, normal_identifier("email", address), name, groups, at=at
        )
        if row.user != user:
            row.user = user
            row.save(update_fields=["user"])


def _refuse_taken(row: Provisioned, user: User, address: str) -> None:
    others = User.objects.filter(email=address).exclude(pk=user.pk).exists()
    elsewhere = Provisioned.objects.filter(user=user).exclude(pk=row.pk).exists()
    if others or elsewhere:
        raise TakenAddress(address)

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


def follow_person(row: Provisioned, rules: Sequence[PeopleRule], *, at: datetime) -> None:
    """Brings who a row is here in step with it: their name, whether they may come at all, and what
    the rules make of their groups. Raises TakenAddress.

    An account keeps the address it has: by that one signs in, and a directory proves nobody's.
    """
    user = row.user or _unclaimed(row)
    if user is not None:
        _refuse_taken(user, _address(row))
        user.name = _name(row) or user.name
        user.is_active = user.is_active or _may_come(row)
        user.save(update_fields=["name", "is_active"])
    if _may_come(row):
        user = _placed(row, user, rules, at)
    elif user is not None:
        shut_out(user, at=at)
    else:
        user = _ended(row)
    _tie(row, user)


def _unclaimed(row: Provisioned) -> User | None:
    """Returns who has the address here and may be of no row yet. Raises TakenAddress for somebody
    who was ended, also where this one is: an address given to another never leads to whose it was.
    """
    address = _address(row)
    user = User.objects.filter(email=address).first() if address else None
    if user is not None and not user.is_active:
        raise TakenAddress(address)
    return user


def _ended(row: Provisioned) -> User | None:
    """Makes and returns an account that lets nobody in: a code mailed there would make one that
    does.
    """
    address = _address(row)
    if not address:
        return None
    return User.objects.create(email=address, name=_name(row), password="!", is_active=False)


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
    """Brings the places of people in step with the groups they are in now. Raises TakenAddress."""
    for row in people:
        if _may_come(row):
            _tie(row, _placed(row, row.user, rules, at))


def _placed(
    row: Provisioned, user: User | None, rules: Sequence[PeopleRule], at: datetime
) -> User | None:
    groups = tuple(row.groups.values_list("name", flat=True))
    address = user.email if user else _address(row)
    return put_in_place(rules, user, address, _name(row), groups, at=at)


def _tie(row: Provisioned, user: User | None) -> None:
    if user is None or row.user == user:
        return
    if not user.is_active and _may_come(row):
        raise TakenAddress(user.email)
    if Provisioned.objects.filter(user=user).exclude(pk=row.pk).exists():
        raise TakenAddress(user.email)
    row.user = user
    row.save(update_fields=["user"])


def _may_come(row: Provisioned) -> bool:
    return row.document.get("active") is not False


def _address(row: Provisioned) -> str:
    """Somebody without one is kept, and is nobody here until they have one."""
    emails = [one for one in row.document.get("emails") or () if one.get("value")]
    chosen = next((one for one in emails if one.get("primary")), emails[0] if emails else None)
    address = str(chosen["value"]) if chosen else row.name
    return normal_identifier("email", address) if "@" in address else ""


def _name(row: Provisioned) -> str:
    said = row.document.get("name") or {}
    parts = " ".join(filter(None, (said.get("givenName"), said.get("familyName"))))
    names = (row.document.get("displayName"), said.get("formatted"), parts)
    return next(filter(None, (str(name or "").strip() for name in names)), "")[:200]


def _refuse_taken(user: User, address: str) -> None:
    if User.objects.filter(email=address).exclude(pk=user.pk).exists():
        raise TakenAddress(address)

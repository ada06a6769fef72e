"""A directory's people and groups: kept in its words, and what they are here brought in step."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from scim2_models import (
    Context,
    Group,
    InvalidValueException,
    Meta,
    Resource,
    UniquenessException,
    User,
)

from deskbook.people.provisioning import TakenAddress, follow_groups, follow_person, shut_out
from deskbook.people.provisioning_models import Provisioned
from deskbook.web.scim.said import MODELS

MOST_MEMBERS = 20_000


def resource_of(row: Provisioned) -> Resource[Any]:
    """Returns a row as the directory sees it."""
    found = MODELS[row.kind].model_validate(row.document)
    found.id = str(row.pk)
    found.meta = Meta(
        resource_type=row.kind,
        created=row.created_at,
        last_modified=row.changed_at,
        location=f"{settings.DESKBOOK_SITE_URL}/scim/v2/{row.kind}s/{row.pk}",
    )
    if isinstance(found, Group):
        there = {str(key) for key in row.members.values_list("pk", flat=True)}
        found.members = [one for one in found.members or () if str(one.value) in there] or None
    return found


@transaction.atomic
def keep(kind: str, said: Resource[Any], row: Provisioned | None, *, at: datetime) -> Provisioned:
    """Keeps what the directory says as a new row or in place of `row`, and does what follows; all
    or nothing. Raises SCIMException.
    """
    row = row or Provisioned(kind=kind, created_at=at)
    row.changed_at = at
    row.name = _name_of(said)
    if isinstance(said, User):
        said.password = None
    row.document = said.model_dump(scim_ctx=Context.DEFAULT, exclude={"id", "meta"})
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise UniquenessException(detail=f"Another {kind} is called {row.name}") from None
    if isinstance(said, User):
        _follow(row, said, at)
    elif isinstance(said, Group):
        _put_members(row, said, at)
    return row


@transaction.atomic
def end(row: Provisioned, *, at: datetime) -> None:
    """The directory has it no more: a person is shut out here, a group's people leave it."""
    people = list(row.members.all())
    if row.user is not None:
        shut_out(row.user, at=at)
    row.delete()
    follow_groups(people, settings.DESKBOOK_PEOPLE_RULES, at)


def rows_of(kind: str) -> QuerySet[Provisioned]:
    """Returns all of a kind, in the order in which they came."""
    return Provisioned.objects.filter(kind=kind).order_by("created_at", "pk")


def _name_of(said: Resource[Any]) -> str:
    name = getattr(said, "display_name" if isinstance(said, Group) else "user_name")
    if not name or len(name) > 254:
        raise InvalidValueException(detail="It needs a name of at most 254 characters")
    return str(name)


def _follow(row: Provisioned, said: User[Any], at: datetime) -> None:
    try:
        follow_person(
            row,
            _address(said),
            said.display_name or _full_name(said),
            is_active=said.active is not False,
            rules=settings.DESKBOOK_PEOPLE_RULES,
            at=at,
        )
    except TakenAddress as taken:
        raise UniquenessException(detail=f"Another person here has {taken}") from None


def _address(said: User[Any]) -> str:
    """Somebody without one is kept, and is nobody here until they have one."""
    emails = [one for one in said.emails or () if one.value]
    chosen = next((one for one in emails if one.primary), emails[0] if emails else None)
    address = str(chosen.value) if chosen else str(said.user_name)
    return address if "@" in address else ""


def _full_name(said: User[Any]) -> str:
    name = said.name
    if name is None:
        return ""
    return name.formatted or " ".join(filter(None, (name.given_name, name.family_name)))


def _put_members(row: Provisioned, said: Group, at: datetime) -> None:
    wanted = {str(one.value) for one in said.members or () if one.value}
    if len(wanted) > MOST_MEMBERS:
        raise InvalidValueException(detail=f"A group has at most {MOST_MEMBERS} members")
    before = set(row.members.all())
    now = {one for one in rows_of("User") if str(one.pk) in wanted}
    if len(now) < len(wanted):
        raise InvalidValueException(detail="A member is no person that was made here")
    row.members.set(now)
    follow_groups(before | now, settings.DESKBOOK_PEOPLE_RULES, at)

"""A directory's people and groups: kept in its words, and what they are here brought in step."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower
from psycopg.errors import UniqueViolation
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
    return resources_of([row])[0]


def resources_of(rows: Collection[Provisioned]) -> list[Resource[Any]]:
    """Returns rows as the directory sees them."""
    groups = [row.pk for row in rows if row.kind == Provisioned.Kind.GROUP]
    members = Provisioned.members.through.objects.filter(from_provisioned__in=groups)
    there = defaultdict(set)
    for group, member in members.values_list("from_provisioned_id", "to_provisioned_id"):
        there[group].add(str(member))
    return [_resource(row, there[row.pk]) for row in rows]


@transaction.atomic
def keep(kind: str, said: Resource[Any], row: Provisioned | None, *, at: datetime) -> Provisioned:
    """Keeps what the directory says as a new row or in place of `row`, and does what follows; all
    or nothing. Raises SCIMException.
    """
    row = row or Provisioned(kind=kind, created_at=at)
    row.changed_at = at
    before, row.name = row.name, _name_of(said)
    if isinstance(said, User):
        said.password = None
    row.document = said.model_dump(scim_ctx=Context.DEFAULT, exclude={"id", "meta"})
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as failure:
        _refuse_only_what_is_there(failure)
        raise UniquenessException(detail=f"Another {kind} is called {row.name}") from None
    if isinstance(said, User):
        with _what_follows():
            follow_person(row, settings.DESKBOOK_PEOPLE_RULES, at=at)
    elif isinstance(said, Group):
        _put_members(row, said, renamed=row.name != before, at=at)
    return row


@transaction.atomic
def end(row: Provisioned, *, at: datetime) -> None:
    """The directory has it no more: a person is shut out here, a group's people leave it."""
    people = list(row.members.select_related("user"))
    if row.user is not None:
        shut_out(row.user, at=at)
    row.delete()
    with _what_follows():
        follow_groups(people, settings.DESKBOOK_PEOPLE_RULES, at)


def rows_of(*kinds: str) -> QuerySet[Provisioned]:
    """Returns all of these kinds, people first, in the order in which they came."""
    return Provisioned.objects.filter(kind__in=kinds).order_by("-kind", "created_at", "pk")


def rows_named(rows: QuerySet[Provisioned], name: str) -> QuerySet[Provisioned]:
    """Returns those of a user name or a group's name, however written."""
    if "\0" in name:  # which no name has, and PostgreSQL does not take
        return rows.none()
    return rows.alias(lower=Lower("name")).filter(lower=Lower(Value(name)))


def _resource(row: Provisioned, members: set[str]) -> Resource[Any]:
    found = MODELS[row.kind].model_validate(row.document)
    found.id = str(row.pk)
    found.meta = Meta(
        resource_type=row.kind,
        created=row.created_at,
        last_modified=row.changed_at,
        location=f"{settings.DESKBOOK_SITE_URL}/scim/v2/{row.kind}s/{row.pk}",
    )
    if isinstance(found, Group):
        found.members = [one for one in found.members or () if str(one.value) in members] or None
    return found


def _name_of(said: Resource[Any]) -> str:
    name = getattr(said, "display_name" if isinstance(said, Group) else "user_name")
    if not name or len(name) > 254:
        raise InvalidValueException(detail="It needs a name of at most 254 characters")
    return str(name)


@contextmanager
def _what_follows() -> Iterator[None]:
    try:
        yield
    except TakenAddress as taken:
        raise UniquenessException(detail=f"Another person here has {taken}") from None
    except IntegrityError as failure:  # another request made the same one meanwhile
        _refuse_only_what_is_there(failure)
        raise UniquenessException(detail="Somebody of the same address was made just now") from None


def _refuse_only_what_is_there(failure: IntegrityError) -> None:
    """Raises what is no matter of uniqueness on: only that is a conflict (RFC 7644, 3.3), and a
    directory that is told so looks for the other one for ever.
    """
    if not isinstance(failure.__cause__, UniqueViolation):
        raise failure


def _put_members(row: Provisioned, said: Group, *, renamed: bool, at: datetime) -> None:
    wanted = {str(one.value) for one in said.members or () if one.value}
    if len(wanted) > MOST_MEMBERS:
        raise InvalidValueException(detail=f"A group has at most {MOST_MEMBERS} members")
    before, people = set(row.members.values_list("pk", flat=True)), _people(wanted)
    row.members.set(people)
    now = {one.pk for one in people}
    moved = rows_of("User").filter(pk__in=before | now if renamed else before ^ now)
    with _what_follows():
        follow_groups(moved.select_related("user"), settings.DESKBOOK_PEOPLE_RULES, at)


def _people(wanted: set[str]) -> list[Provisioned]:
    try:
        found = list(rows_of("User").filter(pk__in=[UUID(one) for one in wanted]).only("pk"))
    except ValueError:
        found = []
    if {str(one.pk) for one in found} != wanted:
        raise InvalidValueException(detail="A member is no person that was made here")
    return found

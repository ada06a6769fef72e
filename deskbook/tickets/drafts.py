"""How much is kept of what a person types and does not send."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from deskbook.people.models import User
from deskbook.people.prepared import Prepared
from deskbook.people.turns import take_turns
from deskbook.tickets.models import Draft

MOST_DRAFTS = 100
"""Of a person: the one not touched for longest makes room for the next."""
MOST_FIELDS = 60
"""Of a draft: more than any form has."""
MOST_BYTES = 4_000_000
"""Of all drafts of a person together: what would make them larger is not kept."""


_DRAFT = Prepared(lambda user, place: Draft.objects.filter(user=user, place=place), "user", "place")


def draft_at(user: int, place: str) -> Draft | None:
    """Returns what a person (id) was typing at a place."""
    return _DRAFT.first(user=user, place=place)


def drop_draft(user: int, place: str) -> None:
    """Forgets what a person (id) was typing at a place, with the files that waited there."""
    _drop("place = %s", user, place)


def drop_drafts_below(user: int, place: str) -> None:
    """Forgets what a person (id) was typing in the fields of a form, kept below its place."""
    _drop("starts_with(place, %s)", user, f"{place}/")


def _drop(where: str, user: int, place: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"delete from deskbook_draft where {where} and user_id = %s", [place, user])


@transaction.atomic
def keep_draft(
    user: User, place: str, fields: Mapping[str, Any], *, in_place_of_all: bool = False
) -> bool:
    """Keeps fields beside those kept for a place already, or in place of all; past MOST_FIELDS of
    them none is kept. Files that wait there stay, whatever is typed.

    Returns False, and keeps what was kept before, where this would make all drafts of the person
    larger than MOST_BYTES: what they typed stays on their page and in their browser, and the page
    says so.
    """
    take_turns(f"drafts {user.pk}")  # all drafts of the person are counted
    before = draft_at(user.pk, place)
    known = before.fields if before else {}
    staying = {name: known[name] for name in known if name == "files" or not in_place_of_all}
    kept = dict(list({**staying, **fields}.items())[:MOST_FIELDS])
    grows = _size(kept) > _size(known)
    if grows and "files" not in fields and _size(kept) + _size_of_others(user, place) > MOST_BYTES:
        return False
    Draft.objects.update_or_create(user=user, place=place, defaults={"fields": kept})
    if before is None:
        newest = (
            Draft.objects.filter(user=user).order_by("-saved_at", "-pk").values("pk")[:MOST_DRAFTS]
        )
        Draft.objects.filter(user=user).exclude(pk__in=newest).delete()
    return True


def drop_texts(user: User, place: str) -> None:
    """Forgets what was typed for a place. Files that wait there stay: what is typed next may go
    with them.
    """
    Draft.objects.filter(user=user, place=place).exclude(fields__has_key="files").delete()
    if Draft.objects.filter(user=user, place=place).exists():
        keep_draft(user, place, {}, in_place_of_all=True)


def _size(fields: Mapping[str, Any]) -> int:
    return len(json.dumps(fields, ensure_ascii=False).encode())


def _size_of_others(user: User, place: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(octet_length(fields::text)), 0) from deskbook_draft "
            "where user_id = %s and place <> %s",
            [user.pk, place],
        )
        return int(cursor.fetchone()[0])

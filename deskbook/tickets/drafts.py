"""How much is kept of what a person types and does not send."""

from collections.abc import Mapping
from typing import Any

from deskbook.people.models import User
from deskbook.tickets.models import Draft

MOST_DRAFTS = 100
"""Of a person: the one not touched for longest makes room for the next."""
MOST_FIELDS = 60
"""Of a draft: more than any form has."""


def keep_draft(user: User, place: str, fields: Mapping[str, Any], *, in_place_of_all: bool = False) -> None:
    """Keeps fields beside those kept for a place already, or in place of all; past MOST_FIELDS of them none is kept."""
    draft, made = Draft.objects.get_or_create(user=user, place=place)
    kept = {**({} if in_place_of_all else draft.fields), **fields}
    draft.fields = dict(list(kept.items())[:MOST_FIELDS])
    draft.save()
    if made:
        newest = Draft.objects.filter(user=user).order_by("-saved_at", "-pk").values("pk")[:MOST_DRAFTS]
        Draft.objects.filter(user=user).exclude(pk__in=newest).delete()

"""What a requester was typing, kept on the server: another phone goes on where the first one
stopped.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from deskbook.people.models import Contact, User
from deskbook.tickets.drafts import keep_draft
from deskbook.tickets.models import Draft
from deskbook.web.shared.drafts import no_room
from deskbook.web.viewer import for_requesters

LONGEST = 50_000
_PLACES = re.compile(r"new case [\w-]{1,50}|answer [\w-]{1,40}")


def place_of_new_case(contact: Contact) -> str:
    return f"new case {contact.desk.key}"


def place_of_answer(number: str) -> str:
    return f"answer {number}"


def drafted(user: User, place: str) -> dict[str, str]:
    """Returns the texts kept for a place, by field."""
    draft = Draft.objects.filter(user=user, place=place).first()
    return (
        {name: text for name, text in draft.fields.items() if isinstance(text, str)}
        if draft
        else {}
    )


@transaction.atomic
def carry_draft(user: User, place: str, to: str) -> None:
    """Brings what was typed and added for a place to another, behind what is kept there: its case
    goes on as that.
    """
    moving = Draft.objects.select_for_update().filter(user=user, place=place).first()
    if moving is None:
        return
    there = Draft.objects.filter(user=user, place=to).first()
    both = [draft.fields for draft in (there, moving) if draft]
    files = {
        (file["sha256"], file["name"]): file for fields in both for file in fields.get("files", [])
    }
    text = "\n\n".join(fields["text"] for fields in both if fields.get("text", "").strip())
    moving.delete()
    keep_draft(user, to, {**moving.fields, "text": text, "files": list(files.values())})


def drop_draft(user: User, place: str, response: HttpResponse) -> None:
    """Forgets what was kept for a place, here and (by a cookie drafts.js reads) in the browser."""
    Draft.objects.filter(user=user, place=place).delete()
    response.set_cookie("accepted", quote(place), max_age=600, samesite="Lax")


@require_POST
@for_requesters
def keep(request: HttpRequest, contact: Contact) -> HttpResponse:
    """Keeps one field; `key` is "<place>/<field>". Places are per user, so nobody reads or writes
    another's.
    """
    place, _slash, name = request.POST.get("key", "").rpartition("/")
    user = contact.user
    if user is None or not _PLACES.fullmatch(place) or not 0 < len(name) <= 80 or name == "files":
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    if keep_texts(user, place, {name: request.POST.get("text", "")}):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return HttpResponse(
        no_room(), status=HTTPStatus.CONFLICT, content_type="text/plain; charset=utf-8"
    )


def keep_texts(user: User, place: str, texts: Mapping[str, str]) -> bool:
    """Keeps texts by field beside what is kept for the place already; False where there is no room
    for more.
    """
    return keep_draft(
        user, place, {name: text[:LONGEST].replace("\x00", "") for name, text in texts.items()}
    )

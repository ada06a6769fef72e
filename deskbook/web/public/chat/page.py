"""The chat page: the form that begins a chat, the chat itself (chat.js), and the form of the hours
it is closed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deskbook.engine.campaign import is_over
from deskbook.knowledge.deflection import KEY
from deskbook.knowledge.models import ArticleText
from deskbook.people.moments import written
from deskbook.web.public.chat.entering import Entry, enter, fields_of
from deskbook.web.public.chat.visitor import Place, at_a_chat
from deskbook.web.shared.campaign import outside_dates
from deskbook.web.shared.chat_words import words_of_both
from deskbook.web.shared.opening_hours import hours_of
from deskbook.web.uploads import LARGEST_FILE
from deskbook.web.viewer import in_zone

_KINDS = {"phone": ("tel", "tel"), "email": ("email", "email"), "name": ("text", "name")}


@require_http_methods(["GET", "HEAD", "POST"])
@at_a_chat
def page(request: HttpRequest, place: Place) -> HttpResponse:
    """Shows the chat; a POST begins one. The script asks for JSON; without it a message is left."""
    if request.method != "POST":
        return _show(request, place, Entry())
    entry = enter(request, place)
    if "application/json" in request.headers.get("Accept", ""):
        return _told(entry, place)
    return _show(request, place, entry)


def _told(entry: Entry, place: Place) -> JsonResponse:
    told: dict[str, Any] = {
        "errors": dict(entry.errors),
        "error": entry.refusal,
        "left": entry.left,
    }
    if entry.chat:
        told["chat"] = {"number": str(entry.chat.ticket)}
    if entry.left:
        told["thanks"] = _thanks(entry.left, place)
    return JsonResponse(told, status=entry.status)


def _show(request: HttpRequest, place: Place, entry: Entry) -> HttpResponse:
    at = timezone.now()
    hours = hours_of(place.desk.channel_hours(place.channel), at=at)
    with in_zone(place.desk.channel_hours(place.channel).zone):
        opens = _opening(hours.changes_at) if not hours.is_open else None
    asked = fields_of(place)
    context = {
        "desk": place.desk.title,
        "desk_key": place.helpdesk.key,
        "open": hours.is_open,
        "opens": opens,
        "ended": _ended(place),
        "when_closed": place.channel.when_closed,
        "fields": [_field(one, entry) for one in asked],
        "asks_mail": not place.channel.asks,
        "entry": entry,
        "thanks": _thanks(entry.left, place) if entry.left else "",
        "words": words() | _words_at_the_end(place),
        "live": reverse("live-chat", args=[place.helpdesk.key]),
        "largest": LARGEST_FILE,
        "writing": _writing(place, entry),
    }
    return render(request, "public/chat.html", context, status=entry.status)


def _field(one: Any, entry: Entry) -> dict[str, str]:
    name = f"asked.{one.key}"
    kind, autocomplete = _KINDS.get(one.kept, ("text", "off"))
    title = _("Name") if one.kept == "name" else one.field.title
    title = title[:1].upper() + title[1:]
    return {
        "name": name,
        "label": title,
        "hint": one.field.means,
        "type": kind,
        "autocomplete": autocomplete,
        "value": entry.values.get(name, ""),
        "error": entry.errors.get(name, ""),
    }


def _writing(place: Place, entry: Entry) -> str:
    """Returns by what an article opened meanwhile is known to belong to this question; "" for a
    desk without any.
    """
    public = ArticleText.objects.filter(
        desk=place.helpdesk, article__audience="public", published__isnull=False
    )
    if not public.exists():
        return ""
    given = entry.values.get("writing", "")
    return given if KEY.fullmatch(given) else uuid4().hex


def _opening(at: datetime | None) -> Mapping[str, str] | None:
    return {"at": at.isoformat(), "written": written(at)} if at else None


def _ended(place: Place) -> str:
    """Returns what a desk whose dates are over says in place of a promise; else nothing."""
    at = timezone.now()
    if not is_over(place.desk, at=at):
        return ""
    with in_zone(place.desk.zone):
        return outside_dates(place.desk, at=at)


def _thanks(number: str, place: Place) -> str:
    if ended := _ended(place):
        return f"{_('Your case: {number}').format(number=number)}. {strip_tags(ended)}"
    return _(
        "We have your message. Its number is {number}; the answer comes to you as the desk knows"
        " you."
    ).format(number=number)


def _words_at_the_end(place: Place) -> dict[str, str]:
    """Returns what chat.js says in place of promises where the desk's dates are over."""
    ended = strip_tags(_ended(place))
    return dict.fromkeys(("nobody", "queued", "ended_visitor"), ended) if ended else {}


def words() -> dict[str, str]:
    """Returns what chat.js says, in the visitor's language."""
    return {
        **words_of_both(),
        "desk": _("Desk"),
        "sent": _("Sent"),
        "waits": _("Not sent yet. It goes out when the line is back."),
        "lost": _("The line is down. What you write is kept and goes out when it is back."),
        "next": _("You are next."),
        "place": _("You are number {place} in the queue."),
        "waited": _("Most people waited {short} to {long} minutes within the last hour."),
        "waited_little": _("Most people waited less than {long} minutes within the last hour."),
        "nobody": _(
            "Nobody is at the chat right now. You may leave: the answer stands here for a day, and"
            " comes to you where we can reach you."
        ),
        "here": _("{who} is here."),
        "queued": _("Somebody will be with you. What you write meanwhile is not lost."),
        "ended_operator": _("{who} has ended the chat. Write on, and you are in the queue again."),
        "ended_visitor": _(
            "You have ended the chat. Your case goes on: the answer stands here for a day, and"
            " comes to you where we can reach you."
        ),
        "ended_parted": _("This chat is over. Begin a new one; what you wrote is kept here."),
        "ended_gone": _(
            "The line was cut for long, so the chat has ended. Write on, and you are in the queue"
            " again."
        ),
        "closed": _("This chat is over. Begin a new one; what you wrote is kept here."),
        "empty": _("“{name}” is empty."),
        "end": _("End the chat?"),
        "case": _("Your case: {number}"),
        "failed": _("This did not go out: the line is down. Try again; nothing is lost."),
        "new": _("{n} new"),
    }

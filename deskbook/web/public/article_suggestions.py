"""Articles that may help, offered while somebody writes a case or waits in a chat.

`GET /desk/<key>/articles/suggestions?q=…` answers with a list in HTML, or with `format=json`:
{"writing": key, "articles": [{"title", "url", "language", "excerpt"}]}. `place=chat` with a key of
32 hexadecimal digits as `writing` is for who is not signed in; the links carry both, so that an
opening is counted where it happened.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from deskbook.knowledge.deflection import DECIDED_AFTER, KEY, PLACES, note_sent
from deskbook.knowledge.markdown import excerpt
from deskbook.knowledge.models import ArticleText
from deskbook.knowledge.search import find
from deskbook.people.models import HelpDesk
from deskbook.web.public.articles import address_of, desk_and_reader
from deskbook.web.public.languages import language_name
from deskbook.web.viewer import in_their_language, user_of

MOST = 3


@require_safe
@in_their_language
def suggestions(request: HttpRequest, key: str) -> HttpResponse:
    """Returns the articles that fit what is being typed; none is an empty answer."""
    helpdesk, reader = desk_and_reader(request, key)
    words = request.GET.get("q", "")[:400]
    hits = find(helpdesk.pk, words, language=reader.language, audiences=reader.audiences, most=MOST)
    place = request.GET.get("place", "portal")
    writing = _key(request, helpdesk, at=timezone.now()) if hits and place in PLACES else ""
    rows = [_row(hit.text, writing, place, reader.language) for hit in hits]
    if request.GET.get("format") == "json":
        answer: HttpResponse = JsonResponse({"writing": writing, "articles": rows})
    else:
        answer = (
            render(request, "public/_suggestions.html", {"articles": rows})
            if rows
            else HttpResponse()
        )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def sent(request: HttpRequest, helpdesk: HelpDesk, *, at: datetime) -> None:
    """Notes that the case somebody was writing was sent, whatever they read before: no
    deflection.
    """
    kept = request.session.pop(_place_in_session(helpdesk), None)
    if kept:
        note_sent(helpdesk, str(kept["key"]), at=at)


def _key(request: HttpRequest, helpdesk: HelpDesk, *, at: datetime) -> str:
    """Returns what the present writing is known by: in the session of who is signed in, else as the
    page gave it.
    """
    if user_of(request) is None:
        given = request.GET.get("writing", "")
        return given if KEY.fullmatch(given) else uuid4().hex
    name = _place_in_session(helpdesk)
    kept = request.session.get(name)
    if not kept or datetime.fromisoformat(kept["at"]) < at - DECIDED_AFTER - timedelta(hours=1):
        kept = request.session[name] = {"key": uuid4().hex, "at": at.isoformat()}
    return str(kept["key"])


def _place_in_session(helpdesk: HelpDesk) -> str:
    return f"writing {helpdesk.pk}"


def _row(text: ArticleText, writing: str, place: str, language: str) -> dict[str, str]:
    shown = text.published
    asked = f"?writing={writing}&place={place}" if writing else ""
    return {
        "title": shown.title if shown else "",
        "url": address_of(text) + asked,
        "language": "" if text.language == language else language_name(text.language),
        "lang": text.language,
        "excerpt": excerpt(shown.body, 110) if shown else "",
    }

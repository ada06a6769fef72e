"""Articles that may help, offered while somebody writes a case or waits in a chat.

`GET /desk/<key>/articles/suggestions?q=…` answers with a list in HTML, or with `format=json`:
{"writing": key, "articles": [{"title", "url", "language", "excerpt"}]}. `place=chat` with a key of
32 hexadecimal digits as `writing` is for who is not signed in; the links carry both, so that an
opening is counted where it happened.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from deskbook.knowledge.deflection import PLACES
from deskbook.knowledge.markdown import excerpt
from deskbook.knowledge.models import ArticleText
from deskbook.knowledge.search import find
from deskbook.web.public.articles import desk_and_reader
from deskbook.web.shared.article_addresses import address_of
from deskbook.web.shared.languages import language_name
from deskbook.web.shared.suggested_articles import writing_of
from deskbook.web.viewer import in_their_language

MOST = 3


@require_safe
@in_their_language
def suggestions(request: HttpRequest, key: str) -> HttpResponse:
    """Returns the articles that fit what is being typed; none is an empty answer."""
    helpdesk, reader = desk_and_reader(request, key)
    words = request.GET.get("q", "")[:400]
    hits = find(helpdesk.pk, words, language=reader.language, audiences=reader.audiences, most=MOST)
    place = request.GET.get("place", "portal")
    writing = writing_of(request, helpdesk, at=timezone.now()) if hits and place in PLACES else ""
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

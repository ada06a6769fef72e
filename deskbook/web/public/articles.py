"""A desk's articles for everybody who may read them: the list, a page each, their pictures. Nothing
needs a script.
"""

from typing import Any
from urllib.parse import quote

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from deskbook.engine.desk import Desk
from deskbook.knowledge import deflection, gaps
from deskbook.knowledge.markdown import excerpt, rendered
from deskbook.knowledge.models import Article, ArticleText
from deskbook.knowledge.reading import (
    CATEGORY,
    Reader,
    image_for,
    other_languages,
    reader_of,
    shelves,
    text_at,
)
from deskbook.knowledge.search import find
from deskbook.people.access import NoAccess, contacts_of, may_open_and_close
from deskbook.people.books import desk_in_force
from deskbook.people.models import HelpDesk
from deskbook.web.public.article_form import form_of
from deskbook.web.shared.article_addresses import address_of
from deskbook.web.shared.languages import language_name
from deskbook.web.viewer import in_their_language, in_zone, user_of

MOST_FOUND = 20
SHORT_SHELF = 8
"""Articles of a category on the list of all; the others are on the category's own."""


@require_safe
@in_their_language
def articles(request: HttpRequest, key: str) -> HttpResponse:
    """Shows the articles by category, those of one category, or those that fit the words
    searched.
    """
    helpdesk, reader = desk_and_reader(request, key)
    words, category = request.GET.get("q", "").strip()[:200], request.GET.get("category", "")[:64]
    desk = desk_in_force(helpdesk)
    context = frame(
        request,
        helpdesk,
        words=words,
        category=category,
        short=0 if category else SHORT_SHELF,
        found=_found(request, reader, words) if words else [],
        shelves=[] if words else shelves(reader, desk, category=category),
    )
    return render(request, "public/articles.html", context)


@require_safe
@in_their_language
def article(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """Shows an article at its address. An old address leads to the new one; what is no public
    article asks to sign in.

    Opened from a form (`?writing=`), that is noted: see knowledge/deflection.py.
    """
    helpdesk, reader = desk_and_reader(request, key)
    text = text_at(helpdesk, slug)
    if text is None or text.published is None:
        raise NoAccess("no such article")
    if text.article.audience not in reader.audiences:
        return _closed(request, text)
    if text.slug != slug:
        return redirect(address_of(text), permanent=True)
    at = timezone.now()
    deflection.note_opening(
        text, request.GET.get("writing", ""), request.GET.get("place", "portal"), at=at
    )
    return article_page(request, helpdesk, text)


@require_safe
def image(request: HttpRequest, key: str, sha256: str) -> HttpResponse:
    """Gives a picture of an article to who may read the article."""
    _helpdesk, reader = desk_and_reader(request, key)
    found = image_for(reader, sha256)
    if found is None:
        raise NoAccess("no such picture")
    response = HttpResponse(bytes(found.blob.data), content_type=found.content_type)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; frame-ancestors 'none'; sandbox"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    if found.article.audience == Article.Audience.PUBLIC:
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def article_page(
    request: HttpRequest,
    helpdesk: HelpDesk,
    text: ArticleText,
    *,
    status: int = 200,
    **feedback: Any,
) -> HttpResponse:
    """Returns the page of a published article; `feedback` is a form that came back with what was
    typed.
    """
    desk = desk_in_force(helpdesk)
    shown = text.published
    others = other_languages(text)
    language = translation.get_language() or "en"
    there = {other.language for other in others}
    context = frame(
        request,
        helpdesk,
        text=text,
        version=shown,
        html=rendered(shown.body) if shown else "",
        category=category_of(text, desk),
        own_language=language_name(text.language),
        missing=language_name(language) if language not in {text.language, *there} else "",
        others=[(address_of(other), language_name(other.language), other) for other in others],
        feedback=form_of(request, text, **feedback),
    )
    with in_zone(desk.zone):
        return render(request, "public/article.html", context, status=status)


def desk_and_reader(request: HttpRequest, key: str) -> tuple[HelpDesk, Reader]:
    """Returns the desk of an address and what the viewer may read there; no such desk is not
    found.
    """
    helpdesk = get_object_or_404(HelpDesk, key=key)
    return helpdesk, reader_of(user_of(request), helpdesk, translation.get_language() or "en")


def frame(request: HttpRequest, helpdesk: HelpDesk, **more: Any) -> dict[str, Any]:
    """Returns the context of a public page of the desk; who is signed in there has the links of the
    portal.
    """
    user, desk = user_of(request), desk_in_force(helpdesk)
    contact = contacts_of(user).filter(desk=helpdesk).first() if user else None
    may_ask = (
        may_open_and_close(contact)
        if contact
        else user is None and any(one.kind == "portal" for one in desk.channels.values())
    )
    return {
        "desk": desk.title,
        "articles_of": helpdesk.key,
        "here": "articles",
        "may_ask": may_ask,
        "address": address_of,
        "language_name": language_name,
        "excerpt": excerpt,
        **({"desk_key": helpdesk.key} if contact else {}),
        **more,
    }


def category_of(text: ArticleText, desk: Desk) -> str:
    """Returns the title of the category an article is in; empty for none."""
    facet = desk.facets.get(CATEGORY)
    return facet.values.get(str(text.article.facets.get(CATEGORY, "")), "") if facet else ""


def _found(request: HttpRequest, reader: Reader, words: str) -> list[ArticleText]:
    hits = find(
        reader.desk.pk, words, language=reader.language, audiences=reader.audiences, most=MOST_FOUND
    )
    if not hits:
        user = user_of(request)
        gaps.note_search(reader.desk, words, at=timezone.now(), names=user.name if user else "")
    return [hit.text for hit in hits]


def _closed(request: HttpRequest, text: ArticleText) -> HttpResponse:
    """What requesters may read is behind the sign-in, as links in answers lead there; what agents
    read is nowhere.
    """
    if text.article.audience == Article.Audience.REQUESTERS and user_of(request) is None:
        return redirect_to_login(quote(request.path))
    raise NoAccess("no such article")

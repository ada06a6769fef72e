"""Saying whether an article helped, and why not. Who is signed in says it at once; others let their
browser work first.

The check is ours (knowledge/captcha.py): no other site hears of it. Without a script there is the
way by signing in.
"""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.knowledge.captcha import new_challenge, spend
from deskbook.knowledge.feedback import Opinion, vote, voter
from deskbook.knowledge.models import ArticleText
from deskbook.knowledge.reading import text_at
from deskbook.people.access import NoAccess
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.web.client_address import client_address
from deskbook.web.public.articles import article_page, desk_and_reader
from deskbook.web.viewer import in_their_language, user_of

VISITOR = "visitor"
A_YEAR = 365 * 86_400


@require_safe
def challenge(request: HttpRequest, key: str) -> JsonResponse:
    """Gives a browser something to work on. Nothing of it is kept."""
    answer = JsonResponse(new_challenge(at=timezone.now()))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@in_their_language
def feedback(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """Takes what a reader thinks; what cannot be taken comes back as it was typed, with the
    reason.
    """
    helpdesk, reader = desk_and_reader(request, key)
    text = text_at(helpdesk, slug)
    if text is None or text.published is None or text.article.audience not in reader.audiences:
        raise NoAccess("no such article")
    try:
        who = _take(request, text)
    except Refused as refused:
        return article_page(
            request, helpdesk, text, status=422, error=in_words(refused, "requester")
        )
    messages.success(request, _("Thank you. Whoever wrote the article reads what you said."))
    response = redirect(reverse("article", args=[key, text.slug]))
    if user_of(request) is None:
        response.set_cookie(
            VISITOR, who, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    return response


def _take(request: HttpRequest, text: ArticleText) -> str:
    """Keeps the vote and returns under what name its browser is known."""
    at, user, given = timezone.now(), user_of(request), request.POST
    if given.get("helpful") not in ("yes", "no"):
        raise Refused("helpful")
    opinion = Opinion(given["helpful"] == "yes", given.getlist("reason"), given.get("words", ""))
    if user is not None:
        vote(text, opinion, voter(f"user {user.pk}", "", at=at), at=at)
        return ""
    spend(given.get("captcha", ""), at=at)
    known = request.COOKIES.get(VISITOR, "")
    who = known if len(known) == 32 and known.isalnum() else uuid4().hex
    vote(text, opinion, voter(f"browser {who}", client_address(request), at=at), at=at)
    return who

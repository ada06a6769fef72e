"""The form under an article that asks whether it helped: fresh, or as it came back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from deskbook.knowledge.feedback import LONGEST, reason_titles
from deskbook.knowledge.models import ArticleText
from deskbook.web.viewer import user_of


@dataclass(frozen=True, slots=True)
class FeedbackForm:
    """The form as it stands, fresh or as it came back."""

    action: str
    challenge: str
    """Where the browser gets its work; empty for who is signed in."""
    reasons: tuple[tuple[str, str], ...]
    helpful: str = ""
    chosen: Sequence[str] = ()
    words: str = ""
    error: str = ""


def form_of(request: HttpRequest, text: ArticleText, *, error: str = "") -> FeedbackForm:
    """Returns the form of an article; with an error it holds all that was typed."""
    key, given = text.article.desk.key, request.POST
    return FeedbackForm(
        reverse("article-feedback", args=[key, text.slug]),
        "" if user_of(request) else reverse("article-challenge", args=[key]),
        tuple(reason_titles().items()),
        given.get("helpful", ""),
        given.getlist("reason"),
        given.get("words", "")[: 2 * LONGEST],
        error,
    )

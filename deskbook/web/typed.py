"""What was typed and cannot be taken from who sends it: shown to them with why, to be copied.

A form may stand open when its writer is signed out, switched off or taken from the desk; only
texts with a draft of their own are kept elsewhere.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

WORDS = ("comment", "message", "reason", "subject", "text")
"""Fields of words, even of one; what has a space in it is words wherever it was typed."""
NO_WORDS = ("csrfmiddlewaretoken", "trail")


def was_typed(request: HttpRequest) -> list[str]:
    """Returns the words of a form that was sent, and the names of its files."""
    if request.method != "POST":
        return []
    fields = [(name, text.strip()) for name, texts in request.POST.lists() for text in texts]
    words = [
        text
        for name, text in fields
        if name not in NO_WORDS and text and (name in WORDS or len(text.split()) > 1)
    ]
    return [*words, *(file.name or "" for _name, files in request.FILES.lists() for file in files)]


def given_back(request: HttpRequest, why: str, status: int, **more: object) -> HttpResponse:
    """Returns the page that says why nothing was taken, with the words that were sent."""
    context = {"why": why, "typed": was_typed(request), **more}
    return render(request, "404_typed.html", context, status=status, using="jinja2")

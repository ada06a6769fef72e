"""What was typed and cannot be taken from who sends it: shown to them with why, to be copied.

A form may stand open when its writer is signed out, switched off or taken from the desk; only
texts with a draft of their own are kept elsewhere.
"""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

WORDS = ("comment", "message", "reason", "subject", "text")
"""Fields of words, even of one; what has a space in it is words wherever it was typed."""
NO_WORDS = ("csrfmiddlewaretoken", "trail")
_OF_THE_PAGE = (*NO_WORDS, "at_desk", "last_seen", "then")
"""What a form carries along and nobody says by it."""


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


def key_of(request: HttpRequest, given: str) -> str:
    """Returns the key by which what a form says is done once: of the key the form has, and of all
    that is said by it. Sent again with other words, from a page one went back to, it is another.
    """
    said = [given]
    for name, texts in sorted(request.POST.lists()):
        said += [] if name in _OF_THE_PAGE else [name, *texts]
    for name, files in sorted(request.FILES.lists()):
        said += [name, *(f"{file.name} {file.size}" for file in files)]
    return sha256("\x00".join(map(str, said)).encode("utf-8", "replace")).hexdigest()[:32]


def given_back(request: HttpRequest, why: str, status: int, **more: object) -> HttpResponse:
    """Returns the page that says why nothing was taken, with the words that were sent."""
    context = {"why": why, "typed": was_typed(request), **more}
    return render(request, "404_typed.html", context, status=status, using="jinja2")

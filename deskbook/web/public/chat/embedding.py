"""The one script another site puts into its pages: a button, and the chat in a frame."""

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from deskbook.web.public.chat.visitor import policy

NAME = "js/chat-embed.js"


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """Gives the script under an address that stays; whom it serves is decided by the page it
    frames.
    """
    found = finders.find(NAME)
    if isinstance(found, str):
        with open(found, "rb") as own:
            content = own.read()
    else:
        with staticfiles_storage.open(NAME) as collected:
            content = collected.read()
    answer = HttpResponse(content, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=3600"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Content-Security-Policy"] = policy()
    return answer

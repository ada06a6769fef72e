"""The door of the demo's pages: outside a demo they do not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]


def only_in_demo(page: Page[P]) -> Page[P]:
    """Answers "not found" where DESKBOOK_DEMO is off."""

    @wraps(page)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.DESKBOOK_DEMO:
            raise Http404("no demo here")
        return page(request, *args, **kwargs)

    return shown

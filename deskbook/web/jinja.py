"""The Jinja2 environment of our screens.

Jinja2, because Django's template language is three times slower on a list of fifty rows.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any
from zlib import crc32

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import (
    get_language,
    get_language_bidi,
    gettext,
    ngettext,
    npgettext,
    pgettext,
)
from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context

from deskbook.people import moments
from deskbook.people.refusals import in_words
from deskbook.web import drawn, refresh, times
from deskbook.web.compiled import OneLanguage

HUES = 10


def environment(**options: Any) -> OneLanguage:
    """Returns the environment Django's Jinja2 backend asks for: escaping on, gettext, our filters
    and globals.
    """
    built = OneLanguage(
        **{
            "trim_blocks": True,
            "lstrip_blocks": True,
            "undefined": StrictUndefined,
            **options,
            "autoescape": True,
        },
        extensions=["jinja2.ext.i18n", refresh.Part],
    )
    built.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    built.globals.update(
        static=asset,
        drawn=drawn,
        url=url,
        now=timezone.now,
        language=get_language,
        right_to_left=get_language_bidi,
        countdown_words=times.words_for_script,
        theme=theme,
        query=query,
        toasts=toasts,
        client_key=drawn.client_key,
        debug=settings.DEBUG,
        languages_spoken=lambda: settings.LANGUAGES,
    )
    built.filters.update(
        instant=times.instant,
        countdown=lambda at: times.instant(at, "countdown"),
        ago=lambda at: times.instant(at, "ago"),
        clock_time=lambda at: times.instant(at, "clock"),
        written=moments.written,
        span=moments.spoken,
        day=times.day,
        worked=times.worked,
        plural=plural,
        initials=initials,
        hue=hue,
        local_input=local_input,
        in_words=in_words,
        filesizeformat=filesizeformat,
    )
    return built


@lru_cache(maxsize=256)
def asset(path: str) -> str:
    """Returns the address of a static file. The names of a release's files do not change while it
    runs.
    """
    return static(path)


@lru_cache(maxsize=1024)
def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Returns the address of a named page, with its positional or keyword parts."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


@pass_context
def theme(context: Context) -> str:
    """Returns "light" or "dark" where the viewer chose one, else "" (as the system says)."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in ("light", "dark") else ""


@pass_context
def toasts(context: Context) -> list[Message]:
    """Returns what the last act left to be said, once: on a page that somebody sees.

    A live refresh takes parts of a page and these are none of them: what it read would be said to
    nobody.
    """
    request = context.get("request")
    seen = request is not None and refresh.asked_for(request) is None
    return list(get_messages(request)) if seen else []


@pass_context
def query(context: Context, **changes: object) -> str:
    """Returns the present query string with some parts changed; None takes a part out."""
    request = context.get("request")
    parts = request.GET.copy() if request else None
    if parts is None:
        return ""
    for key, value in changes.items():
        if value is None:
            parts.pop(key, None)
        else:
            parts[key] = str(value)
    return f"?{parts.urlencode()}" if parts else "?"


def plural(count: int, one: str, many: str) -> str:
    """Returns "1 ticket" or "3 tickets". The words are message ids, given already as English."""
    return f"{count:,} {ngettext(one, many, count)}"


def initials(name: str) -> str:
    """Returns the first letters of the first and last word of a name."""
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


def hue(name: str) -> int:
    """Returns a stable number below HUES, so that a person keeps their colour."""
    return crc32(name.encode()) % HUES


def local_input(at: datetime | None) -> str:
    """Returns an instant as a `datetime-local` field wants it, in the viewer's zone."""
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}" if at else ""

"""The HTML of a message as a page may hold it, with the pictures that came along."""

from collections.abc import Iterable
from typing import Protocol

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from deskbook.channels.email.body import ENCRYPTED
from deskbook.channels.email.invitation import in_their_language
from deskbook.channels.email.pictures import with_pictures


class Kept(Protocol):
    """A file of a message."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def content_id(self) -> str: ...


def mail_html(html: str, files: Iterable[Kept]) -> tuple[SafeString, frozenset[int]]:
    """Returns what to put into the page and the ids of the files that it shows; the others have to
    be listed.

    It goes under `hx-disable`: whatever a later change lets through, htmx will not act on it.
    """
    html = _desks_own_in(html)
    if "cid:" not in html.lower():
        return mark_safe(html), frozenset()  # made safe by channels.email.html when it came in
    named = {file.content_id: file for file in reversed(tuple(files)) if file.content_id}
    shown, ids = with_pictures(
        html, {content_id: file_url(file) for content_id, file in named.items()}
    )
    return mark_safe(shown), frozenset(named[content_id].id for content_id in ids)


def _desks_own_in(html: str) -> str:
    """What the desk said of a calendar stands in the HTML as it does in the text."""
    before, *blocks = html.split("<pre>")
    ends = (block.partition("</pre>") for block in blocks)
    said = (f"<pre>{in_their_language(words)}{end}{rest}" for words, end, rest in ends)
    return before + "".join(said)


def file_url(file: Kept) -> str:
    """Returns the address at which those who may read the message get the file."""
    return reverse("file", args=[file.id, file.name.replace("/", "_")])


def desks_own(text: str) -> str:
    """Returns a text as its reader may have it: what the desk itself said in place of words, in
    their language.
    """
    if text != ENCRYPTED:
        return in_their_language(text)
    return _("(This mail is encrypted or signed as a whole; its content is in the attachment.)")

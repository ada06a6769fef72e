"""Pictures that came along with a mail, put where its HTML names them."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

import nh3

from deskbook.channels.email.html import BLOCKED, rules

# As the sanitiser writes it, after everything else was escaped.
_BLOCKED_REMOTE = re.compile(
    rf'src="{re.escape(BLOCKED)}" data-remote-src="(?:https?:)?(//[^"]*)"', re.IGNORECASE
)


def shown_in(html: str, content_ids: Iterable[str]) -> frozenset[str]:
    """Returns those of the content ids whose picture the sanitised HTML shows: every other file is
    to be listed.
    """
    return (
        with_pictures(html, dict.fromkeys(content_ids, "/"))[1]
        if "cid:" in html.lower()
        else frozenset()
    )


def with_remote_pictures(html: str) -> str:
    """Returns sanitised HTML with each remote picture at its address again, by https as browsers
    fetch it anyway.
    """
    return _BLOCKED_REMOTE.sub(r'src="https:\1"', html)


def with_pictures(html: str, addresses: Mapping[str, str]) -> tuple[str, frozenset[str]]:
    """Returns sanitised HTML with each `cid:` picture at its address, and the content ids that it
    shows.

    `addresses` maps content id → address; ids are compared decoded, whole and without case (RFC
    2392). A picture nobody sent keeps the placeholder. Values are replaced by the parser, never in
    the text: an id is the sender's, and text put into finished HTML can end an attribute and begin
    one that acts.
    """
    known = {
        content_id.casefold(): (content_id, address) for content_id, address in addresses.items()
    }
    shown: set[str] = set()

    def placed(tag: str, attribute: str, value: str) -> str | None:
        if attribute != "src" or not value.lower().startswith("cid:"):
            return value
        content_id, address = known.get(unquote(value[4:]).casefold(), ("", BLOCKED))
        shown.add(content_id)
        return address

    return nh3.clean(html, **rules(placed, kept={"data-remote-src"})), frozenset(shown - {""})

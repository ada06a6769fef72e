"""The desk as an assistant's tools ask it: its REST API, and what was drafted and not written
yet.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
from mcp.server.mcpserver.exceptions import ToolError

SECONDS = 30.0
MOST_DRAFTS = 50
MOST_PAGES = 10
"""Of a list that is read whole, in one answer."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be written, where, and on which state of the ticket it was thought of."""

    shown: str
    """What a person approves of: all of it."""
    address: tuple[str, ...]
    """Part by part: none of them leads to another address than the one that was meant."""
    body: Mapping[str, Any]
    seen: str
    """The ETag of the ticket."""
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    """Idempotency-Key: however often it is carried out, it is written once."""


class Desk:
    """The REST API with one token, and this session's drafts by their numbers."""

    def __init__(self, address: str, token: str) -> None:
        self.drafts: dict[int, Draft] = {}
        self._made = 0
        self._client = httpx.Client(
            base_url=f"{address}/api/v1/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=SECONDS,
        )

    def get(self, *parts: str, **query: str) -> Any:
        """Returns what an address says. Raises ToolError."""
        return self.answered("GET", *parts, query=query).json()

    def page(self, *parts: str, **query: str) -> dict[str, Any]:
        """Returns a page of a list, with `after` for the next one. Raises ToolError."""
        answer = self.answered("GET", *parts, query=query)
        following = httpx.URL(answer.links.get("next", {}).get("url", ""))
        return {"found": answer.json(), "after": following.params.get("after", "")}

    def pages(self, *parts: str, after: str = "") -> dict[str, Any]:
        """Returns up to `MOST_PAGES` pages of a list as one, with `after` for what follows. Raises
        ToolError.
        """
        found: list[Any] = []
        for _n in range(MOST_PAGES):
            page = self.page(*parts, after=after)
            found, after = found + page["found"], page["after"]
            if not after:
                break
        return {"found": found, "after": after}

    def post(self, *parts: str, body: Mapping[str, Any]) -> Any:
        """Returns what an address makes of a body. Raises ToolError."""
        return self.answered("POST", *parts, body=body).json()

    def answered(
        self,
        method: str,
        *parts: str,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Returns the answer of the desk. Raises ToolError with its reason where it refuses, and
        for a part of the address that is none.
        """
        asked = {name: value for name, value in (query or {}).items() if value}
        address = "/".join(map(_part, parts))
        try:
            answer = self._client.request(
                method, address, params=asked, json=body, headers=dict(headers or {})
            )
        except httpx.HTTPError as failure:
            raise ToolError(f"The desk cannot be reached ({type(failure).__name__}).") from None
        if answer.status_code >= 400:
            raise ToolError(_why(answer))
        return answer

    def keep(self, draft: Draft) -> int:
        """Returns the number of a draft, by which it is carried out; the oldest makes room."""
        self._made += 1
        self.drafts[self._made] = draft
        while len(self.drafts) > MOST_DRAFTS:
            del self.drafts[next(iter(self.drafts))]
        return self._made

    def draft(self, number: int) -> Draft:
        """Returns a draft of this session. Raises ToolError."""
        if number not in self.drafts:
            raise ToolError(f"There is no draft {number} in this session. Draft it again.")
        return self.drafts[number]

    def carry_out(self, number: int) -> dict[str, Any]:
        """Writes a draft, once, on the ticket as it was seen; returns what the desk says. Raises
        ToolError.
        """
        draft = self.draft(number)
        headers = {"Idempotency-Key": draft.key, "If-Match": draft.seen}
        answer = self.answered("POST", *draft.address, body=draft.body, headers=headers)
        found: dict[str, Any] = answer.json()
        return found


def _part(said: str) -> str:
    """Returns a part of an address as it is sent; "." and ".." would be left out on the way, with
    what stands before them.
    """
    if said in ("", ".", "..") or "/" in said or "\\" in said:
        raise ToolError(f"{said!r} is no part of an address.")
    return quote(said, safe="")


def _why(answer: httpx.Response) -> str:
    try:
        told = answer.json()
        lines = ", ".join(map(str, told.get("book_lines") or ()))
        fields = "; ".join(f"{one['field']}: {one['what']}" for one in told.get("errors") or ())
        words = [str(told.get("detail") or told.get("title")), fields]
        words.append(f"Line {lines} of the book says so." if lines else "")
        return " ".join(filter(None, words))
    except (ValueError, AttributeError, KeyError, TypeError):
        return f"The desk answers {answer.status_code}."

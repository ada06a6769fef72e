"""What is typed into a book's editor, and what is found in it."""

from dataclasses import dataclass
from typing import Any

from deskbook.book.findings import Finding
from deskbook.people.access import NoAccess
from deskbook.people.books import BookRefused, read_book
from deskbook.people.models import Agent, BookVersion
from deskbook.tickets.drafts import draft_at, drop_texts
from deskbook.web.console.book.aside import asked
from deskbook.web.shared.fields import Id, Sent
from deskbook.web.shared.forms import Pressed


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that is to become the desk's next book."""

    text: str
    base: int
    """The version it was begun from."""


class Typed(Pressed):
    """The editor's form."""

    text = Sent(strip=False)
    base, version = Id(), Id()

    def draft(self) -> Draft:
        # A browser sends a text area's lines as CR LF (HTML, 4.10.21.4).
        return Draft(self("text").replace("\r\n", "\n").replace("\r", "\n"), self("base") or 0)


def place_of(agent: Agent) -> str:
    """Returns where an agent's text is kept until it is in force."""
    return f"book {agent.desk.key}"


def draft_for(agent: Agent) -> Draft:
    """Returns what the agent was typing, else the book in force."""
    kept = draft_at(agent.user_id, place_of(agent))
    fields = kept.fields if kept else {}
    newest = agent.desk.book_version
    if fields.get("text"):
        base = str(fields.get("base", ""))
        return Draft(str(fields["text"]), int(base) if base.isdecimal() else newest)
    return Draft(text_at(agent, newest), newest)


def text_at(agent: Agent, version: int) -> str:
    """Returns one version's text. Raises NoAccess where there is none."""
    found = BookVersion.objects.filter(desk=agent.desk_id, number=version).first()
    if found is None:
        raise NoAccess("no such version")
    return found.text


def forget(agent: Agent) -> None:
    """The text is in force: the next one begins from it."""
    drop_texts(agent.user, place_of(agent))


def findings_in(agent: Agent, text: str) -> list[dict[str, Any]]:
    """Returns what `deskbook check` finds in a text, and what keeps it from standing beside the
    books of other desks: level, message, code, line, column. Raises Stopped.
    """
    found: list[dict[str, Any]] = asked("check", {"book.yaml": text}, "book.yaml")[0]["findings"]
    if not any(one["level"] == "error" for one in found):
        try:
            read_book(agent.desk.key, text)
        except BookRefused as refused:
            return [*found, *map(_as_dict, refused.findings)]
    return found


def _as_dict(finding: object) -> dict[str, Any]:
    if isinstance(finding, Finding):
        return finding.as_dict()
    return {"level": "error", "message": str(finding), "code": "", "line": 1, "column": 1}


def has_errors(found: list[dict[str, Any]]) -> bool:
    return any(one["level"] == "error" for one in found)

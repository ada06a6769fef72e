"""The tools an assistant has at a desk. It reads by itself; what it writes is a draft, until a
person has seen and approved all of it.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from mcp.server import MCPServer
from mcp.server.elicitation import AcceptedElicitation, ElicitationResult
from mcp.server.mcpserver import Elicit, Resolve
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field

from deskbook.server.mcp_desk import Desk, Draft
from deskbook.server.mcp_server import DeskServer
from deskbook.server.mcp_shown import in_lines, on_a_line

READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
DRAFTS = ToolAnnotations(read_only_hint=True, idempotent_hint=False, open_world_hint=False)
WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=True, open_world_hint=False)
Number = Annotated[str, Field(description="Of the ticket, like SPR-12.", max_length=40)]
Key = Annotated[
    str, Field(description="As acts_offered has it.", pattern="^[a-z0-9-]+$", max_length=60)
]
Yaml = Annotated[str, Field(max_length=1_000_000)]
Found = dict[str, Any]
_VERBS = {"answer": "Answer to", "question": "Question to", "note": "Note for colleagues on"}


class Approval(BaseModel):
    """What the person says to a draft."""

    approved: bool = Field(title="Write exactly this", description="Nothing is written without.")


def tools_of(address: str, token: str) -> MCPServer:
    """Returns the server with the tools of a desk, as the agent of the token."""
    desk = Desk(address, token)
    server = DeskServer()
    _reading(server, desk)
    _looking_up(server, desk)
    _reports(server, desk)
    _asking_the_book(server, desk)
    _drafting(server, desk)
    _drafting_acts(server, desk)
    _writing(server, desk)
    return server


def _reading(server: MCPServer, desk: Desk) -> None:
    @server.tool(annotations=READS)
    def find_tickets(q: str = "", queue: str = "", after: str = "") -> Found:
        """Tickets by words and operators (is:open, owner:me, stage:new, before:2026-11-30 …), or
        those of one queue (mine, teams, unassigned, open, breached, waiting, closed, team:KEY).
        `after` of an answer asks for its next page.
        """
        return desk.page("tickets", q=q, queue=queue, after=after)

    @server.tool(annotations=READS)
    def read_ticket(number: Number, after: str = "") -> Found:
        """A ticket as it stands, with all that was written on it, the first of it first. Of more
        than 500 messages those from the 501st on are asked for by the `after` of the answer.
        """
        messages = desk.pages("tickets", number, "messages", after=after)
        return {"ticket": desk.get("tickets", number), "messages": messages}

    @server.tool(annotations=READS)
    def why_due(number: Number) -> Found:
        """When a ticket is due by each clock, why, and which line of the book says so."""
        whole = desk.get("tickets", number)
        return {"number": whole["number"], "clocks": whole["clocks"]}


def _looking_up(server: MCPServer, desk: Desk) -> None:
    @server.tool(annotations=READS)
    def find_people(q: str) -> Found:
        """Up to 25 people by the beginning of an address or number, or by a name."""
        return {"found": desk.get("people", q=q)}

    @server.tool(annotations=READS)
    def find_articles(q: str, language: str = "") -> Found:
        """Up to 25 published articles that fit the words, the best first."""
        return {"found": desk.get("articles", q=q, language=language)}

    @server.tool(annotations=READS)
    def who_is_on(team: str = "", at: str = "") -> Found:
        """Who is on duty by the roster, now or at an instant (ISO 8601)."""
        return {"found": desk.get("rosters", "on-duty", team=team, at=at)}


def _reports(server: MCPServer, desk: Desk) -> None:
    @server.tool(annotations=READS)
    def reports(
        key: str = "", first: str = "", last: str = "", by: str = "", team: str = ""
    ) -> Found:
        """Without a key the reports there are and what each can be narrowed by; with one its
        numbers, of the last twelve weeks or from day `first` to day `last` (2026-11-30).
        """
        if not key:
            return {"found": desk.get("reports")}
        report: Found = desk.get("reports", key, first=first, last=last, by=by, team=team)
        return report


def _asking_the_book(server: MCPServer, desk: Desk) -> None:
    @server.tool(annotations=READS)
    def check_book(text: Yaml = "") -> Found:
        """The book in force, or what is wrong with a text of one, line by line. Changes nothing."""
        book: Found = desk.post("book", "check", body={"text": text}) if text else desk.get("book")
        return book

    @server.tool(annotations=READS)
    def due_by_book(cases: list[dict[str, Any]], text: Yaml = "") -> Found:
        """Every clock of made-up cases by the book in force, or by a text of one. Changes
        nothing.
        """
        asked = {"cases": cases, "text": text, "explain": True}
        due: Found = desk.post("book", "due", body=asked)
        return due

    @server.tool(annotations=READS)
    def play_scenarios(scenarios: Yaml, text: Yaml = "") -> Found:
        """Scenarios (YAML) lived on the engine in a made-up time. Changes nothing."""
        played: Found = desk.post("book", "play", body={"scenarios": scenarios, "text": text})
        return played


def _drafting(server: MCPServer, desk: Desk) -> None:
    @server.tool(annotations=DRAFTS)
    def draft(number: Number, act: Literal["answer", "question", "note"], text: str) -> Found:
        """Drafts words for the requester (answer, question) or for colleagues (note). Nothing is
        written or sent: carry_out does that, once a person has approved.
        """
        seen, whole = _seen(desk, number)
        to = str((whole.get("requester") or {}).get("name") or "") if act != "note" else ""
        head = f"{_VERBS[act]} {on_a_line(to or whole['number'])}"
        shown = f"{head}: {_which(whole)}\n\n{in_lines(text)}"
        body = {"act": act, "text": text}
        address = ("tickets", str(whole["number"]), "messages")
        return _kept(desk, Draft(shown, address, body, seen))


def _drafting_acts(server: MCPServer, desk: Desk) -> None:
    @server.tool(annotations=READS)
    def acts_offered(number: Number) -> Found:
        """What may be done with a ticket now (assign, move, close …), each with its fields."""
        return {"found": desk.get("tickets", number, "acts")}

    @server.tool(annotations=DRAFTS)
    def draft_act(number: Number, act: Key, fields: dict[str, Any] | None = None) -> Found:
        """Drafts one of the acts offered, with its fields. Nothing is done: carry_out does that,
        once a person has approved.
        """
        seen, whole = _seen(desk, number)
        label = on_a_line(_label(desk, str(whole["number"]), act))
        told = "\n".join(
            f"{on_a_line(name)}: {in_lines(value, indent=True)}"
            for name, value in (fields or {}).items()
        )
        shown = f"{label} ({act}) on {_which(whole)}\n\n{told}".strip()
        address = ("tickets", str(whole["number"]), "acts", act)
        return _kept(desk, Draft(shown, address, fields or {}, seen))


def _writing(server: MCPServer, desk: Desk) -> None:
    def approved(draft: int) -> Elicit[Approval]:
        return Elicit(desk.draft(draft).shown, Approval)

    @server.tool(annotations=WRITES)
    def carry_out(
        draft: int, answer: Annotated[ElicitationResult[Approval], Resolve(approved)]
    ) -> Found:
        """Shows a draft to the person at the keyboard, and writes it if they approve; once. Where
        the ticket went on since it was drafted it is refused: read again, draft again.
        """
        if not isinstance(answer, AcceptedElicitation) or not answer.data.approved:
            return {"written": False, "why": "The person did not approve. Nothing was written."}
        return {"written": True, **desk.carry_out(draft)}


def _seen(desk: Desk, number: str) -> tuple[str, Mapping[str, Any]]:
    answer = desk.answered("GET", "tickets", number)
    return answer.headers.get("ETag", ""), answer.json()


def _label(desk: Desk, number: str, act: str) -> str:
    """Returns what an act is called. Raises ToolError for one that is not offered now."""
    offered = {one["key"]: str(one["label"]) for one in desk.get("tickets", number, "acts")}
    if act not in offered:
        known = ", ".join(offered)
        raise ToolError(f"“{act}” is not offered on {number} now. Offered are: {known}.")
    return offered[act]


def _which(whole: Mapping[str, Any]) -> str:
    return f"{whole['number']} “{on_a_line(whole['subject'])}”"


def _kept(desk: Desk, draft: Draft) -> Found:
    return {"draft": desk.keep(draft), "would_write": draft.shown, "written": False}

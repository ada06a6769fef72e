"""An assistant at a desk, by the protocol's own client over standard input and output: it reads by
itself, and writes what a person has approved, in the name and with the rights of a token.
"""

import asyncio
import json
import os
import re
import sys
from datetime import timedelta
from importlib.metadata import version

import pytest
from django.db import connection
from django.utils import timezone
from mcp import Client, StdioServerParameters
from mcp.server.mcpserver.exceptions import ToolError
from mcp.shared.exceptions import MCPError
from mcp.types import ElicitResult

from deskbook.people.tokens import Told, make_token
from deskbook.server.mcp_desk import Desk
from deskbook.tickets.assignment import take_ticket
from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message
from deskbook.tickets.queues import PAGE
from tests.conftest import ROOT, database_of_the_tests
from tests.server.test_migration import run

APPROVES = ElicitResult(action="accept", content={"approved": True})
REFUSALS = {
    "declines": ElicitResult(action="decline"),
    "closes the question": ElicitResult(action="cancel"),
    "leaves the box unticked": ElicitResult(action="accept", content={"approved": False}),
}


class Assistant:
    """What a program with a language model does, with the person beside it."""

    def __init__(self, desk, agent, scopes=("read", "write", "reports", "book")):
        told = Told("assistant", scopes, timedelta(days=1))
        self.token = make_token(agent, told, at=timezone.now(), by=agent)[1]
        self.desk, self.shown = desk, []

    def does(self, talk, person=APPROVES):
        """Talk with the server; the person gives the same answer to all that is shown."""

        async def asked(_context, params):
            self.shown.append(params.message)
            return person

        async def talking():
            callback = asked if person else None
            async with Client(self._server(), elicitation_callback=callback) as client:
                return await talk(client)

        return asyncio.run(talking())

    def calls(self, tool, person=APPROVES, **given):
        return self.does(lambda client: called(client, tool, **given), person)

    def _server(self):
        environment = {**os.environ, "DESKBOOK_TOKEN": self.token, "PYTHONPATH": str(ROOT)}
        arguments = ["-m", "deskbook", "mcp", "--desk", self.desk]
        return StdioServerParameters(command=sys.executable, args=arguments, env=environment)


async def called(client, tool, **given):
    answer = await client.call_tool(tool, given)
    words = answer.content[0].text if answer.content else ""
    return words if answer.is_error else json.loads(words)


@pytest.fixture
def assistant(live_desk, asha):
    return Assistant(live_desk, asha)


def drafted(case, person, assistant, text="Try the other printer.", meanwhile=None, act="answer"):
    async def talk(client):
        draft = await called(client, "draft", number=str(case), act=act, text=text)
        assert draft["written"] is False
        if meanwhile:
            await asyncio.to_thread(meanwhile)
        return await called(client, "carry_out", draft=draft["draft"])

    return assistant.does(talk, person)


def arguments(schema):
    """Which a tool needs, and which it takes too."""
    needed = schema.get("required", [])
    return set(needed), set(schema["properties"]) - set(needed)


def named(cell):
    return set(re.findall(r"`(\w+)`", cell))


def words_on(case):
    return [one.text for one in Message.objects.filter(ticket=case).order_by("pk")]


def test_it_finds_and_reads_and_says_why_something_is_due(assistant, case):
    async def talk(client):
        found = await called(client, "find_tickets", q="payroll")
        read = await called(client, "read_ticket", number=str(case))
        due = await called(client, "why_due", number=str(case))
        people = await called(client, "find_people", q="chitra")
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        return found, read, due, people, tools

    found, read, due, people, tools = assistant.does(talk)
    assert [one["number"] for one in found["found"]] == [str(case)]
    assert read["messages"]["found"][0]["text"] == "Since this morning nothing is in it."
    assert due["clocks"][0]["why"]["book_line"] > 1
    assert people["found"][0]["name"] == "Chitra"
    writing = [name for name, tool in tools.items() if not tool.annotations.read_only_hint]
    assert writing == ["carry_out"]


def test_it_reads_a_long_ticket_to_its_newest_and_a_long_list_page_by_page(
    assistant, case, asha, open_case
):
    for n in range(PAGE):
        note_on_ticket(case, Written(f"Note {n}"), at=timezone.now(), by=asha)
        open_case(f"Case {n}")

    async def talk(client):
        read = await called(client, "read_ticket", number=str(case))
        first = await called(client, "find_tickets", q="is:open")
        return read, first, await called(client, "find_tickets", q="is:open", after=first["after"])

    read, first, second = assistant.does(talk)
    texts = [one["text"] for one in read["messages"]["found"]]
    assert (len(texts), texts[-1], read["messages"]["after"]) == (PAGE + 1, f"Note {PAGE - 1}", "")
    assert len({one["number"] for one in first["found"] + second["found"]}) == PAGE + 1


def test_it_asks_the_book_and_the_reports(live_desk, bala):
    bala.role = "owner"
    bala.save()

    async def talk(client):
        checked = await called(client, "check_book", text="desk: x")
        reports = await called(client, "reports")
        first = await called(client, "reports", key=reports["found"][0]["key"])
        return checked, first

    checked, first = Assistant(live_desk, bala).does(talk)
    assert checked["is_right"] is False
    assert first["columns"]


def test_what_a_person_approves_is_written_once_in_the_agents_name(assistant, case, asha):
    assert drafted(case, APPROVES, assistant)["written"] is True
    [shown] = assistant.shown
    assert "Chitra" in shown
    assert "Try the other printer." in shown
    answer = Message.objects.filter(ticket=case).latest("pk")
    assert (answer.text, answer.kind, answer.author_user) == (
        "Try the other printer.",
        "answer",
        asha.user,
    )


@pytest.mark.parametrize("refusal", REFUSALS)
def test_what_the_person_does_not_approve_is_not_written(assistant, case, refusal):
    before = words_on(case)
    assert drafted(case, REFUSALS[refusal], assistant)["written"] is False
    assert words_on(case) == before


def test_without_a_person_to_ask_nothing_is_written(assistant, case):
    before = words_on(case)
    with pytest.raises((MCPError, BaseExceptionGroup)):
        drafted(case, None, assistant)
    assert words_on(case) == before


def test_a_draft_carried_out_twice_is_written_once(assistant, case):
    async def talk(client):
        draft = await called(client, "draft", number=str(case), act="note", text="Seen.")
        for _n in range(2):
            await called(client, "carry_out", draft=draft["draft"])

    assistant.does(talk)
    assert words_on(case).count("Seen.") == 1


def test_a_draft_for_a_ticket_that_went_on_is_refused(assistant, case, asha):
    def taken():
        take_ticket(case, at=timezone.now(), by=asha)
        connection.close()

    told = drafted(case, APPROVES, assistant, meanwhile=taken)
    assert "went on" in told
    assert "Try the other printer." not in words_on(case)


def test_an_act_is_drafted_from_what_is_offered_and_done_when_approved(assistant, case):
    graver = {"severity": "s1", "reason": "All offices are down"}

    async def talk(client):
        offered = await called(client, "acts_offered", number=str(case))
        assert "severity" in {one["key"] for one in offered["found"]}
        number = str(case)
        draft = await called(client, "draft_act", number=number, act="severity", fields=graver)
        return await called(client, "carry_out", draft=draft["draft"])

    assert assistant.does(talk)["written"] is True
    [shown] = assistant.shown
    assert "All offices are down" in shown
    case.refresh_from_db()
    assert case.severity == "s1"


@pytest.mark.parametrize(
    "act", ["tags/../close", "Tag it urgent /../close", "..", "../messages", "tags?x=1", "tags\n"]
)
def test_what_is_no_act_of_those_offered_leads_to_no_other_address(assistant, case, act):
    number, before = str(case), case.seq

    async def talk(client):
        told = await called(client, "draft_act", number=number, act=act, fields={})
        return told, await called(client, "carry_out", draft=1)

    told, done = assistant.does(talk)
    assert isinstance(told, str)
    assert "no draft 1" in done
    case.refresh_from_db()
    assert case.seq == before


def test_an_act_that_is_not_offered_is_not_drafted(assistant, case):
    told = assistant.calls("draft_act", number=str(case), act="closure", fields={})
    assert f"“closure” is not offered on {case} now. Offered are:" in told
    assert "severity" in told


@pytest.mark.parametrize("part", ["", ".", "..", "a/b", "a\\b"])
def test_a_part_of_an_address_that_leads_elsewhere_is_refused(part):
    with pytest.raises(ToolError, match="is no part of an address"):
        Desk("http://127.0.0.1:1", "dbk_x").get("tickets", part, "acts")


def test_what_a_person_approves_hides_nothing_of_what_is_written(assistant, case):
    case.subject = "Pay\u202eroll"
    case.save(update_fields=["subject"])
    text = "All is\x1b[2K well.\nBye\u2028now, ക്\u200d."
    drafted(case, REFUSALS["declines"], assistant, text=text)
    [shown] = assistant.shown
    assert "Pay\\u202eroll" in shown
    assert shown.endswith("All is\\u001b[2K well.\nBye\\u2028now, ക്\u200d.")


def test_no_line_of_a_field_passes_for_a_field_of_its_own(assistant, case):
    graver = {"severity": "s1", "reason": "Down\nseverity: s4"}

    async def talk(client):
        number = str(case)
        return await called(client, "draft_act", number=number, act="severity", fields=graver)

    told = assistant.does(talk)["would_write"].splitlines()
    assert told[-3:] == ["severity: s1", "reason: Down", "    severity: s4"]


def test_it_has_no_more_rights_than_its_token(live_desk, asha, case):
    reads = Assistant(live_desk, asha, scopes=("read",))
    before = words_on(case)
    assert isinstance(drafted(case, APPROVES, reads), str)
    assert words_on(case) == before
    assert isinstance(reads.calls("reports"), str)
    assert isinstance(reads.calls("read_ticket", number="MUK-1"), str)
    assert isinstance(reads.calls("read_ticket", number="../me"), str)


def test_a_draft_of_another_session_is_unknown(assistant, case):
    assert "no draft 1" in assistant.calls("carry_out", draft=1)


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [
        ("read_ticket", {}, "“number” is missing."),
        ("read_ticket", {"number": "S" * 41}, "“number” has at most 40 characters."),
        ("read_ticket", {"number": ["S"]}, "“number” is a text."),
        (
            "read_ticket",
            {"number": "SPR-9999"},
            "Nothing is here, or it is not for the token's agent to see.",
        ),
        ("find_tickets", {"words": "x"}, "find_tickets takes no “words”, only q, queue, after."),
        ("carry_out", {"draft": "first"}, "“draft” is a whole number."),
        ("carry_out", {"draft": 7}, "There is no draft 7 in this session. Draft it again."),
        ("carry_out", {"draft": 7, "answer": 1}, "carry_out takes no “answer”, only draft."),
        ("due_by_book", {"cases": 3}, "“cases” is a list."),
        ("due_by_book", {"cases": [3]}, "“cases.0” is an object."),
        (
            "draft",
            {"number": "S", "act": "shout", "text": "x"},
            "“act” is one of 'answer', 'question' or 'note'.",
        ),
        (
            "draft_act",
            {"number": "S", "act": "Tag it"},
            "“act” has only small letters, digits and hyphens.",
        ),
    ],
)
def test_what_is_refused_is_one_sentence_that_names_the_argument(assistant, tool, given, said):
    assert assistant.calls(tool, **given) == said


def test_it_says_which_version_it_is(assistant):
    async def talk(client):
        return client.server_info

    assert assistant.does(talk).version == version("deskbook")


def test_the_page_names_every_tool_with_its_arguments(assistant):
    async def talk(client):
        return (await client.list_tools()).tools

    there = {tool.name: arguments(tool.input_schema) for tool in assistant.does(talk)}
    written = (ROOT / "docs/operating/mcp.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \|([^|]*)\|([^|]*)\|[^|]+\|[^|]+\|$", written, re.M)
    assert {tool: (named(needs), named(takes)) for tool, needs, takes in rows} == there


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"DESKBOOK_TOKEN": ""}, b"There is no token"),
        ({"DESKBOOK_TOKEN": "dbk_x", "DESKBOOK_SITE_URL": "http://desk.example.org"}, b"--desk is"),
    ],
)
def test_without_a_token_or_over_a_line_anybody_reads_it_does_not_start(db, more, said):
    done = run(database_of_the_tests(), "mcp", **more)
    assert done.returncode == 2
    assert said in done.stderr

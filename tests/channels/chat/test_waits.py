"""How long visitors of the chat waited, as a simulation learns it."""

from datetime import timedelta

from deskbook.channels.chat.models import ChatSession
from deskbook.channels.chat.waits import waits
from deskbook.people.books import desk_in_force
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import MONDAY

MINUTE = timedelta(minutes=1)


def chat(desk, ticket, number, **ends):
    at_ends = {name: MONDAY + MINUTE * after for name, after in ends.items() if name != "by"}
    return ChatSession.objects.create(
        desk=desk, contact=ticket.requester, ticket=ticket, channel=desk_in_force(desk).channel_of("chat").key, state="ended",
        token_hash=str(number), began_at=MONDAY, queued_at=MONDAY, pace_from_at=MONDAY,
        ended_by=ends.get("by", ""), **{"seen_at": MONDAY, **at_ends},
    )  # fmt: skip


def test_a_chat_waits_until_it_is_taken_or_the_visitor_goes(desk, chitra):
    case = NewCase("Pay", Written("DA arrears."), "portal")
    ticket = open_ticket(chitra, case, at=MONDAY, by=chitra).ticket
    chat(desk, ticket, 1, taken_at=2, ended_at=9, by="operator")
    chat(desk, ticket, 2, ended_at=3, by="visitor")
    chat(desk, ticket, 3, ended_at=9, seen_at=4, by="gone")
    chat(desk, ticket, 4, ended_at=5, by="operator")
    found = waits(desk, desk_in_force(desk), MONDAY, MONDAY + timedelta(hours=1))
    assert sorted((wait.time / MINUTE, wait.gave_up) for wait in found) == [
        (2, False),
        (3, True),
        (4, True),
    ], "one line was cut at four; whom an operator sent away did not give up"

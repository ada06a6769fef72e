"""What a page may cost: statements, and calls of Python and built-in functions. Neither depends on
what else a machine does. Two statements of each act are a savepoint: a test is a transaction itself.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.utils import timezone

from deskbook.book.shelf import book_text
from deskbook.jobs.letters import carry_answer
from deskbook.people.books import apply_book
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.promises import make_promise
from tests.channels.walk_in.counter_book import ALWAYS
from tests.channels.walk_in.queue_desk import counter_desk, pmu, take
from tests.costs import calls_of, statements_of
from tests.web.public.test_walk_in import let_in, say

LIST = "/console/?queue=open"


class Cost(NamedTuple):
    statements: int
    calls: int

    def fits(self, *, statements: int, calls: int) -> bool:
        return self.statements <= statements and self.calls <= calls


@pytest.fixture
def fifty(open_case):
    return [open_case(f"Case {n}") for n in range(50)]


@pytest.fixture
def ten_messages(case, asha):
    for n in range(9):
        answered = answer_ticket(case, Written(f"answer {n}"), at=timezone.now(), by=asha)
        carry_answer(answered.entries[0].pk)


def test_a_list_of_fifty_and_a_search_that_finds_fifty(console, fifty):
    listed = _cost_of(lambda: console.get(LIST))
    found = _cost_of(lambda: console.get("/console/search?q=Case"))

    assert listed.fits(statements=2, calls=6_000), listed
    assert found.fits(statements=2, calls=6_000), found


def test_a_list_of_a_desk_whose_book_was_changed_asks_no_more(console, fifty, desk):
    changed = book_text(desk.key).replace("name: Critical", "name: Most critical", 1)
    assert apply_book(desk.key, changed, at=timezone.now(), by=None).book_version == 2

    listed = _cost_of(lambda: console.get(LIST))

    assert listed.fits(statements=2, calls=6_000), listed


def test_a_ticket_with_ten_messages(console, at_ticket, ten_messages):
    cost = _cost_of(lambda: console.get(at_ticket()))

    assert cost.fits(statements=4, calls=13_000), cost


def test_a_ticket_on_which_something_is_promised_asks_no_more(console, at_ticket, case, asha):
    now = timezone.now()
    make_promise(case, "I will call", now + timedelta(days=1), at=now, by=asha)

    cost = _cost_of(lambda: console.get(at_ticket()))

    assert cost.statements == 4, cost


@pytest.mark.parametrize(
    ("is_undone", "most"),
    [(False, {"statements": 17, "calls": 8_300}), (True, {"statements": 14, "calls": 7_000})],
)
def test_an_answer(console, at_ticket, ten_messages, settings, is_undone, most):
    settings.DESKBOOK_UNDO = is_undone

    def answer() -> object:
        typed = {"act": "answer", "text": "Done.", "last_seen": "999999", "client_key": uuid4().hex}
        return console.post(at_ticket("writing"), typed)

    cost = _cost_of(answer)

    assert cost.fits(**most), cost


def test_opening_a_case(console, chitra):
    def opened() -> object:
        address = chitra.identities.get(channel="email").identifier
        typed = {
            "requester": address,
            "subject": "The export stops",
            "text": "At line 12.",
            "channel": "phone",
            "severity": "s3",
            "facet.type": "issue",
            "client_key": uuid4().hex,
        }
        sent = urlencode(typed), "application/x-www-form-urlencoded"
        return console.post("/console/tickets/new", *sent)

    cost = _cost_of(opened)

    assert cost.fits(statements=17, calls=7_950), cost


def test_a_token_at_a_kiosk_on_a_day_of_a_hundred(db):
    site = pmu(counter_desk(ALWAYS))
    kiosk, _device = let_in(site)
    for _visitor in range(100):
        take(site, at=timezone.now())

    cost = _cost_of(lambda: say(kiosk, "tokens", key=uuid4().hex, service="salary"))

    assert cost.fits(statements=18, calls=14_300), cost


def _cost_of(ask: Callable[[], object]) -> Cost:
    """Returns what asking costs once it has been asked before."""
    ask()
    return Cost(len(statements_of(ask)), calls_of(ask))

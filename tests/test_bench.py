"""What measures the desk goes with it: nobody runs it every day, so a name that moved would be
noticed too late.
"""

import socket
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pkgutil import iter_modules
from random import Random
from threading import Thread

import pytest
from django.db import connection

import bench
from bench import dataset, load, pages, plain_sql
from deskbook.people.models import Agent
from deskbook.tickets.models import Message, Participant, Ticket
from deskbook.tickets.queues import counts, find, listed
from deskbook.tickets.verify import broken_links

NOW = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(module.name for module in iter_modules(bench.__path__)))
def test_every_measurement_finds_what_it_measures(name):
    import_module(f"bench.{name}")


@pytest.fixture
def cast_thrice(db):
    dataset.people(NOW, dataset.Size.of(tickets=300, lives=100))
    dataset.meet()
    week = (1, NOW - timedelta(days=7), NOW, 10.0, NOW, 3)
    made = dataset.fill(week)
    cases = list(Ticket.objects.select_related("desk").order_by("number"))
    assert len(cases) == made > 100
    return cases


def test_a_case_cast_again_for_others_follows_from_its_log_and_its_chain_holds(cast_thrice):
    assert list(broken_links(cast_thrice)) == []
    first, second, third = cast_thrice[:3]
    assert first.opened_at == second.opened_at == third.opened_at
    assert len({first.requester_id, second.requester_id, third.requester_id}) == 3
    assert first.requester.organisation.plan == second.requester.organisation.plan
    assert first.requester.organisation.zone == second.requester.organisation.zone


def test_a_case_cast_again_has_its_own_texts_readers_place_in_the_search_and_in_the_queues(
    cast_thrice,
):
    agent = Agent.objects.order_by("pk").first()
    for case in cast_thrice[-3:]:
        said = {entry.data["message"] for entry in case.log.all() if "message" in entry.data}
        own = Message.objects.filter(ticket=case)
        assert said <= {str(pk) for pk in own.values_list("pk", flat=True)}
        assert case.state["participants"] == [
            str(pk)
            for pk in Participant.objects.filter(ticket=case).values_list("contact", flat=True)
        ]
        found = {one.name for one in listed(find(agent, f"SPR {case.number}"))}
        assert {str(one) for one in cast_thrice[-3:]} & found == {str(case)}
    assert counts(agent)["open"] == Ticket.objects.filter(is_open=True).count()


# A client of theirs keeps its line until its process ends.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.django_db(transaction=True)
def test_every_act_that_is_measured_is_answered_as_it_should_be(cast_thrice, live_server):
    given = load.samples(connection.connection.info.dsn)
    given |= {"address": live_server.url, "cookie": load.signed_in()}
    wrong = [
        f"{act} {by.__name__}"
        for by in (pages, plain_sql)
        for act, prepare in by.ACTS.items()
        if not prepare(given)(Random(1))
    ]
    assert wrong == []


def test_what_is_not_answered_in_time_is_an_error_and_the_next_is_asked_anew(monkeypatch):
    monkeypatch.setattr(pages, "WAITED", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        browser = pages.Browser({"address": address, "cookie": ""})
        assert browser.get("/") == (504, b"")
        silent.accept()[0].close()
        answering = Thread(target=_answer_one, args=(silent,))
        answering.start()
        assert browser.get("/") == (200, b"here")
        answering.join()
        browser.connection.close()


def _answer_one(server):
    line, _ = server.accept()
    with line:
        line.recv(10_000)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere")

"""Saying how a case ended: by the mail's link or on the page of the case."""

from datetime import timedelta
from re import findall, search

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from deskbook.jobs import letters
from deskbook.tickets.improvement_models import Rating
from deskbook.tickets.ratings import closing_of, rating_token
from deskbook.tickets.relations import merge_ticket
from deskbook.tickets.stages import close_ticket
from tests.people_factory import make_contact
from tests.web.portal.conftest import signed_in


@pytest.fixture
def closed(cast):
    ticket = cast.case(ago=timedelta(hours=1))
    close_ticket(ticket, at=timezone.now(), by=cast.chitra)
    ticket.refresh_from_db()
    return ticket


@pytest.fixture
def link(cast, closed):
    return f"/desk/sparkrock/ratings/{rating_token(closing_of(closed), cast.chitra)}/"


def said():
    return list(Rating.objects.values_list("contact__name", "value", "comment"))


def test_the_closing_mail_has_a_link_for_each_answer_that_works_without_signing_in(cast, closed):
    entry = closing_of(closed)
    entry.data = entry.data | {"cause": "person"}
    text = letters.words_of_letters.closing(entry, cast.chitra, None)
    links = findall(r"https?://[^/]+(/desk/sparkrock/ratings/\S+)", text)
    assert [link.rpartition("=")[2] for link in links] == ["good", "so-so", "bad"]
    page = Client().get(links[2]).content.decode()
    assert search(r'value="bad"\s+required\s+checked', page)
    assert closed.subject in page


def test_opening_the_link_stores_nothing(link):
    for method in ("get", "head"):
        assert getattr(Client(), method)(link + "?answer=bad").status_code == 200
    assert said() == []


def test_sending_the_form_stores_it_and_sending_it_again_changes_it(link):
    assert Client().post(link, {"answer": "bad", "comment": "Nobody told me."}).url == link
    assert said() == [("Chitra", "bad", "Nobody told me.")]
    assert "Nobody told me." in Client().get(link).content.decode()
    Client().post(link, {"answer": "good", "comment": "They did after all."})
    assert said() == [("Chitra", "good", "They did after all.")]


def test_an_answer_that_is_none_of_the_three_is_told_and_the_comment_stays(link):
    page = Client().post(link, {"answer": "superb", "comment": "So kind"})
    assert page.status_code == 422
    assert "Choose one of the three answers." in page.content.decode()
    assert "So kind" in page.content.decode()
    assert Client().post(link, {"answer": "good", "comment": "x" * 5_001}).status_code == 422
    assert said() == []


def test_thirty_days_after_the_closing_it_is_too_late(link):
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert "The time to rate this case is over." in Client().get(link).content.decode()
        assert Client().post(link, {"answer": "bad"}).status_code == 422
    assert said() == []


def test_a_token_that_was_changed_or_stands_under_another_desk_finds_nothing(link):
    for address in (
        link[:-3] + "aa/",
        link.replace("sparkrock", "small"),
        "/desk/sparkrock/ratings/x/",
    ):
        assert Client().get(address).status_code == 404
        assert Client().post(address, {"answer": "bad"}).status_code == 404
    assert said() == []


def test_the_page_of_a_closed_case_has_the_same_form(cast, closed):
    client, case = signed_in(cast.chitra), f"/desk/sparkrock/cases/{closed}/"
    assert f'action="{case}rating/"' in client.get(case).content.decode()
    assert client.post(case + "rating/", {"answer": "so-so", "comment": ""}).url == case
    assert said() == [("Chitra", "so-so", "")]


def test_an_open_a_merged_and_somebody_elses_case_are_not_rated(cast, closed):
    open_case, other = cast.case("Two"), cast.case("Three")
    merge_ticket(open_case, other, at=timezone.now(), by=cast.asha)
    stranger = signed_in(make_contact(cast.desk, "Gita"))
    for client, ticket in (
        (signed_in(cast.chitra), open_case),
        (signed_in(cast.chitra), other),
        (stranger, closed),
    ):
        assert (
            client.post(f"/desk/sparkrock/cases/{ticket}/rating/", {"answer": "bad"}).status_code
            == 404
        )
    assert (
        'id="rating"'
        not in signed_in(cast.chitra).get(f"/desk/sparkrock/cases/{other}/").content.decode()
    )
    assert said() == []


def test_a_colleague_who_may_only_read_does_not_rate(cast, closed):
    case = f"/desk/sparkrock/cases/{closed}/"
    assert 'id="rating"' not in signed_in(cast.dev).get(case).content.decode()
    assert signed_in(cast.dev).post(case + "rating/", {"answer": "bad"}).status_code == 422
    assert said() == []


def test_the_log_holds_no_word_of_it(link, closed):
    Client().post(link, {"answer": "bad", "comment": "Nobody told me."})
    assert closed.log.count() == closed.seq

"""One search of the console: operators between the words, and what is no ticket."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from deskbook.moving.models import CameFrom
from deskbook.people.books import desk_in_force
from deskbook.tickets.assignment import assign_ticket
from deskbook.web.console.inbox.operators import OPERATORS, taken_apart
from tests.article_factory import release, write
from tests.people_factory import make_contact, make_organisation


@pytest.fixture
def found(console):
    """The numbers a search finds, in the page's order."""

    def asked(words):
        page = console.get("/console/search", {"q": words})
        assert page.status_code == 200, page.content.decode()
        return [part.split('"')[0] for part in page.content.decode().split('id="tSPR-')[1:]]

    return asked


def number(ticket):
    return str(ticket.number)


def test_cases_are_found_by_who_asked_whose_they_are_and_how_urgent_they_are(
    open_case, found, asha, bala, desk
):
    mine, hers, nobodys = (
        open_case("Payroll A"),
        open_case("Payroll B"),
        open_case("Payroll C", "s1"),
    )
    for case, owner in ((mine, asha), (hers, bala)):
        assign_ticket(case, owner=owner, at=timezone.now(), by=bala)

    assert found("payroll owner:me") == [number(mine)]
    assert found("payroll owner:bala") == [number(hers)]
    assert found("owner:none payroll") == [number(nobodys)]
    assert found("severity:s1") == [number(nobodys)]
    assert set(found("from:chit payroll")) == {number(one) for one in (mine, hers, nobodys)}
    assert set(found('organisation:"northwind sch"')) == {
        number(one) for one in (mine, hers, nobodys)
    }
    assert found("from:somebody payroll") == []
    assert found("is:mine") == [number(mine)]
    assert found("is:closed") == []


def test_cases_are_found_by_the_day_something_happened_in_them(open_case, found, desk):
    zone = ZoneInfo(desk_in_force(desk).zone)
    today, case = timezone.now().astimezone(zone).date(), open_case()

    assert found(f"after:{today}") == [number(case)]
    assert found(f"before:{today}") == []
    assert found(f"before:{today + timedelta(days=2)} payroll") == [number(case)]


def test_a_stage_is_asked_for_by_its_name_its_key_or_its_beginning(open_case, found, desk):
    case = open_case()
    stage = desk_in_force(desk).stages[case.stage]
    for value in (stage.key, f'"{stage.title.upper()}"', stage.title[:3]):
        assert found(f"stage:{value}") == [number(case)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("stage:nowhere", "Nothing here is called “nowhere”. There are "),
        ("before:yesterday", "“yesterday” is no day and no instant. Write it as 2"),
        ("is:fine", "“is:fine” says nothing. There are open, closed"),
        ("owner:nobody-like-that", "Nobody at this desk is called"),
    ],
)
def test_a_value_that_means_nothing_is_said_with_those_there_are_and_stays_typed(
    console, case, typed, said
):
    page = console.get("/console/search", {"q": f"payroll {typed}"})

    assert page.status_code == 422
    assert said in page.content.decode()
    assert f'value="payroll {typed}"' in page.content.decode()


def test_what_only_looks_like_an_operator_is_words(open_case, found):
    case = open_case("See https://pay.example and note:this, COVID:19")

    assert found("note:this") == found("COVID:19") == found("https://pay.example") == [number(case)]


def test_people_organisations_and_articles_are_found_in_their_own_lists(
    console, desk, asha, bala, chitra
):
    kabita = make_contact(desk, "Kabita", organisation=make_organisation(desk, "Cuttack Schools"))
    article = write(asha, "How to print a payslip")
    release(article, asha, bala)

    people = console.get("/console/search", {"q": "kabi", "of": "people"}).content.decode()
    assert f"/console/contacts/{kabita.pk}" in people
    offices = console.get("/console/search", {"q": "schools cutt", "of": "people"}).content.decode()
    assert f"/console/organisations/{kabita.organisation_id}" in offices
    articles = console.get("/console/search", {"q": "payslip", "of": "articles"}).content.decode()
    assert f"/console/articles/{article.pk}" in articles


def test_where_no_ticket_is_found_who_and_what_is_called_so_is_shown(console, desk, chitra):
    kabita = make_contact(desk, "Kabita")

    page = console.get("/console/search", {"q": "kabita"}).content.decode()

    assert "No ticket holds these words." in page
    assert f"/console/contacts/{kabita.pk}" in page


def test_contacts_begin_with_those_the_desk_had_to_do_with_last(console, open_case, chitra, desk):
    open_case()
    make_contact(desk, "Kabita")

    page = console.get("/console/contacts/").content.decode()

    assert f"/console/contacts/{chitra.pk}" in page
    assert "Kabita" not in page


@given(st.lists(st.sampled_from(["payroll", "a:b", *(f"{name}:x" for name in OPERATORS)])))
def test_each_word_typed_is_a_word_or_an_operator(parts):
    asked = taken_apart(" ".join(parts))

    operators = [part for part in parts if part.partition(":")[0] in OPERATORS]
    assert asked.words.split() == [part for part in parts if part not in operators]
    assert [f"{name}:{value}" for name, value in asked.terms] == operators


def test_what_a_case_was_called_elsewhere_finds_it_first_also_where_words_are_typed_ahead(
    open_case, found, console, desk
):
    old, named_by_word = open_case("Printer"), open_case("Room 48213")
    CameFrom.objects.create(ticket=old, desk=desk, source="zendesk", number="48213")

    assert found("48213") == [number(old), number(named_by_word)]
    typed_ahead = console.get("/console/suggestions/tickets", {"q": "48213"}).content.decode()
    assert typed_ahead.index(str(old)) < typed_ahead.index(str(named_by_word))


def test_a_number_of_letters_and_figures_is_found_as_it_was(open_case, found, desk):
    old, _other = open_case("Printer"), open_case("INC is no word of it")
    CameFrom.objects.create(ticket=old, desk=desk, source="osticket", number="INC-0017")

    assert found("INC-0017") == [number(old)]
    assert found("INC-001") == []

"""The list of cases."""

import re
from datetime import timedelta

from deskbook.tickets.stages import close_ticket
from tests.people_factory import make_contact
from tests.web.portal.conftest import signed_in

LIST = "/desk/sparkrock/cases/"


def subjects(client, query=""):
    return re.findall(r'class="subject">([^<]*)<', client.get(LIST + query).content.decode())


def test_the_list_holds_ones_own_open_cases_the_newest_first(cast):
    cast.case("Older", ago=timedelta(days=2))
    cast.case("Newer", ago=timedelta(days=1))
    cast.case("Somebody else's", contact=make_contact(cast.desk, "Esha", cast.chitra.organisation))
    assert subjects(signed_in(cast.chitra)) == ["Newer", "Older"]


def test_all_of_the_organisation_is_one_click_away_and_other_organisations_never(cast):
    cast.case("Mine")
    cast.case("Of a colleague", contact=make_contact(cast.desk, "Esha", cast.chitra.organisation))
    cast.case("Of a stranger", contact=make_contact(cast.desk, "Gita"))
    assert sorted(subjects(signed_in(cast.chitra), "?whose=all")) == ["Mine", "Of a colleague"]


def test_closed_cases_have_their_own_list(cast):
    ticket = cast.case("Done")
    close_ticket(ticket, at=ticket.opened_at, by=cast.chitra)
    client = signed_in(cast.chitra)
    assert (subjects(client), subjects(client, "?state=closed")) == ([], ["Done"])


def test_a_long_list_comes_in_pages_without_gaps_or_repeats(cast, django_assert_max_num_queries):
    for n in range(30):
        cast.case(f"Case {n:02}", ago=timedelta(hours=n))
    client = signed_in(cast.chitra)
    with django_assert_max_num_queries(6):
        page = client.get(LIST).content.decode()
    older = re.search(r'href="(\?[^"]*before=[^"]*)"', page)[1].replace("&amp;", "&")
    assert subjects(client) + subjects(client, older) == [f"Case {n:02}" for n in range(30)]
    assert subjects(client, "?before=nonsense_x") == subjects(client)


def test_an_empty_list_offers_to_open_a_case_to_those_who_may(cast):
    assert (
        "If something does not work, tell us." in signed_in(cast.chitra).get(LIST).content.decode()
    )
    assert "tell us" not in signed_in(cast.dev).get(LIST).content.decode()

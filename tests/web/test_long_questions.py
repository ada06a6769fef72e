import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deskbook.web.console.shared.suggestions import agents_like
from tests.people_factory import make_agent, make_desk

pytestmark = pytest.mark.django_db


def test_two_thousand_words_typed_ask_the_database_no_more_than_eight():
    asha = make_agent(make_desk())
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert agents_like(asha, "asha " * 2_000) == [asha]
    assert len(asked[-1]["sql"]) < 5_000


def test_a_name_of_three_words_is_found_by_all_of_them():
    asha = make_agent(make_desk())
    assert agents_like(asha, "asha sparkrock example") == [asha]
    assert agents_like(asha, "asha sparkrock nobody") == []

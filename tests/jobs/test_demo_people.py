"""The people of the demo."""

import pytest

from deskbook.jobs.demo_casts import CASTS
from deskbook.jobs.demo_people import phone_of
from deskbook.people.contacts import normal_identifier


@pytest.mark.parametrize("cast", [cast for cast in CASTS.values() if cast.phone])
def test_who_states_the_number_a_demo_shows_is_found_by_it(cast):
    number = phone_of(cast, 1)
    assert normal_identifier("phone", number) == number

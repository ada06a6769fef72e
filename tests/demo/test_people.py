"""The people of the demo."""

import pytest

from deskbook.demo.month import SHOWS
from deskbook.demo.past.people import phone_of
from deskbook.people.contacts import normal_identifier
from deskbook.people.mobiles import mobile_number


@pytest.mark.parametrize("cast", [show.cast for show in SHOWS if show.cast.phone])
def test_who_states_the_number_a_demo_shows_is_found_by_it(cast):
    number = phone_of(cast, 1)
    assert normal_identifier("phone", number) == number
    assert mobile_number(number) == number, "texts do not reach it"

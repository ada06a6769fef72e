"""Which spellings are one mail address, and which are the addresses of two people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbook.engine.addresses import ascii_address, domain_of, normal_address, normal_domain
from deskbook.engine.channels import is_official

ESTHER = "esther@fass.de"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ESTHER, " Esther@FASS.de. "),
        (ESTHER, "esther@fass\u3002de"),
        (ESTHER, "esther@ｆａｓｓ．ｄｅ"),
        (ESTHER, "esther@fa\u200bss.de"),
        ("esther@faß.de", "ESTHER@xn--fa-hia.DE"),
        ("esther@faß.de", "esther@faẞ.de"),
        ("chitra@müller.example", "Chitra@XN--MLLER-KVA.example."),
        ("chitra@müller.example", "chitra@mu\u0308ller.example"),
        ("चित्रा@उदाहरण.भारत", "चित्रा@xn--p1b6ci4b4b3a.xn--h2brj9c"),
        ("JOSÉ@fass.de", "jose\u0301@fass.de"),
    ],
)
def test_two_spellings_are_one_address(one, other):
    assert normal_address(one) == normal_address(other)


@pytest.mark.parametrize(
    "other",
    [
        "esther@faß.de",
        "esther@xn--fa-hia.de",
        "eßther@fass.de",
        "esther@fasſ.xn--de",
        "esther@xn--fass-.de",
        "esther@xn--fass.de",
        "esther＠fass.de",
        "esther@fass.de／.evil.example",
        "esther@fass.de。evil.example",
        "esther@fa\u200dss.de",
        "est\u200bher@fass.de",
        "esther@fáss.de",
    ],
)
def test_an_address_that_only_looks_or_folds_like_hers_is_not_hers(other):
    assert normal_address(other) != normal_address(ESTHER)


def test_the_greek_final_sigma_and_the_turkish_capital_i_make_other_domains():
    assert normal_domain("νίκος.gr") != normal_domain("νίκοσ.gr")
    assert normal_domain("İstanbul.example") != normal_domain("istanbul.example")


@pytest.mark.parametrize(
    "domain",
    ["☕.example", "my_host.müller.example", "xn--a", "a\u200db.de", "[192.0.2.1]", "ß" * 300],
)
def test_what_is_no_domain_equals_only_itself(domain):
    assert normal_domain(domain) == domain


def test_an_address_is_shown_in_letters_and_sent_to_in_ascii():
    assert normal_address("Chitra@xn--mller-kva.example") == "chitra@müller.example"
    assert ascii_address("esther@faß.de") == "esther@xn--fa-hia.de"
    assert ascii_address("चित्रा@उदाहरण.भारत") == "चित्रा@xn--p1b6ci4b4b3a.xn--h2brj9c"
    assert ascii_address("Chitra@Customer.example") == "Chitra@customer.example"


def test_what_has_no_sign_in_it_has_no_domain():
    assert (domain_of("esther"), domain_of("esther@"), domain_of("esther@FASS.de")) == (
        "",
        "",
        "fass.de",
    )


@given(st.text(max_size=40), st.text(alphabet="aßςſKİxn-.。．\u0301\u200bhHé9@_", max_size=20))
def test_the_normal_form_of_a_normal_form_is_itself_whatever_is_typed(local, domain):
    normal = normal_address(f"{local}@{domain}")
    assert normal_address(normal) == normal
    assert normal_address(ascii_address(normal)) == normal


def test_a_domain_that_folds_to_an_official_one_is_not_official():
    assert not is_official("a@faß.de", ["fass.de"])
    assert is_official("a@kanzlei.xn--fa-hia.de", ["faß.de"])

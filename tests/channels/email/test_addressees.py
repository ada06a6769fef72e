"""Who is named in From, To and Cc, also where quotes, commas or brackets were forgotten."""

import pytest

from deskbook.channels.email.addressees import named_in
from deskbook.channels.email.authentication import what_is_not_proven
from deskbook.people.refusals import in_words
from tests.channels.email.post import mail


@pytest.mark.parametrize(
    ("header", "people"),
    [
        ("Chitra <chitra@x.example>", [("Chitra", "chitra@x.example")]),
        ("chitra@x.example <mallory@evil.example>", [("chitra@x.example", "mallory@evil.example")]),
        ("chitra@x.example <mallory@evil.example", [("chitra@x.example", "mallory@evil.example")]),
        ('"chitra@x.example" mallory@evil.example', [("chitra@x.example", "mallory@evil.example")]),
        (
            '"Chitra <chitra@x.example>" <mallory@evil.example>',
            [("Chitra <chitra@x.example>", "mallory@evil.example")],
        ),
        ("Field, Joan; IT <j@x.example>", [("Field, Joan; IT", "j@x.example")]),
        (
            "Joan [IT] (ACME) <North> Field <j@x.example>",
            [("Joan [IT] (ACME) <North> Field", "j@x.example")],
        ),
        ('Joan "Jo Field <j@x.example>', [('Joan "Jo Field', "j@x.example")]),
        ("j@x.example (Joan Field)", [("Joan Field", "j@x.example")]),
        ("<j@x.example> (Joan Field)", [("Joan Field", "j@x.example")]),
        ("Joan Field j@x.example", [("Joan Field", "j@x.example")]),
        ("mailto:j@x.example", [("", "j@x.example")]),
        ("<@a.example,@b.example:j@x.example>", [("", "j@x.example")]),
        ("=?utf-8?Q?M=C3=BCller,=20J=C3=B6rg?= <j@x.example>", [("Müller, Jörg", "j@x.example")]),
        ("=?utf-8?Q?victim@x.example?= <j@x.example>", [("victim@x.example", "j@x.example")]),
        (
            "bo@x.example cy@x.example, dee@x.example",
            [("", f"{who}@x.example") for who in ("bo", "cy", "dee")],
        ),
        ("<bo@x.example> <cy@x.example>", [("", "bo@x.example"), ("", "cy@x.example")]),
        (
            "bo@x.example; Field, Joan <j@x.example>",
            [("", "bo@x.example"), ("Field, Joan", "j@x.example")],
        ),
        (
            "Team: bo@x.example, Joan <j@x.example>;",
            [("", "bo@x.example"), ("Joan", "j@x.example")],
        ),
        ("undisclosed-recipients:;", []),
        ("चित्रा@उदाहरण.भारत", [("", "चित्रा@उदाहरण.भारत")]),
    ],
)
def test_each_person_is_who_stands_in_the_brackets_and_is_called_what_is_left(header, people):
    assert [(a.name, a.addr) for a in named_in([header]).people] == people


@pytest.mark.parametrize(
    "wrong", ["@x.example", "bo@", "bo@x..example", "a@b@c", "bo@x.example?=", "bo@[x]", "b(o@x"]
)
def test_what_is_no_address_makes_nobody_and_keeps_nobody_from_being_named(wrong):
    read = mail(f"Cc: {wrong}, Dee <dee@x.example>, cy@x.example")
    assert [a.addr for a in read.cc if a.addr != "dee@x.example"] == ["cy@x.example"]
    alone = mail(f"Cc: cy@x.example, {wrong}")
    assert [a.addr for a in alone.cc] == ["cy@x.example"]
    assert any("no mail address" in in_words(defect) for defect in alone.defects)


def test_a_proof_of_another_sender_than_the_one_read_proves_nothing():
    proof = "Authentication-Results: mx.desk.example; dmarc=pass header.from={}"
    assert what_is_not_proven(mail(proof.format("customer.example")), ["mx.desk.example"]) == ""
    assert (
        what_is_not_proven(mail(proof.format("evil.example")), ["mx.desk.example"]) == "dmarc=pass"
    )

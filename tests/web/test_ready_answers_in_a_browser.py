"""Ready answers by a / in what is written."""

import pytest
from playwright.sync_api import expect

from deskbook.tickets.ready_answer_models import ReadyAnswer
from tests.screens import everybody_can_use


@pytest.fixture
def writing(page, sign_in, case, asha):
    """Asha in the answer box of the case, at a desk with two ready answers."""
    texts = {"Reset": "Dear {name}, we reset it.", "When": "You hear from us by {due}."}
    for name, text in texts.items():
        ReadyAnswer.objects.create(desk=case.desk, name=name, texts={"en": text})
    sign_in(page, asha.user)
    page.goto(f"/console/tickets/{case}")
    page.click("#text")
    return page


OFFERED = ".suggestions.ready [role=option]"


def test_a_slash_and_the_beginning_of_a_name_put_an_answer_in_by_enter(writing):
    writing.keyboard.type("Good morning. /")
    expect(writing.locator(OFFERED)).to_have_count(2)
    writing.keyboard.type("res")
    expect(writing.locator(OFFERED)).to_have_count(1)
    everybody_can_use(writing, "ready answers offered")
    writing.keyboard.press("Enter")
    expect(writing.locator("#text")).to_have_value("Good morning. Dear Chitra, we reset it.")
    expect(writing.locator(OFFERED)).to_have_count(0)
    writing.keyboard.press("Control+z")
    expect(writing.locator("#text")).to_have_value("Good morning. /res")


def test_escape_leaves_what_was_typed_and_the_list_does_not_come_back_for_it(writing):
    writing.keyboard.type("/re")
    expect(writing.locator(OFFERED)).to_have_count(1)
    writing.keyboard.press("Escape")
    expect(writing.locator("#text")).to_be_focused()
    writing.keyboard.type("s")
    writing.wait_for_timeout(400)
    expect(writing.locator(OFFERED)).to_have_count(0)
    expect(writing.locator("#text")).to_have_value("/res")


def test_a_slash_inside_a_word_offers_nothing(writing):
    writing.keyboard.type("and/re")
    writing.wait_for_timeout(400)
    expect(writing.locator(OFFERED)).to_have_count(0)


def test_what_nothing_is_known_for_is_typed_over(writing, case):
    type(case).objects.filter(pk=case.pk).update(next_due_at=None)
    writing.keyboard.type("/wh")
    expect(writing.locator(OFFERED)).to_have_count(1)
    writing.keyboard.press("Enter")
    expect(writing.locator("#text")).to_have_value("You hear from us by {due}.")
    writing.keyboard.type("noon")
    expect(writing.locator("#text")).to_have_value("You hear from us by noon.")


def test_the_screens_of_ready_answers_can_be_used_by_everybody(page, sign_in, case, bala):
    ReadyAnswer.objects.create(desk=case.desk, name="Reset", texts={"en": "We reset it."})
    sign_in(page, bala.user)
    page.goto("/console/answers/")
    everybody_can_use(page, "ready answers")
    page.click("text=Write a ready answer")
    everybody_can_use(page, "a ready answer")
    page.fill("[name=name]", "Thanks")
    page.fill("[name='text.en']", "Thank you, {name}.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".back b").last).to_have_text("Thanks")
    page.goto(f"/console/tickets/{case}/insertions/answer/")
    everybody_can_use(page, "ready answers of a case")
    page.click("text=Put it in >> nth=1")
    expect(page.locator("#text")).to_have_value("Thank you, Chitra.")

"""Searches kept under a name, with how many tickets each finds."""

import pytest

from deskbook.tickets.saved_search_models import SavedSearch


def keep(client, name, words, **more):
    sent = {"name": name, "q": words, **more}
    return client.post("/console/searches/new", sent, follow=True).content.decode()


def test_a_search_that_is_kept_stands_on_the_rail_of_its_maker_with_how_many_it_finds(
    console, as_bala, open_case
):
    for subject in ("Payroll A", "Payroll B", "Login"):
        open_case(subject)

    keep(console, "Pay", "payroll is:open")

    assert ">Pay</span>" in console.get("/console/").content.decode()
    rail = console.get("/console/searches/").content.decode()
    assert '>Pay</span><span class="count">2</span>' in rail
    assert "q=payroll+is%3Aopen" in rail
    assert ">Pay</span>" not in as_bala.get("/console/").content.decode()


def test_what_is_kept_for_everybody_is_on_every_rail_and_taken_away_by_its_maker_or_a_lead(
    console, as_bala, case
):
    keep(as_bala, "Late ones", "is:late", shared="yes")
    kept = SavedSearch.objects.get()

    assert ">Late ones</span>" in console.get("/console/").content.decode()
    refused = console.post(f"/console/searches/{kept.pk}/removal")
    assert refused.status_code == 404
    as_bala.post(f"/console/searches/{kept.pk}/removal")
    assert "Late ones" not in console.get("/console/").content.decode()


def test_the_same_name_again_is_that_search_changed(console, case):
    keep(console, "Pay", "payroll")
    keep(console, "pay", "salary")

    assert [(one.name, one.words) for one in SavedSearch.objects.all()] == [("pay", "salary")]


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [("", "payroll", "Give it a name."), ("Pay", "", "Search for something first.")],
)
def test_without_a_name_or_words_nothing_is_kept_and_it_is_said(console, case, name, words, said):
    assert said in keep(console, name, words)
    assert not SavedSearch.objects.exists()


def test_a_kept_search_whose_stage_the_book_of_today_has_not_is_shown_without_a_number(
    console, case
):
    keep(console, "Old", "stage:gone")

    assert '>Old</span><span class="count">–</span>' in (
        console.get("/console/searches/").content.decode()
    )


def test_nobody_keeps_more_searches_than_fit_a_rail(console, case):
    for number in range(31):
        said = keep(console, f"Search {number}", "payroll")

    assert "You keep 30 searches: give one up first." in said
    assert SavedSearch.objects.count() == 30

"""Why nobody owns a case, as its story says it."""

from django.utils import timezone

from deskbook.tickets.assignment import assign_ticket, hand_over_ticket


def test_that_a_new_team_begins_without_an_owner_is_said_as_the_books_doing(
    console, at_ticket, case, asha
):
    assign_ticket(case, asha, at=timezone.now(), by=asha)
    hand_over_ticket(case, "technical", at=timezone.now(), by=asha)

    page = console.get(at_ticket()).content.decode()

    assert "The book gave it back to nobody, as its team changed" in page
    assert "took the owner away" not in page


def test_who_takes_an_owner_away_is_named(console, at_ticket, case, asha):
    for owner in (asha, None):
        assign_ticket(case, owner, at=timezone.now(), by=asha)

    assert "Asha took the owner away" in console.get(at_ticket()).content.decode()

"""A deflection is somebody who read an article while writing a case, and then sent none."""

from datetime import timedelta

from deskbook.knowledge.deflection import deflections, note_opening, note_sent
from deskbook.knowledge.models import Reading

A, B, C = "a" * 32, "b" * 32, "c" * 32
DAY = timedelta(days=1)


def counted(desk, at):
    found = deflections(desk, at - timedelta(days=90), at=at)
    return found.opened, found.sent, found.deflected, found.undecided


def test_it_counts_only_after_a_day_in_which_nothing_was_sent(article, desk, at):
    text = article()
    note_opening(text, A, "portal", at=at)
    assert counted(desk, at + DAY - timedelta(seconds=1)) == (1, 0, 0, 1)
    assert counted(desk, at + DAY) == (1, 0, 1, 0)


def test_a_form_that_is_sent_is_none_however_many_articles_were_read(article, desk, at):
    first, second = article("One"), article("Two")
    note_opening(first, A, "portal", at=at)
    note_opening(second, A, "portal", at=at + timedelta(minutes=5))
    note_sent(desk, A, at=at + timedelta(minutes=6))
    note_opening(first, A, "portal", at=at + timedelta(minutes=7))
    assert counted(desk, at + 3 * DAY) == (1, 1, 0, 0)


def test_several_articles_of_one_writing_are_one_deflection(article, desk, at):
    for text in (article("One"), article("Two")):
        note_opening(text, A, "portal", at=at)
    note_opening(text, B, "chat", at=at)
    assert counted(desk, at + DAY) == (2, 0, 2, 0)


def test_the_day_begins_with_the_last_opening(article, desk, at):
    text = article()
    note_opening(text, A, "portal", at=at)
    note_opening(text, A, "portal", at=at + timedelta(hours=20))
    assert counted(desk, at + DAY) == (1, 0, 0, 1)
    note_sent(desk, A, at=at + timedelta(hours=43))
    assert counted(desk, at + 3 * DAY) == (1, 1, 0, 0)


def test_a_case_sent_days_later_is_another_matter(article, desk, at):
    note_opening(article(), A, "portal", at=at)
    note_sent(desk, A, at=at + 2 * DAY)
    assert counted(desk, at + 3 * DAY) == (1, 0, 1, 0)


def test_what_is_no_key_or_no_place_counts_nothing(article, at):
    text = article()
    for key, place in (
        (A.upper(), "portal"),
        ("", "portal"),
        (A + "0", "portal"),
        (A, "nowhere"),
        ("../x", "chat"),
    ):
        note_opening(text, key, place, at=at)
    assert not Reading.objects.exists()

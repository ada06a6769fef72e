"""Votes of readers: one a day each, reasons that become findings of the author."""

from datetime import timedelta

import pytest

from deskbook.knowledge.feedback import MOST_OF_AN_ADDRESS, Opinion, tally, vote, voter
from deskbook.knowledge.reasons import said_of, themes_by_month
from deskbook.knowledge.writing import unpublish
from deskbook.refusals.refusal import Refused
from deskbook.tickets.findings import add_to_findings, change_state, findings_of
from deskbook.tickets.improvement_models import Finding
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket


@pytest.fixture
def says(at):
    """Have somebody vote: says(text, "Chitra", "outdated") or says(text, "Dev")."""

    def voted(text, who, *reasons, words="", days=0, address=""):
        when = at + timedelta(days=days)
        return vote(
            text,
            Opinion(not (reasons or words), reasons, words),
            voter(who, address, at=when),
            at=when,
        )

    return voted


def test_a_reader_has_one_vote_a_day_and_may_change_it(article, says):
    text = article()
    says(text, "Chitra")
    says(text, "Chitra", "outdated")
    says(text, "Dev")
    assert (tally(text).helpful, tally(text).not_helpful) == (1, 1)
    says(text, "Chitra", days=1)
    assert (tally(text).helpful, tally(text).not_helpful) == (2, 1)


def test_who_votes_is_not_kept(article, says):
    kept = says(article(), "browser of Chitra", address="192.0.2.7")
    assert len(kept.visitor) == 64
    assert "Chitra" not in kept.visitor
    assert "192.0.2.7" not in kept.network


def test_reasons_count_only_when_it_did_not_help_and_only_those_there_are(article, says, at):
    text = article()
    helped = vote(text, Opinion(True, ["wrong"]), voter("a", "", at=at), at=at)
    odd = vote(text, Opinion(False, ["wrong", "drop table"]), voter("b", "", at=at), at=at)
    assert (helped.reasons, odd.reasons) == ([], ["wrong"])


def test_a_flood_from_one_address_is_refused_and_others_go_on_voting(article, says):
    text = article()
    for number in range(MOST_OF_AN_ADDRESS):
        says(text, f"browser {number}", address="192.0.2.7")
    with pytest.raises(Refused, match="Many answers"):
        says(text, "one more", address="192.0.2.7")
    says(text, "browser 3", "wrong", address="192.0.2.7")
    says(text, "one more", address="192.0.2.8")
    says(text, "one more", address="192.0.2.7", days=1)


def test_too_many_words_and_an_article_taken_back_are_refused(article, says, bala, at):
    text = article()
    with pytest.raises(Refused, match="shorten"):
        says(text, "Chitra", words="x" * 2_001)
    unpublish(text, at=at, by=bala)
    text.refresh_from_db()
    with pytest.raises(Refused, match="taken back"):
        says(text, "Chitra", "wrong")


def test_a_reason_becomes_one_finding_of_the_author_under_its_theme(article, says, desk, asha):
    text = article("Print it")
    says(text, "Chitra", "outdated", words="The menu moved.")
    says(text, "Dev", "outdated", "unclear")
    found = {f.theme: f for f in findings_of(asha, current=True)}
    assert set(found) == {"Articles: out of date", "Articles: hard to understand"}
    old = found["Articles: out of date"]
    assert (old.title, old.made_by) == ("“Print it” – out of date", asha)
    said = said_of(found.values())
    assert [(str(s.text), s.votes) for s in said[old.pk]] == [("Print it", 2)]


def test_a_finding_that_was_done_is_open_again_when_readers_say_it_again(article, says, bala):
    text = article()
    says(text, "Chitra", "wrong")
    finding = Finding.objects.get()
    change_state(finding, "declined", by=bala)
    says(text, "Dev", "wrong")
    finding.refresh_from_db()
    assert finding.state == "declined"
    change_state(finding, "done", by=bala)
    says(text, "Eve", "wrong")
    finding.refresh_from_db()
    assert finding.state == "open"


def test_the_longest_title_still_makes_a_finding(article, says):
    says(article("x" * 200), "Chitra", "wrong", "unclear")
    assert Finding.objects.count() == 2


def test_themes_are_counted_by_month_from_tickets_and_from_readers(
    article, says, desk, asha, chitra, at
):
    text = article()
    says(text, "Chitra", "wrong")
    says(text, "Chitra", "wrong", days=31)
    says(text, "Dev", "wrong", days=31)
    ticket = open_ticket(
        chitra, NewCase("Slow", Written("x"), "portal", severity="s2"), at=at, by=chitra
    ).ticket
    add_to_findings(ticket, "Reports are slow", theme="Reports", text="", at=at, by=asha)
    assert themes_by_month(desk, at - timedelta(days=60), "UTC") == [
        ("Articles: wrong", "2026-03", 1),
        ("Articles: wrong", "2026-04", 2),
        ("Reports", "2026-03", 1),
    ]


def test_what_a_reader_adds_on_the_same_day_stands_below_what_they_said_before(article, says):
    text = article()
    says(text, "Chitra", words="The picture is old.")
    assert says(text, "Chitra", words="And step 3 is missing.").words == (
        "The picture is old.\n\nAnd step 3 is missing."
    )
    assert says(text, "Chitra", words="The picture is old.").words.count("old") == 1, "sent twice"
    assert "picture" in says(text, "Chitra").words, "helpful after all, and said all the same"
    with pytest.raises(Refused):
        says(text, "Chitra", words="x" * 1_990)

"""Two at the very same instant: reviewers, writers, browsers with one solved check, readers with
the same reason.
"""

import base64
import json

import pytest
from altcha.v1 import solve_challenge

from deskbook.knowledge.captcha import new_challenge, spend
from deskbook.knowledge.feedback import Opinion, vote, voter
from deskbook.knowledge.gaps import mark_unanswered, note_search
from deskbook.knowledge.models import ArticleText, ArticleVote, Gap
from deskbook.knowledge.writing import Draft, EditedMeanwhile, propose, publish, save_draft
from deskbook.refusals.refusal import Refused
from deskbook.tickets.improvement_models import Finding
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.article_factory import release, write
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk
from tests.tickets.test_same_command_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asha():
    return make_agent(make_desk("small"), "Asha")


@pytest.fixture
def bala(asha):
    return make_agent(asha.desk, "Bala")


def outcome(act):
    try:
        act()
    except (Refused, EditedMeanwhile) as problem:
        return type(problem).__name__
    return "done"


def outcomes(act, times=4):
    return sorted(at_once(lambda: outcome(act), times))


def test_of_reviewers_at_the_same_instant_one_publishes(asha, bala):
    text = write(asha)
    propose(text, at=MONDAY, by=asha)
    assert outcomes(lambda: publish(text, 1, at=MONDAY, by=bala)) == ["Refused"] * 3 + ["done"]
    assert text.acts.filter(kind="published").count() == 1


def test_of_writers_at_the_same_instant_one_saves_and_the_others_are_shown_it(asha):
    text, numbers = write(asha), iter(range(4))
    done = outcomes(
        lambda: save_draft(text, Draft(f"By {next(numbers)}", "x"), base=1, at=MONDAY, by=asha)
    )
    assert done == ["EditedMeanwhile"] * 3 + ["done"]
    assert text.versions.count() == 2


def test_two_articles_of_one_title_published_at_once_have_two_addresses(asha, bala):
    texts = [write(asha, "Same") for _ in range(4)]
    for text in texts:
        propose(text, at=MONDAY, by=asha)
    waiting = iter(texts)
    assert outcomes(lambda: publish(next(waiting), 1, at=MONDAY, by=bala)) == ["done"] * 4
    assert set(ArticleText.objects.values_list("slug", flat=True)) == {
        "same",
        "same-2",
        "same-3",
        "same-4",
    }


def test_one_solved_check_is_good_for_one_vote_however_often_it_is_sent(asha):
    challenge = new_challenge(at=MONDAY)
    found = solve_challenge(
        challenge["challenge"], challenge["salt"], "SHA-256", challenge["maxNumber"], 0
    )
    solution = base64.b64encode(json.dumps({**challenge, "number": found.number}).encode()).decode()
    assert outcomes(lambda: spend(solution, at=MONDAY)) == ["Refused"] * 3 + ["done"]


def test_readers_with_the_same_reason_at_once_make_one_finding(asha, bala):
    text, numbers = release(write(asha), asha, bala), iter(range(4))

    def votes():
        vote(
            text,
            Opinion(False, ["wrong"]),
            voter(f"reader {next(numbers)}", "", at=MONDAY),
            at=MONDAY,
        )

    assert outcomes(votes) == ["done"] * 4
    assert (ArticleVote.objects.count(), Finding.objects.count()) == (4, 1)


def test_one_reader_who_sends_twice_at_once_has_one_vote(asha, bala):
    text = release(write(asha), asha, bala)
    assert (
        outcomes(lambda: vote(text, Opinion(True), voter("Chitra", "", at=MONDAY), at=MONDAY))
        == ["done"] * 4
    )
    assert ArticleVote.objects.count() == 1


def test_a_ticket_marked_and_words_searched_at_once_are_one_entry_each(asha):
    chitra = make_contact(asha.desk)
    ticket = open_ticket(
        chitra, NewCase("Printer", Written("x"), "portal"), at=MONDAY, by=chitra
    ).ticket
    at_once(lambda: mark_unanswered(ticket, at=MONDAY, by=asha))
    at_once(lambda: note_search(asha.desk, "garnishment", at=MONDAY))
    assert Gap.objects.count() == 2

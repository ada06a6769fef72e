"""Saying whether an article helped: signed in at once, otherwise after a little work of the
browser.
"""

import base64
import json

import pytest
from altcha.v1 import solve_challenge
from django.test import Client

from deskbook.knowledge.models import ArticleVote, Reading
from deskbook.people.contacts import give_sign_in
from tests.article_factory import release, write
from tests.web.public.test_articles import LIST, page, signed_in


@pytest.fixture
def text(asha, bala):
    return release(write(asha, "Print the payroll report"), asha, bala)


@pytest.fixture
def at(text):
    return f"{LIST}{text.slug}/feedback/"


def solution():
    challenge = Client().get(LIST + "challenge").json()
    found = solve_challenge(
        challenge["challenge"], challenge["salt"], "SHA-256", challenge["maxNumber"], 0
    )
    return base64.b64encode(json.dumps({**challenge, "number": found.number}).encode()).decode()


def test_a_stranger_votes_once_for_each_solution_and_their_browser_is_known_again(at):
    client, used = Client(), solution()
    assert client.post(at, {"helpful": "yes", "captcha": used}).status_code == 302
    again = client.post(at, {"helpful": "no", "captcha": used, "words": "It moved."})
    shown = again.content.decode()
    assert (again.status_code, "This was sent already" in shown, "It moved." in shown) == (
        422,
        True,
        True,
    )
    client.post(at, {"helpful": "no", "reason": ["outdated"], "captcha": solution()})
    kept = ArticleVote.objects.get()
    assert (kept.helpful, kept.reasons) == (False, ["outdated"])
    Client().post(at, {"helpful": "yes", "captcha": solution()})
    assert ArticleVote.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"helpful": "no", "words": "It moved."}, "sign in"),
        ({"helpful": "no", "words": "It moved.", "captcha": "nonsense"}, "failed"),
        ({"words": "It moved."}, "Say first whether"),
    ],
)
def test_what_is_refused_comes_back_as_it_was_typed(at, sent, sentence):
    answer = Client().post(at, sent)
    shown = answer.content.decode()
    assert (answer.status_code, sentence in shown, "It moved.</textarea>" in shown) == (
        422,
        True,
        True,
    )
    assert not ArticleVote.objects.exists()


def test_who_is_signed_in_needs_no_script(at, text, chitra):
    client = signed_in(give_sign_in(chitra))
    shown = page(client, f"{LIST}{text.slug}/")
    assert "data-captcha" not in shown
    assert (
        "Thank you"
        in client.post(at, {"helpful": "no", "reason": "unclear"}, follow=True).content.decode()
    )
    client.post(at, {"helpful": "yes"})
    assert ArticleVote.objects.get().helpful


def test_an_article_one_may_not_read_takes_no_vote(asha, bala, at):
    secret = release(write(asha, "Secret", audience="agents"), asha, bala)
    for slug in (secret.slug, "nowhere"):
        assert Client().post(f"{LIST}{slug}/feedback/", {"helpful": "yes"}).status_code == 404


def test_a_form_that_was_sent_is_no_deflection(chitra, text):
    client = signed_in(give_sign_in(chitra))
    links = page(client, LIST + "suggestions?q=payroll+report")
    opened = links.split('href="')[1].split('"')[0].replace("&amp;", "&")
    page(client, opened)
    assert Reading.objects.get().sent_at is None
    assert (
        page(client, LIST + "suggestions?q=report").count(opened.split("?")[1].split("&")[0]) == 1
    )
    case = {
        "subject": "Empty report",
        "text": "Nothing in it.",
        "severity": "s2",
        "facet-type": "issue",
    }
    sent = client.post("/desk/sparkrock/cases/new/", case)
    assert sent.status_code == 302, sent.content.decode()[:2000]
    assert Reading.objects.get().sent_at is not None
    assert opened.split("?")[1] not in page(client, LIST + "suggestions?q=report")

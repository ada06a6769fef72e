"""Who gets a token, what it opens, and when it opens nothing."""

import re
import time
from argparse import Namespace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.config.logs import without_secrets
from deskbook.config.refusals import CommandRefused
from deskbook.jobs.sign_in import mail_security_notice
from deskbook.people.token_models import ApiToken
from deskbook.people.tokens import SCOPES, Told, end_token, make_token, token_of
from deskbook.server.accounts import _parser_of_token, secret_of_new_token
from deskbook.web.api import entering
from deskbook.web.signing_in import PROVED_AT
from tests.people_factory import make_agent
from tests.web.api.conftest import API, Program, program_of
from tests.web.test_roster_screen import text

NEW = "/console/connections/tokens/new"
TOKENS = "/console/connections/tokens/"


@pytest.fixture
def owner(desk):
    return make_agent(desk, "Olga", "owner")


def signed_in(agent):
    client = Client()
    client.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[PROVED_AT] = time.time()
    session.save()
    return client


def make(client, **typed):
    page = text(client.post(NEW, {"name": "export", "scopes": ["read"], "days": "30"} | typed))
    found = re.search(r"dbk_[\w-]{43}", page)
    return found and found[0]


def test_an_agent_makes_a_token_that_is_shown_once_and_ends_it(asha):
    console = signed_in(asha)
    secret = make(console)
    assert Program(secret).get("me").json()["agent"] == "Asha"
    row = ApiToken.objects.get()
    assert secret not in text(console.get(TOKENS)), "it is shown once"
    assert secret not in str(ApiToken.objects.values()), "it is kept as a hash"
    console.post(f"{TOKENS}{row.pk}/ending")
    assert Program(secret).get("me").status_code == 401


def test_who_did_not_prove_lately_that_it_is_them_proves_it_first(console):
    answer = console.post(NEW, {"name": "x", "scopes": ["read"], "days": "30"})
    assert answer.status_code == 302
    assert answer.url.startswith("/account/security/prove/")
    assert not ApiToken.objects.exists()


def test_an_owner_makes_one_for_an_agent_and_sees_and_ends_those_of_all(owner, asha):
    at_work = signed_in(owner)
    secret = make(at_work, agent=asha.user.email)
    assert Program(secret).get("me").json()["agent"] == "Asha"
    assert "made by Olga" in text(signed_in(asha).get(TOKENS))
    own, _secret = make_token(asha, Told("own", ["read"], timedelta(1)), at=timezone.now(), by=asha)
    assert "own" in text(at_work.get(TOKENS))
    assert at_work.post(f"{TOKENS}{own.pk}/ending").status_code == 302


def test_whom_a_token_acts_for_is_told_by_mail_whoever_made_it(owner, asha, mailoutbox):
    make(signed_in(owner), agent=asha.user.email)
    job = ProcrastinateJob.objects.get(task_name="mail_security_notice")
    mail_security_notice(**job.args)
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (
        [asha.user.email],
        "An API token was made that acts for you.",
    )


def test_an_agent_makes_none_for_others_and_sees_and_ends_none_of_theirs(asha, bala):
    console = signed_in(asha)
    secret = make(console, agent=bala.user.email)
    assert Program(secret).get("me").json()["agent"] == "Asha"
    others, _ = make_token(
        bala, Told("of Bala", ["read"], timedelta(1)), at=timezone.now(), by=bala
    )
    assert "of Bala" not in text(console.get(TOKENS))
    assert console.post(f"{TOKENS}{others.pk}/ending").status_code == 404


def test_a_token_that_may_nothing_or_has_no_name_is_not_made(asha):
    console = signed_in(asha)
    assert make(console, scopes=["everything"]) is None
    assert make(console, name="") is None
    assert make(console, days="36500") is None
    assert not ApiToken.objects.exists()


def test_it_opens_nothing_once_it_is_over_or_its_agent_works_here_no_more(asha):
    old = program_of(asha, days=-1)
    assert old.get("me").status_code == 401
    script = program_of(asha)
    assert script.get("me").status_code == 200
    asha.is_active = False
    asha.save()
    assert script.get("me").status_code == 401


def test_without_a_token_nothing_is_told_and_no_cookie_helps(asha, case):
    client = signed_in(asha)
    for answer in (
        client.get(f"{API}tickets"),
        client.post(f"{API}tickets/{case}/acts/taking", "{}", "application/json"),
        Program("dbk_" + "x" * 43).get("tickets"),
        Program("").get("tickets"),
    ):
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer["Content-Type"] == "application/problem+json"
    case.refresh_from_db()
    assert case.owner is None


@pytest.mark.parametrize(
    ("scopes", "address"),
    [
        (["write"], "tickets"),
        (["read"], "reports"),
        (["read"], "book"),
        (["reports"], "people?q=ch"),
    ],
)
def test_a_token_does_what_it_was_made_for_and_no_more(asha, scopes, address):
    answer = program_of(asha, scopes).get(address)
    assert answer.status_code == 403
    assert "scope" in answer.json()["detail"]


def test_who_may_only_read_writes_nothing(asha, case):
    script = program_of(asha, ["read"])
    assert script.post(f"tickets/{case}/acts/taking", {}).status_code == 403
    assert script.post("tickets", {"subject": "x", "text": "y"}).status_code == 403


def test_whoever_asks_too_often_is_told_when_to_ask_again(script, monkeypatch):
    monkeypatch.setattr(entering, "MOST", 3)
    assert [script.get("me").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = script.get("me")
    assert answer["Retry-After"] == "60"
    assert answer.json()["status"] == 429


def test_when_it_was_used_last_is_kept_to_ten_minutes(script, asha):
    script.get("me")
    first = ApiToken.objects.get().used_at
    script.get("me")
    assert ApiToken.objects.get().used_at == first


def test_a_token_is_taken_out_of_the_log_wherever_it_stands(script):
    line = f"GET /api/v1/me?x={script.secret} Bearer {script.secret} at {script.secret}."
    assert script.secret not in without_secrets(line)


def test_an_ended_token_stays_ended(asha):
    token, _secret = make_token(asha, Told("t", ["read"], timedelta(1)), at=timezone.now(), by=asha)
    now = timezone.now()
    end_token(token, at=now)
    end_token(token, at=now + timedelta(days=1))
    assert ApiToken.objects.get().ended_at == now


def test_the_terminal_makes_tokens_for_all_that_there_is():
    asked = ["olga@desk.example", "--desk", "small", "--may", *SCOPES]
    assert _parser_of_token().parse_args(asked).may == [*SCOPES]


def test_who_runs_the_server_makes_a_token_at_the_terminal_where_no_mail_leaves(asha):
    asked = Namespace(
        email=asha.user.email.upper(), desk=asha.desk.key, name="", may=["read"], days=1
    )
    made = token_of(secret_of_new_token(asked), at=timezone.now())
    assert made.agent == asha and made.scopes == ["read"]
    asked.email = "nobody@x.example"
    with pytest.raises(CommandRefused, match="No agent of the desk"):
        secret_of_new_token(asked)

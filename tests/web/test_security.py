"""The page of what lets somebody in: second factor, sessions, and proving once more that it
is you.
"""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client, TestCase
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.jobs.sign_in import mail_code, mail_security_notice
from deskbook.people.account_models import CodeAsked
from deskbook.people.accounts import make_codes
from deskbook.people.models import User
from deskbook.people.second_factors import remove_factors
from tests.people_factory import make_agent, make_desk

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
PROVE = "/account/security/prove/"
CONFIRM = "/account/login/code/confirm/"
CHANGES = (
    "totp/activate/",
    "totp/deactivate/",
    "recovery-codes/",
    "recovery-codes/new/",
    "webauthn/add/",
    "webauthn/keys/1/remove/",
)


@pytest.fixture
def asha():
    return make_agent(make_desk("sparkrock"))


def signed_in(user, browser="Mozilla/5.0 (X11; Linux) Firefox/140.0"):
    client = Client(headers={"user-agent": browser})
    client.force_login(user, BACKEND)
    return client


def mailed():
    """Let the mails leave, and return the code of the last one."""
    for number in CodeAsked.objects.exclude(address="").values_list("pk", flat=True):
        mail_code(number)
    return re.search(r"^ {4}(\S+)$", mail.outbox[-1].body, re.MULTILINE)[1]


def proved(client):
    client.post(PROVE, {"action": "mail"})
    return client.post(PROVE, {"code": mailed()})


def told():
    """Let the notices leave, and return the subjects."""
    for job in ProcrastinateJob.objects.filter(task_name="mail_security_notice").order_by("pk"):
        mail_security_notice(**job.args)
    return [sent.subject for sent in mail.outbox if not sent.subject.startswith("Your code")]


def shown_by_app(secret, at=None):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def with_an_app(client):
    """Add an authenticator app the way a person does; returns its key."""
    proved(client)
    page = client.get("/account/2fa/totp/activate/").content.decode()
    secret = re.search(r'<dd class="mono">\s*(\w+)\s*</dd>', page)[1]
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert (
            client.post("/account/2fa/totp/activate/", {"code": shown_by_app(secret)}).status_code
            == 302
        )
    return secret


def test_the_page_is_reached_from_the_console_and_from_the_profile(asha):
    client = signed_in(asha.user)
    for page in ("/console/", "/profile/"):
        assert 'href="/account/security/"' in client.get(page).content.decode()
    for old in ("/account/2fa/", "/account/2fa/webauthn/"):
        assert client.get(old).url == "/account/security/"
    assert client.get("/account/security/").status_code == 200


def test_strangers_are_asked_to_sign_in_everywhere(asha):
    for page in ("security/", "security/prove/", *(f"2fa/{change}" for change in CHANGES)):
        assert Client().get(f"/account/{page}").url.startswith("/account/login/")
    for act in ("security/session/end/", "security/sessions/end/"):
        assert Client().post(f"/account/{act}").url.startswith("/account/login/")


@pytest.mark.parametrize("change", CHANGES)
def test_who_is_signed_in_proves_once_more_before_what_lets_them_in_changes(asha, change):
    client = signed_in(asha.user)
    for send in (client.get, client.post):
        assert send(f"/account/2fa/{change}").url.startswith(PROVE)


def test_a_proof_lasts_ten_minutes(asha):
    client = signed_in(asha.user)
    proved(client)
    assert client.get("/account/2fa/totp/activate/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert client.get("/account/2fa/totp/activate/").url.startswith(PROVE)


def test_a_proof_is_of_ones_own_mailbox_and_leads_back_here_only(asha):
    client = signed_in(asha.user)
    bala = make_agent(asha.desk, "Bala")
    theirs = Client()
    theirs.post("/account/login/code/", {"email": bala.user.email})
    client.post(PROVE, {"action": "mail"})
    other = mailed()
    assert client.post(PROVE, {"code": "WRONG"}).status_code == 422
    answer = client.post(PROVE, {"code": other, "next": "//evil.example/"})
    assert answer.status_code == 302
    assert answer.url == "/account/security/"


def test_an_app_is_added_used_at_sign_in_and_removed_and_each_time_a_mail_says_so(asha):
    client = signed_in(asha.user)
    secret = with_an_app(client)
    assert secret not in str(Authenticator.objects.get(type="totp").data)
    codes = re.findall(
        r"<li>(\d+)</li>", client.get("/account/2fa/recovery-codes/").content.decode()
    )
    assert len(codes) == 10
    fresh = Client()
    fresh.post("/account/login/code/", {"email": asha.user.email})
    assert fresh.post(CONFIRM, {"code": mailed()}).url == "/account/2fa/authenticate/"
    assert "_auth_user_id" not in fresh.session
    assert fresh.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    fresh.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert fresh.get("/console/").status_code == 200
    assert fresh.post("/account/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.exists()
    assert told() == [
        "An authenticator app was added to your account.",
        "The authenticator app was removed from your account.",
    ]


def test_who_has_an_app_proves_by_it_as_well_and_a_recovery_code_counts_once(asha):
    client = signed_in(asha.user)
    with_an_app(client)
    codes = re.findall(
        r"<li>(\d+)</li>", client.get("/account/2fa/recovery-codes/").content.decode()
    )
    other = signed_in(asha.user)
    assert proved(other).status_code == 200
    assert other.get("/account/2fa/totp/deactivate/").url.startswith(PROVE)
    assert other.post(PROVE, {"code": codes[1]}).status_code == 302
    assert other.get("/account/2fa/totp/deactivate/").status_code == 200
    third = signed_in(asha.user)
    proved(third)
    assert third.post(PROVE, {"code": codes[1]}).status_code == 422


def test_a_second_factor_is_tried_five_times_in_a_quarter_of_an_hour_in_all_browsers_together(asha):
    client = signed_in(asha.user)
    with_an_app(client)
    codes = re.findall(
        r"<li>(\d+)</li>", client.get("/account/2fa/recovery-codes/").content.decode()
    )
    for _ in range(5):
        fresh = Client()
        fresh.post("/account/login/code/", {"email": asha.user.email})
        fresh.post(CONFIRM, {"code": mailed()})
        fresh.post("/account/2fa/authenticate/", {"code": "000000"})
    assert (
        "quarter" in fresh.post("/account/2fa/authenticate/", {"code": codes[2]}).content.decode()
    )
    assert "_auth_user_id" not in fresh.session


def test_sessions_are_listed_without_their_keys_and_one_can_be_ended(asha):
    here, there = signed_in(asha.user), signed_in(asha.user, "Mozilla/5.0 (iPhone) Safari/605")
    page = here.get("/account/security/").content.decode()
    assert here.session.session_key not in page
    assert there.session.session_key not in page
    assert "This one" in page
    mark = re.search(r'name="session" value="(\w+)"', page)[1]
    stranger = signed_in(make_agent(asha.desk, "Bala").user)
    stranger.post("/account/security/session/end/", {"session": mark})
    assert there.get("/console/").status_code == 200
    here.post("/account/security/session/end/", {"session": mark})
    assert there.get("/console/").status_code == 302
    assert here.get("/console/").status_code == 200


def test_a_session_says_where_it_was_begun(asha):
    client = Client(
        headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"},
        REMOTE_ADDR="192.0.2.7",
    )
    client.post("/account/login/code/", {"email": asha.user.email})
    client.post(CONFIRM, {"code": mailed()})
    page = client.get("/account/security/").content.decode()
    assert "Firefox, Windows" in page
    assert "192.0.2.7" in page


def test_signing_out_everywhere_ends_every_session_and_a_mail_says_so(asha):
    here, there = signed_in(asha.user), signed_in(asha.user)
    assert here.post("/account/security/sessions/end/").url == "/account/login/"
    assert [client.get("/console/").status_code for client in (here, there)] == [302, 302]
    assert told() == ["You were signed out everywhere."]
    assert "/account/security/" in mail.outbox[-1].body


def test_who_came_by_a_card_adds_no_factor_before_a_mailed_code_came_back(asha):
    client = Client()
    client.post("/first/", {"code": make_codes([asha], at=timezone.now())[asha.pk]})
    other = make_desk("mukta")
    User.objects.get(pk=asha.user.pk).agents.create(desk=other, role="owner")
    assert client.get("/account/security/").url.startswith(PROVE)
    for change in CHANGES:
        assert client.get(f"/account/2fa/{change}").url.startswith(PROVE)
    assert "Mukta" not in client.get("/console/?desk=mukta").content.decode()
    proved(client)
    assert client.get("/account/2fa/totp/activate/").status_code == 200
    assert "mukta" in client.get("/console/").content.decode()


def test_the_operator_takes_a_lost_second_factor_off_and_its_owner_learns_of_it(asha):
    client = signed_in(asha.user)
    with_an_app(client)
    factors = Authenticator.objects.filter(user=asha.user).count()
    assert remove_factors(asha.user, at=timezone.now())[0] == factors > 0
    assert not Authenticator.objects.filter(user=asha.user).exists()
    assert client.get("/account/security/").status_code == 302
    assert (
        told()[-1]
        == "The operator removed the second factors from your account and signed you out."
    )

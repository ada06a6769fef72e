"""Signing in by a provider that runs beside: who is let in, as what, and who is not."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.people.models import Agent, Contact, User
from deskbook.people.people_rules import read_rules
from deskbook.people.provider_models import ProviderAccount
from deskbook.people.second_factors import remove_factors
from deskbook.people.sessions import sessions_of
from tests.people_factory import make_agent, make_contact, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk("sparkrock")


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha")


def knows(provider, subject, **claims):
    """Has the provider say this of one of its people."""
    httpx.put(f"{provider.issuer}/users/{subject}", json=claims).raise_for_status()


def sent_there(client, way=""):
    return client.get("/account/provider/", {"next": way} if way else {}).url


def brought_back(there, subject, action="allow"):
    """Signs in at the provider; returns the address it sends the browser back to."""
    answer = httpx.post(there, data={"sub": subject, "action": action})
    return answer.headers["Location"].removeprefix("http://testserver")


def signs_in(subject, way="", client=None):
    client = client or Client()
    answer = client.get(brought_back(sent_there(client, way), subject))
    return client, answer


def said(answer):
    found = re.search(r'role="(?:alert|status)".*?</div>', answer.content.decode(), re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", found[0].partition(">")[2]).strip()


def ruled(settings, text):
    settings.DESKBOOK_PEOPLE_RULES = read_rules(text)


def test_without_a_provider_there_is_no_button_and_no_address(desk):
    assert "/account/provider/" not in Client().get("/account/login/").content.decode()
    for address in ("/account/provider/", "/account/provider/back/"):
        assert Client().get(address).status_code == 404


def test_an_agent_signs_in_by_the_button_and_comes_where_they_wanted_to(provider, asha):
    knows(provider, "a1", email=asha.user.email, email_verified=True)
    page = Client().get("/account/login/?next=/console/people").content.decode()
    assert 'href="/account/provider/?next=%2Fconsole%2Fpeople"' in page
    assert "Sign in with Example Login" in page
    client, answer = signs_in("a1", "/console/people")
    assert (answer.status_code, answer.url) == (302, "/console/people")
    assert client.get("/console/").status_code == 200
    assert sessions_of(asha.user, at=timezone.now()).count() == 1


def test_a_requester_comes_to_their_cases(provider, desk):
    chitra = make_contact(desk)
    address = chitra.identities.get().identifier
    knows(provider, "c1", email=address.upper(), email_verified=True)
    client, _answer = signs_in("c1")
    assert client.get("/desk/sparkrock/cases/").status_code == 200
    assert client.get("/console/").status_code == 404


def test_the_way_leads_to_pages_of_this_desk_only(provider, asha):
    knows(provider, "a1", email=asha.user.email, email_verified=True)
    for odd in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        assert signs_in("a1", odd)[1].url == "/"


def test_what_a_browser_is_sent_with_is_new_each_time_and_comes_back_here_only(provider, asha):
    first, second = (parse_qs(urlsplit(sent_there(Client())).query) for _n in range(2))
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 43
        assert first[name] != second[name]
    assert first["code_challenge_method"] == ["S256"]
    assert first["redirect_uri"] == ["http://testserver/account/provider/back/"]
    assert "secret" not in str(first)


def test_an_address_that_is_not_verified_takes_over_nobody(provider, asha, settings):
    ruled(settings, "@sparkrock.example -> sparkrock owner")
    for claims in ({}, {"email_verified": False}, {"email_verified": "no"}):
        knows(provider, "evil", email=asha.user.email, **claims)
        client, answer = signs_in("evil")
        assert answer.status_code == 403
        assert "is not confirmed" in said(answer)
        assert client.get("/console/").status_code == 302
    assert not ProviderAccount.objects.exists()
    assert Agent.objects.get().role == "agent"


def test_of_its_own_domains_a_provider_need_not_say_that_addresses_are_verified(
    provider, asha, settings
):
    settings.DESKBOOK_PROVIDER = type(provider)(
        provider.issuer,
        provider.client_id,
        provider.client_secret,
        vouches_for=("sparkrock.example",),
    )
    knows(provider, "a1", email=asha.user.email)
    assert signs_in("a1")[1].status_code == 302
    for n, word in enumerate((False, "false")):
        knows(provider, f"u{n}", email=asha.user.email, email_verified=word)
        assert signs_in(f"u{n}")[1].status_code == 403
    bala = make_agent(make_desk("mukta"), "Bala")
    knows(provider, "b1", email=bala.user.email)
    assert signs_in("b1")[1].status_code == 403


def test_strangers_are_told_that_no_desk_knows_them(provider, desk):
    knows(provider, "dev", email="dev@elsewhere.example", email_verified=True)
    answer = signs_in("dev")[1]
    assert answer.status_code == 403
    assert "No desk knows you as dev@elsewhere.example" in said(answer)
    assert not User.objects.exists()


@pytest.mark.parametrize("ended", ["switched off", "blocked", "over"])
def test_who_left_or_was_blocked_does_not_get_in(provider, asha, settings, ended):
    ruled(settings, "@sparkrock.example -> sparkrock agent")
    knows(provider, "a1", email=asha.user.email, email_verified=True)
    signs_in("a1")
    if ended == "blocked":
        User.objects.update(is_active=False)
    else:
        gone = {"is_active": False} if ended == "switched off" else {"until": timezone.now()}
        Agent.objects.update(**gone)
    client, answer = signs_in("a1")
    assert answer.status_code == 403
    assert client.get("/console/").status_code == 302


def test_the_account_counts_not_the_address_it_had_once(provider, asha):
    """Somebody marries; their old address is given to a newcomer."""
    knows(provider, "a1", email=asha.user.email, email_verified=True)
    signs_in("a1")
    knows(provider, "a1", email="asha.new@sparkrock.example", email_verified=True)
    knows(provider, "a2", email=asha.user.email, email_verified=True)
    assert signs_in("a1")[0].get("/console/").status_code == 200
    answer = signs_in("a2")[1]
    assert answer.status_code == 403
    assert "Another account signed in here by your address before" in said(answer)
    remove_factors(asha.user, at=timezone.now())
    assert signs_in("a2")[0].get("/console/").status_code == 200


def test_who_was_known_before_is_told_by_mail_of_the_first_time(provider, asha):
    User.objects.update(last_login=timezone.now())
    knows(provider, "a1", email=asha.user.email, email_verified=True)
    signs_in("a1")
    signs_in("a1")
    notices = ProcrastinateJob.objects.filter(task_name="mail_security_notice")
    assert [job.args["what"] for job in notices] == ["provider_tied"]


def test_an_answer_counts_in_the_browser_that_asked_and_once(provider, asha):
    knows(provider, "a1", email=asha.user.email, email_verified=True)
    asking = Client()
    back = brought_back(sent_there(asking), "a1")
    other = Client()
    sent_there(other)
    for somebody in (Client(), other):
        answer = somebody.get(back)
        assert answer.status_code == 403
        assert "Begin again" in said(answer)
    assert asking.get(back.replace("state=", "state=x")).status_code == 403
    assert asking.get(back).status_code == 403
    assert not sessions_of(asha.user, at=timezone.now()).exists()


def test_an_answer_that_took_too_long_counts_no_more(provider, asha):
    knows(provider, "a1", email=asha.user.email, email_verified=True)
    client = Client()
    back = brought_back(sent_there(client), "a1")
    with time_machine.travel(timezone.now() + timedelta(minutes=21)):
        assert client.get(back).status_code == 403


def test_a_code_of_another_browser_is_of_no_use(provider, asha):
    """Its verifier stays in the session of who asked (PKCE)."""
    knows(provider, "a1", email=asha.user.email, email_verified=True)
    stolen = parse_qs(urlsplit(brought_back(sent_there(Client()), "a1")).query)["code"][0]
    client = Client()
    state = parse_qs(urlsplit(sent_there(client)).query)["state"][0]
    answer = client.get("/account/provider/back/", {"code": stolen, "state": state})
    assert answer.status_code == 502
    assert client.get("/console/").status_code == 302


def test_an_answer_of_another_provider_is_not_taken(provider, asha):
    knows(provider, "a1", email=asha.user.email, email_verified=True)
    client = Client()
    back = brought_back(sent_there(client), "a1")
    assert client.get(f"{back}&iss=https://evil.example").status_code == 502


def test_who_says_no_there_is_told_so_and_may_have_a_code_mailed(provider, asha):
    client = Client()
    there = sent_there(client)
    state = parse_qs(urlsplit(there).query)["state"][0]
    answer = client.get(f"{brought_back(there, 'a1', 'deny')}&state={state}")
    assert answer.status_code == 403
    assert said(answer).startswith("Example Login did not sign you in")
    assert 'name="email"' in answer.content.decode()


def test_a_provider_that_is_away_is_told_and_a_code_can_still_be_mailed(provider, settings):
    settings.DESKBOOK_PROVIDER = type(provider)("http://127.0.0.1:9", "deskbook", name="Away")
    answer = Client().get("/account/provider/")
    assert answer.status_code == 502
    assert said(answer).startswith("Away does not answer as it should")
    assert 'name="email"' in answer.content.decode()


def test_a_second_factor_is_asked_for_all_the_same(provider, asha):
    Authenticator.objects.create(
        user=asha.user, type=Authenticator.Type.TOTP, data={"secret": "A" * 32}
    )
    knows(provider, "a1", email=asha.user.email, email_verified=True)
    client, answer = signs_in("a1")
    assert answer.url.startswith("/account/2fa/authenticate/")
    assert client.get("/console/").status_code == 302


def test_it_is_no_fresh_proof_for_changing_how_one_gets_in(provider, asha):
    knows(provider, "a1", email=asha.user.email, email_verified=True)
    client, _answer = signs_in("a1")
    answer = client.get("/account/2fa/totp/activate/")
    assert answer.url.startswith("/account/security/prove/")


def test_who_signs_out_is_shown_where_to_sign_out_at_the_provider_too(provider, asha):
    knows(provider, "a1", email=asha.user.email, email_verified=True)
    client, _answer = signs_in("a1")
    page = client.post("/account/logout/", follow=True).content.decode()
    link = re.search(r'href="([^"]+)">\s*Sign out there too', page)[1].replace("&amp;", "&")
    assert link.startswith(f"{provider.issuer}/oauth2/end_session?")
    assert "post_logout_redirect_uri=http%3A%2F%2Ftestserver%2Faccount%2Flogin%2F" in link
    assert "Sign out there too" not in client.get("/account/login/").content.decode()
    assert client.get("/console/").status_code == 302


def test_many_sign_ins_from_one_network_are_stopped(provider, asha, monkeypatch):
    monkeypatch.setattr("deskbook.web.by_provider.MOST_ASKED", 2)
    client = Client()
    assert [client.get("/account/provider/").status_code for _n in range(3)] == [302, 302, 429]


def test_a_domain_lets_requesters_in_and_a_group_makes_agents_with_teams(provider, desk, settings):
    ruled(
        settings,
        "@example.org -> sparkrock requester; Service Desk -> sparkrock agent support, ghosts;"
        " Desk Leads -> sparkrock lead",
    )
    verified = {"email_verified": True, "name": "Esi Mensah"}
    knows(provider, "e1", email="esi@example.org", **verified)
    client, _answer = signs_in("e1")
    assert client.get("/desk/sparkrock/cases/").status_code == 200
    assert Contact.objects.get().name == "Esi Mensah"
    knows(provider, "f1", email="femi@example.org", groups=["/service desk", "other"], **verified)
    client, _answer = signs_in("f1")
    assert client.get("/console/").status_code == 200
    femi = Agent.objects.get()
    assert (femi.role, femi.teams, femi.user.name) == ("agent", ["support"], "Esi Mensah")
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(("name", "called"), [(" Esi Mensah  ", "Esi Mensah"), ("   ", "")])
def test_a_name_is_kept_without_spaces_around_it_and_one_of_spaces_is_none(
    provider, desk, settings, name, called
):
    ruled(settings, "Service Desk -> sparkrock agent support")
    who = {"email": "esi@example.org", "email_verified": True, "groups": ["Service Desk"]}
    knows(provider, "e1", name=name, **who)
    signs_in("e1")
    esi = Agent.objects.get().user
    assert (esi.name, str(esi)) == (called, called or "esi@example.org")


def test_role_and_teams_follow_the_groups_until_somebody_changes_them_here(
    provider, desk, settings
):
    ruled(settings, "Desk -> sparkrock agent support; Leads -> sparkrock lead")
    who = {"email": "femi@example.org", "email_verified": True}
    knows(provider, "f1", groups=["Desk", "Leads"], **who)
    signs_in("f1")
    assert (Agent.objects.get().role, Agent.objects.get().teams) == ("lead", ["support"])
    knows(provider, "f1", groups=["Desk"], **who)
    signs_in("f1")
    assert Agent.objects.get().role == "agent"
    owner = make_agent(desk, "Bala", role="owner")
    by_hand = Client()
    by_hand.force_login(owner.user, "django.contrib.auth.backends.ModelBackend")
    femi = Agent.objects.exclude(pk=owner.pk).get()
    page = f"/console/people/agents/{femi.pk}"
    assert "come from the sign-in provider" in by_hand.get(page).content.decode()
    form = {"role": "lead", "teams": ["support"], "is_active": "on"}
    assert by_hand.post(page, form).status_code == 302
    signs_in("f1")
    assert Agent.objects.get(pk=femi.pk).role == "lead"


def test_who_left_the_group_works_here_no_more(provider, desk, settings):
    ruled(settings, "Desk -> sparkrock agent")
    who = {"email": "femi@example.org", "email_verified": True}
    knows(provider, "f1", groups=["Desk"], **who)
    signs_in("f1")
    knows(provider, "f1", groups=[], **who)
    assert signs_in("f1")[1].status_code == 403
    assert not Agent.objects.get().is_active
    assert ProcrastinateJob.objects.filter(task_name="return_cases").exists()
    knows(provider, "f1", groups=["Desk"], **who)
    assert signs_in("f1")[1].status_code == 302


def test_a_rule_leaves_alone_whom_somebody_added_or_switched_off(provider, asha, settings):
    ruled(settings, "Leads -> sparkrock lead")
    who = {"email": asha.user.email, "email_verified": True}
    knows(provider, "a1", groups=["Leads"], **who)
    signs_in("a1")
    assert Agent.objects.get().role == "agent"
    Agent.objects.update(is_active=False)
    assert signs_in("a1")[1].status_code == 403
    assert not Agent.objects.get().is_active

"""Signing in by the password of a directory that runs beside: who is let in, as what, and who is
not.
"""

import re
import socket
import time
from datetime import timedelta

import ldap3
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from deskbook.config.environment import read
from deskbook.people.ldap import Away, refuse_away, said_by_password
from deskbook.people.models import Agent, User
from deskbook.people.people_rules import read_rules
from deskbook.people.provider_models import ProviderAccount
from deskbook.people.sessions import sessions_of
from deskbook.server.providing import sign_in as trouble_of_signing_in
from tests.people_factory import make_agent, make_contact, make_desk

pytestmark = pytest.mark.django_db
MAIL, PASSWORD = "asha@sparkrock.example", " pass word; é "


@pytest.fixture
def desk():
    return make_desk("sparkrock")


@pytest.fixture
def asha(desk, directory):
    directory.person("asha", PASSWORD, mail=MAIL)
    return make_agent(desk, "Asha")


def tries(name, password=PASSWORD, way="", client=None):
    client = client or Client()
    typed = {"email": name, "password": password, "next": way}
    return client, client.post("/account/password/", typed)


def said(answer):
    found = re.search(r'role="(?:alert|status)".*?</div>', answer.content.decode(), re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", found[0].partition(">")[2]).strip()


def whom(directory, name, password=PASSWORD, **more):
    return said_by_password(directory.told(**more), name, password, may_try=lambda _who: True)


def test_without_a_directory_there_is_no_password_and_no_address(desk):
    assert "password" not in Client().get("/account/login/").content.decode().replace(
        "There is no password", ""
    )
    assert tries("asha")[1].status_code == 404


@pytest.mark.parametrize("name", ["asha", "ASHA", MAIL])
def test_an_agent_signs_in_in_the_same_form_and_comes_where_they_wanted_to(directory, asha, name):
    page = Client().get("/account/login/?next=/console/people").content.decode()
    assert "Type your password of Example Directory, or have a code mailed." in page
    assert 'formaction="/account/password/"' in page
    client, answer = tries(name, way="/console/people")
    assert (answer.status_code, answer.url) == (302, "/console/people")
    assert client.get("/console/").status_code == 200
    assert sessions_of(asha.user, at=timezone.now()).count() == 1
    assert tries(name, client=client)[1].status_code == 302


def test_a_requester_comes_to_their_cases_and_a_stranger_is_told_that_no_desk_knows_them(
    directory, desk, settings
):
    address = make_contact(desk).identities.get().identifier
    directory.person("chitra", PASSWORD, mail=address)
    directory.person("dev", PASSWORD, mail="dev@sparkrock.example")
    told = directory.told(vouches_for=(address.partition("@")[2], "sparkrock.example"))
    settings.DESKBOOK_LDAP = told
    client, _answer = tries("chitra")
    assert client.get("/desk/sparkrock/cases/").status_code == 200
    answer = tries("dev")[1]
    assert answer.status_code == 403
    assert "No desk knows you as dev@sparkrock.example" in said(answer)
    assert not User.objects.filter(email__startswith="dev").exists()


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("asha", "other"),
        ("asha", PASSWORD.strip()),
        ("nobody", PASSWORD),
        ("asha", "\x07"),
    ],
)
def test_a_wrong_password_and_a_name_nobody_has_are_told_alike(directory, asha, name, password):
    client, answer = tries(name, password)
    assert answer.status_code == 403
    assert said(answer) == "This name or password is wrong."
    assert client.get("/console/").status_code == 302


@pytest.mark.parametrize(("name", "password"), [("asha", ""), ("", PASSWORD)])
def test_no_password_is_none_though_the_directory_would_take_it(directory, asha, name, password):
    """RFC 4513, 5.1.2: a bind without one succeeds, as nobody."""
    answer = tries(name, password)[1]
    assert answer.status_code == 422
    assert "Type your name and your password" in said(answer)
    assert whom(directory, name, password) is None


def test_half_a_character_and_none_are_no_name_and_no_password(directory, asha):
    for name, password in (("asha\x00", PASSWORD), ("asha", "\x00"), ("asha\x00", "\x00")):
        assert whom(directory, name, password) is None
        assert tries(name, password)[1].status_code == 422


@pytest.mark.parametrize(
    "name",
    [
        "*",
        "ash*",
        "asha)(uid=*",
        "*)(uid=*))(|(uid=*",
        "uid=asha,ou=people",
        "\\2a",
        "asha>=a",
        "asha~=asha",
        "asha<=z",
        "asha:=asha",
        "a)(uid>=a",
        "a)(uid~=asha",
        "é" * 300,
    ],
)
def test_what_is_typed_finds_only_who_is_called_just_so(directory, asha, name):
    assert whom(directory, name) is None
    assert tries(name)[1].status_code == 403


def test_a_name_that_two_people_have_is_nobodys(directory, asha):
    directory.person("other", PASSWORD, mail=MAIL)
    assert whom(directory, MAIL) is None


def test_a_name_with_signs_of_filters_and_places_in_it_is_found_with_its_groups(directory, desk):
    odd = "o*(b)\\, +c"
    directory.adds(
        r"uid=o*(b)\\\, \+c,ou=people",
        "inetOrgPerson",
        uid=odd,
        cn="O",
        sn="O",
        userPassword=PASSWORD,
    )
    with directory.as_admin() as admin:
        dn = r"uid=o*(b)\\\, \+c,ou=people,dc=example,dc=org"
        place = "cn=Odd (*),ou=groups,dc=example,dc=org"
        assert admin.add(place, "groupOfNames", {"member": dn}), admin.result
    assert whom(directory, odd).groups == ("Odd (*)",)


def test_groups_are_roles_and_teams_by_the_rules_of_providers_and_followed_at_each_sign_in(
    directory, desk, settings
):
    settings.DESKBOOK_PEOPLE_RULES = read_rules(
        "Service Desk -> sparkrock agent support; Desk Leads -> sparkrock lead"
    )
    directory.person("femi", PASSWORD, mail="femi@sparkrock.example", displayName="Femi Ade")
    directory.group("Service Desk", "femi")
    assert tries("femi")[1].status_code == 302
    femi = Agent.objects.get()
    assert (str(femi.user), femi.role, femi.teams) == ("Femi Ade", "agent", ["support"])
    directory.group("Desk Leads", "femi")
    tries("femi")
    assert Agent.objects.get().role == "lead"
    directory.forget()
    directory.person("femi", PASSWORD, mail="femi@sparkrock.example")
    assert tries("femi")[1].status_code == 403  # another account of the same address
    ProviderAccount.objects.all().delete()
    assert tries("femi")[1].status_code == 403
    assert not Agent.objects.get().is_active


def test_an_address_of_a_domain_nobody_vouches_for_takes_over_nobody(directory, asha, settings):
    settings.DESKBOOK_LDAP = directory.told(vouches_for=())
    client, answer = tries("asha")
    assert answer.status_code == 403
    assert "is not confirmed" in said(answer)
    assert client.get("/console/").status_code == 302


@pytest.mark.parametrize("ended", ["switched off", "blocked"])
def test_who_was_ended_stays_ended(directory, asha, settings, ended):
    settings.DESKBOOK_PEOPLE_RULES = read_rules("@sparkrock.example -> sparkrock agent")
    assert tries("asha")[1].status_code == 302
    (User if ended == "blocked" else Agent).objects.update(is_active=False)
    client, answer = tries("asha")
    assert answer.status_code == 403
    assert client.get("/console/").status_code == 302


def test_after_five_wrong_passwords_of_one_person_the_right_one_waits_by_whatever_name(
    directory, asha
):
    for n in range(5):
        assert tries(("asha", MAIL)[n % 2], "wrong")[1].status_code == 403
    answer = tries(MAIL)[1]
    assert answer.status_code == 429
    assert "Wait a quarter of an hour, or have a code mailed" in said(answer)


@pytest.mark.parametrize(("security", "port"), [("tls", "tls"), ("starttls", "plain")])
def test_the_directory_is_told_nothing_before_its_certificate_and_name_are_believed(
    directory, asha, monkeypatch, security, port
):
    secure = {"security": security, "port": getattr(directory, port)}
    with pytest.raises(Away):
        whom(directory, "asha", host="localhost", **secure)
    monkeypatch.setenv("SSL_CERT_FILE", str(directory.home / "cert.pem"))
    assert whom(directory, "asha", host="localhost", **secure).address == MAIL
    with pytest.raises(Away):
        whom(directory, "asha", host="127.0.0.1", **secure)


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_a_directory_that_says_nothing_keeps_nobody_for_long_and_codes_are_still_mailed(
    directory, asha, settings, security
):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.DESKBOOK_LDAP = directory.told(port=port, security=security)
        began = time.monotonic()
        answer = tries("asha")[1]
        assert time.monotonic() - began < 12
    assert answer.status_code == 502
    assert "Example Directory does not answer as it should" in said(answer)


def test_the_doctor_says_what_is_wrong_with_the_directory(directory, slapd):
    refuse_away(directory.told())
    settings = {
        "DESKBOOK_LDAP_URL": f"ldap://127.0.0.1:{slapd.plain}",
        "DESKBOOK_LDAP_BASE": "ou=people,dc=example,dc=org",
        "DESKBOOK_LDAP_BIND_DN": "cn=desk,dc=example,dc=org",
        "DESKBOOK_LDAP_BIND_PASSWORD": "wrong",
    }
    [finding] = trouble_of_signing_in(read(settings))
    assert "The directory does not answer as it should: 127.0.0.1 does not let in" in finding.what


def test_a_name_that_nobody_has_is_answered_as_one_that_somebody_has(directory, asha):
    def answers(name):
        given = [tries(name, "wrong")[1] for _n in range(7)]
        return [(answer.status_code, said(answer)) for answer in given]

    assert answers("asha") == answers("nobody")
    assert answers("asha")[-1][0] == 429
    assert tries("  NOBODY ", "wrong")[1].status_code == 429


def test_a_name_that_nobody_has_takes_a_bind_as_well(directory, asha, monkeypatch):
    binds = []
    real = ldap3.Connection.bind
    monkeypatch.setattr(
        ldap3.Connection, "bind", lambda one, *more: binds.append(one.user) or real(one, *more)
    )
    for name in ("asha", "nobody"):
        binds.clear()
        assert whom(directory, name, "wrong") is None
        assert len(binds) == 2, name


def test_no_quarter_of_an_hour_has_more_than_five_tries_of_one_person(directory, asha):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for minutes in (0, 14, 0, 0, 0):
            clock.shift(timedelta(minutes=minutes))
            assert tries("asha", "wrong")[1].status_code == 403
        clock.shift(timedelta(minutes=2))
        assert tries("asha")[1].status_code == 429
        clock.shift(timedelta(minutes=15))
        assert tries("asha")[1].status_code == 302


@pytest.mark.parametrize("odd", ["a>=b", "a~=b", "a<=b", "a:=b"])
def test_who_is_called_with_a_sign_of_filters_is_found_by_it(directory, odd):
    named = {"cn": "Odd", "sn": "Odd", "uid": odd, "userPassword": PASSWORD}
    directory.adds("cn=Odd,ou=people", "inetOrgPerson", mail="odd@sparkrock.example", **named)
    assert whom(directory, odd).address == "odd@sparkrock.example"

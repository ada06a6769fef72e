"""A directory keeps people in step: made, changed, ended; its groups are teams and roles here."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from urllib.parse import quote

import pytest
from django.core.signals import request_finished, request_started
from django.db import IntegrityError, close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.people.access import contacts_of
from deskbook.people.contacts import add_way, give_sign_ins
from deskbook.people.duty import shifts_between, unfilled_between
from deskbook.people.models import Agent, User
from deskbook.people.people_rules import read_rules
from deskbook.people.provisioning_models import Provisioned
from deskbook.people.roster_models import Shift
from deskbook.people.sessions import sessions_of
from deskbook.people.tokens import token_of
from deskbook.server.accounts import bring_back
from deskbook.server.wsgi import application
from tests.conftest import ROOT
from tests.people_factory import make_agent, make_contact, make_desk
from tests.web.api.conftest import program_of

pytestmark = pytest.mark.django_db
TOKEN = "a token of more than twenty letters"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Directory:
    """Entra, Okta or Keycloak, as far as this desk can tell."""

    def asks(self, method, address, body=None, token=TOKEN):
        return Client().generic(
            method,
            f"/scim/v2/{address}",
            json.dumps(body) if body is not None else "",
            "application/scim+json",
            headers={"authorization": f"Bearer {token}"},
        )

    def makes(self, address, **more):
        emails = [{"value": address, "primary": True}]
        said = {"schemas": [USER], "userName": address, "emails": emails, **more}
        return self.asks("POST", "Users", said)

    def groups(self, name, *people):
        members = [{"value": person} for person in people]
        said = {"schemas": [GROUP], "displayName": name, "members": members}
        return self.asks("POST", "Groups", said).json()["id"]

    def patches(self, address, *operations):
        return self.asks("PATCH", address, {"schemas": [PATCH], "Operations": operations})


@pytest.fixture
def directory(settings):
    settings.DESKBOOK_SCIM_TOKEN = TOKEN
    settings.DESKBOOK_PEOPLE_RULES = read_rules(
        "Service Desk -> sparkrock agent support; Desk Leads -> sparkrock lead"
    )
    return Directory()


@pytest.fixture
def desk():
    return make_desk("sparkrock")


def test_without_a_token_in_the_settings_there_is_no_such_place(desk):
    assert Directory().asks("GET", "Users").status_code == 404


def test_who_shows_another_token_or_none_learns_nothing(directory):
    for token in ("", "x", TOKEN[:-1]):
        assert directory.asks("GET", "Users", token=token).status_code == 401
    assert Client().get("/scim/v2/Users").status_code == 401


def test_somebody_made_and_put_into_a_group_works_here_with_its_teams(directory, desk):
    made = directory.makes("femi@example.org", displayName="Femi Ade")
    assert made.status_code == 201
    assert not Agent.objects.exists()
    directory.groups("Service Desk", made.json()["id"])
    femi = Agent.objects.get()
    assert (femi.user.email, femi.user.name) == ("femi@example.org", "Femi Ade")
    assert (femi.role, femi.teams, femi.is_active) == ("agent", ["support"], True)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"displayName": "  Femi Ade "}, "Femi Ade"),
        ({"displayName": "   ", "name": {"formatted": " Femi Ade"}}, "Femi Ade"),
        ({"displayName": " ", "name": {"givenName": "Femi", "familyName": " "}}, "Femi"),
        ({"displayName": "   "}, ""),
    ],
)
def test_a_name_is_kept_without_spaces_around_it_and_one_of_spaces_is_none(
    directory, desk, said, name
):
    made = directory.makes("femi@example.org", **said)
    directory.groups("Service Desk", made.json()["id"])
    femi = Agent.objects.get().user
    assert (femi.name, str(femi)) == (name, name or "femi@example.org")


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ({"userName": "femi@example.org"}, "femi@example.org"),
        (
            {
                "userName": "femi",
                "emails": [
                    {"value": "old@example.org"},
                    {"value": "f@example.org", "primary": True},
                ],
            },
            "f@example.org",
        ),
    ],
)
def test_who_is_put_into_a_group_has_the_address_and_name_they_were_made_with(
    directory, desk, said, address
):
    name = {"givenName": "Femi", "familyName": "Ade"}
    who = directory.asks("POST", "Users", {"schemas": [USER], "name": name, **said}).json()["id"]
    directory.groups("Service Desk", who)
    femi = Agent.objects.get().user
    assert (femi.email, femi.name) == (address, "Femi Ade")


def test_what_the_database_refuses_for_another_reason_is_no_conflict(directory, desk):
    with connection.cursor() as cursor:
        cursor.execute("alter table deskbook_provisioned add check (name <> 'odd@example.org')")
    with pytest.raises(IntegrityError, match="check constraint"):
        directory.makes("odd@example.org")
    assert directory.makes("even@example.org").status_code == 201
    assert directory.makes("even@example.org").status_code == 409


def test_two_of_one_address_are_not_put_into_a_group_together_and_it_is_said_why(directory, desk):
    emails = [{"value": "desk@example.org"}]
    people = [
        directory.asks("POST", "Users", {"schemas": [USER], "userName": name, "emails": emails})
        for name in ("femi", "ola")
    ]
    members = [{"value": one.json()["id"]} for one in people]
    both = {"schemas": [GROUP], "displayName": "Service Desk", "members": members}
    refused = directory.asks("POST", "Groups", both)
    assert (refused.status_code, refused.json()["scimType"]) == (409, "uniqueness")
    assert "desk@example.org" in refused.json()["detail"]
    assert not Agent.objects.exists()
    assert directory.asks("POST", "Groups", both | {"members": members[:1]}).status_code == 201


def test_who_cannot_come_for_their_address_can_still_be_taken_out(directory, desk):
    emails = [{"value": "desk@example.org"}]
    femi, ola = (
        directory.asks("POST", "Users", {"schemas": [USER], "userName": name, "emails": emails})
        for name in ("femi", "ola")
    )
    others = directory.groups("Others", ola.json()["id"])
    directory.groups("Service Desk", femi.json()["id"])
    gone = {"op": "replace", "path": "members", "value": []}
    assert directory.patches(f"Groups/{others}", gone).status_code == 200
    assert Agent.objects.get().is_active


def test_a_group_renamed_there_is_what_its_new_name_is_here(directory, desk):
    who = directory.makes("femi@example.org").json()["id"]
    group = directory.groups("Service Desk", who)
    rename = {"op": "replace", "path": "displayName", "value": "Desk Leads"}
    directory.patches(f"Groups/{group}", rename)
    assert Agent.objects.get().role == "lead"


def test_groups_change_roles_and_who_is_in_none_works_here_no_more(directory, desk):
    who = directory.makes("femi@example.org").json()["id"]
    support = directory.groups("Service Desk", who)
    leads = directory.groups("Desk Leads")
    directory.patches(
        f"Groups/{leads}", {"op": "add", "path": "members", "value": [{"value": who}]}
    )
    assert Agent.objects.get().role == "lead"
    gone = {"op": "remove", "path": f'members[value eq "{who}"]'}
    directory.patches(f"Groups/{leads}", gone)
    assert Agent.objects.get().role == "agent"
    assert directory.asks("DELETE", f"Groups/{support}").status_code == 204
    assert not Agent.objects.get().is_active


@pytest.mark.parametrize("how", ["patched", "as Entra does", "replaced", "deleted"])
def test_who_is_ended_there_is_shut_out_here_at_once(directory, desk, how):
    asha = make_agent(desk, "Asha")
    program = program_of(asha)
    browser = Client()
    browser.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    made = directory.makes(asha.user.email).json()
    assert browser.get("/console/").status_code == 200
    {
        "patched": lambda at: directory.patches(
            at, {"op": "replace", "path": "active", "value": False}
        ),
        "as Entra does": lambda at: directory.patches(
            at, {"op": "Replace", "path": "active", "value": "False"}
        ),
        "replaced": lambda at: directory.asks("PUT", at, made | {"active": False}),
        "deleted": lambda at: directory.asks("DELETE", at),
    }[how](f"Users/{made['id']}")
    assert browser.get("/console/").status_code == 302
    assert not sessions_of(asha.user, at=timezone.now()).exists()
    assert token_of(program.secret, at=timezone.now()) is None
    assert ProcrastinateJob.objects.filter(task_name="return_cases").exists()


def test_a_person_by_the_mappings_of_entra_is_known_by_their_mail_and_display_name(directory, desk):
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    made = directory.asks(
        "POST",
        "Users",
        {
            "schemas": [USER, enterprise],
            "externalId": "f.ade",
            "userName": "f.ade@tenant.example",
            "active": True,
            "emails": [{"primary": True, "type": "work", "value": "femi@example.org"}],
            "displayName": "Femi Ade",
            "name": {"formatted": "Ade, F.", "familyName": "Ade", "givenName": "F."},
            "phoneNumbers": [{"type": "work", "value": "+14165550101"}],
            "password": "never kept",
            "extensionAttribute1": "nobody knows it",
            enterprise: {"department": "Desk"},
        },
    ).json()
    assert made["externalId"] == "f.ade"
    assert "never kept" not in str(Provisioned.objects.get().document)
    directory.groups("Service Desk", made["id"])
    user = Agent.objects.get().user
    assert (user.email, user.name) == ("femi@example.org", "Femi Ade")
    asked = quote('userName eq "F.ADE@tenant.example"')
    assert directory.asks("GET", f"Users?filter={asked}").json()["totalResults"] == 1
    asked = quote('userName eq "nobody"')
    assert directory.asks("GET", f"Users?filter={asked}").status_code == 200


@pytest.mark.parametrize("name", ["provider-back", "account_login"])
def test_the_page_tells_the_provider_the_address_there_is(name):
    page = (ROOT / "docs/operating/accounts.md").read_text()
    assert f"`https://desk.example.org{reverse(name)}`" in page


def test_who_comes_back_there_may_come_here_again(directory, desk):
    asha = make_agent(desk, "Asha")
    made = directory.makes(asha.user.email).json()
    for active in (False, True):
        change = {"op": "replace", "value": {"active": active}}
        directory.patches(f"Users/{made['id']}", change)
        assert User.objects.get().is_active is active
    assert Agent.objects.get().role == "agent"


def test_a_new_name_is_taken_and_a_new_address_lets_nobody_else_sign_in(directory, desk):
    who = make_agent(desk, "Asha").user
    made = directory.makes(who.email).json()
    dev = make_agent(desk, "Dev").user
    taken = {"op": "replace", "path": "emails", "value": [{"value": dev.email}]}
    assert directory.patches(f"Users/{made['id']}", taken).status_code == 409
    new = {
        "op": "replace",
        "value": {"displayName": "Asha Rao", "emails": [{"value": "asha.rao@example.org"}]},
    }
    assert directory.patches(f"Users/{made['id']}", new).status_code == 200
    who.refresh_from_db()
    assert (who.email, who.name) == (made["userName"], "Asha Rao")
    assert not User.objects.filter(email="asha.rao@example.org").exists()


def test_an_address_given_to_somebody_new_does_not_bring_back_whose_it_was(directory, desk, capsys):
    asha = make_agent(desk, "Asha", role="lead")
    made = directory.makes(asha.user.email).json()
    directory.asks("DELETE", f"Users/{made['id']}")
    again = directory.makes(asha.user.email)
    assert again.status_code == 409
    assert asha.user.email in again.json()["detail"]
    asha.user.refresh_from_db()
    assert not asha.user.is_active
    ended = directory.makes(asha.user.email, active=False)
    assert ended.status_code == 409  # nor by a row that is ended first and let come after
    bring_back(asha)  # `deskbook invite`
    assert "may sign in again" in capsys.readouterr().out
    assert directory.makes(asha.user.email).status_code == 201


def test_nor_do_groups_bring_back_whose_address_it_was(directory, desk):
    asha = make_agent(desk, "Asha", role="lead")
    made = directory.makes(asha.user.email).json()
    unknown = directory.asks("POST", "Users", {"schemas": [USER], "userName": "newcomer"}).json()
    directory.asks("DELETE", f"Users/{made['id']}")
    given = {"op": "replace", "path": "emails", "value": [{"value": asha.user.email}]}
    assert directory.patches(f"Users/{unknown['id']}", given).status_code == 409
    members = [{"value": unknown["id"]}]
    group = {"schemas": [GROUP], "displayName": "Service Desk", "members": members}
    assert directory.asks("POST", "Groups", group).status_code == 201
    assert not User.objects.get(pk=asha.user_id).is_active


def test_who_is_known_and_was_ended_there_gets_no_account_by_a_code(directory, desk):
    chitra = make_contact(desk)
    address = chitra.identities.get(channel="email").identifier
    directory.asks("POST", "Users", {"schemas": [USER], "userName": address, "active": False})
    assert give_sign_ins(address).is_active is False


def test_no_other_address_of_a_person_who_was_ended_there_opens_anything(directory, desk):
    chitra = make_contact(desk)
    address = chitra.identities.get(channel="email").identifier
    add_way(chitra, "email", "chitra@home.example")
    add_way(chitra, "email", "chitra@abroad.example")
    before = give_sign_ins("chitra@home.example")
    assert list(contacts_of(before)) == [chitra]
    who = directory.makes(address).json()["id"]
    directory.patches(f"Users/{who}", {"op": "replace", "path": "active", "value": False})
    assert not contacts_of(before).exists()
    assert give_sign_ins("chitra@abroad.example") is None
    directory.patches(f"Users/{who}", {"op": "replace", "path": "active", "value": True})
    assert list(contacts_of(before)) == [chitra]


def test_whom_a_person_put_in_and_the_directory_ended_is_listed_as_ended_and_fills_no_shift(
    directory, desk
):
    asha, bala = make_agent(desk, "Asha", teams=("support",)), make_agent(desk, "Bala", "lead")
    at = timezone.now()
    shift = Shift.objects.create(
        desk=desk, agent=asha, team="support", from_at=at, until_at=at + timedelta(hours=8)
    )
    who = directory.makes(asha.user.email).json()["id"]
    directory.asks("DELETE", f"Users/{who}")
    browser = Client()
    browser.force_login(bala.user, "django.contrib.auth.backends.ModelBackend")
    assert "ended in the directory" in browser.get("/console/people/agents/").content.decode()
    page = browser.get(f"/console/people/agents/{asha.pk}").content.decode()
    assert "ended this account" in page
    assert shifts_between(desk, at, at + timedelta(hours=1)) == ()
    assert unfilled_between(desk, at, at + timedelta(hours=1)) == [shift]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("active", [True, False])
def test_of_two_who_are_made_with_one_address_in_one_moment_the_second_is_refused(
    directory, desk, settings, active
):
    settings.DESKBOOK_PEOPLE_RULES = read_rules("@example.org -> sparkrock requester")
    emails, met = [{"value": "desk@example.org"}], Barrier(2)

    def made(name):
        said = {"schemas": [USER], "userName": name, "emails": emails, "active": active}
        try:
            met.wait(10)
            return directory.asks("POST", "Users", said)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(made, ("femi", "ola")), key=lambda one: one.status_code)
    assert [one.status_code for one in answers] == [201, 409]
    assert answers[1].json()["scimType"] == "uniqueness"


def test_an_address_an_agent_put_to_somebody_else_is_not_theirs_to_the_directory(
    directory, desk, settings
):
    settings.DESKBOOK_PEOPLE_RULES = read_rules("@example.org -> sparkrock requester")
    boss = make_agent(make_desk("mukta"), "Esther", role="owner").user
    chitra = make_contact(desk)
    chitra.user = boss
    chitra.save()
    add_way(chitra, "email", "x@example.org")
    directory.makes("x@example.org")
    row = Provisioned.objects.get(name="x@example.org")
    assert row.user is not None and row.user.email == "x@example.org"


def test_people_are_found_by_filter_and_page_by_page(directory):
    for n in range(5):
        directory.makes(f"p{n}@example.org", externalId=f"x{n}")
    one = directory.asks("GET", 'Users?filter=userName eq "P3@example.org"').json()
    assert [row["externalId"] for row in one["Resources"]] == ["x3"]
    page = directory.asks("GET", "Users?startIndex=4&count=3").json()
    assert (page["totalResults"], page["itemsPerPage"]) == (5, 2)
    assert directory.asks("GET", "Users?filter=userName eq").status_code == 400
    for none in ('filter=userName eq "\\u0000"', f"startIndex={10**30}", "count=-1"):
        asked = directory.asks("GET", f"Users?{none}")
        assert (asked.status_code, asked.json().get("Resources", [])) == (200, [])


@pytest.mark.parametrize(
    ("kind", "asked", "name"),
    [("User", "userName", "P3@X.org"), ("Group", "displayName", "p3@x.org")],
)
def test_one_of_a_name_is_looked_up_and_not_looked_for_among_all(directory, kind, asked, name):
    known = {"kind": kind, "created_at": timezone.now(), "changed_at": timezone.now()}
    names = [f"p{n}@x.org" for n in range(2000)]
    Provisioned.objects.bulk_create(
        Provisioned(name=one, document={asked: one}, **known) for one in names
    )
    with CaptureQueriesContext(connection) as done:
        found = directory.asks("GET", f'{kind}s?filter={asked} eq "{name}"').json()
    assert [one[asked] for one in found["Resources"]] == ["p3@x.org"]
    [sql] = [one["sql"] for one in done if '"document"' in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE deskbook_provisioned")
        cursor.execute(f"EXPLAIN {sql}")
        assert "one_of_a_name" in str(cursor.fetchall())


def test_a_page_reads_what_it_shows_and_each_group_more_asks_nothing_more(directory):
    who = directory.makes("femi@example.org").json()["id"]

    def statements():
        with CaptureQueriesContext(connection) as done:
            found = directory.asks("GET", "Groups").json()["Resources"]
        assert [one["members"][0]["value"] for one in found] == [who] * len(found)
        return len(done)

    directory.groups("Team 0", who)
    few = statements()
    for n in range(1, 5):
        directory.groups(f"Team {n}", who)
    assert statements() == few


def test_one_more_in_a_large_group_is_followed_alone(directory, desk):
    people = [directory.makes(f"p{n}@example.org").json()["id"] for n in range(8)]

    def statements(group, who):
        one = {"op": "add", "path": "members", "value": [{"value": who}]}
        with CaptureQueriesContext(connection) as done:
            assert directory.patches(f"Groups/{group}", one).status_code == 200
        return len(done)

    small = statements(directory.groups("Others"), people[7])
    assert statements(directory.groups("Some", *people[:6]), people[6]) == small


def test_a_name_is_given_once_and_what_cannot_be_read_is_said(directory):
    assert directory.makes("femi@example.org").status_code == 201
    again = directory.makes("Femi@example.org")
    assert (again.status_code, again.json()["scimType"]) == (409, "uniqueness")
    for body in ({}, {"schemas": [USER]}, [], {"schemas": [USER], "userName": ""}):
        assert directory.asks("POST", "Users", body).status_code == 400
    nobody = {"schemas": [GROUP], "displayName": "G", "members": [{"value": "nobody"}]}
    assert directory.asks("POST", "Groups", nobody).status_code == 400
    assert Provisioned.objects.count() == 1
    assert directory.asks("GET", "Users/nobody").status_code == 404


def test_somebody_without_an_address_is_kept_and_nobody_here_until_they_have_one(directory, desk):
    said = {"schemas": [USER], "userName": "femi"}
    who = directory.asks("POST", "Users", said).json()["id"]
    directory.groups("Service Desk", who)
    assert not Agent.objects.exists()
    address = {"op": "add", "path": "emails", "value": [{"value": "femi@example.org"}]}
    directory.patches(f"Users/{who}", address)
    assert Agent.objects.get().user.email == "femi@example.org"


def test_no_password_is_kept(directory):
    made = directory.makes("femi@example.org", password="very secret")
    assert "very secret" not in made.content.decode()
    assert "very secret" not in str(Provisioned.objects.get().document)


@pytest.fixture
def one_connection():
    """The rows of a test are in its transaction: no request may close that, as a server's would."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_a_directory_by_the_book_finds_nothing_wrong(directory, one_connection):
    """scim2-tester asks all that RFC 7644 lets a directory ask."""
    # They take seconds to import, which every worker would spend that collects this file.
    from scim2_client.engines.wsgi import WSGISCIMClient
    from scim2_tester import Status, check_server

    client = WSGISCIMClient(
        application,
        base_url="http://localhost/scim/v2",
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    results = check_server(client)
    wrong = [
        f"{one.title}: {one.reason}"
        for one in results
        if one.status not in (Status.SUCCESS, Status.SKIPPED)
    ]
    assert "\n".join(wrong) == ""
    assert len([one for one in results if one.status == Status.SUCCESS]) > 20

"""People, lists and first sign-ins, as leads use them and others may not."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.sms.models import TextMessage
from deskbook.jobs import uploads
from deskbook.people.models import Agent, Contact, Organisation, User
from deskbook.people.upload_models import Upload
from deskbook.web.console.people import lists
from deskbook.web.uploads import Limits
from tests.people_factory import make_agent, make_contact, make_desk, make_organisation
from tests.web.test_roster_screen import signed_in, text

pytestmark = pytest.mark.django_db


def send(client, what, content, **more):
    file = SimpleUploadedFile("list.csv", content.encode())
    return client.post("/console/lists/", {"what": what, "file": file, **more})


def run_jobs(upload):
    """Run the queued job of an upload as the worker would."""
    (job,) = ProcrastinateJob.objects.filter(
        task_name__endswith="_upload", args={"upload_id": upload.pk}
    ).order_by("-id")[:1]
    getattr(uploads, job.task_name)(**job.args)
    upload.refresh_from_db()


def test_a_list_is_uploaded_looked_through_and_taken_in(as_bala, desk):
    address = send(as_bala, "contacts", "name,mail\nA,a@n.example\nB,b@n.example\n").url
    upload = Upload.objects.get()
    assert "Reading the file" in text(as_bala.get(address))
    assert 'hx-trigger="every 1s"' in text(as_bala.get(address, headers={"HX-Request": "true"}))
    run_jobs(upload)
    assert as_bala.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    page = text(as_bala.get(address))
    assert "2 added" in page
    assert "a@n.example" in page
    assert not Contact.objects.exists()
    as_bala.post(f"{address}/taking-in")
    run_jobs(upload)
    assert "Taken in." in text(as_bala.get(address))
    assert Contact.objects.count() == 2


def test_a_lead_who_reads_portuguese_reads_what_a_list_may_have_and_what_is_wrong_in_it_in_portuguese(
    as_bala, bala, desk
):
    User.objects.filter(pk=bala.user_id).update(language="pt")
    page = text(as_bala.get("/console/lists/?what=contacts"))
    assert "Como a pessoa se chama." in page and "What the person is called." not in page
    address = send(as_bala, "contacts", "name,mail,foo\n=cmd,nonsense,1\n").url
    upload = Upload.objects.get()
    run_jobs(upload)
    page = text(as_bala.get(address))
    for said in (
        "não é um endereço de e-mail",
        "parece uma fórmula",
        "As colunas que esta lista não conhece",
    ):
        assert said in page
    assert (
        "“nonsense” não é um endereço de e-mail."
        in as_bala.get(f"{address}/wrong.csv").getvalue().decode()
    )


def test_what_was_kept_of_a_list_before_is_shown_as_it_is(as_bala, desk):
    address = send(as_bala, "contacts", "name,mail\nA,nonsense\n").url
    upload = Upload.objects.get()
    run_jobs(upload)
    Upload.objects.update(notes=["Only the first of its sheets was read."])
    upload.rows.update(why="“nonsense” was no mail address.")
    page = text(as_bala.get(address))
    assert (
        "“nonsense” was no mail address." in page
        and "Only the first of its sheets was read." in page
    )


def test_wrong_lines_are_shown_with_why_and_nothing_can_be_taken_in(as_bala, desk):
    address = send(as_bala, "contacts", "name,mail\n=cmd|x,a@n.example\nB,nonsense\n").url
    upload = Upload.objects.get()
    run_jobs(upload)
    page = text(as_bala.get(address))
    assert "“nonsense” is no mail address." in page
    assert "Take in all" not in page
    as_bala.post(f"{address}/taking-in")
    upload.refresh_from_db()
    assert upload.state == "read"
    assert "is no mail address" in as_bala.get(f"{address}/wrong.csv").getvalue().decode(
        "utf-8-sig"
    )
    assert "looks like a formula" in text(as_bala.get(f"{address}?show=added"))


def test_lists_count_among_the_files_somebody_sends_in_a_day(as_bala, monkeypatch):
    monkeypatch.setattr(lists, "OF_AGENTS", Limits(a_day=25))
    answers = [send(as_bala, "contacts", "name,email\n") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 422]
    assert "No more than this is taken in one day." in text(answers[-1])
    assert Upload.objects.count() == 2


def test_no_file_and_no_list_are_said_at_the_form(as_bala, desk):
    assert "Choose a file." in text(as_bala.post("/console/lists/", {"what": "contacts"}))
    assert send(as_bala, "wishes", "a,b\n1,2\n").status_code == 422


def test_leads_find_agents_contacts_organisations_and_places(as_bala, desk, chitra):
    make_agent(desk, "Kofi", teams=("support",))
    desk.places.create(code="V1", name="Namige")
    assert "Kofi" in text(as_bala.get("/console/people/?q=kof"))
    assert "Kofi" not in text(as_bala.get("/console/people/?q=nobody"))
    assert "Chitra" in text(as_bala.get("/console/people/contacts/?q=chitra@"))
    assert "Northwind" in text(as_bala.get("/console/people/organisations/?q=north"))
    assert "Namige" in text(as_bala.get("/console/people/places/?q=v1"))
    assert as_bala.get("/console/people/wishes/").status_code == 404


def test_leads_see_how_many_seats_of_a_tool_the_book_has_given_away():
    lead = make_agent(make_desk("mukta"), "Bala", role="lead")
    page = text(signed_in(lead).get("/console/people/"))
    assert "Jira: 5 of 10 seats are used." in page
    assert "technical contact of Jatni, technical contact of Dhenkanal" in page
    assert "Jira" not in text(signed_in(lead).get("/console/people/contacts/"))


def test_a_lead_changes_a_seat_but_neither_owners_nor_their_own_role(as_bala, bala, desk):
    kofi, owner = make_agent(desk, "Kofi"), make_agent(desk, "Esther", role="owner")
    form = {
        "role": "lead",
        "teams": ["support"],
        "until": "2026-08-14T18:00",
        "is_active": "1",
        "phone": "416 555 0101",
    }
    as_bala.post(f"/console/people/agents/{kofi.pk}", form)
    kofi.refresh_from_db()
    assert (kofi.role, kofi.teams, kofi.phone) == ("lead", ["support"], "+14165550101")
    assert kofi.until.isoformat() == "2026-08-14T22:00:00+00:00"  # Toronto
    assert as_bala.post(f"/console/people/agents/{owner.pk}", form).status_code == 404
    assert (
        as_bala.post(f"/console/people/agents/{kofi.pk}", form | {"role": "owner"}).status_code
        == 404
    )
    assert as_bala.post(f"/console/people/agents/{bala.pk}", {"role": "agent"}).status_code == 422
    assert (
        as_bala.post(f"/console/people/agents/{kofi.pk}", form | {"phone": "12"}).status_code == 422
    )


def test_a_contacts_identities_are_added_and_one_of_somebody_else_is_refused(as_bala, desk, chitra):
    other = make_contact(desk, "Devi")
    address = f"/console/people/contacts/{chitra.pk}"
    form = {"name": "Chitra R", "organisation": "northwind schools", "language": "pt"}
    as_bala.post(address, form | {"channel": "phone", "identifier": "416 555 0101"})
    assert chitra.identities.get(channel="phone").identifier == "+14165550101"
    taken = as_bala.post(
        address, form | {"channel": "email", "identifier": other.identities.get().identifier}
    )
    assert taken.status_code == 422
    assert "belongs to Devi" in text(taken)
    as_bala.post(address, form | {"remove": chitra.identities.get(channel="phone").pk})
    assert not chitra.identities.filter(channel="phone").exists()
    assert "There is no organisation" in text(
        as_bala.post(address, form | {"organisation": "Nobody"})
    )
    spaced = make_organisation(desk, "North  (Wind)")
    as_bala.post(address, form | {"organisation": "north (wind)"})
    chitra.refresh_from_db()
    assert chitra.organisation == spaced


def test_an_agent_changes_what_is_known_of_a_contact_from_their_card(console, chitra, desk):
    card = text(console.get(f"/console/contacts/{chitra.pk}"))
    address = f"/console/people/contacts/{chitra.pk}"
    assert f'href="{address}"' in card
    typed = {"name": "Chitra Rao", "language": "pt", "note": "Calls in the morning."}
    done = console.post(
        address, typed | {"channel": "phone", "identifier": "416 555 0101"}, follow=True
    )
    assert done.redirect_chain == [(f"/console/contacts/{chitra.pk}", 302)]
    for said in ("Saved.", "Chitra Rao", "Calls in the morning.", "+14165550101"):
        assert said in text(done)
    stranger = signed_in(make_agent(make_desk("mukta"), "Farid"))
    assert stranger.post(address, typed | {"name": "X"}).status_code == 404
    chitra.refresh_from_db()
    assert (chitra.name, chitra.organisation) == ("Chitra Rao", None)


def test_of_two_who_change_a_contact_the_second_sees_what_the_first_did(console, as_bala, chitra):
    address = f"/console/people/contacts/{chitra.pk}"
    seen = seen_on(console.get(address))
    typed = {"organisation": "Northwind Schools", "language": "en"}
    as_bala.post(address, typed | {"name": "Chitra Rao", "seen": seen})

    second = typed | {"name": "Chitra R", "note": "Deaf.", "seen": seen}
    told = console.post(address, second)

    assert told.status_code == 422
    assert "Somebody else changed this to “Chitra Rao” meanwhile." in text(told)
    assert 'value="Chitra R"' in text(told)
    chitra.refresh_from_db()
    assert (chitra.name, chitra.note) == ("Chitra Rao", "")
    assert console.post(address, second | {"seen": seen_on(told)}).status_code == 302
    chitra.refresh_from_db()
    assert (chitra.name, chitra.note) == ("Chitra R", "Deaf.")


def seen_on(page):
    return re.search(r'name="seen" value="(\w+)"', text(page))[1]


def test_a_number_that_is_none_is_refused_wherever_it_is_added_and_stays_as_typed(as_bala, chitra):
    for address in (f"/console/people/contacts/{chitra.pk}", f"/console/contacts/{chitra.pk}/ways"):
        told = as_bala.post(address, {"name": "C", "channel": "phone", "identifier": "12"})
        assert told.status_code == 422, address
        assert "“12” is no phone number: write it like" in text(told)
        assert 'value="12"' in text(told)
    assert not chitra.identities.filter(channel="phone").exists()


def test_an_organisation_keeps_its_name_to_itself(as_bala, desk):
    north = make_organisation(desk, "North")
    make_organisation(desk, "South")
    address = f"/console/people/organisations/{north.pk}"
    as_bala.post(
        address,
        {"name": "North", "plan": "basic", "zone": "America/Halifax", "domains": "@n.example"},
    )
    assert Organisation.objects.get(pk=north.pk).domains == ["n.example"]
    assert as_bala.post(address, {"name": "South"}).status_code == 422
    assert as_bala.post(address, {"name": "North", "plan": "gold"}).status_code == 422


def test_cards_are_printed_with_codes_that_sign_in_once_and_then_mail_does(as_bala, desk):
    kofi = make_agent(desk, "Kofi")
    cards = text(as_bala.post("/console/people/codes", {"agent": [kofi.pk], "by": "print"}))
    code = re.search(r'class="code">([\w-]+)<', cards)[1]
    assert code not in text(as_bala.get("/console/people/codes"))
    newcomer = Client()
    assert newcomer.post("/first/", {"code": "0000-0000-0000"}).status_code == 422
    assert newcomer.post("/first/", {"code": code}).url == "/console/"
    assert newcomer.get("/console/").status_code == 200
    assert "does not work" in text(Client().post("/first/", {"code": code}))
    assert "Kofi" not in text(as_bala.get("/console/people/codes"))


def test_codes_are_mailed_and_without_a_gateway_no_text_is_promised(as_bala, desk):
    kofi = make_agent(desk, "Kofi")
    Agent.objects.filter(pk=kofi.pk).update(phone="+14165550101")
    as_bala.post("/console/people/codes", {"agent": [kofi.pk], "by": "mail"})
    assert OutboundMail.objects.get().recipient == kofi.user.email
    page = text(
        as_bala.post("/console/people/codes", {"agent": [kofi.pk], "by": "text"}, follow=True)
    )
    assert not TextMessage.objects.exists()
    assert "No SMS gateway is connected" in page


def test_agents_and_other_desks_leads_reach_none_of_it(console, desk, chitra, bala):
    send(signed_in(bala), "contacts", "name,mail\nA,a@n.example\n")
    upload = Upload.objects.get()
    kofi = make_agent(desk, "Kofi")
    parts = [
        f"people/agents/{kofi.pk}",
        f"people/organisations/{chitra.organisation.pk}",
        f"lists/{upload.pk}",
        f"lists/{upload.pk}/taking-in",
        f"lists/{upload.pk}/wrong.csv",
    ]
    everywhere = [
        *parts,
        "people/",
        "people/codes",
        "people/contacts/",
        "people/contacts.csv",
        "lists/",
    ]
    stranger = signed_in(make_agent(make_desk("mukta"), "Farid", role="lead"))
    for client, addresses in ((console, everywhere), (stranger, parts)):
        for part in addresses:
            found = {
                client.get(f"/console/{part}").status_code,
                client.post(f"/console/{part}", {}).status_code,
            }
            assert found <= {404, 405}, part
    assert "Chitra" not in text(stranger.get("/console/people/contacts/"))
    assert "chitra" not in text(stranger.get("/console/people/contacts.csv"))

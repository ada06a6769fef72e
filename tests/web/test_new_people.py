"""Somebody new: a contact, an organisation, a colleague, as they are put in by hand."""

import pytest
from structlog.testing import capture_logs

from deskbook.channels.email.models import OutboundMail
from deskbook.people.models import Agent, Contact, Organisation, User
from tests.people_factory import make_contact, make_organisation
from tests.web.test_roster_screen import text

pytestmark = pytest.mark.django_db
NEW = "/console/contacts/new"


def known(client, what="contacts", **typed):
    return text(client.get(f"/console/people/{what}/known", typed))


def test_a_lead_makes_a_contact_with_organisation_language_and_note(as_bala, desk):
    schools = make_organisation(desk, plan="standard")
    answer = as_bala.post(
        NEW,
        {
            "name": "Gita Nair",
            "mail": "Gita@North.Example",
            "phone": "(416) 555-0123",
            "organisation": schools.name.upper(),
            "named": "yes",
            "language": "pt",
            "note": "Rings before ten.",
        },
    )
    gita = Contact.objects.get(name="Gita Nair")
    assert answer.url == f"/console/contacts/{gita.pk}"
    assert (gita.organisation, gita.named, gita.language) == (schools, True, "pt")
    ways = gita.identities.order_by("channel").values_list("channel", "identifier")
    assert list(ways) == [("email", "gita@north.example"), ("phone", "+14165550123")]
    card = text(as_bala.get(answer.url))
    assert "Rings before ten." in card and "Português" in card
    assert not OutboundMail.objects.exists()
    listed = text(as_bala.get("/console/contacts/?q=gita"))
    assert "Rings before ten." in listed and "Standard" in listed


def test_an_agent_puts_nobody_into_an_organisation_or_on_a_seat_of_it(console, desk):
    schools = make_organisation(desk, plan="standard")
    page = text(console.get(NEW))
    assert 'name="organisation"' not in page and 'name="named"' not in page
    assert "Its domain decides the organisation" in page
    typed = {"name": "Gita", "mail": "me@private.example", "phone": "(416) 555-0123"}
    console.post(NEW, typed | {"organisation": schools.name, "named": "yes"})
    gita = Contact.objects.get(name="Gita")
    assert gita.organisation is None
    assert not schools.contacts.exists()


def test_who_made_a_contact_and_by_which_ways_is_in_the_log(console, asha):
    with capture_logs() as lines:
        console.post(NEW, {"name": "Gita", "mail": "g@n.example", "phone": "(416) 555-0123"})
    gita = Contact.objects.get(name="Gita")
    ways = set(gita.identities.values_list("pk", flat=True))
    said = [line for line in lines if line["event"] == "a way of a contact was changed"]
    assert {(line["contact"], line["by"]) for line in said} == {(gita.pk, asha.pk)}
    assert {line["way"] for line in said} == ways and len(ways) == 2


def test_the_seat_beyond_the_plans_last_is_refused_by_plan_and_line_and_nobody_is_made(
    as_bala, desk
):
    schools = make_organisation(desk, plan="basic")
    for name in ("Gita", "Hana"):
        make_contact(desk, name, schools)
    typed = {"name": "Devi", "mail": "devi@n.example", "organisation": schools.name}
    answer = as_bala.post(NEW, typed | {"named": "yes"})
    assert answer.status_code == 409
    assert "2 named contacts on plan Basic (line " in text(answer)
    assert "devi@n.example" in text(answer)
    assert not Contact.objects.filter(name="Devi").exists()
    as_bala.post(NEW, typed)
    assert Contact.objects.get(name="Devi").named is False


def test_who_has_the_address_is_said_while_it_is_typed_and_when_it_is_sent_with_a_link(
    console, chitra
):
    address = chitra.identities.get(channel="email").identifier
    link = f"/console/contacts/{chitra.pk}"
    assert link in known(console, mail=address.upper())
    assert link in known(console, name="chit")
    assert link not in known(console, name="Zubair", mail="z@z.example")
    answer = console.post(NEW, {"name": "Somebody", "mail": address})
    assert answer.status_code == 422
    assert f"belongs to {chitra}" in text(answer) and link in text(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "Gita"}, "Give an address or a number"),
        ({"mail": "gita"}, "is no mail address"),
        ({"phone": "12"}, "is no phone number"),
        ({"mail": "g@n.example", "organisation": "Nowhere"}, "There is no organisation “Nowhere”"),
        ({"mail": "asha@desk.example"}, "works at this desk"),
    ],
)
def test_what_cannot_be_is_said_at_the_form_and_nothing_typed_is_lost(as_bala, asha, typed, said):
    User.objects.filter(pk=asha.user_id).update(email="asha@desk.example")
    answer = as_bala.post(NEW, typed | {"note": "Keep this."})
    assert answer.status_code in (409, 422)
    assert said in text(answer) and "Keep this." in text(answer)
    assert not Contact.objects.exists()


def test_who_was_looked_for_in_vain_stands_in_the_form(console):
    address = "nobody@north.example"
    for page in ("/console/contacts/", "/console/search"):
        assert f"{NEW}?q=nobody%40north.example" in text(console.get(page, {"q": address}))
    assert f'value="{address}"' in text(console.get(NEW, {"q": address}))
    assert 'value="+1 416 555 0123"' in text(console.get(NEW, {"q": "+1 416 555 0123"}))
    assert 'value="Gita Nair"' in text(console.get(NEW, {"q": "Gita Nair"}))


def test_a_new_address_in_an_organisations_domain_is_of_its_community(console, desk):
    schools = make_organisation(desk)
    Organisation.objects.filter(pk=schools.pk).update(domains=["north.example"])
    console.post(NEW, {"name": "Hana", "mail": "hana@north.example"})
    hana = Contact.objects.get(name="Hana")
    assert (hana.organisation, hana.named) == (schools, False)


def test_a_lead_makes_an_organisation_and_is_told_who_is_called_so_or_has_the_domain(as_bala, desk):
    new = "/console/people/organisations/new"
    typed = {"name": "Harbour Board", "plan": "basic", "domains": "@Harbour.example"}
    made = Organisation.objects.get(pk=as_bala.post(new, typed).url.rpartition("/")[2])
    assert (made.desk, made.plan, made.domains) == (desk, "basic", ["harbour.example"])
    assert "Harbour Board" in known(as_bala, "organisations", name="harbour  board")
    assert "Harbour Board" in known(as_bala, "organisations", domains="harbour.example")
    again = text(as_bala.post(new, {"name": "HARBOUR board", "domains": "harbour.example"}))
    assert "is called so already" in again and "is a domain of Harbour Board already" in again
    assert f"/console/organisations/{made.pk}" in again
    assert Organisation.objects.count() == 1


def test_a_lead_invites_somebody_who_gets_a_code_by_mail(as_bala, desk):
    new = "/console/people/agents/new"
    typed = {"name": "Kofi", "mail": "Kofi@desk.example", "role": "lead", "teams": ["support"]}
    assert as_bala.post(new, typed).url == "/console/people/"
    kofi = Agent.objects.get(user__email="kofi@desk.example")
    assert (kofi.desk, kofi.role, kofi.teams, kofi.is_active) == (desk, "lead", ["support"], True)
    mail = OutboundMail.objects.get(recipient="kofi@desk.example")
    assert b"with the code" in bytes(mail.raw)
    again = as_bala.post(new, typed | {"role": "agent"})
    assert again.status_code == 422
    assert "works here already" in text(again) and f"/people/agents/{kofi.pk}" in text(again)
    kofi.refresh_from_db()
    assert kofi.role == "lead"


def test_a_lead_makes_no_owner_and_an_agent_invites_nobody(as_bala, console):
    new = "/console/people/agents/new"
    typed = {"name": "Kofi", "mail": "kofi@desk.example", "role": "owner"}
    assert as_bala.post(new, typed).status_code == 404
    assert console.get(new).status_code == 404
    assert not Agent.objects.filter(user__email="kofi@desk.example").exists()


def test_everybody_stands_in_one_list_by_name(console, desk, chitra):
    make_contact(desk, "Aba")
    page = text(console.get("/console/contacts/?all=yes"))
    assert page.index(">Aba<") < page.index(">Chitra<")

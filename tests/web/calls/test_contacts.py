"""Contacts at the console: who they are, how they are reached, and that two of them are one."""

from deskbook.people.contacts import find_or_make_contact
from deskbook.people.merge_models import ContactMerge
from deskbook.people.models import Contact
from tests.people_factory import make_agent, make_contact, make_organisation
from tests.web.calls.screens import NUMBER, signed_in, words


def test_a_contact_is_shown_whole(console, chitra, case):
    page = words(console.get(f"/console/contacts/{chitra.pk}"))
    assert NUMBER in page
    assert "512345" in page
    assert str(case) in page


def test_ways_are_added_and_taken_away_but_not_the_last(console, chitra, desk):
    address = f"/console/contacts/{chitra.pk}/ways"
    console.post(address, {"channel": "email", "identifier": "Chitra@School.example"})
    console.post(address, {"channel": "email", "identifier": "chitra@school.example"})
    assert chitra.identities.filter(channel="email").count() == 1
    for way in chitra.identities.all():
        console.post(address, {"remove": way.pk})
    assert chitra.identities.count() == 1
    for channel, identifier in (("fax", "1"), ("email", "x"), ("phone", "1"), ("email", "")):
        assert console.post(address, {"channel": channel, "identifier": identifier}).status_code == 422


def test_an_address_of_another_offers_to_merge_them(console, chitra, desk):
    devi = find_or_make_contact(desk, "email", "devi@school.example", name="Chitra N")
    answer = console.post(
        f"/console/contacts/{chitra.pk}/ways", {"channel": "email", "identifier": "devi@school.example"}
    )
    assert "belongs to Chitra N" in words(answer)
    console.post(f"/console/contacts/{chitra.pk}/merging", {"other": devi.pk})
    assert console.get(f"/console/contacts/{devi.pk}").url == f"/console/contacts/{chitra.pk}"
    assert "Take it back" in words(console.get(f"/console/contacts/{chitra.pk}"))
    console.post(f"/console/merges/{ContactMerge.objects.get().pk}/undoing")
    devi.refresh_from_db()
    assert devi.merged_into is None


def test_merging_with_nobody_or_oneself_is_refused(console, chitra):
    for other in ("", "x", str(chitra.pk)):
        assert console.post(f"/console/contacts/{chitra.pk}/merging", {"other": other}).status_code in (409, 422)


def test_contacts_are_searched(console, chitra):
    assert "Chitra Nambiar" in words(console.get("/console/contacts/?q=govern"))
    assert "Nobody was found" in words(console.get("/console/contacts/?q=zzz"))


def test_contacts_of_two_organisations_are_merged_after_a_question_that_names_both(console, chitra, desk):
    other = make_contact(desk, "Dev", make_organisation(desk, "Harbour Housing"))
    Contact.objects.filter(pk=chitra.pk).update(organisation=make_organisation(desk))
    asked = console.post(f"/console/contacts/{chitra.pk}/merging", {"other": other.pk})
    assert asked.status_code == 422
    assert f"Dev is of Harbour Housing and {chitra} of Northwind Schools." in asked.content.decode()
    console.post(f"/console/contacts/{chitra.pk}/merging", {"other": other.pk, "across": "yes"})
    other.refresh_from_db()
    assert other.merged_into == chitra


def test_a_merge_of_contacts_is_taken_back_by_who_merged_them_and_by_leads_only(console, chitra, desk, as_bala):
    dev = make_contact(desk, "Dev")
    console.post(f"/console/contacts/{chitra.pk}/merging", {"other": dev.pk})
    kofi, undo = signed_in(make_agent(desk, "Kofi")), f"/console/merges/{dev.merges.get().pk}/undoing"
    assert kofi.post(undo).status_code == 404
    assert as_bala.post(undo).status_code == 302
    dev.refresh_from_db()
    assert dev.merged_into is None

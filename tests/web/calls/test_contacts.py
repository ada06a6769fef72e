"""Contacts at the console: who they are, how they are reached, and that two of them are one."""

from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob
from structlog.testing import capture_logs

from deskbook.jobs.sign_in import mail_way_notice
from deskbook.people.contacts import address_of, find_or_make_contact
from deskbook.people.lists.columns import Given
from deskbook.people.lists.contacts import judge, write
from deskbook.people.lists.uploads import accept_upload, read_upload, take_upload, write_upload
from deskbook.people.merge_models import ContactMerge
from deskbook.people.models import Agent, Contact
from deskbook.people.refusals import in_words
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import MONDAY, make_agent, make_contact, make_organisation
from tests.rung_desk import NUMBER
from tests.web.calls.screens import signed_in, words


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
        assert (
            console.post(address, {"channel": channel, "identifier": identifier}).status_code == 422
        )


def test_an_address_of_another_offers_to_merge_them(console, chitra, desk):
    devi = find_or_make_contact(desk, "email", "devi@school.example", name="Chitra N")
    answer = console.post(
        f"/console/contacts/{chitra.pk}/ways",
        {"channel": "email", "identifier": "devi@school.example"},
    )
    assert "belongs to Chitra N" in words(answer)
    console.post(f"/console/contacts/{chitra.pk}/merging", {"other": devi.pk})
    assert console.get(f"/console/contacts/{devi.pk}").url == f"/console/contacts/{chitra.pk}"
    assert "Take it back" in words(console.get(f"/console/contacts/{chitra.pk}"))
    console.post(f"/console/merges/{ContactMerge.objects.get().pk}/undoing")
    devi.refresh_from_db()
    assert devi.merged_into is None


def told():
    """Let the mails about changed ways leave, and return to whom with what."""
    for job in ProcrastinateJob.objects.filter(task_name="mail_way_notice").order_by("pk"):
        mail_way_notice(**job.args)
    return {(sent.to[0], sent.body.partition("\n")[0]) for sent in mail.outbox}


def test_an_address_of_the_desk_is_no_way_of_whom_it_helps_by_hand_by_a_list_or_by_merging(
    console, chitra, desk, asha, as_bala
):
    said = "of somebody who works at this desk"
    for client, address, given in (
        (console, f"/console/contacts/{chitra.pk}/ways", {}),
        (as_bala, f"/console/people/contacts/{chitra.pk}", {"name": chitra.name}),
    ):
        answer = client.post(
            address, given | {"channel": "email", "identifier": asha.user.email.upper()}
        )
        assert said in words(answer)
    mail_and_pen = {"mail": asha.user.email, "pen": "512345"}
    [judged] = judge(desk, [Given(2, mail_and_pen)])
    assert said in in_words(judged.why)
    # She wrote once: that is a contact of her own.
    own = find_or_make_contact(desk, "email", asha.user.email)
    answer = console.post(f"/console/contacts/{chitra.pk}/merging", {"other": own.pk})
    assert "works at this desk" in words(answer)
    assert [way.channel for way in chitra.identities.order_by("channel")] == ["pen", "phone"]


def test_who_changes_a_persons_addresses_is_logged_and_the_older_addresses_are_told(
    console, chitra, desk, asha, as_bala
):
    first, second = "chitra@school.example", "private@elsewhere.example"
    ways = f"/console/contacts/{chitra.pk}/ways"
    with capture_logs() as logged:
        console.post(ways, {"channel": "email", "identifier": first})
        console.post(ways, {"channel": "email", "identifier": second})
        console.post(ways, {"channel": "email", "identifier": second})
        way = chitra.identities.get(identifier=second)
        as_bala.post(
            f"/console/people/contacts/{chitra.pk}", {"name": chitra.name, "remove": way.pk}
        )
    bala = Agent.objects.get(user__name="Bala")
    assert [(one["change"], one["contact"], one["by"]) for one in logged if "change" in one] == [
        ("added", chitra.pk, asha.pk),
        ("added", chitra.pk, asha.pk),
        ("taken away", chitra.pk, bala.pk),
    ]
    assert told() == {
        (
            first,
            (
                f"Asha of {desk} added “{second}” to what you are known by. Whoever has it is you"
                " to the desk."
            ),
        ),
        (first, f"Bala of {desk} took “{second}” off what you are known by."),
        (second, f"Bala of {desk} took “{second}” off what you are known by."),
    }


def test_both_are_told_by_mail_when_an_agent_takes_them_for_one_person(console, desk):
    chitra, dev = make_contact(desk, "Chitra"), make_contact(desk, "Dev")
    console.post(f"/console/contacts/{chitra.pk}/merging", {"other": dev.pk})
    assert {to for to, _words in told()} == {
        f"{name}@spark-customer.example" for name in ("chitra", "dev")
    }


def test_whoever_loses_a_seat_is_told_at_the_address_they_had(console, asha, as_bala, desk, case):
    schools = make_organisation(desk)
    gita, hana, ivo = (make_contact(desk, name, schools) for name in ("Gita", "Hana", "Ivo"))
    lina = make_contact(desk, "Lina", schools, named=False)
    Ticket.objects.filter(pk=case.pk).update(organisation=schools)
    console.post(f"/console/contacts/{gita.pk}/seat", {"undo": "yes"})
    given = {"leaves": hana.pk, "arrives": lina.identities.get().identifier}
    assert console.post(f"/console/tickets/{case}/seat", given).status_code == 302
    listed(desk, asha, {"mail": lina.identities.get().identifier, "named": "no"})
    moved = {"name": "Ivo", "organisation": "", "remove": ivo.identities.get().pk}
    assert as_bala.post(f"/console/people/contacts/{ivo.pk}", moved).status_code == 302
    said = "took your seat away: you are no named contact of “Northwind Schools” any more."
    assert {(to, words) for to, words in told() if "seat" in words} == {
        ("gita@spark-customer.example", f"Asha of {desk} {said}"),
        ("hana@spark-customer.example", f"Asha of {desk} {said}"),
        ("lina@spark-customer.example", f"Asha of {desk} {said}"),
        ("ivo@spark-customer.example", f"Bala of {desk} {said}"),
    }


def test_whose_case_is_made_anothers_is_told_and_a_colleague_is_not(console, desk, asha):
    dev, own = make_contact(desk, "Dev"), find_or_make_contact(desk, "email", asha.user.email)
    ticket = open_ticket(
        dev, NewCase("The printer", Written("x"), "email"), at=MONDAY, by=dev
    ).ticket
    for to in (asha.user.email, "lina@spark-customer.example"):
        console.post(f"/console/tickets/{ticket}/requester", {"requester": to})
    ticket.refresh_from_db()
    assert ticket.requester not in (dev, own)
    said = f"Asha of {desk} made case {ticket} somebody else’s: it is not yours any more."
    assert told() == {("dev@spark-customer.example", said)}


def listed(desk, by, values):
    """Write a line of a list of contacts, and return what is said of it."""
    [judged] = judge(desk, [Given(2, values)])
    if judged.record:
        write(desk, [judged.record], at=MONDAY, by=by)
    return in_words(judged.why)


def test_who_works_at_the_desk_gets_no_seat_of_an_organisation_by_any_way(
    console, as_bala, desk, asha, case
):
    schools = make_organisation(desk)
    gita = make_contact(desk, "Gita", schools)
    own = find_or_make_contact(desk, "email", asha.user.email, name="Asha")
    Ticket.objects.filter(pk=case.pk).update(organisation=schools)
    said = "Asha works at this desk: they cannot be a named contact of an organisation."
    by_list = {"mail": asha.user.email, "organisation": "Northwind Schools", "named": "yes"}
    assert said in listed(desk, asha, by_list)
    answer = console.post(
        f"/console/tickets/{case}/seat", {"leaves": gita.pk, "arrives": asha.user.email}
    )
    assert said in words(answer)
    as_bala.post(
        f"/console/people/contacts/{own.pk}", {"name": "Asha", "organisation": "Northwind Schools"}
    )
    assert said in words(console.post(f"/console/contacts/{own.pk}/seat"))
    assert list(Contact.objects.filter(organisation=schools, named=True)) == [gita]
    assert listed(desk, asha, {"mail": asha.user.email, "organisation": "Northwind Schools"}) == ""


def test_merging_with_nobody_or_oneself_is_refused(console, chitra):
    for other in ("", "x", str(chitra.pk)):
        assert console.post(
            f"/console/contacts/{chitra.pk}/merging", {"other": other}
        ).status_code in (409, 422)


def test_contacts_are_searched(console, chitra):
    assert "Chitra Nambiar" in words(console.get("/console/contacts/?q=govern"))
    assert "Nobody was found" in words(console.get("/console/contacts/?q=zzz"))


def test_contacts_of_two_organisations_are_merged_after_a_question_that_names_both(
    console, chitra, desk
):
    other = make_contact(desk, "Dev", make_organisation(desk, "Harbour Housing"))
    schools = make_organisation(desk)
    schools.domains = [address_of(other).partition("@")[2]]
    schools.save()
    Contact.objects.filter(pk=chitra.pk).update(organisation=schools)
    asked = console.post(f"/console/contacts/{chitra.pk}/merging", {"other": other.pk})
    assert asked.status_code == 422
    assert f"Dev is of Harbour Housing and {chitra} of Northwind Schools." in asked.content.decode()
    assert 'name="across" value="yes"' in asked.content.decode()
    console.post(f"/console/contacts/{chitra.pk}/merging", {"other": other.pk, "across": "yes"})
    other.refresh_from_db()
    assert other.merged_into == chitra


def test_the_offer_to_merge_whoever_has_an_address_says_yes_to_no_question_that_was_not_asked(
    console, chitra, desk
):
    other = make_contact(desk, "Dev", make_organisation(desk, "Harbour Housing"))
    Contact.objects.filter(pk=chitra.pk).update(organisation=make_organisation(desk))
    [address] = other.identities.values_list("identifier", flat=True)
    offered = words(
        console.post(
            f"/console/contacts/{chitra.pk}/ways", {"channel": "email", "identifier": address}
        )
    )
    assert "Merge Dev into this contact" in offered
    assert 'name="across"' not in offered


def test_a_merge_of_contacts_is_taken_back_by_who_merged_them_and_by_leads_only(
    console, chitra, desk, as_bala
):
    dev = make_contact(desk, "Dev")
    console.post(f"/console/contacts/{chitra.pk}/merging", {"other": dev.pk})
    kofi, undo = (
        signed_in(make_agent(desk, "Kofi")),
        f"/console/merges/{dev.merges.get().pk}/undoing",
    )
    assert kofi.post(undo).status_code == 404
    assert as_bala.post(undo).status_code == 302
    dev.refresh_from_db()
    assert dev.merged_into is None


def test_a_number_of_the_desk_is_no_way_of_whom_it_helps_by_hand_by_a_list_or_by_merging(
    console, chitra, desk, asha
):
    Agent.objects.filter(pk=asha.pk).update(phone="+5511987654321")
    known = list(chitra.identities.order_by("pk").values_list("identifier", flat=True))
    for channel, typed in (("phone", "+55 11 98765-4321"), ("whatsapp", "+55 11 8765-4321")):
        answer = console.post(
            f"/console/contacts/{chitra.pk}/ways", {"channel": channel, "identifier": typed}
        )
        assert "of somebody who works at this desk" in words(answer)
    [judged] = judge(desk, [Given(2, {"phone": "+5511987654321", "pen": "512345"})])
    assert "of somebody who works at this desk" in in_words(judged.why)
    # She rang once: that is a contact of her own.
    own = find_or_make_contact(desk, "phone", "+5511987654321")
    answer = console.post(f"/console/contacts/{chitra.pk}/merging", {"other": own.pk})
    assert "works at this desk" in words(answer)
    assert list(chitra.identities.order_by("pk").values_list("identifier", flat=True)) == known


def test_both_are_told_by_mail_when_an_agent_takes_them_apart_again(console, desk, asha):
    chitra, dev = make_contact(desk, "Chitra"), make_contact(desk, "Dev")
    console.post(f"/console/contacts/{chitra.pk}/merging", {"other": dev.pk})
    ProcrastinateJob.objects.filter(task_name="mail_way_notice").delete()
    console.post(f"/console/merges/{ContactMerge.objects.get().pk}/undoing")
    first, second = (f"{name}@spark-customer.example" for name in ("chitra", "dev"))
    assert told() == {
        (to, f"Asha of {desk} took “{other}” off what you are known by.")
        for to, other in ((first, second), (second, first))
    }


def test_a_list_that_adds_ways_to_people_is_logged_and_they_are_told_at_the_addresses_they_had(
    desk, as_bala
):
    chitra = make_contact(desk, "Chitra")
    [mail] = chitra.identities.values_list("identifier", flat=True)
    bala = Agent.objects.get(user__name="Bala")
    sheet = f"name,mail,phone,pen\nChitra,{mail},+14165550177,771\nDevi,devi@north.example,,772\n".encode()
    upload = read_upload(
        take_upload(bala, "contacts", "people.csv", sheet, at=MONDAY).pk, at=MONDAY
    )
    accept_upload(upload)
    with capture_logs() as logged:
        write_upload(upload.pk, at=MONDAY)
    changes = [(one["change"], one["contact"], one["by"]) for one in logged if "change" in one]
    assert changes == [("added", chitra.pk, bala.pk)] * 2  # the number and the PEN; Devi is new
    said = (
        f"Bala of {desk} added “+14165550177” to what you are known by. Whoever has it is you to"
        " the desk."
    )
    assert told() == {(mail, said)}


def test_an_address_or_number_of_the_desk_becomes_no_callers_by_the_form_of_a_call(
    console, chitra, desk, asha
):
    Agent.objects.filter(pk=asha.pk).update(phone="+5511987654321")
    known = set(chitra.identities.values_list("identifier", flat=True))
    call = {"contact": chitra.pk, "caller": "Chitra", "subject": "HRA", "text": "It is wrong."}
    mailed = {"outcome": "mail", "address": asha.user.email}
    answer = console.post("/console/calls/new", call | mailed | {"client_key": "a"})
    assert "of somebody who works at this desk" in words(answer)
    console.post("/console/calls/new", call | {"number": "+5511987654321", "client_key": "b"})
    # A colleague put the call through: it is logged all the same.
    assert Ticket.objects.get().requester == chitra
    assert set(chitra.identities.values_list("identifier", flat=True)) == known


def test_who_is_given_another_address_in_a_call_hears_of_it_at_the_one_they_had(console, desk):
    chitra = make_contact(desk, "Chitra")
    [before] = chitra.identities.values_list("identifier", flat=True)
    call = {
        "contact": chitra.pk,
        "caller": "Chitra",
        "subject": "HRA",
        "text": "It is wrong.",
        "client_key": "k",
    }
    console.post(
        "/console/calls/new", call | {"outcome": "mail", "address": "chitra@private.example"}
    )
    said = (
        f"Asha of {desk} added “chitra@private.example” to what you are known by. Whoever has it is"
        " you to the desk."
    )
    assert (before, said) in told()

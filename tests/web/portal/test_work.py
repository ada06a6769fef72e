"""What customers decide: estimates, deliveries, papers, who is named; and what a campaign says
outside its dates.
"""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from deskbook.people.contacts import add_way, address_of, give_sign_in
from deskbook.people.merge_models import ContactMerge
from deskbook.people.merging import merge_contacts
from deskbook.people.models import Contact
from deskbook.refusals.refusal import Refused
from deskbook.tickets.contact_changes import replace_contact
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import ContactChange, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.papers import papers_sent
from deskbook.tickets.participants import add_participant
from deskbook.tickets.procedure import send_paper
from deskbook.tickets.redirecting import redirect_ticket
from deskbook.tickets.stages import close_ticket
from deskbook.tickets.state import state_of
from deskbook.tickets.taking_apart import take_people_apart
from deskbook.tickets.verify import broken_links
from deskbook.tickets.work import deliver, offer_estimate, orders_of
from deskbook.web.acts import requesters
from deskbook.web.portal import case
from deskbook.web.uploads import Limits
from tests.campaign import running_campaign
from tests.people_factory import make_agent, make_contact, make_organisation
from tests.screens import one_line
from tests.spreadsheets import no_process_can_be_started, small_spreadsheet
from tests.web.portal.conftest import signed_in

HOUR = timedelta(hours=1)


def at_case(ticket, act=""):
    return f"/desk/{ticket.desk.key}/cases/{ticket}/{act}"


@pytest.fixture
def estimated(cast):
    """A case of Chitra's with an estimate, and the estimate's id."""
    ticket = cast.case()
    offer_estimate(
        ticket, 26 * HOUR, "1200.00 CAD", "The new report", at=timezone.now(), by=cast.asha
    )
    ticket.refresh_from_db()
    return ticket, orders_of(ticket)[0].id


def test_a_case_of_no_organisation_is_decided_by_whose_it_is_and_its_followers_read_so(cast):
    gita = make_contact(cast.desk, "Gita")
    ticket = open_ticket(
        gita, NewCase("Report", Written("A new one."), "portal"), at=timezone.now(), by=gita
    ).ticket
    add_participant(ticket, cast.dev, at=timezone.now(), by=cast.asha)
    offer_estimate(ticket, HOUR, "10.00 CAD", "A report", at=timezone.now(), by=cast.asha)
    shown = signed_in(cast.dev).get(at_case(ticket)).content.decode()
    assert "Gita decides this." in shown and "named contacts" not in shown


def test_an_estimate_is_shown_and_signed_with_one_click(cast, estimated):
    ticket, estimate = estimated
    client = signed_in(cast.chitra)
    shown = client.get(at_case(ticket)).content.decode()
    for words in ("waits for your signature", "26 h", "1200.00 CAD", "The new report"):
        assert words in shown
    for _ in range(2):
        client.post(at_case(ticket, f"estimates/{estimate}/signature/"), {"client_key": "a" * 32})
    assert ticket.log.filter(kind="EstimateSigned").count() == 1
    shown = client.get(at_case(ticket)).content.decode()
    assert "Work order" in shown
    assert "Booked so far" in shown


def test_who_signed_is_kept_with_the_address_they_signed_by_whatever_the_contact_gets_later(
    cast, estimated
):
    ticket, estimate = estimated
    address = cast.chitra.user.email
    signed_in(cast.chitra).post(at_case(ticket, f"estimates/{estimate}/signature/"))
    add_way(cast.chitra, "email", "later@sparkrock-customer.example")
    assert ticket.log.get(kind="EstimateSigned").data["account"] == str(cast.chitra.user_id)
    for page in (
        signed_in(cast.chitra).get(at_case(ticket)),
        signed_in(cast.asha).get(f"/console/tickets/{ticket}"),
    ):
        assert f"Chitra &lt;{address}&gt;" in page.content.decode()


def test_an_estimate_of_a_closed_case_waits_for_nobody_until_the_case_comes_back(cast, estimated):
    ticket, _estimate = estimated
    close_ticket(ticket, at=timezone.now(), by=cast.chitra)
    client = signed_in(cast.chitra)
    shown = client.get(at_case(ticket)).content.decode()
    assert "closed before it was decided" in shown
    assert "waits for your signature" not in shown and "decide this" not in shown
    client.post(at_case(ticket, "answer/"), {"text": "Not settled.", "client_key": "a" * 32})
    assert "waits for your signature" in client.get(at_case(ticket)).content.decode()


def test_opening_the_address_of_a_form_leads_to_the_case_which_says_that_nothing_was_sent(
    cast, estimated
):
    ticket, estimate = estimated
    client = signed_in(cast.chitra)
    acts = ("answer/", "rating/", "delivery/", "papers/letter/", "visit/", "visit/1/")
    for act in (*acts, *(f"estimates/{estimate}/{one}/" for one in ("signature", "refusal"))):
        assert Client().post(at_case(ticket, act)).url.endswith(act)  # where signing in leads
        page = client.get(at_case(ticket, act), follow=True)
        assert page.redirect_chain == [(at_case(ticket), 302)], act
        assert "Nothing was sent. Look at what stands here" in page.content.decode()


def test_a_declined_estimate_keeps_the_reason_and_cannot_be_signed_after(cast, estimated):
    ticket, estimate = estimated
    client = signed_in(cast.chitra)
    client.post(at_case(ticket, f"estimates/{estimate}/refusal/"), {"reason": "Too dear"})
    ticket.refresh_from_db()
    assert orders_of(ticket)[0].declined_at
    assert "Too dear" in client.get(at_case(ticket)).content.decode()
    back = client.post(at_case(ticket, f"estimates/{estimate}/signature/"))
    assert back.status_code == 409
    assert "already signed or declined" in back.content.decode()


def test_a_reason_that_is_too_long_is_said_and_not_cut(cast, estimated):
    ticket, estimate = estimated
    told = signed_in(cast.chitra).post(
        at_case(ticket, f"estimates/{estimate}/refusal/"), {"reason": "d" * 2_001}
    )
    assert told.status_code == 422
    assert "This has 2001 characters; at most 2000 fit." in told.content.decode()
    assert "d" * 2_001 in told.content.decode()
    ticket.refresh_from_db()
    assert orders_of(ticket)[0].is_open


def test_nothing_is_signed_by_who_typed_why_they_decline(cast, estimated):
    ticket, estimate = estimated
    asked = signed_in(cast.chitra).post(
        at_case(ticket, f"estimates/{estimate}/signature/"), {"reason": "Too dear"}
    )
    assert asked.status_code == 409
    assert "leave empty why you decline" in asked.content.decode()
    assert 'value="Too dear"' in asked.content.decode()
    ticket.refresh_from_db()
    assert orders_of(ticket)[0].is_open


def test_the_community_reads_an_estimate_and_does_not_decide(cast, estimated):
    ticket, estimate = estimated
    client = signed_in(cast.dev)
    assert (
        "The named contacts of Northwind Schools decide this."
        in client.get(at_case(ticket)).content.decode()
    )
    for act in (f"estimates/{estimate}/signature/", f"estimates/{estimate}/refusal/", "delivery/"):
        assert client.post(at_case(ticket, act)).status_code == 404
    assert ticket.log.count() == ticket.seq


@pytest.mark.parametrize("seated", [False, True])
def test_who_works_at_the_desk_signs_no_estimate_of_it_as_requester_or_by_a_seat_of_before(
    cast, estimated, seated
):
    ticket, estimate = estimated
    asha = signed_in(cast.asha)
    if seated:
        own = make_contact(cast.desk, "Asha", cast.chitra.organisation)
        add_way(own, "email", cast.asha.user.email)
    else:
        form = {"requester": cast.asha.user.email, "follows": "1"}
        assert asha.post(f"/console/tickets/{ticket}/requester", form).status_code == 302
    assert "Sign: do the work" not in asha.get(at_case(ticket)).content.decode()
    for decide in ("signature", "refusal"):
        assert asha.post(at_case(ticket, f"estimates/{estimate}/{decide}/")).status_code == 404
    deliver(Ticket.objects.get(pk=ticket.pk), "7.1", at=timezone.now(), by=cast.asha)
    assert asha.post(at_case(ticket, "delivery/")).status_code == 404
    assert not ticket.log.filter(
        kind__in=("EstimateSigned", "EstimateDeclined", "DeliveryConfirmed")
    ).exists()


def test_a_delivery_is_confirmed_with_its_version(cast):
    ticket = cast.case()
    deliver(ticket, "26.3.1", words="Please try it.", at=timezone.now(), by=cast.asha)
    client = signed_in(cast.chitra)
    assert "Version 26.3.1 was delivered" in client.get(at_case(ticket)).content.decode()
    client.post(at_case(ticket, "delivery/"), {"client_key": "b" * 32})
    ticket.refresh_from_db()
    assert ticket.outcome == "solved"
    assert client.post(at_case(ticket, "delivery/"), {"client_key": "c" * 32}).status_code == 409


def test_named_contacts_ask_for_another_and_the_ticket_keeps_who(cast):
    client = signed_in(cast.chitra)
    address, given = (
        "/desk/sparkrock/contacts/",
        {"leaves": str(cast.chitra.pk), "address": "lina@n.example"},
    )
    wrong = client.post(
        address, {"leaves": "", "address": "lina at n", "name": "Lina", "reason": "A long reason"}
    )
    assert wrong.status_code == 422
    for words in (
        "Choose one of the answers.",
        "Write the mail address of who arrives.",
        "lina at n",
        "A long reason",
    ):
        assert words in wrong.content.decode()
    for _ in range(2):
        client.post(address, {**given, "name": "Lina", "client_key": "d" * 32})
    change = ContactChange.objects.get()
    assert (change.leaves, change.arrives.name) == (cast.chitra, "Lina")
    assert change.arrives.organisation is None  # reads nothing before an agent agrees
    assert Contact.objects.get(pk=cast.chitra.pk).named


def test_asking_for_a_seat_tells_nothing_of_who_the_desk_knows(cast):
    """Somebody of another organisation, somebody of none, and nobody: the same answers but for what
    was typed.
    """
    elsewhere = make_contact(cast.desk, "Harini", make_organisation(cast.desk, "Quayside Housing"))
    make_contact(cast.desk, "Indira")
    client, told = signed_in(cast.chitra), []
    for name in ("harini", "indira", "nobody"):
        address = f"{name}@sparkrock-customer.example"
        given = {
            "leaves": str(cast.chitra.pk),
            "address": address,
            "client_key": f"{len(told)}" * 32,
        }
        asked = client.post("/desk/sparkrock/contacts/", given)
        shown = (
            client.get(asked.url).content.decode()
            if asked.status_code == 302
            else asked.content.decode()
        )
        told.append((asked.status_code, shown.count(address)))
        assert not any(
            words in shown for words in ("Harini", "Indira", "Quayside", "cannot change places")
        )
    assert len(set(told)) == 1, told
    # The agent sees who it is, and is refused.
    change = ContactChange.objects.get(arrives=elsewhere)
    with pytest.raises(Refused, match="belongs to another organisation"):
        replace_contact(
            change.ticket, change.leaves, change.arrives, at=timezone.now(), by=cast.asha
        )


def test_the_community_reads_who_is_named_and_asks_for_nobody(cast):
    client = signed_in(cast.dev)
    shown = client.get("/desk/sparkrock/contacts/").content.decode()
    assert "Chitra" in shown
    assert "Replace a contact" not in shown
    given = {"leaves": str(cast.chitra.pk), "address": "lina@n.example"}
    assert client.post("/desk/sparkrock/contacts/", given).status_code == 404
    assert not Ticket.objects.exists()


# ----- the campaign


def opened(contact, **facets):
    case = NewCase(
        "New villages", Written("The list changed"), "phone", severity="normal", facets=facets
    )
    return open_ticket(contact, case, at=timezone.now(), by=contact).ticket


def upload(text):
    return SimpleUploadedFile("villages.csv", text.encode(), "text/csv")


def test_a_village_list_is_checked_before_it_is_taken_and_its_lines_are_told(gita):
    ticket = opened(gita, type="service request", category="data or content")
    client, address = signed_in(gita), at_case(ticket, "papers/village list/")
    header = "Província,Distrito,Posto Administrativo,Localidade,Aldeia\n"
    wrong = client.post(address, {"file": upload(header + "Tete,Moatize,,Samoa,Chire\n")})
    assert wrong.status_code == 422
    assert "1 of 1 rows are wrong." in wrong.content.decode()
    assert "<b>Line 2</b> Posto Administrativo is empty." in one_line(wrong.content.decode())
    assert ticket.log.count() == ticket.seq
    assert client.post(address).status_code == 422
    client.post(
        address,
        {"file": upload(header + "Tete,Moatize,Zobue,Samoa,Chire\n"), "client_key": "e" * 32},
    )
    ticket.refresh_from_db()
    assert state_of(ticket).papers == {"village list"}
    assert client.post(at_case(ticket, "papers/passport/")).status_code == 404


def test_papers_count_among_the_files_a_person_sends_in_a_day(gita, monkeypatch):
    ticket = opened(gita, type="service request", category="data or content")
    client, address = signed_in(gita), at_case(ticket, "papers/village list/")
    good = (
        "Província,Distrito,Posto"
        " Administrativo,Localidade,Aldeia\nTete,Moatize,Zobue,Samoa,Chire\n"
    )
    monkeypatch.setattr(requesters, "OF_REQUESTERS", Limits(a_day=2 * len(good.encode()) + 5))
    sent = [client.post(address, {"file": upload(good), "client_key": key * 32}) for key in "abc"]
    assert [answer.status_code for answer in sent] == [302, 302, 422]
    assert "No more than this is taken in one day." in sent[-1].content.decode()
    form = {"text": "One more", "files": SimpleUploadedFile("a.pdf", b"x" * 10)}
    monkeypatch.setattr(case, "OF_REQUESTERS", requesters.OF_REQUESTERS)
    assert (
        "No more than this is taken in one day."
        in client.post(at_case(ticket, "answer/"), form).content.decode()
    )


def test_one_paper_is_sent_so_often_in_a_day_and_the_same_sending_counts_once(gita, monkeypatch):
    monkeypatch.setattr(requesters, "MOST_OF_A_PAPER", 2)
    ticket = opened(gita, type="service request", category="data or content")
    client, address = signed_in(gita), at_case(ticket, "papers/village list/")
    good = (
        "Província,Distrito,Posto"
        " Administrativo,Localidade,Aldeia\nTete,Moatize,Zobue,Samoa,Chire\n"
    )
    sent = [
        client.post(address, {"file": upload(good), "client_key": key * 32}) for key in "aaabcb"
    ]
    assert [answer.status_code for answer in sent] == [302, 302, 302, 302, 422, 302]
    assert "It was sent 2 times today." in sent[4].content.decode()


def test_a_list_that_cannot_be_read_now_is_kept_and_checked_later(gita, monkeypatch):
    ticket = opened(gita, type="service request", category="data or content")
    data = small_spreadsheet(
        ["Província", "Distrito", "Posto Administrativo", "Localidade", "Aldeia"], ["Tete"]
    )
    client, address = signed_in(gita), at_case(ticket, "papers/village list/")
    with monkeypatch.context() as full:
        no_process_can_be_started(full)
        given = {"file": SimpleUploadedFile("villages.xlsx", data), "client_key": "e" * 32}
        sent = client.post(address, given, follow=True)
        assert "We have it; its rows are checked later." in sent.content.decode()
        ticket.refresh_from_db()
        assert [one.checked for one in papers_sent(ticket) if one.received] == [None]
    assert [one.checked.good for one in papers_sent(ticket) if one.received] == [False]


def test_a_redirected_case_says_where_it_went(gita):
    ticket = opened(gita)
    asha = make_agent(gita.desk, "Asha")
    redirect_ticket(
        ticket, "nmcp officials", "phone", reference="Dr. M.", at=timezone.now(), by=asha
    )
    assert "We passed it to NMCP officials" in signed_in(gita).get(at_case(ticket)).content.decode()


def test_a_held_change_says_when_it_is_picked_up(gita):
    shown = signed_in(gita).get(at_case(opened(gita, type="change request"))).content.decode()
    assert "Changes of this kind rest for now." in shown


@pytest.mark.parametrize(
    ("began", "said"),
    [(timedelta(days=-5), "begins its work"), (timedelta(days=60), "ended its work")],
)
def test_outside_its_dates_the_desk_says_so_at_the_door_and_on_the_form(db, began, said):
    contact = make_contact(running_campaign(timezone.now(), began=began), "Gita")
    give_sign_in(contact)
    assert said in Client().get("/").content.decode()
    assert said in signed_in(contact).get("/desk/salama/cases/new/").content.decode()


def test_a_paper_sent_by_somebody_taken_for_the_requester_is_missing_again_once_they_are_apart(
    gita, client
):
    ticket = opened(gita, type="service request", category="data or content")
    other, asha = make_contact(gita.desk, "Hari"), make_agent(gita.desk, role="lead")
    by_hari = address_of(other) or ""
    merge = merge_contacts(other, gita, at=timezone.now(), by=asha)
    sent = Written("", files=(File("list.csv", "text/csv", b"x"),), sender=by_hari)
    send_paper(ticket, "village list", sent, channel="portal", at=timezone.now(), by=gita)
    take_people_apart(ContactMerge.objects.get(pk=merge.pk), at=timezone.now(), by=asha)
    ticket.refresh_from_db()
    assert state_of(ticket).papers == frozenset()
    assert "missing" in signed_in(gita).get(at_case(ticket)).content.decode()
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    assert "missing again" in client.get(f"/console/tickets/{ticket}").content.decode()
    assert not list(broken_links([ticket]))

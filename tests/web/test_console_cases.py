"""What agents of a campaign desk do on a ticket: pass on, redirect, tick, take in papers; the
freeze; seats.
"""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from deskbook.jobs.words_of_case_letters import redirected
from deskbook.people.books import desk_at
from deskbook.people.models import Agent, Contact
from deskbook.tickets.log import wake
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Attachment, Message, Ticket
from deskbook.tickets.next_step import next_steps
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.relations import link_tickets
from deskbook.tickets.state import state_of
from deskbook.tickets.work import orders_of, sign_estimate
from tests.campaign import campaign_text, running_campaign
from tests.people_factory import make_agent, make_contact, make_desk, make_organisation
from tests.screens import one_line

LIST = (
    b"Prov\xc3\xadncia,Distrito,Posto"
    b" Administrativo,Localidade,Aldeia\nTete,Moatize,,Samoa,Nkondezi\n"
)


@pytest.fixture
def salama(db):
    return running_campaign(timezone.now())


@pytest.fixture
def asha(salama):
    return make_agent(salama, "Asha", teams=("help desk",))


@pytest.fixture
def chitra(salama):
    return make_contact(salama)


@pytest.fixture
def console(asha):
    client = Client()
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def logged(chitra):
    def logged(subject="The app does not open", files=(), **facets):
        severity = facets.pop("severity", "normal")
        case = NewCase(
            subject,
            Written("It closes at once.", files=files),
            "phone",
            severity=severity,
            facets=facets,
        )
        return open_ticket(chitra, case, at=timezone.now(), by=chitra).ticket

    return logged


def page(console, ticket, part=""):
    return one_line(console.get(f"/console/tickets/{ticket}{part}").content.decode())


def post(console, ticket, part, **given):
    answer = console.post(f"/console/tickets/{ticket}/{part}", given)
    ticket.refresh_from_db()
    return answer


def test_the_ways_of_the_book_are_listed_with_their_channels_and_lines(console, logged):
    shown = page(console, logged())
    assert "↑ eGov, Bangalore (L3)" in shown
    assert "by Mail or Phone · line" in shown
    assert "↓ Local Monitors and District Supervisors (L1)" in shown


def test_passing_on_is_told_with_level_and_channel(console, logged):
    ticket = logged()
    for _ in range(2):
        post(
            console,
            ticket,
            "passing",
            team="egov india",
            channel="phone",
            reason="Server",
            client_key="k",
        )
    assert ticket.log.filter(kind="TeamArrived", data__team="egov india").count() == 1
    assert "handed it to eGov, Bangalore (L3) by phone: Server" in page(console, ticket)


def test_a_refused_hop_shows_the_line_and_keeps_what_was_typed(console, logged):
    ticket = logged()
    back = post(
        console, ticket, "passing", team="egov india", channel="whatsapp", reason="My long reason"
    )
    shown = back.content.decode()
    assert back.status_code == 409
    assert "of the book), not by whatsapp." in shown
    assert "My long reason" in shown
    assert 'value="egov india" checked' in shown


@pytest.mark.parametrize(
    ("part", "given", "told"),
    [
        ("passing", {"reason": "x"}, "Choose where it goes."),
        ("passing", {"team": "egov india"}, "Say why"),
        ("redirect", {}, "Choose to whom."),
        ("redirect", {"to": "nmcp officials"}, "Give a reference"),
        ("incidents", {}, "Write something first."),
        ("papers-returned/village list", {"paper": "village list"}, "Say what is wrong with it"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(console, logged, part, given, told):
    ticket = logged(type="service request", category="data or content")
    if part == "incidents":
        other = logged(type="incident")
        link_tickets(
            other, ticket, relation="incident of", at=timezone.now(), by=console_agent(console)
        )
        ticket.refresh_from_db()
    if part.startswith("papers"):
        post(console, ticket, "papers/village list")
    before = ticket.seq
    back = post(console, ticket, part, **given)
    assert back.status_code == 422
    assert told in back.content.decode()
    assert 'aria-invalid="true"' in back.content.decode() or '-error"' in back.content.decode()
    assert ticket.seq == before


def console_agent(console):
    from deskbook.people.models import Agent

    return Agent.objects.get(user_id=console.session["_auth_user_id"])


def test_redirecting_is_one_step_and_the_queue_is_its_own(console, logged):
    ticket = logged("No drugs left")
    post(
        console,
        ticket,
        "redirect",
        to="nmcp officials",
        channel="phone",
        reference="Dr. M.",
        words="They call you.",
        client_key="k",
    )
    assert ticket.outcome == "redirected"
    assert "redirected it to NMCP officials by phone: Dr. M." in page(console, ticket)
    assert "No drugs left" in console.get("/console/?queue=redirected").content.decode()
    assert "No drugs left" not in console.get("/console/?queue=closed").content.decode()


def test_steps_are_a_list_to_tick_by_digits(console, logged):
    ticket = logged(category="security")
    assert 'data-key="1"' in page(console, ticket)
    post(console, ticket, "steps/switch off the logins used on the device", client_key="a")
    shown = page(console, ticket)
    assert "1/2" in shown
    assert 'aria-checked="true"' in shown
    refused = post(console, ticket, "stage", stage="resolved")
    assert refused.status_code == 409
    assert "“Tell the district supervisor”" in refused.content.decode()
    post(
        console,
        ticket,
        "steps/switch off the logins used on the device",
        undo="yes",
        client_key="b",
    )
    assert state_of(ticket).done_steps == frozenset()


def test_a_file_that_came_is_taken_as_the_paper_and_its_wrong_rows_are_shown(console, logged):
    ticket = logged(
        type="service request", category="data or content", files=(File("a.csv", "text/csv", LIST),)
    )
    file = Attachment.objects.get()
    assert "1 missing" in page(console, ticket)
    post(console, ticket, "papers/village list", file=str(file.pk), client_key="k")
    shown = page(console, ticket)
    assert "1 of 1 rows are wrong." in shown
    assert "Line 2: Posto Administrativo is empty." in shown  # ready to be sent back
    post(
        console,
        ticket,
        "papers-returned/village list",
        paper="village list",
        reason="Line 2 has no post.",
    )
    assert "sent back: Village list: Line 2 has no post." in page(console, ticket)


def test_a_file_of_another_ticket_is_no_paper_of_this_one(console, logged):
    logged(files=(File("a.csv", "text/csv", LIST),))
    ticket = logged(type="service request", category="data or content")
    back = post(
        console,
        ticket,
        "papers/village list",
        paper="village list",
        file=str(Attachment.objects.get().pk),
    )
    assert back.status_code == 422
    assert "not one of the ticket" in back.content.decode()


def test_asking_for_what_is_missing_takes_one_click(console, logged):
    ticket = logged(type="service request", category="data or content")
    post(console, ticket, "papers", client_key="k")
    assert "– Village list" in Message.objects.get(kind="answer").text
    assert ticket.stage == "waiting for the reporter"


def test_the_freeze_is_a_banner_a_screen_and_a_file(console, logged):
    change = logged("=Bigger letters", type="change request")
    critical = logged("All devices are dead", severity="critical", category="technical query")
    shown = console.get("/console/freeze/").content.decode()
    assert "No updates during the campaign" in shown
    assert shown.index("=Bigger letters") < shown.index("All devices are dead")
    assert "handed over to eGov, Bangalore (L3)" in shown
    assert "1 held" in console.get("/console/").content.decode()
    assert "it is picked up by itself on" in page(console, change)
    csv = console.get("/console/freeze/freeze.csv").getvalue().decode("utf-8-sig")
    assert csv.count("\n") == 3
    assert "'=Bigger letters" in csv
    sheet = load_workbook(io.BytesIO(console.get("/console/freeze/freeze.xlsx").getvalue())).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [str(change), str(critical)]
    assert sheet["B2"].data_type == "s"
    assert console.get("/console/freeze/freeze.pdf").status_code == 404


def test_solving_a_problem_offers_to_answer_its_incidents(console, logged, asha):
    problem, incident = logged(type="problem"), logged(type="incident")
    page_of_problem = f"/console/tickets/{problem}"
    console.post(f"{page_of_problem}/links", {"other": str(incident), "relation": "problem behind"})
    post(console, problem, "stage", stage="resolved")
    shown = page(console, problem)
    assert '<details class="fact" id="fact-incidents" open>' in shown
    for _ in range(2):
        post(console, problem, "incidents", text="It works again.", solve="yes", client_key="k")
    incident.refresh_from_db()
    assert incident.outcome == "solved"
    assert incident.log.filter(kind="Answered").count() == 1


def test_what_an_incident_refuses_leaves_the_words_in_the_form_and_reaches_the_others_once(
    console, logged, asha
):
    problem, plain = logged(type="problem"), logged(type="incident")
    stepped = logged(type="incident", category="security")
    for one in (plain, stepped):
        link_tickets(one, problem, relation="incident of", at=timezone.now(), by=asha)
    given = {"text": "It works again.", "solve": "yes", "client_key": "k"}
    refused = post(console, problem, "incidents", **given)
    shown = refused.content.decode()
    assert refused.status_code == 409
    assert f"Answered: {plain}." in shown
    assert f"{stepped}: " in shown
    assert "It works again.</textarea>" in shown
    assert 'name="client_key" value="k"' in one_line(shown)
    given["text"] = "It works again, both."
    post(console, problem, "incidents", **{**given, "solve": ""})
    assert [one.log.filter(kind="Answered").count() for one in (plain, stepped)] == [1, 1]


def test_an_organisation_shows_its_seats_and_refuses_the_sixth(client, db):
    desk = make_desk("sparkrock")
    bala, schools = make_agent(desk, "Bala"), make_organisation(desk, plan="standard")
    named = [make_contact(desk, name, schools) for name in ("Gita", "Hana", "Ivo", "Jaya", "Kofi")]
    lina = make_contact(desk, "Lina", schools, named=False)
    client.force_login(bala.user, "django.contrib.auth.backends.ModelBackend")
    assert "5/5" in client.get(f"/console/organisations/{schools.pk}").content.decode()
    refused = client.post(f"/console/contacts/{lina.pk}/seat")
    assert refused.status_code == 409
    assert "Gita, Hana, Ivo, Jaya, Kofi" in refused.content.decode()
    elsewhere = make_contact(desk, "Max")
    Agent.objects.filter(pk=bala.pk).update(role="lead")
    client.post(
        f"/console/people/contacts/{elsewhere.pk}", {"name": "Max", "organisation": schools.name}
    )
    elsewhere.refresh_from_db()
    assert (elsewhere.organisation, elsewhere.named) == (schools, False)
    client.post(f"/console/contacts/{named[0].pk}/seat", {"undo": "yes"})
    assert client.post(f"/console/contacts/{lina.pk}/seat").status_code == 302
    assert Contact.objects.get(pk=lina.pk).named


def test_people_of_another_desk_reach_no_organisation_and_no_seat(console):
    desk = make_desk("sparkrock")
    schools = make_organisation(desk)
    contact = make_contact(desk, "Gita", schools)
    assert console.get(f"/console/organisations/{schools.pk}").status_code == 404
    assert console.post(f"/console/contacts/{contact.pk}/seat", {"undo": "yes"}).status_code == 404
    assert Contact.objects.get(pk=contact.pk).named


@pytest.fixture
def spark_case(client, db):
    desk = make_desk("sparkrock")
    bala, schools = make_agent(desk, "Bala"), make_organisation(desk, plan="standard")
    gita = make_contact(desk, "Gita", schools)
    client.force_login(bala.user, "django.contrib.auth.backends.ModelBackend")
    return open_ticket(
        gita, NewCase("A report", Written("Please"), "portal"), at=timezone.now(), by=gita
    ).ticket


def test_an_estimate_is_offered_signed_and_worked_off(client, spark_case):
    back = post(
        client, spark_case, "estimates", time="five hours", cost="12 CAD", words="The report"
    )
    assert back.status_code == 422
    assert "Write time like 2 h 30 min." in back.content.decode()
    assert "The report" in back.content.decode()
    post(
        client,
        spark_case,
        "estimates",
        time="5,5 h",
        cost="1200 cad",
        words="The report",
        client_key="k",
    )
    (order,) = orders_of(spark_case)
    assert (order.time, order.cost) == (timedelta(hours=5, minutes=30), "1200.00 CAD")
    sign_estimate(spark_case, order.id, at=timezone.now(), by=spark_case.requester)
    spark_case.refresh_from_db()
    post(
        client,
        spark_case,
        "work",
        estimate=order.id,
        time="26 h",
        cost="80 CAD",
        words="Drawn",
        client_key="w",
    )
    shown = page(client, spark_case)
    assert "26 h of 5 h 30 min · 80.00 CAD" in shown
    assert "booked 1560 minutes 80.00 CAD: Drawn" in shown
    assert post(client, spark_case, "work", estimate=order.id).status_code == 422


def test_a_delivery_names_its_version(client, spark_case):
    assert post(client, spark_case, "delivery").status_code == 422
    post(client, spark_case, "delivery", version="26.3.1", words="Please try", client_key="k")
    assert spark_case.stage == "delivered"
    assert "delivered version 26.3.1" in page(client, spark_case)
    assert "wrote with the delivery" in page(client, spark_case)


def test_a_seat_is_given_on_the_ticket(client, spark_case):
    gita = spark_case.requester
    assert post(client, spark_case, "seat", arrives="lina@n.example").status_code == 422
    post(
        client,
        spark_case,
        "seat",
        leaves=str(gita.pk),
        arrives="lina@n.example",
        name="Lina",
        client_key="k",
    )
    assert not Contact.objects.get(pk=gita.pk).named
    assert Contact.objects.get(name="Lina").organisation_id == spark_case.organisation_id
    assert "Gita gave the seat to Lina" in page(client, spark_case)


def test_a_wait_for_a_vendor_shows_vendor_and_reference(client, spark_case):
    stated = {"needs.vendor": "Intuit", "needs.reference": "77-A"}
    post(client, spark_case, "stage", stage="waiting for vendor", **stated)
    shown = page(client, spark_case)
    assert '<span class="cut" title="Intuit">' in shown
    assert "77-A" in shown


def test_the_tentative_timeline_given_at_triage_is_a_promise_with_a_clock(client, db):
    desk = make_desk("mukta")
    user = make_agent(desk, "Bala").user
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    shown = client.get("/console/tickets/new").content.decode()
    for question in ("facet.type", "facet.category", "facet.concern", "severity", "timeline"):
        assert f'name="{question}"' in shown
    given = {
        "requester": "chitra@ulb.example",
        "text": "The muster roll is empty",
        "channel": "phone",
        "severity": "p2",
        "facet.type": "incident",
        "facet.category": "technical",
        "facet.concern": "ifix",
    }
    late = client.post("/console/tickets/new", {**given, "timeline": "2020-01-01T10:00"})
    assert late.status_code == 422
    assert "This time is over" in late.content.decode()
    assert not Ticket.objects.exists()
    tomorrow = f"{timezone.now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    client.post("/console/tickets/new", {**given, "timeline": tomorrow, "client_key": "k"})
    state = state_of(Ticket.objects.get())
    assert [promise.is_open for promise in state.promises] == [True]
    assert state.facets["concern"] == "ifix"


def test_why_a_case_goes_up_by_itself_is_told_with_the_time_that_counts(db):
    now = timezone.now()
    text = campaign_text(now).replace("every day: 06:00-24:00 }", "every day: 00:00-24:00 }")
    text = text.replace(
        "  L2: { name: L2 – Help desk,", "  L2: { name: L2 – Help desk, hands up after: 2h,"
    )
    desk = make_desk("salama", text)
    contact, client = make_contact(desk), Client()
    client.force_login(make_agent(desk, "Asha").user, "django.contrib.auth.backends.ModelBackend")
    ticket = open_ticket(
        contact, NewCase("x", Written("y"), "phone", severity="normal"), at=now, by=contact
    ).ticket
    assert "Goes up by itself to eGov, Bangalore" in page(client, ticket)
    why = page(client, ticket, "/why/level")
    assert "If nobody there takes it, answers or notes by" in why
    assert "2 h" in why


def test_what_is_not_solved_in_time_ends_outside_and_desk_and_requester_read_why(db):
    now = timezone.now()
    text = campaign_text(now).replace("every day: 06:00-24:00 }", "every day: 00:00-24:00 }")
    line = "hands up: { after: 2h, on: not solved, to: NMCP officials },"
    text = text.replace("  L2: { name: L2 – Help desk,", f"  L2: {{ name: L2 – Help desk, {line}")
    text = text.replace(
        "by: [phone, WhatsApp]  ", "by: [phone, WhatsApp]\n    mail: a@nmcp.example"
    )
    desk = make_desk("salama", text)
    contact, client = make_contact(desk), Client()
    client.force_login(make_agent(desk, "Asha").user, "django.contrib.auth.backends.ModelBackend")
    new = NewCase("x", Written("y"), "phone", severity="normal")
    ticket = open_ticket(contact, new, at=now, by=contact).ticket
    assert "Goes up by itself to NMCP officials" in page(client, ticket)
    assert "If it is not solved by" in page(client, ticket, "/why/level")
    wake(ticket.pk, at=now + timedelta(hours=2))
    ticket.refresh_from_db()
    assert (ticket.outcome, ticket.is_open) == ("redirected", False)
    assert "It was not solved in time: up to NMCP officials" in page(client, ticket)
    letter = redirected(ticket.log.get(kind="Redirected"), contact, None)
    assert "was not settled in the time we give ourselves" in letter
    (told,) = next_steps(desk_at(desk.pk, 1), state_of(ticket), at=now + timedelta(hours=3))
    assert "did not settle this in time" in told.sentence


def test_a_promise_without_a_time_is_said_on_the_ticket(db):
    now = timezone.now()
    text = campaign_text(now) + "targets: [{ severity: normal, resolve: best effort }]\n"
    desk = make_desk("salama", text)
    contact, client = make_contact(desk), Client()
    client.force_login(make_agent(desk, "Asha").user, "django.contrib.auth.backends.ModelBackend")
    new = NewCase("x", Written("y"), "phone", severity="normal")
    ticket = open_ticket(contact, new, at=now, by=contact).ticket
    assert "best effort" in one_line(page(client, ticket))

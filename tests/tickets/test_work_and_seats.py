"""Estimates, deliveries, and the seats of a plan: through the one door, on a real database."""

from datetime import timedelta

import pytest

from deskbook.people.models import Contact
from deskbook.people.seats import name_contact, seats_of
from deskbook.refusals.refusal import Refused
from deskbook.tickets import contact_changes, work
from deskbook.tickets.assignment import take_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.state import state_of
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk, make_organisation

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def sentence(refused):
    return refused.value.sentence


@pytest.fixture
def sparkrock():
    return make_desk("sparkrock")


@pytest.fixture
def schools(sparkrock):
    return make_organisation(sparkrock, plan="standard")


@pytest.fixture
def gita(sparkrock, schools):
    return make_contact(sparkrock, "Gita", schools)


@pytest.fixture
def bala(sparkrock):
    return make_agent(sparkrock, "Bala", role="lead")


@pytest.fixture
def case(gita):
    return open_ticket(
        gita, NewCase("A new report", Written("Please"), "portal"), at=MONDAY, by=gita
    ).ticket


def test_a_signed_estimate_is_a_work_order_with_time_and_cost_booked_on_it(case, bala, gita):
    take_ticket(case, at=MONDAY, by=bala)
    work.offer_estimate(case, 5 * HOUR, "1200.00 CAD", "The report", at=MONDAY, by=bala, key="k")
    work.offer_estimate(case, 5 * HOUR, "1200.00 CAD", "The report", at=MONDAY, by=bala, key="k")
    case.refresh_from_db()
    (order,) = work.orders_of(case)
    assert case.stage == "waiting for customer"
    with pytest.raises(Refused):
        work.book_work(case, order.id, HOUR, at=MONDAY, by=bala)
    work.sign_estimate(case, order.id, at=MONDAY, by=gita)
    for cost in ("240.00 CAD", "60.50 CAD"):
        work.book_work(case, order.id, HOUR, cost=cost, words="Drawn", at=MONDAY, by=bala)
    case.refresh_from_db()
    (order,) = work.orders_of(case)
    assert (order.words, order.booked, order.booked_cost) == ("The report", 2 * HOUR, "300.50 CAD")
    with pytest.raises(Refused) as refused:
        work.decline_estimate(case, order.id, at=MONDAY, by=gita)
    assert "already signed or declined" in sentence(refused)


def test_only_who_may_close_a_case_decides_about_its_cost(case, bala, sparkrock, schools):
    dev = make_contact(sparkrock, "Dev", schools, named=False)
    work.offer_estimate(case, HOUR, "10.00 CAD", "It", at=MONDAY, by=bala)
    (order,) = work.orders_of(Ticket.objects.get(pk=case.pk))
    with pytest.raises(Refused) as refused:
        work.sign_estimate(case, order.id, at=MONDAY, by=dev)
    assert "named contacts" in sentence(refused)


def test_a_delivery_is_confirmed_by_the_customer_and_that_solves_the_case(case, bala, gita):
    work.deliver(case, "26.3.1", words="Please try", at=MONDAY, by=bala)
    case.refresh_from_db()
    assert (case.stage, state_of(case).delivered) == ("delivered", "26.3.1")
    assert work.confirm_delivery(case, at=MONDAY, by=gita).ticket.outcome == "solved"
    with pytest.raises(Refused):
        work.confirm_delivery(case, at=MONDAY, by=gita)


def test_seat_six_is_refused_naming_who_holds_the_five(sparkrock, schools, gita):
    for name in ("Hana", "Ivo", "Jaya", "Kofi"):
        name_contact(make_contact(sparkrock, name, schools, named=False))
    sixth = make_contact(sparkrock, "Lina", schools, named=False)
    with pytest.raises(Refused) as refused:
        name_contact(sixth)
    assert "Gita, Hana, Ivo, Jaya, Kofi" in refused.value.sentence
    assert not Contact.objects.get(pk=sixth.pk).named
    assert seats_of(schools).most == 5


def test_a_contact_is_replaced_on_request_with_a_trail(sparkrock, schools, gita, bala):
    hana, lina = (
        make_contact(sparkrock, "Hana", schools),
        make_contact(sparkrock, "Lina", schools, named=False),
    )
    case = NewCase("Lina instead of Hana", Written("Hana left"), "portal")
    asked = contact_changes.ask_for_replacement(
        case, hana, lina, at=MONDAY, by=gita, key="k"
    ).ticket
    assert (
        contact_changes.ask_for_replacement(case, hana, lina, at=MONDAY, by=gita, key="k").ticket
        == asked
    )
    with pytest.raises(Refused):
        contact_changes.ask_for_replacement(case, gita, hana, at=MONDAY, by=lina)
    change = contact_changes.asked_for(asked)
    contact_changes.replace_contact(
        asked, change.leaves, change.arrives, at=MONDAY, by=bala, key="r"
    )
    contact_changes.replace_contact(
        asked, change.leaves, change.arrives, at=MONDAY, by=bala, key="r"
    )
    named = set(
        Contact.objects.filter(organisation=schools, named=True).values_list("name", flat=True)
    )
    assert named == {"Gita", "Lina"}
    entry = asked.log.get(kind="ContactReplaced")
    assert entry.data == {"leaves": str(hana.pk), "arrives": str(lina.pk)}


def test_nobody_takes_a_seat_who_has_one_or_belongs_elsewhere(sparkrock, schools, gita, bala, case):
    hana = make_contact(sparkrock, "Hana", schools)
    stranger = make_contact(
        sparkrock, "Lina", make_organisation(sparkrock, "Quayside"), named=False
    )
    for leaves, arrives in ((gita, hana), (gita, stranger), (stranger, gita)):
        with pytest.raises(Refused):
            contact_changes.replace_contact(case, leaves, arrives, at=MONDAY, by=bala)
    assert Contact.objects.get(pk=gita.pk).named

"""What a plan includes is counted, shown and kept to."""

from datetime import UTC, datetime, timedelta

import pytest

from deskbook.engine.quotas import period_at
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.quotas import used_by
from tests.people_factory import make_contact, make_desk, make_organisation

pytestmark = pytest.mark.django_db
BOOK = """\
deskbook: 1
name: Harbour
zone: Asia/Kolkata
hours: { office: { mon-fri: 09:00-18:00 } }
channels: [email, portal, phone]
severities: { urgent: , usual: { default: yes } }
plans:
  basic:
    channels: [email, portal]
    limits:
      - { most: 3, each: month, beyond: taken }
      - { most: 1, each: month, severity: urgent }
  open: { channels: [portal], other channels: taken }
"""
NOON = datetime(2026, 3, 30, 6, 30, tzinfo=UTC)


@pytest.fixture
def organisation():
    return make_organisation(make_desk("harbour", BOOK), plan="basic")


@pytest.fixture
def chitra(organisation):
    return make_contact(organisation.desk, organisation=organisation)


def opens(contact, *, at=NOON, severity="usual", channel="portal"):
    case = NewCase("Lamp", Written("It is dark"), channel, severity=severity)
    return open_ticket(contact, case, at=at, by=contact).ticket


def test_one_more_than_the_plan_has_is_refused_with_the_line_and_from_when_there_is_more(chitra):
    opens(chitra, severity="urgent")
    with pytest.raises(Refused) as refused:
        opens(chitra, severity="urgent")
    assert refused.value.rule == "plan quota"
    said = in_words(refused.value)
    assert "Cases of Urgent in the plan Basic: 1 a month; none is left" in said
    assert "(line 12 of the book)" in said
    assert "Wed 1 Apr 2026" in said
    assert "line" not in in_words(refused.value, "requester")
    assert Ticket.objects.count() == 1


def test_where_the_book_takes_more_the_case_is_marked_with_the_line(chitra):
    cases = [opens(chitra) for _ in range(4)]
    assert [row.state.get("beyond") or [] for row in cases] == [[], [], [], [11]]


def test_a_month_is_that_of_the_desks_calendar(chitra):
    opens(chitra, severity="urgent")
    opens(chitra, severity="urgent", at=datetime(2026, 3, 31, 18, 31, tzinfo=UTC))  # 1 April there
    with pytest.raises(Refused):
        opens(chitra, severity="urgent", at=datetime(2026, 4, 1, 6, 0, tzinfo=UTC))


def test_colleagues_use_one_plan_and_other_organisations_their_own(chitra, organisation):
    opens(chitra, severity="urgent")
    bina = make_contact(organisation.desk, "Bina", organisation=organisation)
    with pytest.raises(Refused):
        opens(bina, severity="urgent")
    other = make_organisation(organisation.desk, "Southwind", plan="basic")
    opens(make_contact(organisation.desk, "Dev", organisation=other), severity="urgent")
    opens(make_contact(organisation.desk, "Ela"), severity="urgent")


def test_a_merged_case_is_none_of_its_own(chitra, organisation):
    row = opens(chitra, severity="urgent")
    Ticket.objects.filter(pk=row.pk).update(outcome="merged")
    opens(chitra, severity="urgent")
    assert [one.used for one in used_by(organisation, at=NOON)] == [1, 1]


def test_a_channel_the_plan_does_not_give_is_refused_or_marked(chitra, organisation):
    with pytest.raises(Refused) as refused:
        opens(chitra, channel="phone")
    assert refused.value.rule == "plan channel"
    assert "Email and Portal, and not Phone (line 9 of the book)" in in_words(refused.value)
    free = make_organisation(organisation.desk, "Southwind", plan="open")
    row = opens(make_contact(organisation.desk, "Dev", organisation=free), channel="phone")
    assert row.state["beyond"] == [13]


@pytest.mark.parametrize(
    ("each", "begins", "again"),
    [
        ("week", "2026-03-30", "2026-04-06"),
        ("month", "2026-03-01", "2026-04-01"),
        ("quarter", "2026-01-01", "2026-04-01"),
        ("year", "2026-01-01", "2027-01-01"),
    ],
)
def test_periods_are_those_of_the_calendar(each, begins, again):
    found = period_at(each, "Europe/Lisbon", at=datetime(2026, 3, 31, 12, 0, tzinfo=UTC))
    local = [f"{at + timedelta(hours=1):%Y-%m-%d}" for at in found]
    assert local == [begins, again]

"""The demo desks: made once, whole, and as alive as real ones."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from deskbook.book.shelf import book_text
from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.demo.month import make_demo
from deskbook.demo.past.campaign import running_today
from deskbook.engine.campaign import campaign_of
from deskbook.knowledge.gaps import open_gaps
from deskbook.knowledge.models import ArticleText
from deskbook.people.books import desk_in_force
from deskbook.people.duty import gaps_between, on_duty, unfilled_between
from deskbook.people.models import Agent, Contact, ContactIdentity, HelpDesk, Place, User
from deskbook.people.roster_models import Leave, Swap
from deskbook.tickets.freezes import handed_over, held
from deskbook.tickets.improvement_models import Finding, Rating
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.papers import papers_sent
from deskbook.tickets.queues import counts
from deskbook.tickets.verify import broken_links

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)  # a Thursday


def assert_alive(helpdesk):
    tickets = Ticket.objects.filter(desk=helpdesk)
    still_open = tickets.filter(is_open=True)
    assert 250 < tickets.count() < 700
    assert still_open.exclude(waits_for="desk").exists()
    assert not tickets.filter(wake_at__lte=NOW).exists()
    assert {"agent", "lead", "owner"} <= set(helpdesk.agents.values_list("role", flat=True))
    assert Contact.objects.filter(
        desk=helpdesk, user__email="chitra@example.org", tickets__isnull=False
    ).exists()
    lead = Agent.objects.get(desk=helpdesk, user__email="bala@example.org")
    assert counts(lead)["open"] == still_open.count()
    assert list(broken_links(tickets.order_by("-pk")[:60])) == []
    assert OutboundMail.objects.filter(ticket__desk=helpdesk, state="sent").count() > 5


def kinds(helpdesk):
    return Counter(LogEntry.objects.filter(ticket__desk=helpdesk).values_list("kind", flat=True))


def leads(helpdesk):
    return Agent.objects.filter(desk=helpdesk, role=Agent.Role.LEAD).first()


def assert_requesters_are_heard(helpdesk):
    assert Rating.objects.filter(ticket__desk=helpdesk).count() > 5
    assert Finding.objects.filter(desk=helpdesk, links__ticket__desk=helpdesk).exists()
    published = ArticleText.objects.filter(desk=helpdesk).exclude(published=None)
    assert published.values("language").distinct().count() == (
        1 if helpdesk.key == "sparkrock" else 2
    )
    assert ArticleText.objects.filter(desk=helpdesk).exclude(proposed=None).count() == 1
    assert open_gaps(leads(helpdesk)).count() > 2


def assert_times_kept_and_missed(key):
    still_open = Ticket.objects.filter(desk__key=key, is_open=True)
    assert still_open.filter(next_due_at__gt=NOW, next_due_at__lt=NOW + timedelta(days=2)).exists()
    assert still_open.filter(breached=True).exists()


def assert_work_is_sold_and_delivered(sparkrock):
    done = kinds(sparkrock)
    assert (
        min(done[kind] for kind in ("EstimateOffered", "EstimateSigned", "WorkBooked", "Delivered"))
        > 3
    )
    assert Ticket.objects.filter(desk=sparkrock, waits_for="third party").exists()


def assert_problems_gather_incidents(desks):
    linked = LogEntry.objects.filter(kind="Linked", data__relation="problem behind")
    assert set(linked.values_list("ticket__desk__key", flat=True)) == {"mukta", "salama"}
    incidents = LogEntry.objects.filter(
        kind="Linked", data__relation="incident of", ticket__desk__in=desks
    )
    assert incidents.count() == linked.count() > 8


def assert_papers_are_asked_for(spark):
    assert not desk_in_force(spark).targets
    assert ContactIdentity.objects.filter(desk=spark, channel="pen").exists()
    assert Place.objects.filter(desk=spark, kind="site").count() == 25
    sent = [one for t in Ticket.objects.filter(desk=spark, is_open=True) for one in papers_sent(t)]
    assert any(one.received and one.file for one in sent)
    assert any(not one.received for one in sent)
    ways = LogEntry.objects.filter(
        ticket__desk=spark, kind="TeamArrived", data__channel__isnull=False
    )
    assert set(ways.values_list("data__channel", flat=True)) == {"email", "phone"}
    said = "\n".join(Ticket.objects.filter(desk=spark).values_list("subject", flat=True))
    assert "ശമ്പള" in said


def assert_the_campaign_runs(salama):
    desk = desk_in_force(salama)
    assert campaign_of(desk).state(at=NOW) == "on"
    lead = leads(salama)
    assert held(lead)
    assert all(
        NOW < frozen.until_at < NOW + timedelta(days=10)
        for frozen in [*held(lead), *handed_over(lead, at=NOW)]
    )
    assert Ticket.objects.filter(desk=salama, outcome="redirected").count() > 5
    assert kinds(salama)["StepDone"] > 300
    arrivals = LogEntry.objects.filter(
        ticket__desk=salama, kind="TeamArrived", data__channel__isnull=False
    )
    assert set(arrivals.values_list("data__team", flat=True)) == set(desk.teams)
    lists = [
        one for t in Ticket.objects.filter(desk=salama) for one in papers_sent(t) if one.checked
    ]
    assert any(one.checked.good for one in lists)
    assert salama.agents.filter(until__gt=NOW).count() > 5


def assert_the_roster_has_one_gap_and_one_offer(salama):
    desk = desk_in_force(salama)
    begins, ends = campaign_of(desk).from_at, campaign_of(desk).until_at
    assert len(gaps_between(salama, desk, begins, ends)) == 1
    assert [row.from_at > NOW for row in unfilled_between(salama, begins, ends)] == [True]
    assert [agent.user.email for agent in on_duty(salama, "help desk", at=NOW)] == [
        "asha@example.org"
    ]
    assert on_duty(salama, "egov india", at=NOW)
    assert (
        Swap.objects.filter(desk=salama, state="asked", to__user__email="asha@example.org").count()
        == 1
    )
    assert Leave.objects.filter(desk=salama, state="asked").exists()


def test_the_demo_is_made_once_and_each_desk_looks_like_a_real_month():
    shown = []
    assert make_demo(NOW, lambda share, what: shown.append(share))
    assert shown == sorted(shown)
    assert shown[-1] == 1
    desks = {desk.key: desk for desk in HelpDesk.objects.all()}
    assert set(desks) == {"sparkrock", "mukta", "spark", "salama"}
    for desk in desks.values():
        assert_alive(desk)
        assert_requesters_are_heard(desk)
    assert_times_kept_and_missed("sparkrock")
    assert_times_kept_and_missed("mukta")
    assert_work_is_sold_and_delivered(desks["sparkrock"])
    assert_problems_gather_incidents(desks.values())
    assert_papers_are_asked_for(desks["spark"])
    assert_the_campaign_runs(desks["salama"])
    assert_the_roster_has_one_gap_and_one_offer(desks["salama"])
    assert InboundMail.objects.filter(state="held").count() == 6

    before = LogEntry.objects.count(), User.objects.count()
    assert not make_demo(NOW + timedelta(days=1), lambda share, what: None)
    assert (LogEntry.objects.count(), User.objects.count()) == before


def test_the_campaigns_book_is_copied_with_its_dates_moved_and_says_so():
    text = running_today(book_text("salama"), NOW)
    assert text.startswith("# A copy made for the demo")
    assert "2023-08-07 to 2023-08-14" in text.partition("\n")[0]
    assert "start: 2026-10-30" in text
    assert "end of distribution: 2026-11-21" in text
    assert running_today(book_text("mukta"), NOW) == book_text("mukta")

"""Delivery reports, in any order, any number of times."""

import itertools

import pytest
from django.utils import timezone

from deskbook.channels.sms.models import SmsReport, TextMessage
from deskbook.channels.sms.reports import Report, take_report
from deskbook.people.refusals import in_words
from deskbook.tickets.models import Message

NOW = timezone.now()


@pytest.fixture
def text(desk, case):
    return TextMessage.objects.create(
        desk=desk,
        key="k",
        number="+919437012345",
        text="MUK-7 is closed.",
        purpose="closing",
        state="sent",
        provider_id="sms-1",
        ticket=case,
        queued_at=NOW,
        sent_at=NOW,
    )


@pytest.mark.parametrize("order", list(itertools.permutations(["queued", "sent", "delivered"])))
def test_a_text_is_delivered_in_whatever_order_that_is_reported(gateway, text, order):
    for status in order:
        take_report(gateway, Report(status, provider_id="sms-1"), at=NOW)
    text.refresh_from_db()
    assert text.state == "delivered"


@pytest.mark.parametrize("order", [("delivered", "failed"), ("failed", "delivered")])
def test_a_phone_that_has_it_has_it(gateway, text, order):
    for status in order:
        take_report(gateway, Report(status, provider_id="sms-1"), at=NOW)
    text.refresh_from_db()
    assert text.state == "delivered"


def test_a_failed_text_of_a_ticket_is_an_entry_of_its_log_once(gateway, text, case):
    for _again in range(2):
        take_report(gateway, Report("failed", provider_id="sms-1", code="DND"), at=NOW)
    take_report(gateway, Report("failed", provider_id="sms-1", code="again"), at=NOW)
    text.refresh_from_db()
    assert (text.state, in_words(text.reason)) == ("bounced", "The gateway reports: failed DND.")
    failures = case.log.filter(kind="DeliveryFailed")
    assert failures.count() == 1
    kept = Message.objects.get(pk=failures.get().data["message"])
    assert (kept.text, kept.channel) == ("MUK-7 is closed.", "sms")


def test_a_report_of_an_unknown_text_is_kept(gateway, desk):
    take_report(
        gateway,
        Report("delivered", provider_id="nobody's", reference="999999999999999999999"),
        at=NOW,
    )
    assert SmsReport.objects.get().text is None


def test_a_word_nobody_explained_changes_nothing(gateway, text):
    take_report(gateway, Report("MARVELLOUS", provider_id="sms-1"), at=NOW)
    text.refresh_from_db()
    assert text.state == "sent"

"""A machine that watches the desk is told whether it lives, whether it serves, and what waits."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.channels.email.storing import ingest
from deskbook.jobs.condition import MEASURES
from tests.channels.email.test_understanding import raw
from tests.people_factory import make_desk

TOKEN = "a secret of twenty letters"
DOCS = Path(__file__).parents[3] / "docs/operating/watching.md"


@pytest.fixture
def read(client, settings, db):
    """Return the numbers by their names and labels, as Prometheus reads them."""
    settings.DESKBOOK_METRICS_TOKEN = TOKEN

    def numbers():
        answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.text)
        return {
            (sample.name, *_in_order(sample)): sample.value
            for family in families
            for sample in family.samples
        }

    return numbers


def _in_order(sample):
    labels = MEASURES[sample.name.removeprefix("deskbook_")].labels
    return (sample.labels[label] for label in labels)


def test_that_the_process_lives_is_said_without_asking_the_database(
    client, django_assert_num_queries, db
):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "alive\n")


@pytest.mark.django_db(transaction=True)
def test_a_process_whose_database_is_away_lives_and_is_not_ready(client, monkeypatch):
    assert client.get("/readyz").status_code == 200
    with monkeypatch.context() as away:
        connection.close()
        away.setitem(connection.settings_dict, "HOST", "/nowhere")
        answer = client.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "the database cannot be asked\n")
        assert client.get("/healthz").status_code == 200
        connection.close()
    assert client.get("/readyz").status_code == 200


def test_numbers_are_for_who_has_the_token(client, settings, db):
    assert client.get("/metrics").status_code == 404  # none is set
    settings.DESKBOOK_METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 401
    wrong = client.get("/metrics", headers={"authorization": "Bearer a secret of twenty wrongs"})
    assert wrong.status_code == 401


def test_a_mail_that_nobody_reads_and_a_letter_that_does_not_leave_are_told(read):
    desk, now = make_desk(), timezone.now()
    ingest(raw(To="support@sparkrock.example"), "support@sparkrock.example")
    InboundMail.objects.update(received_at=now - timedelta(minutes=10))
    OutboundMail.objects.create(
        desk=desk,
        recipient="chitra@customer.example",
        notice_key="one",
        queued_at=now - timedelta(hours=1),
        raw=b"",
    )

    numbers = read()

    assert numbers["deskbook_mail_not_read_seconds",] == pytest.approx(600, abs=60)
    assert ("deskbook_arrivals", "inboundmail") not in numbers  # it waits for nobody's decision
    assert numbers["deskbook_departures", "outboundmail", "queued"] == 1
    assert numbers["deskbook_departure_waits_seconds", "outboundmail"] == pytest.approx(
        3600, abs=60
    )
    assert sum(waits for key, waits in numbers.items() if key[::2] == ("deskbook_jobs", "todo"))
    assert numbers["deskbook_tickets_open", desk.key] == 0
    assert ("deskbook_worker_silent_seconds",) not in numbers  # none ever ran


def test_every_number_is_explained(db):
    text = DOCS.read_text()
    for name, measure in MEASURES.items():
        labels = f"{{{','.join(measure.labels)}}}" if measure.labels else ""
        assert f"`deskbook_{name}{labels}`" in text


def test_a_mail_that_was_not_taken_in_is_counted(read):
    make_desk()
    ingest(raw(To="support@sparkrock.example"), "support@sparkrock.example")
    InboundMail.objects.update(state="held")
    assert read()["deskbook_arrivals", "inboundmail"] == 1

"""Who runs the server is told what is wrong, and what to do about it."""

import json
import os
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.utils import timezone

from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.storing import ingest
from deskbook.config.environment import read
from deskbook.server.surroundings import backups
from tests.channels.email.test_understanding import raw
from tests.conftest import database_of_the_tests
from tests.people_factory import make_desk
from tests.server.test_migration import free_port, run
from tests.stories.mail_sink import Sink


@pytest.fixture
def mail_server():
    sink, port = Sink(), free_port()
    server = sink.server(port)
    server.start()
    yield sink.url(port)
    server.stop()


@pytest.fixture
def looked(transactional_db, mail_server, tmp_path):
    """Return what the doctor says of each look, and its exit code."""

    def look(**settings):
        data = {"DESKBOOK_DATA": str(tmp_path), "DESKBOOK_SMTP_URL": mail_server, **settings}
        done = run(database_of_the_tests(), "doctor", "--json", **data)
        assert done.stderr == b""
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return {one["look"]: one["findings"] for one in lines}, done.returncode

    return look


def hear_of_a_worker(*, ago=timedelta()):
    with psycopg.connect(database_of_the_tests(), autocommit=True) as database:
        database.execute("delete from procrastinate_workers")
        database.execute(
            "insert into procrastinate_workers (last_heartbeat) values (now() - %s)", [ago]
        )


def test_a_desk_where_all_is_well_is_told_so(looked):
    hear_of_a_worker()
    said, code = looked()
    assert (code, {look: found for look, found in said.items() if found}) == (0, {})
    assert {"disk", "database", "workers", "mail in", "mail out", "clock"} <= set(said)


def test_a_worker_that_is_silent_is_named_with_what_to_start(looked):
    hear_of_a_worker(ago=timedelta(hours=3))
    said, code = looked()
    [found] = said["workers"]
    assert code == 1
    assert found["what"] == "No worker for 3 hours: no mail is read or sent, no clock moves."
    assert "deskbook worker" in found["do"]


def test_mail_that_nobody_reads_and_a_server_that_takes_none_are_named(looked):
    hear_of_a_worker()
    make_desk()
    ingest(raw(To="support@sparkrock.example"), "support@sparkrock.example")
    InboundMail.objects.update(received_at=timezone.now() - timedelta(minutes=40))
    said, code = looked(DESKBOOK_SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    assert code == 1
    assert said["mail in"][0]["what"] == "The oldest mail has waited 40 minutes to be read."
    assert "refused" in said["mail out"][0]["what"]


def test_mail_that_stays_away_for_longer_than_usual_is_said_before_anybody_misses_it(looked):
    hear_of_a_worker()
    make_desk()
    now = timezone.now()
    for n in range(25):
        mail = raw(To="support@sparkrock.example", Message_ID=f"<{n}@customer.example>")
        came = ingest(mail, "support@sparkrock.example")
        came_at = now - timedelta(days=10) + timedelta(hours=6 * n)
        InboundMail.objects.filter(pk=came).update(received_at=came_at, state="done")
    said, code = looked()
    [found] = said["mail in"]
    assert (code, found["weight"]) == (0, "soon")
    assert (
        "No mail has come for 4 days; the longest pause of the last four weeks was 6"
        in (found["what"])
    )


def test_a_mailbox_that_does_not_let_us_in_is_named_without_its_password(looked):
    hear_of_a_worker()
    said, code = looked(DESKBOOK_IMAP_URLS=f"imap://desk:s3cret@127.0.0.1:{free_port()}/INBOX")
    [found] = said["mailboxes"]
    assert code == 1
    assert "The mailbox desk@127.0.0.1/INBOX cannot be read" in found["what"]
    assert "s3cret" not in json.dumps(said)


def test_a_consent_that_ends_and_a_secret_that_does_are_told_before(looked):
    from deskbook.channels.email.models import MailGrant

    hear_of_a_worker()
    now = datetime.now(UTC)
    times = {"access_until_at": now, "given_at": now, "renewed_at": now}
    MailGrant.objects.create(user="it@x.example", until_at=now + timedelta(days=3), **times)
    MailGrant.objects.create(user="hr@x.example", refused="invalid_grant", **times)
    provider = {
        "DESKBOOK_MAIL_OAUTH_ISSUER": "https://accounts.google.com",
        "DESKBOOK_MAIL_OAUTH_CLIENT_ID": "us",
        "DESKBOOK_MAIL_OAUTH_UNTIL": str(now.date() + timedelta(days=20)),
    }
    said, code = looked(**provider)
    told = {found["what"]: found["weight"] for found in said["consents"]}
    assert code == 1
    assert "The provider of hr@x.example says invalid_grant." in told
    assert "The consent for it@x.example ends in 3 days." in told
    assert sorted(told.values()) == ["fault", "soon", "soon"]


def test_a_key_that_others_may_read_and_a_site_that_is_not_there_are_named(looked, tmp_path):
    hear_of_a_worker()
    key = tmp_path / "secret_key"
    key.write_text("k" * 50)
    key.chmod(0o644)
    site = f"https://127.0.0.1:{free_port()}"
    said, code = looked(DESKBOOK_SITE_URL=site, DESKBOOK_SECRET_KEY="")
    assert code == 1
    assert f"chmod 600 {key}" in said["key"][0]["do"]
    assert "cannot be reached from here" in said["certificate"][0]["what"]


def test_a_desk_whose_last_backup_is_old_is_told_so_and_a_new_one_is_well(looked, tmp_path):
    hear_of_a_worker()
    last = tmp_path / "last_backup"
    last.touch()
    assert looked()[0]["backups"] == []
    days_ago = (timezone.now() - timedelta(days=5)).timestamp()
    os.utime(last, (days_ago, days_ago))
    said, code = looked()
    assert code == 1
    assert said["backups"][0]["what"] == "The last backup was made 5 days ago."


def test_a_desk_of_some_days_that_was_never_backed_up_is_told_so(tmp_path):
    environment = read({"DESKBOOK_DATA": str(tmp_path)})
    key = tmp_path / "secret_key"
    key.write_text("k" * 50)
    assert list(backups(environment)) == []
    days_ago = (timezone.now() - timedelta(days=5)).timestamp()
    os.utime(key, (days_ago, days_ago))
    [found] = backups(environment)
    assert found.is_fault and "No backup was ever made" in found.what


def test_a_database_that_cannot_be_reached_is_the_only_thing_said_of_it(tmp_path):
    away = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    done = run(away, "doctor", DESKBOOK_DATA=str(tmp_path))
    assert done.returncode == 1
    assert b"!!  database: " in done.stdout
    assert b"workers" not in done.stdout


def test_a_provider_that_is_away_and_a_rule_that_finds_no_desk_are_named(looked):
    hear_of_a_worker()
    make_desk()
    said, code = looked(
        DESKBOOK_OIDC_ISSUER=f"http://127.0.0.1:{free_port()}",
        DESKBOOK_OIDC_CLIENT_ID="deskbook",
        DESKBOOK_PRIVATE_HOSTS="127.0.0.1",
        DESKBOOK_PEOPLE_RULES="A -> nowhere agent; B -> sparkrock agent ghosts",
    )
    assert code == 1
    away, no_desk, no_team = (found["what"] for found in said["sign-in"])
    assert away.startswith("The sign-in provider does not answer as it should: http://127.0.0.1:")
    assert no_desk == "A rule for A names the desk nowhere, which is not there."
    assert no_team.startswith("A rule for B names the team ghosts, which the book of ")

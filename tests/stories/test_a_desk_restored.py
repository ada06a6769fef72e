"""The machine burns down. From last night's backup the desk goes on elsewhere as if it had not."""

import shutil
import smtplib
import subprocess
import sys
import tempfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.stories.running_desk import RunningDesk, patiently, running_desk

WORDS = {"DESKBOOK_BACKUP_PASSPHRASE": "four words of mine"}
LOG = "select ticket_id, seq, kind, hash from deskbook_logentry order by ticket_id, seq"
AT_REST = (
    "select not exists (select from procrastinate_jobs where status in ('todo', 'doing')"
    " and (scheduled_at is null or scheduled_at < now()))"
)
WRITTEN = (
    "select t.number, count(*) from deskbook_message m join deskbook_ticket t on t.id = m.ticket_id"
    " where m.author_contact_id is not null group by 1 order by 1"
)


def write(desk, subject, to="help@night.example"):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "chitra@home.example", to, subject
    mail["Message-ID"] = f"<{subject.replace(' ', '-')}@home.example>"
    mail.set_content("Since noon.")
    with smtplib.SMTP("127.0.0.1", desk.smtp_port) as line:
        line.send_message(mail)


def acknowledged(desk, subject):
    return patiently(
        lambda: desk.sink.mails("chitra@home.example", Subject=subject),
        f"the acknowledgement of {subject}",
    )[0]


@pytest.fixture
def elsewhere():
    folder = Path(tempfile.mkdtemp(prefix="deskbook-story-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree((folder / "var/postgres").resolve(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def command(folder, desk, *words):
    done = subprocess.run(
        [sys.executable, "-m", "deskbook", *words],
        cwd=folder,
        env={**desk.environment, **WORDS},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_was_sent_is_not_sent_again_and_answers_find_their_ticket(elsewhere):
    file = elsewhere / "desk.backup"
    with running_desk() as desk:
        write(desk, "The bell rings")
        answers_to = acknowledged(desk, "NGT-1")["Reply-To"].addresses[0].addr_spec
        patiently(lambda: desk.select(AT_REST) == [(True,)], "a moment of rest")
        command(desk.data, desk, "backup", str(file))
        log = desk.select(LOG)
        desk.stop()
        desk.sink.forget()

        again = RunningDesk(elsewhere / "var", desk.sink, desk.environment["DESKBOOK_SMTP_URL"])
        command(elsewhere, again, "restore", str(file))
        assert "nothing changed after the fact" in command(elsewhere, again, "verify")
        again.start()
        try:
            again.wait_until_up()
            assert again.select(LOG) == log
            write(again, "The gate squeaks")
            acknowledged(again, "NGT-2")
            write(again, "Re: The bell rings", to=answers_to)
            patiently(lambda: again.select(WRITTEN) == [(1, 2), (2, 1)], "the answer on its ticket")
            patiently(lambda: again.select(AT_REST) == [(True,)], "a moment of rest")
            assert len(again.sink.mails("chitra@home.example")) == 1
        finally:
            again.stop()

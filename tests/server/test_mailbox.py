"""`deskbook mailbox`, as an operator calls it."""

from datetime import UTC, datetime

from deskbook.channels.email.models import MailGrant
from tests.conftest import database_of_the_tests
from tests.server.test_migration import run

SETTINGS = {
    "DESKBOOK_IMAP_URLS": "imaps+oauth://it%40harbour.example@mail.harbour.example/INBOX",
    "DESKBOOK_MAIL_OAUTH_ISSUER": "http://127.0.0.1:1",
    "DESKBOOK_MAIL_OAUTH_CLIENT_ID": "us",
    "DESKBOOK_MAIL_OAUTH_SCOPES": "mail",
}


def called(tmp_path, *words):
    data = {"DESKBOOK_DATA": str(tmp_path), **SETTINGS}
    done = run(database_of_the_tests(), "mailbox", *words, **data)
    return done.returncode, (done.stdout + done.stderr).decode()


def test_it_lists_the_mailboxes_of_the_settings_and_lets_one_go(transactional_db, tmp_path):
    assert called(tmp_path, "list") == (0, "it@harbour.example: not connected\n")
    now = datetime.now(UTC)
    times = {"access_until_at": now, "given_at": now, "renewed_at": now}
    MailGrant.objects.create(user="it@harbour.example", refused="invalid_grant", **times)
    assert "refused by its provider (invalid_grant)" in called(tmp_path, "list")[1]
    code, said = called(tmp_path, "disconnect", "it@harbour.example")
    assert (code, MailGrant.objects.count()) == (0, 0)
    assert "is not connected any more" in said


def test_it_says_what_it_cannot_connect_and_why(transactional_db, tmp_path):
    code, said = called(tmp_path, "connect", "eve@harbour.example")
    assert code == 2
    assert "there are: it@harbour.example" in said
    code, said = called(tmp_path, "connect", "it@harbour.example")
    assert code == 2
    assert "The provider gives no token" in said

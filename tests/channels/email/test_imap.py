"""Against a real Dovecot, started by the test on a free port with a configuration of its own."""

import threading
import time

import pytest
from django.db import DatabaseError, connection
from imap_tools import AND, MailBoxUnencrypted

from deskbook.channels.email.imap import take_unseen, watch
from deskbook.channels.email.imap_account import account
from deskbook.channels.email.models import InboundMail
from tests.channels.email.conftest import apply_small_book
from tests.channels.email.dovecot import running
from tests.channels.email.test_understanding import raw


@pytest.fixture
def server():
    """The port of a Dovecot where anybody signs in with the password `secret`."""
    with running() as port:
        yield port


@pytest.fixture
def desk(transactional_db):
    return apply_small_book()


def put(port, *mails, user="it"):
    with MailBoxUnencrypted("127.0.0.1", port).login(user, "secret") as box:
        for content in mails:
            box.append(content, "INBOX")


def test_unseen_mail_is_taken_byte_for_byte_and_marked_seen(server, desk):
    put(server, raw(), b"not a mail at all\r\n")
    with MailBoxUnencrypted("127.0.0.1", server).login("it", "secret") as box:
        assert take_unseen(box) == 2
        assert take_unseen(box) == 0
        assert list(box.uids(AND(seen=False))) == []
    kept = {bytes(row.raw.data) for row in InboundMail.objects.all()}
    assert kept == {raw(), b"not a mail at all\r\n"}


@pytest.fixture
def full_disk(desk):
    """A database that says to every new mail what PostgreSQL says on a full disk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create function full_disk() returns trigger language plpgsql as $$ begin raise"
            " disk_full using message = 'could not extend file: No space left on device'; end $$"
        )
        cursor.execute(
            "create trigger full_disk before insert on deskbook_inboundmail execute function"
            " full_disk()"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("drop trigger full_disk on deskbook_inboundmail; drop function full_disk()")


def test_mail_stays_unseen_when_it_could_not_be_stored(server, full_disk):
    put(server, raw())
    with MailBoxUnencrypted("127.0.0.1", server).login("it", "secret") as box:
        with pytest.raises(DatabaseError):
            take_unseen(box)
        assert len(box.uids(AND(seen=False))) == 1


def test_a_watched_box_gives_its_mail_within_seconds(server, desk):
    stopping = threading.Event()
    url = f"imap://it:secret@127.0.0.1:{server}/INBOX"
    reader = threading.Thread(target=watch, args=(url, stopping), daemon=True)
    reader.start()
    try:
        time.sleep(1)
        put(server, raw())
        _wait_until(lambda: InboundMail.objects.count() == 1)
    finally:
        stopping.set()
        put(server, raw(Message_ID="<wakes-the-reader@x.example>"))
        reader.join(10)
    assert not reader.is_alive()


def _wait_until(done, seconds=10):
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.1)


def test_an_account_is_read_from_its_address_and_never_shows_its_password():
    known = account("imaps://it%40harbour.example:p%40ss@mail.harbour.example/Support%20in")
    assert (known.host, known.port, known.user, known.password) == (
        "mail.harbour.example",
        993,
        "it@harbour.example",
        "p@ss",
    )
    assert known.folder == "Support in"
    assert "p@ss" not in known.name
    with pytest.raises(ValueError, match="DESKBOOK_IMAP_URLS") as refused:
        account("pop3://it:p@ss@mail.harbour.example")
    assert "p@ss" not in str(refused.value)

"""Mailboxes that take no password: a provider of tokens, Dovecot and a mail server that ask it, and
an owner with a browser, all of them running.
"""

import re
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from django.db import connection
from django.test import Client

from deskbook.channels.email import imap
from deskbook.channels.email.connecting import begin_by_device, connect_by_device
from deskbook.channels.email.deliver import TryAgain, deliver
from deskbook.channels.email.imap import take_unseen, watch
from deskbook.channels.email.imap_account import account, connect, refused_by
from deskbook.channels.email.models import InboundMail, MailGrant, OutboundMail
from deskbook.channels.email.tokens import (
    NotConnected,
    NoToken,
    access_token,
    grants_ending,
    keep_grant,
    new_grant,
)
from deskbook.jobs.mail_grants import tend_mail_grants
from deskbook.people import outward
from deskbook.people.provider import MailProvider, Provider
from tests.channels.email.conftest import apply_small_book
from tests.channels.email.dovecot import running
from tests.channels.email.mail_server import OnAnyPort, TokenSink
from tests.channels.email.outbox import NOW, queue
from tests.channels.email.test_imap import put
from tests.channels.email.test_understanding import raw, take
from tests.people_factory import make_agent, make_desk

CLIENT, SECRET = "deskbook", "s3cret-of-the-desk"
US = "it@harbour.example"
SCREEN = "/console/connections/mail/"
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def provider_at():
    """The address of a provider that runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = Path(__file__).with_name("token_process.py")
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-W", "ignore", process, str(port), CLIENT, SECRET]
    with subprocess.Popen(command) as provider:
        for _n in range(200):
            try:
                httpx.get(f"{address}/known")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield address
        provider.terminate()
        provider.wait(10)


@pytest.fixture(scope="module")
def imap_port(provider_at):
    with running(f"{provider_at}/introspected") as port:
        yield port


@pytest.fixture
def provider(provider_at, settings, transactional_db):
    """The provider, as the operator names it."""
    settings.DESKBOOK_PRIVATE_HOSTS = ("127.0.0.1",)
    settings.DESKBOOK_SITE_URL = "http://testserver"
    client = Provider(provider_at, CLIENT, SECRET)
    settings.DESKBOOK_MAIL_PROVIDER = MailProvider(client, "https://mail.example/all")
    httpx.post(f"{provider_at}/anew").raise_for_status()
    return provider_at


@pytest.fixture
def desk(provider, imap_port, settings):
    """A desk whose mailbox is read by a token."""
    settings.DESKBOOK_IMAP_URLS = (
        f"imap+oauth://{quote(US, safe='')}@127.0.0.1:{imap_port}/INBOX",
    )
    return apply_small_book()


@pytest.fixture
def sending(provider, settings):
    """A mail server that lets us in by a token alone."""
    sink = TokenSink(f"{provider}/introspected")
    server = OnAnyPort(sink, hostname="127.0.0.1", port=0)
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_USER = (
        "127.0.0.1",
        server.port,
        US,
    )
    settings.DESKBOOK_SMTP_BY_TOKEN = True
    settings.DESKBOOK_MAIL_BACKEND = "deskbook.channels.email.mail_backend.EmailBackend"
    yield sink
    server.stop()


@pytest.fixture
def owner(desk):
    return _at_the_console(desk)


def _at_the_console(desk, name="Olga", role="owner"):
    client = Client()
    client.force_login(make_agent(desk, name, role).user)
    return client


def consented(client, user=US, mailbox=US):
    """Lets the desk in at the provider; returns the address the browser is sent back to."""
    there = client.get(f"{SCREEN}connect", {"mailbox": mailbox})
    assert there.status_code == 302
    answer = httpx.post(there.url, data={"user": user})
    return answer.headers["Location"].removeprefix("http://testserver")


def connected(client, user=US):
    return said(client.get(consented(client, user), follow=True))


def said(answer):
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


def known(provider):
    return httpx.get(f"{provider}/known").json()["tokens"]


def forgets(provider, user=US):
    httpx.post(f"{provider}/forget", data={"user": user}).raise_for_status()


def test_an_owner_lets_the_desk_in_and_its_mail_is_read(desk, owner, imap_port):
    assert "is not connected" in said(owner.get(SCREEN))
    assert "it@harbour.example is connected" in connected(owner)
    put(imap_port, raw(), user=US)
    [url] = _urls()
    with connect(account(url)) as box:
        assert take_unseen(box) == 1
    assert InboundMail.objects.count() == 1
    assert refused_by(url) == ""


def test_tokens_are_sealed_and_shown_nowhere(desk, owner, provider, capsys):
    page = connected(owner)
    [token] = known(provider)
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(g)::text from deskbook_mailgrant g")
        [(row,)] = cursor.fetchall()
    forgets(provider)
    with pytest.raises(NoToken) as refused:
        access_token(US, at=datetime.now(UTC) + HOUR)
    told = capsys.readouterr()
    for secret in (token["access_token"], token["refresh_token"], SECRET):
        assert secret not in row + page + str(refused.value) + told.out + told.err


def test_mail_leaves_by_a_token(desk, owner, sending):
    connected(owner)
    row = queue(entry())
    assert deliver(row.pk, at=NOW).state == "sent"
    assert len(sending.got) == 1


def test_a_letter_waits_while_its_mailbox_is_not_connected(desk, sending, provider):
    row = queue(entry())
    with pytest.raises(TryAgain, match="not connected yet"):
        deliver(row.pk, at=NOW)
    assert sending.tries == 0
    assert OutboundMail.objects.get(pk=row.pk).state == "queued"


def test_a_token_is_renewed_before_it_ends_and_each_is_used_once(desk, owner, provider):
    connected(owner)
    first = access_token(US)
    assert access_token(US) == first
    near_its_end = datetime.now(UTC) + HOUR - timedelta(minutes=4)
    second = access_token(US, at=near_its_end)
    third = access_token(US, at=near_its_end + HOUR)
    assert len({first, second, third}) == 3
    assert [kept["revoked"] for kept in known(provider)] == [True, True, False]


def test_many_processes_that_need_one_at_once_renew_it_once(desk, owner, provider):
    connected(owner)
    at = datetime.now(UTC) + HOUR

    def ask(_n):
        try:
            return access_token(US, at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as together:
        assert len(set(together.map(ask, range(6)))) == 1
    assert len(known(provider)) == 2


@pytest.fixture
def meanwhile(monkeypatch):
    """Return a function that has something done the next time the provider's name is looked for."""
    there = outward.socket.getaddrinfo

    def do(what):
        waiting = [what]

        def looked_for(*args, **more):
            if waiting:
                waiting.pop()()
            return there(*args, **more)

        monkeypatch.setattr(outward.socket, "getaddrinfo", looked_for)

    return do


def test_while_a_provider_takes_its_time_no_transaction_is_open(desk, owner, meanwhile):
    connected(owner)
    within = []
    meanwhile(lambda: within.append(connection.in_atomic_block))
    assert access_token(US, at=datetime.now(UTC) + HOUR)
    assert within == [False]


def test_a_mailbox_that_is_let_go_while_it_is_renewed_stays_let_go(
    desk, owner, provider, meanwhile
):
    connected(owner)
    meanwhile(MailGrant.objects.all().delete)
    with pytest.raises(NotConnected, match="let go"):
        access_token(US, at=datetime.now(UTC) + HOUR)
    assert not MailGrant.objects.exists()
    assert [kept["revoked"] for kept in known(provider)] == [True, True]


def test_a_new_consent_outlives_the_old_one_that_is_renewed_meanwhile(desk, owner, meanwhile):
    connected(owner)
    anew = {"access_token": "new", "refresh_token": "newer", "expires_in": 3600}

    def keep():
        try:
            keep_grant(new_grant(US, anew, at=datetime.now(UTC) + HOUR))
        finally:
            connection.close()

    keeping = threading.Thread(target=keep)

    def begin():
        keeping.start()
        keeping.join(0.5)

    meanwhile(begin)
    access_token(US, at=datetime.now(UTC) + HOUR)
    keeping.join(10)
    assert access_token(US) == "new"


def test_what_is_revoked_at_the_provider_is_told_once_and_stands_on_each_screen(
    desk, owner, provider, imap_port
):
    connected(owner)
    forgets(provider)
    later = datetime.now(UTC) + HOUR
    with pytest.raises(NoToken, match="invalid_grant"):
        access_token(US, at=later)
    for _n in range(2):
        tend_mail_grants(at=later)
    [told] = OutboundMail.objects.filter(notice_key__startswith="mailbox")
    assert told.recipient == "olga@small.example"
    assert "does not let the desk in" in told.subject
    assert "does not let the desk in any more (invalid_grant)" in said(owner.get(SCREEN))
    banner = "A mailbox does not let the desk in"
    assert banner in said(owner.get("/console/"))
    assert banner not in said(_at_the_console(desk, "Asha", "agent").get("/console/"))
    other = _at_the_console(make_desk("salama"), "Zuri", "owner")
    assert banner not in said(other.get("/console/"))
    connected(owner)
    assert banner not in said(owner.get("/console/"))


def test_that_a_consent_ends_is_told_days_before_and_once(desk, owner, provider):
    httpx.post(f"{provider}/lasts", data={"refresh": 30 * 86_400})
    connected(owner)
    now = datetime.now(UTC)
    tend_mail_grants(at=now)
    assert not OutboundMail.objects.exists()
    httpx.post(f"{provider}/lasts", data={"refresh": 5 * 86_400})
    connected(owner)
    for hours in range(3):
        tend_mail_grants(at=now + hours * HOUR)
    [told] = OutboundMail.objects.all()
    assert "for a few days more" in told.subject
    assert "The consent ends soon" in said(owner.get(SCREEN))


def test_a_consent_that_is_taken_back_is_known_at_the_next_try(desk, owner, provider, sending):
    """Not when the token of before has ended, an hour later."""
    connected(owner)
    forgets(provider)
    assert "AUTHENTICATIONFAILED" in refused_by(_urls()[0])
    assert "invalid_grant" in refused_by(_urls()[0])
    assert [grant.refused for grant in grants_ending(at=datetime.now(UTC))] == ["invalid_grant"]


def test_a_mail_server_that_refuses_a_token_is_asked_with_another(desk, owner, provider, sending):
    connected(owner)
    forgets(provider)
    row = queue(entry())
    with pytest.raises(TryAgain, match="535"):
        deliver(row.pk, at=NOW)
    with pytest.raises(NoToken, match="invalid_grant"):
        access_token(US)
    assert OutboundMail.objects.get(pk=row.pk).state == "queued"


def test_mail_is_read_soon_after_its_mailbox_was_connected(desk, owner, imap_port):
    before, stopping = InboundMail.objects.count(), threading.Event()
    put(imap_port, raw(Message_ID="<waits-for-a-token@x.example>"), user=US)
    reader = threading.Thread(target=watch, args=(_urls()[0], stopping), daemon=True)
    reader.start()
    try:
        time.sleep(1)
        connected(owner)
        deadline = time.monotonic() + 20
        while InboundMail.objects.count() == before:
            assert time.monotonic() < deadline, "nobody reads it"
            time.sleep(0.1)
    finally:
        stopping.set()
        put(imap_port, raw(Message_ID="<wakes-the-reader@x.example>"), user=US)
        reader.join(10)


def test_a_mailbox_nobody_uses_is_renewed_each_day_all_the_same(desk, owner, provider):
    connected(owner)
    for days in range(1, 4):
        tend_mail_grants(at=datetime.now(UTC) + timedelta(days=days, minutes=1))
    assert len(known(provider)) == 4
    assert not list(grants_ending(at=datetime.now(UTC)))


def test_a_provider_that_is_away_ends_no_grant(desk, owner, settings):
    connected(owner)
    there = settings.DESKBOOK_MAIL_PROVIDER
    away = Provider("http://127.0.0.1:1", CLIENT, SECRET)
    settings.DESKBOOK_MAIL_PROVIDER = MailProvider(away, there.scopes)
    with pytest.raises(NoToken, match="gets no token"):
        access_token(US, at=datetime.now(UTC) + HOUR)
    assert MailGrant.objects.get().refused == ""
    settings.DESKBOOK_MAIL_PROVIDER = there
    assert access_token(US, at=datetime.now(UTC) + HOUR)


def test_a_provider_that_is_busy_ends_no_grant(desk, owner, provider):
    connected(owner)
    httpx.post(f"{provider}/lasts", data={"busy": 1}).raise_for_status()
    with pytest.raises(NoToken, match="503"):
        access_token(US, at=datetime.now(UTC) + HOUR)
    assert MailGrant.objects.get().refused == ""
    assert access_token(US, at=datetime.now(UTC) + HOUR)


def test_who_waits_for_a_mailbox_to_be_connected_looks_every_half_minute_at_least():
    assert imap._longer(16, NotConnected()) == 30
    assert imap._longer(256, OSError()) == imap.LONGEST_PAUSE


def test_a_token_of_another_mailbox_is_not_kept(desk, owner):
    assert "does not let us into it@harbour.example" in connected(owner, "eve@harbour.example")
    assert not MailGrant.objects.exists()


def test_what_comes_back_counts_once_and_in_the_browser_that_was_sent(desk, owner):
    other = _at_the_console(desk, "Omar")
    back = consented(owner)
    assert "begun in another window" in said(other.get(back, follow=True))
    assert "is connected" in said(owner.get(back, follow=True))
    assert "begun in another window" in said(owner.get(back, follow=True))


def test_a_code_is_worth_nothing_without_what_the_browser_does_not_know(desk, owner, provider):
    there = owner.get(f"{SCREEN}connect", {"mailbox": US}).url
    query = parse_qs(urlsplit(there).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["login_hint"] == [US]
    code = parse_qs(urlsplit(httpx.post(there, data={"user": US}).headers["Location"]).query)[
        "code"
    ]
    form = {"grant_type": "authorization_code", "code": code[0], "code_verifier": "x" * 43}
    form["redirect_uri"] = query["redirect_uri"][0]
    answer = httpx.post(f"{provider}/token", data=form, auth=(quote(CLIENT), quote(SECRET)))
    assert answer.status_code == 400


def test_whoever_says_no_at_the_provider_is_told_so(desk, owner):
    assert "gave no consent" in connected(owner, "")
    assert not MailGrant.objects.exists()


def test_a_mailbox_is_let_go_here_and_at_the_provider(desk, owner, provider):
    connected(owner)
    page = said(owner.post(f"{SCREEN}ending", {"mailbox": US}, follow=True))
    assert "not connected any more" in page
    assert not MailGrant.objects.exists()
    assert [kept["revoked"] for kept in known(provider)] == [True]


def test_an_owner_of_another_desk_neither_sees_nor_connects_it(desk, owner):
    other = _at_the_console(make_desk("salama"), "Zuri")
    assert US not in said(other.get(SCREEN))
    assert other.get(f"{SCREEN}connect", {"mailbox": US}).status_code == 404
    assert other.post(f"{SCREEN}ending", {"mailbox": US}).status_code == 404
    assert owner.get(f"{SCREEN}connect", {"mailbox": US}).status_code == 302


def test_nobody_is_sent_to_the_provider_without_end(desk, owner):
    for _n in range(30):
        owner.get(f"{SCREEN}connect", {"mailbox": US})
    answer = owner.get(f"{SCREEN}connect", {"mailbox": US}, follow=True)
    assert "Too many tries" in said(answer)


def test_at_a_terminal_somebody_types_a_code_in_elsewhere(desk, provider):
    begun, waits = begin_by_device(), []

    def wait(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            httpx.post(begun.verification_uri, data={"user_code": begun.user_code, "user": US})

    connect_by_device(US, begun, wait=wait, clock=lambda: datetime.now(UTC))
    assert len(waits) == 2
    assert MailGrant.objects.get().user == US
    assert refused_by(_urls()[0]) == ""


def test_a_server_that_knows_the_standard_alone_is_signed_in_to_as_well(desk, owner, settings):
    connected(owner)
    provider = settings.DESKBOOK_MAIL_PROVIDER.client.issuer
    with running(f"{provider}/introspected", "oauthbearer") as port:
        url = f"imap+oauth://{quote(US, safe='')}@127.0.0.1:{port}/INBOX"
        assert refused_by(url) == ""
        forgets(provider)
        assert "AUTHENTICATIONFAILED" in refused_by(url)


def test_a_server_that_takes_passwords_alone_says_so(desk, owner):
    connected(owner)
    with running() as port:
        url = f"imap+oauth://{quote(US, safe='')}@127.0.0.1:{port}/INBOX"
        assert "offers no XOAUTH2" in refused_by(url)


def _urls():
    from django.conf import settings

    return settings.DESKBOOK_IMAP_URLS


def entry():
    from deskbook.tickets.models import LogEntry

    ticket = take(raw()).ticket
    return LogEntry.objects.select_related("ticket__desk").get(ticket=ticket, seq=1)

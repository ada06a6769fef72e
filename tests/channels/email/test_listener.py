import asyncio
import resource
import smtplib
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deskbook.channels.email.listener import MAX_SIZE, serve
from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.signing import signer_for
from tests.channels.email.conftest import apply_small_book
from tests.channels.email.test_understanding import raw


@pytest.fixture
def desk(transactional_db):
    return apply_small_book()


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def ports(desk):
    """The SMTP and the LMTP port of a listener running in a thread of its own."""
    ports, ready, stopping = (_free_port(), _free_port()), threading.Event(), []

    async def run():
        stop = asyncio.Event()
        stopping.append((asyncio.get_running_loop(), stop))
        await serve(("127.0.0.1", ports[0]), ("127.0.0.1", ports[1]), stop=stop, ready=ready.set)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(10)
    yield ports
    loop, stop = stopping[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)


def send(port, content, to=("it@harbour.example",), sender="chitra@customer.example"):
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        return client.sendmail(sender, list(to), content)


def test_a_mail_accepted_by_smtp_is_in_the_database(ports):
    send(ports[0], raw())
    row = InboundMail.objects.get()
    assert (row.state, row.mailbox, row.envelope_from) == (
        "new",
        "it@harbour.example",
        "chitra@customer.example",
    )
    assert bytes(row.raw.data).rstrip() == raw().rstrip()


def test_an_unknown_recipient_is_refused_alone(ports):
    refused = send(
        ports[0], raw(), to=["it@harbour.example", "nobody@harbour.example", "x@other.example"]
    )
    assert {address: code for address, (code, _) in refused.items()} == {
        "nobody@harbour.example": 550,
        "x@other.example": 550,
    }
    assert InboundMail.objects.get().envelope_to == ["it@harbour.example"]


def test_signed_addresses_are_taken_and_kept_in_the_envelope(ports, desk):
    signer = signer_for(desk)
    to = [signer.reply_address("7"), signer.bounce_address("9-ab")]
    assert send(ports[0], raw(), to=to, sender="") == {}
    row = InboundMail.objects.get()
    assert (row.envelope_to, row.envelope_from) == (to, "<>")


def test_a_mail_over_the_limit_is_refused_with_552(ports):
    with smtplib.SMTP("127.0.0.1", ports[0], timeout=60) as client:
        client.ehlo()
        client.mail("chitra@customer.example")
        client.rcpt("it@harbour.example")
        code, _ = client.data((b"y" * 900 + b"\r\n") * (MAX_SIZE // 900 + 1))
    assert code == 552
    assert not InboundMail.objects.exists()


def test_a_mail_of_thirty_megabytes_is_taken(ports):
    send(ports[0], raw("z" * 900 + "\r\n" + ("y" * 900 + "\r\n") * (30 * 1024 * 1024 // 902)))
    assert InboundMail.objects.get().raw.size > 30 * 1024 * 1024


def test_a_page_in_one_line_of_two_million_bytes_is_taken_as_it_is(ports):
    for kind, port in zip((smtplib.SMTP, smtplib.LMTP), ports, strict=True):
        with kind("127.0.0.1", port, timeout=20) as client:
            mail = raw("z" * 2_000_000, Message_ID=f"<{port}@customer.example>")
            client.sendmail("chitra@customer.example", ["it@harbour.example"], mail)
    mails = InboundMail.objects.all()
    assert [bytes(mail.raw.data).count(b"z" * 2_000_000) for mail in mails] == [1, 1]


def test_lmtp_answers_once_for_each_recipient(ports, desk):
    to = ["it@harbour.example", signer_for(desk).reply_address("7")]
    with smtplib.LMTP("127.0.0.1", ports[1], timeout=20) as client:
        assert client.sendmail("chitra@customer.example", to, raw()) == {}
        # The standard client reads one reply only; the second recipient's is still to come.
        assert client.getreply()[0] == 250
        # The session goes on: no reply is left over for the next command.
        assert (
            client.sendmail("chitra@customer.example", to[:1], raw(Message_ID="<m2@x.example>"))
            == {}
        )
    assert InboundMail.objects.count() == 2


def test_lmtp_refuses_a_mail_over_the_limit_once_for_each_recipient(ports, desk):
    to = ["it@harbour.example", signer_for(desk).reply_address("7")]
    with smtplib.LMTP("127.0.0.1", ports[1], timeout=60) as client:
        client.ehlo()
        client.mail("chitra@customer.example")
        assert [client.rcpt(one)[0] for one in to] == [250, 250]
        first, _ = client.data((b"y" * 900 + b"\r\n") * (MAX_SIZE // 900 + 1))
        assert (first, client.getreply()[0]) == (552, 552)
        assert client.noop()[0] == 250


@pytest.fixture
def full_disk():
    """A disk that takes half a megabyte of a file and no more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (512 * 1024, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_mail_the_disk_has_no_room_for_is_to_be_sent_again_and_none_of_it_is_taken_for_a_command(
    ports, full_disk
):
    with smtplib.SMTP("127.0.0.1", ports[0], timeout=20) as client:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail(
                "chitra@customer.example", ["it@harbour.example"], raw("RSET\r\n" * 500_000)
            )
        assert refused.value.smtp_code == 452
        assert client.noop()[0] == 250
        assert (
            client.sendmail("chitra@customer.example", ["it@harbour.example"], raw("A short one."))
            == {}
        )
    assert b"A short one." in bytes(InboundMail.objects.get().raw.data)


def test_an_address_outside_ascii_is_taken(ports):
    with smtplib.SMTP("127.0.0.1", ports[0], timeout=20) as client:
        client.sendmail(
            "चित्रा@उदाहरण.भारत", ["it@harbour.example"], raw(), mail_options=["SMTPUTF8"]
        )
    assert InboundMail.objects.get().envelope_from == "चित्रा@उदाहरण.भारत"


def test_sixteen_clients_at_once_lose_nothing(ports):
    with ThreadPoolExecutor(16) as clients:
        list(clients.map(lambda n: send(ports[0], raw(Message_ID=f"<c{n}@x.example>")), range(64)))
    assert InboundMail.objects.count() == 64


def test_the_same_mail_from_many_clients_at_once_is_one_row(ports):
    with ThreadPoolExecutor(8) as clients:
        list(clients.map(lambda _: send(ports[0], raw()), range(16)))
    assert InboundMail.objects.count() == 1


def test_a_mail_comes_as_it_was_sent_with_points_at_the_beginning_of_its_lines(ports):
    words = b"Subject: x\r\n\r\n.\r\n..\r\n.end\r\n" + b"long." * 40_000 + b"\r\n.\r\n"
    send(ports[0], words)
    send(ports[0], b"Subject: y\r\n\r\nmiddle\r\n")
    first, second = InboundMail.objects.order_by("pk")
    assert bytes(first.raw.data) == words
    assert bytes(second.raw.data) == b"Subject: y\r\n\r\nmiddle\r\n"


def test_a_mail_of_many_short_lines_takes_no_more_memory_while_it_comes_than_any_other(ports):
    with smtplib.SMTP("127.0.0.1", ports[0], timeout=60) as client:
        client.ehlo()
        client.mail("a@b.example")
        client.rcpt("it@harbour.example")
        client.docmd("DATA")
        # What it has had at most is counted from here.
        Path("/proc/self/clear_refs").write_text("5")
        before = memory("VmRSS")
        for _n in range(20):
            client.send(b"\r\n" * 100_000)
        client.send(b".\r\n")
        assert client.getreply()[0] == 250
        assert memory("VmHWM") - before < 60_000_000


def memory(which):
    """Bytes of memory this process has (VmRSS), or has had at most (VmHWM)."""
    status = dict(row.split(":", 1) for row in Path("/proc/self/status").read_text().splitlines())
    return int(status[which].split()[0]) * 1_024

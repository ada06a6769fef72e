"""Addresses that somebody typed in never lead into the network the desk runs in."""

import httpx
import pytest

from deskbook.people import outward
from deskbook.people.outward import NotAllowed, outward_client, permitted_address, wrong_address
from deskbook.people.refusals import in_words
from tests.channels.sms.stub_gateway import stub_gateway


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.8.0.1",
        "localhost",
        "::1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "2130706433",
        "0x7f.1",
        "224.0.0.1",
        "0177.0.0.1",
        "127.1",
        "017700000001",
        "0x7f000001",
        "192.88.99.1",
        "255.255.255.255",
        "::127.0.0.1",
        "::10.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::7f00:1",
        "2002:a00:1::1",
        "2002:a9fe:a9fe::",
        "2001::7f00:1",
        "2001:0:808:808::80ff:fffe",
        "2606:4700::5efe:10.0.0.1",
        "2606:4700::200:5efe:127.0.0.1",
        "fec0::1",
        "ff0e::1",
        "2001:db8::1",
        "3fff::1",
        "5f00::1",
        "::",
        "fe80::1%1",
    ],
)
def test_no_address_of_a_private_network_is_called_however_it_is_written(settings, host):
    settings.DESKBOOK_PRIVATE_HOSTS = ()
    with pytest.raises(NotAllowed) as refused:
        permitted_address(host)
    assert "whoever runs the server adds it to DESKBOOK_PRIVATE_HOSTS" in in_words(
        str(refused.value)
    )


@pytest.mark.parametrize("host", ["192.0.0.8", "192.0.0.9", "192.0.0.170", "::ffff:192.0.0.8"])
def test_an_address_of_a_protocol_is_not_called(settings, host):
    settings.DESKBOOK_PRIVATE_HOSTS = ()
    with pytest.raises(NotAllowed):
        permitted_address(host)


@pytest.mark.parametrize("host", ["93.184.216.34", "2606:4700:4700::1111", "64:ff9b::5db8:d822"])
def test_a_public_address_is_called(settings, host):
    settings.DESKBOOK_PRIVATE_HOSTS = ()
    assert permitted_address(host) == host


def test_a_name_with_one_private_address_among_its_public_ones_is_not_called(settings, monkeypatch):
    settings.DESKBOOK_PRIVATE_HOSTS = ()
    answers = [(2, 1, 6, "", (one, 443)) for one in ("93.184.216.34", "::127.0.0.1")]
    monkeypatch.setattr(outward.socket, "getaddrinfo", lambda *_args, **_more: answers)
    with pytest.raises(NotAllowed) as refused:
        permitted_address("twofaced.example")
    assert "twofaced.example is ::127" in in_words(str(refused.value))


def test_a_name_that_answers_differently_the_second_time_gains_nothing(settings, monkeypatch):
    """The call goes to the address that was checked: the name is asked for once."""
    settings.DESKBOOK_PRIVATE_HOSTS = ("127.0.0.1",)
    asked = []

    def answer(host, port, *_args, **_more):
        if host == "rebinding.example":
            asked.append(host)
        number = "127.0.0.1" if len(asked) < 2 else "127.0.0.2"
        return [(2, 1, 6, "", (number, port))]

    with stub_gateway() as gateway, outward_client() as client:
        monkeypatch.setattr(outward.socket, "getaddrinfo", answer)
        port = gateway.address.rpartition(":")[2]
        assert client.post(f"http://rebinding.example:{port}/send").status_code == 200
        assert asked == ["rebinding.example"]
        with pytest.raises(NotAllowed, match=r"127\.0\.0\.2"):
            client.post(f"http://rebinding.example:{port}/send")


@pytest.mark.parametrize("named", ["10.1.0.0/16", "10.1.2.3", "10.1.2.3/8"])
def test_what_the_operator_names_is_called(settings, named):
    settings.DESKBOOK_PRIVATE_HOSTS = (named,)
    assert permitted_address("10.1.2.3") == "10.1.2.3"
    with pytest.raises(NotAllowed):
        permitted_address("192.168.1.1")


@pytest.mark.parametrize("named", ["10.1.0.0/16:8443", "10.1.2.3:8443"])
def test_what_the_operator_names_with_a_port_is_called_there_alone(settings, named):
    settings.DESKBOOK_PRIVATE_HOSTS = (named, "[fd00::5]:8443", "fd00::6")
    for host in ("10.1.2.3", "fd00::5"):
        assert permitted_address(host, 8443) == host
        for port in (None, 443, 5432):
            with pytest.raises(NotAllowed):
                permitted_address(host, port)
    assert permitted_address("fd00::6", 5432) == "fd00::6"


def test_a_call_without_a_port_is_to_that_of_its_scheme(settings):
    settings.DESKBOOK_PRIVATE_HOSTS = ("127.0.0.9:443",)
    with outward_client(seconds=1) as client:
        with pytest.raises(NotAllowed):
            client.get("http://127.0.0.9/")
        with pytest.raises(httpx.ConnectError):
            client.get("https://127.0.0.9/")


def test_a_name_nobody_knows_is_said_to_be_unknown():
    with pytest.raises(httpx.ConnectError, match="is not known by name here"):
        permitted_address("gateway.invalid")


def test_a_call_goes_to_the_address_that_was_checked_and_follows_no_redirect(settings):
    settings.DESKBOOK_PRIVATE_HOSTS = ("localhost",)
    with stub_gateway() as gateway, outward_client() as client:
        gateway.status = 302
        port = gateway.address.rpartition(":")[2]
        assert client.get(f"http://localhost:{port}/send").status_code == 302
        assert gateway.requests[0]["headers"]["Host"] == f"localhost:{port}"
    settings.DESKBOOK_PRIVATE_HOSTS = ()
    with outward_client() as client, pytest.raises(NotAllowed):
        client.get(f"http://localhost:{port}/send")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "gateway.example",
        "ftp://gateway.example",
        "https://",
        "https://a:b@gateway.example",
        "https://x:99999",
    ],
)
def test_what_is_no_address_of_a_service_is_said_to_be_none(address):
    assert wrong_address(address)
    assert wrong_address("https://gateway.example/send") is None


def test_an_answer_without_end_is_left_where_it_is(settings, monkeypatch):
    settings.DESKBOOK_PRIVATE_HOSTS = ("127.0.0.1",)
    with stub_gateway() as gateway, outward_client() as client:
        assert client.post(gateway.address).json()["id"] == "sms-1"
        gateway.answers = lambda number: "x" * (outward.LARGEST + 1)
        with pytest.raises(httpx.ReadError, match="more than 5 MB"):
            client.post(gateway.address)
        monkeypatch.setattr(outward, "LONGEST", 0.0)
        gateway.answers = lambda number: "slow"
        with pytest.raises(httpx.ReadTimeout):
            client.post(gateway.address)


def test_a_packed_answer_nobody_asked_for_is_not_unpacked(settings):
    settings.DESKBOOK_PRIVATE_HOSTS = ("127.0.0.1",)
    with stub_gateway() as gateway, outward_client() as client:
        gateway.headers = {"Content-Encoding": "gzip"}
        with pytest.raises(httpx.DecodingError, match="packed"):
            client.post(gateway.address)
        assert gateway.requests[0]["headers"]["Accept-Encoding"] == "identity"

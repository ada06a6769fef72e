import socket
from dataclasses import replace

import pytest

from deskbook.config.environment import read
from deskbook.config.refusals import CommandRefused
from deskbook.server.ports import refuse_taken_ports, wait_until_served


@pytest.fixture
def listening():
    """A server that shares its port, as the web server does."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def environment(**settings):
    nothing = {
        "DESKBOOK_PORT": str(free_port()),
        "DESKBOOK_SMTP_LISTEN": "off",
        "DESKBOOK_LMTP_LISTEN": "off",
    }
    return read({**nothing, **settings})


def test_a_second_desk_on_the_port_of_the_first_is_refused_by_the_name_of_its_setting(listening):
    with pytest.raises(
        CommandRefused,
        match=rf"DESKBOOK_PORT: cannot listen on 127.0.0.1:{listening} .another program",
    ):
        refuse_taken_ports(environment(DESKBOOK_PORT=str(listening)), patience=0.3)
    with pytest.raises(CommandRefused, match="DESKBOOK_SMTP_LISTEN"):
        refuse_taken_ports(environment(DESKBOOK_SMTP_LISTEN=f"127.0.0.1:{listening}"), patience=0)


def test_one_port_for_two_things_is_refused():
    port = str(free_port())
    with pytest.raises(CommandRefused, match="DESKBOOK_LMTP_LISTEN"):
        refuse_taken_ports(
            environment(DESKBOOK_PORT=port, DESKBOOK_LMTP_LISTEN=f"127.0.0.1:{port}"), patience=0
        )


def test_an_address_of_another_machine_is_refused_at_once():
    with pytest.raises(
        CommandRefused, match=r"DESKBOOK_SMTP_LISTEN: cannot listen on 192\.0\.2\.1:2525"
    ):
        refuse_taken_ports(environment(DESKBOOK_SMTP_LISTEN="192.0.2.1:2525"), patience=60)


def test_free_ports_are_let_be():
    refuse_taken_ports(environment(DESKBOOK_SMTP_LISTEN=f"127.0.0.1:{free_port()}"), patience=0)


def test_a_desk_is_announced_when_it_takes_connections_and_not_before():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        one = replace(read({}), port=port, smtp_listen=None, lmtp_listen=None)
        assert not wait_until_served(one, patience=0.3)
        listening.listen()
        assert wait_until_served(one, patience=5)

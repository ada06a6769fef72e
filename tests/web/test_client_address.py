"""Limits count who is really calling: nobody has new tries by writing a header, and nobody shares
another's.
"""

from ipaddress import ip_network

import pytest
from django.test import RequestFactory

from deskbook.config.environment import read
from deskbook.config.refusals import WrongSetting
from deskbook.web.client_address import client_address, client_address_of

PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/64")]


def seen(peer, forwarded=None):
    """Return the address counted for a request, asserting that both ways of reading it agree."""
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    meta = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    counted = client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **meta))
    assert client_address_of({"client": (peer, 4711), "headers": headers}) == counted
    return counted


@pytest.fixture
def behind_proxies(settings):
    settings.DESKBOOK_TRUSTED_PROXIES = PROXIES


def test_a_stranger_who_writes_the_header_is_counted_all_the_same(settings):
    settings.DESKBOOK_TRUSTED_PROXIES = []
    assert seen("203.0.113.7", "198.51.100.1") == "203.0.113.7"
    settings.DESKBOOK_TRUSTED_PROXIES = PROXIES
    assert seen("203.0.113.7", "198.51.100.1") == "203.0.113.7"


@pytest.mark.usefixtures("behind_proxies")
@pytest.mark.parametrize(
    ("forwarded", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("198.51.100.1,203.0.113.7, 10.9.9.9", "203.0.113.7"),
        ("203.0.113.7:51234", "203.0.113.7"),
        ("[2001:db8:1:2:3::4]:51234", "2001:db8:1:2::/64"),
        ("10.0.0.8", "10.0.0.8"),
        ("203.0.113.7, unknown", "10.1.2.3"),
        ("", "10.1.2.3"),
    ],
)
def test_behind_proxies_the_first_address_from_the_right_that_is_none_of_them_is_counted(
    forwarded, counted
):
    assert seen("10.1.2.3", forwarded) == counted


@pytest.mark.usefixtures("behind_proxies")
def test_whoever_has_a_whole_network_of_addresses_is_counted_once():
    assert seen("2001:db8:1:2::1") == seen("2001:db8:1:2:ffff:1:2:3") == "2001:db8:1:2::/64"
    assert seen("2001:db8:1:3::1") != seen("2001:db8:1:2::1")
    assert seen("::ffff:203.0.113.7") == "203.0.113.7"
    assert seen("fd00::1", "::ffff:203.0.113.7") == "203.0.113.7"


def test_the_same_machine_is_believed_only_where_people_come_by_https():
    assert (
        read({}).trusted_proxies
        == read({"DESKBOOK_SITE_URL": "http://desk.example.org"}).trusted_proxies
        == ()
    )
    https = read({"DESKBOOK_SITE_URL": "https://desk.example.org"})
    assert https.trusted_proxies == (ip_network("127.0.0.0/8"), ip_network("::1"))
    named = read({"DESKBOOK_TRUSTED_PROXIES": "10.1.0.5 fd00::/64"})
    assert named.trusted_proxies == (ip_network("10.1.0.5"), ip_network("fd00::/64"))
    with pytest.raises(WrongSetting, match="DESKBOOK_TRUSTED_PROXIES names “nginx”"):
        read({"DESKBOOK_TRUSTED_PROXIES": "nginx"})

"""Asking an organisation's directory whether a password is somebody's, and who they are: LDAP (RFC
4511), found by the name they type and then bound as them.
"""

from __future__ import annotations

import ssl
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from secrets import token_hex
from typing import Any

import ldap3
from ldap3.core.exceptions import LDAPException
from structlog import get_logger

from deskbook.people.letting_in import Said
from deskbook.people.provider import LdapDirectory

log = get_logger(__name__)
SECONDS = 5
"""For which the directory may be silent: a page waits for it."""
LONGEST = 256
"""Characters of a name or password, more than any directory takes."""
MOST_GROUPS = 500
IDS = ("entryUUID", "objectGUID")
"""What stays the same however somebody is called or moved (RFC 4530; Active Directory)."""
NAMES = ("displayName", "cn")
_NOT_THEIRS = frozenset({19, 49, 50, 53})
"""Result codes of a bind (RFC 4511, appendix A) that are about the person or the password; any
other is about the directory.
"""
_FOUND, _TOO_MANY = 0, 4


class Away(Exception):
    """The directory said nothing that can be used; the text is for the log and holds no secret."""


class TooManyTries(Exception):
    """So many passwords were tried for one person that no further one is, for now."""


class _Checked(ldap3.Tls):  # type: ignore[misc]  # ldap3 has no types
    """TLS as Python checks it: the chain, and the name that was typed. ldap3's own compares names
    itself.
    """

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        host, context = connection.server.host, ssl.create_default_context()
        connection.socket.settimeout(SECONDS)
        connection.socket = context.wrap_socket(connection.socket, server_hostname=host)


def said_by_password(
    directory: LdapDirectory, name: str, password: str, *, may_try: Callable[[str], bool]
) -> Said | None:
    """Returns whom the directory knows by a name and this password of theirs, None where it knows
    nobody by both. `may_try` is asked about the name and the person before the password is. Raises
    Away, TooManyTries.

    A name nobody has is answered as one that somebody has: after as many tries, and after a bind.

    An empty password is never sent: by RFC 4513, 5.1.2, that is no sign-in and succeeds.
    """
    if not name or not password or max(len(name), len(password)) > LONGEST:
        return None
    with _bound(directory, directory.bind_dn, directory.bind_password) as service:
        if service is None:
            raise Away(f"{directory.host} does not let in who looks for people there")
        entry = _entry(service, directory, name)
        # Both are counted, whatever the first says: two names of one person are one person's.
        counted = [may_try(as_counted(name)), may_try(_id(entry)) if entry else True]
        if not all(counted):
            raise TooManyTries
        if entry is None:
            _bind_as_nobody(directory, password)
            return None
        with _bound(directory, str(entry["dn"]), password) as person:
            if person is None:
                return None
        return _said(directory, entry, _groups(service, directory, str(entry["dn"])))


def as_counted(name: str) -> str:
    """Returns a name as its tries are counted: directories tell neither capitals nor spaces
    apart.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return f"name {' '.join(folded.split())}"


def _bind_as_nobody(directory: LdapDirectory, password: str) -> None:
    """Takes the time that a wrong password takes; whatever the directory says of who is not there
    is left.
    """
    with suppress(Away), _bound(directory, f"cn={token_hex(8)},{directory.base}", password):
        pass


def refuse_away(directory: LdapDirectory) -> None:
    """Raises Away where people cannot be looked for."""
    with _bound(directory, directory.bind_dn, directory.bind_password) as service:
        if service is None:
            raise Away(f"{directory.host} does not let in {directory.bind_dn or 'who has no name'}")
        _looked_for(service, directory.base, "(objectClass=*)", ldap3.BASE, (), most=1)


@contextmanager
def _bound(directory: LdapDirectory, dn: str, password: str) -> Iterator[Any]:
    """Yields a connection as who this is, None where the directory says that they are not."""
    connection = _connection(directory, dn, password)
    try:
        connection.open()
        if directory.security == "starttls" and not connection.start_tls():
            raise Away(f"{directory.host} begins no TLS: {connection.result['description']}")
        yield connection if _is_bound(connection, directory) else None
    except (LDAPException, OSError, ValueError) as failure:
        raise Away(f"{directory.host}: {type(failure).__name__}") from None
    finally:
        with suppress(LDAPException, OSError):  # of a line that is broken already
            connection.unbind()
        if connection.socket is not None:  # ldap3 leaves open what it could not connect
            connection.socket.close()


def _connection(directory: LdapDirectory, dn: str, password: str) -> Any:
    server = ldap3.Server(
        directory.host,
        port=directory.port,
        use_ssl=directory.security == "tls",
        tls=None if directory.security == "none" else _Checked(),
        get_info=ldap3.NONE,
        connect_timeout=SECONDS,
    )
    return ldap3.Connection(
        server,
        user=dn or None,
        password=password.encode() if dn else None,  # as typed: RFC 4511 asks for no more
        authentication=ldap3.SIMPLE if dn else ldap3.ANONYMOUS,
        read_only=True,
        auto_referrals=False,
        receive_timeout=SECONDS,
    )


def _is_bound(connection: Any, directory: LdapDirectory) -> bool:
    if connection.bind():
        return True
    code = connection.result["result"]
    if code in _NOT_THEIRS:
        return False
    raise Away(f"{directory.host}: {connection.result['description']} ({code})")


def _entry(service: Any, directory: LdapDirectory, name: str) -> Mapping[str, Any] | None:
    """Returns who is called so, None where nobody or more than one is."""
    asked = directory.people.replace("{name}", _escaped(name))
    named = (*IDS, *NAMES, "mail")
    found = _looked_for(service, directory.base, asked, ldap3.SUBTREE, named, most=2)
    if len(found) > 1:
        log.warning("several people of the directory have one name", host=directory.host)
    return found[0] if len(found) == 1 else None


def _escaped(value: str) -> str:
    """Returns a value as it stands in a filter (RFC 4515): every sign of it as its bytes. ldap3
    takes `~=`, `>=` and `<=` within a value for the filter's own.
    """
    return "".join(
        one if one.isalnum() else "".join(f"\\{byte:02x}" for byte in one.encode()) for one in value
    )


def _groups(service: Any, directory: LdapDirectory, dn: str) -> tuple[str, ...]:
    if not directory.groups:
        return ()
    their = _escaped(dn)
    asked = f"(|(member={their})(uniqueMember={their}))"
    found = _looked_for(service, directory.groups, asked, ldap3.SUBTREE, ("cn",), most=MOST_GROUPS)
    return tuple(name for one in found if (name := _first(one, "cn")))


def _looked_for(
    service: Any, base: str, asked: str, scope: str, names: tuple[str, ...], *, most: int
) -> list[Mapping[str, Any]]:
    service.search(
        base, asked, scope, attributes=list(names) or None, size_limit=most, time_limit=SECONDS
    )
    if service.result["result"] not in (_FOUND, _TOO_MANY):
        raise Away(f"{service.server.host}: {service.result['description']} below {base}")
    return [one for one in service.response if one["type"] == "searchResEntry"]


def _said(directory: LdapDirectory, entry: Mapping[str, Any], groups: tuple[str, ...]) -> Said:
    address = _first(entry, "mail")[:254]
    is_theirs = address.rpartition("@")[2].lower() in directory.vouches_for
    name = _first(entry, *NAMES)[:200]
    issuer = f"ldap:{directory.base.lower()}"[:255]
    return Said(issuer, _id(entry), address if is_theirs else "", name, groups)


def _id(entry: Mapping[str, Any]) -> str:
    """Returns what names a person of the directory for good; where it has nothing of the kind,
    where they stand in it.
    """
    raw = entry["raw_attributes"]
    if raw.get("objectGUID"):
        return str(raw["objectGUID"][0].hex())
    return _first(entry, "entryUUID") or str(entry["dn"]).lower()[:255]


def _first(entry: Mapping[str, Any], *names: str) -> str:
    """Returns the first value of the first of these attributes that has one."""
    values = (value for name in names for value in entry["raw_attributes"].get(name, ()))
    return str(next(values, b"").decode(errors="replace")).strip()

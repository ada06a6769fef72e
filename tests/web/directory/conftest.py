"""A directory that runs, and a desk that is told of it."""

import datetime
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import ldap3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deskbook.people.provider import LdapDirectory
from tests.ldap_server import WHAT_TO_DO, found
from tests.stories.running_desk import free_port, patiently

BASE = "dc=example,dc=org"
ADMIN, DESK = f"cn=admin,{BASE}", f"cn=desk,{BASE}"
SECRET = "s3cret of the desk & more"
CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {home}/pid
TLSCertificateFile {home}/cert.pem
TLSCertificateKeyFile {home}/key.pem
TLSCACertificateFile {home}/cert.pem
database mdb
suffix "dc=example,dc=org"
rootdn "cn=admin,dc=example,dc=org"
rootpw admin
directory {home}
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=desk,dc=example,dc=org" read by * none
"""


class Slapd:
    """An OpenLDAP with people and groups, whom the desk alone may look for."""

    def __init__(self, home):
        self.home, self.plain, self.tls = home, free_port(), free_port()
        _certified(home)
        (home / "slapd.conf").write_text(CONFIGURATION.format(home=home))

    def start(self):
        listens = f"ldap://127.0.0.1:{self.plain} ldaps://127.0.0.1:{self.tls}"
        command = [found(), "-f", self.home / "slapd.conf", "-h", listens, "-d", "0"]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        patiently(lambda: _is_open(self.plain) and _is_open(self.tls), "slapd", seconds=20)
        self._filled()

    def adds(self, dn, sort, **more):
        with self.as_admin() as admin:
            assert admin.add(f"{dn},{BASE}", sort, more), admin.result

    @contextmanager
    def as_admin(self):
        server = ldap3.Server("127.0.0.1", port=self.plain, get_info=ldap3.NONE)
        admin = ldap3.Connection(server, ADMIN, "admin", auto_bind=True)
        yield admin
        admin.unbind()

    def told(self, **more):
        """Return it as the operator of a desk names it."""
        named = {
            "host": "127.0.0.1",
            "port": self.plain,
            "security": "none",
            "base": f"ou=people,{BASE}",
            "people": "(|(uid={name})(mail={name}))",
            "bind_dn": DESK,
            "bind_password": SECRET,
            "groups": f"ou=groups,{BASE}",
            "name": "Example Directory",
            "vouches_for": ("sparkrock.example",),
        }
        return LdapDirectory(**(named | more))

    def person(self, uid, password, **more):
        named = {"cn": uid.title(), "sn": uid, "userPassword": password} | more
        self.adds(f"uid={uid},ou=people", "inetOrgPerson", **named)

    def group(self, name, *uids):
        people = [f"uid={uid},ou=people,{BASE}" for uid in uids]
        self.adds(f"cn={name},ou=groups", "groupOfNames", member=people)

    def forget(self):
        """Leave nobody in it."""
        with self.as_admin() as admin:
            for place in ("people", "groups"):
                admin.search(f"ou={place},{BASE}", "(objectClass=*)", ldap3.LEVEL)
                for one in list(admin.response):
                    admin.delete(one["dn"])

    def _filled(self):
        self.adds_top()
        for place in ("people", "groups"):
            self.adds(f"ou={place}", "organizationalUnit")
        self.adds("cn=desk", "person", sn="desk", userPassword=SECRET)

    def adds_top(self):
        with self.as_admin() as admin:
            top = {"dc": "example", "o": "Example"}
            assert admin.add(BASE, ["dcObject", "organization"], top), admin.result


def _is_open(port):
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def slapd():
    """A running one; it is emptied for each test by `directory`."""
    if not found():
        pytest.skip(WHAT_TO_DO)
    home = Path(tempfile.mkdtemp(prefix="slapd"))
    running = Slapd(home)
    try:
        running.start()
        yield running
    finally:
        running.process.terminate()
        running.process.wait(20)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def directory(slapd, settings):
    """One without anybody, as the operator of the desk names it."""
    slapd.forget()
    settings.DESKBOOK_LDAP = slapd.told()
    return slapd


def _certified(home):
    """A certificate for `localhost`, which only who names its file believes."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now, ca = datetime.datetime.now(datetime.UTC), x509.BasicConstraints(ca=True, path_length=None)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.2"))]
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    made = made.add_extension(ca, critical=True)
    until = now + datetime.timedelta(days=1)
    signed = made.not_valid_before(now).not_valid_after(until).sign(key, hashes.SHA256())
    own = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (home / "key.pem").write_bytes(own)
    (home / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))

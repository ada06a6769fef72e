"""A mailbox is opened to its own server alone."""

import datetime
import socket
import ssl
import threading
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deskbook.channels.email.imap_account import refused_by


@pytest.fixture
def stranger(tmp_path):
    """A server with a certificate that nobody vouches for: its port, and what it was told."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tmp_path / "own.pem"))
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_hear, args=(listening, context, heard), daemon=True).start()
        yield listening.getsockname()[1], heard


def _certificate(file):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.harbour.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = (made.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))).sign(
        key, hashes.SHA256()
    )
    own = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(own + signed.public_bytes(serialization.Encoding.PEM))
    return file


def _hear(listening, context, heard):
    with (
        suppress(OSError),
        listening.accept()[0] as line,
        context.wrap_socket(line, server_side=True) as secured,
    ):
        secured.sendall(b"* OK welcome\r\n")
        while words := secured.recv(1000):
            heard.append(words)
            secured.sendall(words.split()[0] + b" NO not here\r\n")


def test_a_server_nobody_vouches_for_is_never_told_the_password(stranger):
    port, heard = stranger
    assert "certificate" in refused_by(f"imaps://it:s3cret@127.0.0.1:{port}/INBOX")
    assert b"s3cret" not in b"".join(heard)

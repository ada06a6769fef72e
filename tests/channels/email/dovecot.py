"""A real Dovecot on a free port, with a configuration of its own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.imap_server import WHAT_TO_DO, found

CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{home}/mail/%u
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 0
first_valid_gid = 0
auth_mechanisms = plain {mechanisms}
passdb {{
  driver = static
  mechanisms = plain
  args = password=secret
}}
{by_token}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
BY_TOKEN = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {home}/oauth2.conf
}}
"""
INTROSPECTION = """
introspection_url = {address}
introspection_mode = post
username_attribute = email
active_attribute = active
active_value = true
"""


def _dovecot():
    return found() or pytest.fail(WHAT_TO_DO)


@contextmanager
def running(introspected_at="", mechanisms="xoauth2 oauthbearer"):
    """Runs one where anybody signs in with the password `secret`, and where an address is given by
    the tokens that it knows; yields its port.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # As root Dovecot wants an account without rights for its own processes; otherwise everything
    # runs as us.
    me = pwd.getpwuid(os.getuid())
    owner = pwd.getpwnam("nobody") if me.pw_uid == 0 else me
    # Not pytest's folder: the path of a socket may have 107 bytes.
    home = Path(tempfile.mkdtemp(prefix="dove"))
    (home / "mail").mkdir()
    for place in (home, home / "mail"):
        os.chown(place, owner.pw_uid, owner.pw_gid)
    group = subprocess.run(
        ["id", "-gn", owner.pw_name], capture_output=True, text=True, check=True
    ).stdout.strip()
    written = CONFIGURATION.format(
        home=home,
        user=owner.pw_name,
        group=group,
        uid=owner.pw_uid,
        gid=owner.pw_gid,
        port=port,
        mechanisms=mechanisms if introspected_at else "",
        by_token=BY_TOKEN.format(home=home) if introspected_at else "",
    )
    (home / "oauth2.conf").write_text(INTROSPECTION.format(address=introspected_at))
    (home / "dovecot.conf").write_text(written)
    with subprocess.Popen([_dovecot(), "-F", "-c", str(home / "dovecot.conf")]) as process:
        _wait_for(port, process, home / "dovecot.log")
        yield port
        process.terminate()
        process.wait(20)
    shutil.rmtree(home, ignore_errors=True)


def _wait_for(port, process, log):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    process.terminate()
    raise RuntimeError(
        f"Dovecot did not start: {log.read_text() if log.exists() else 'it left no log'}"
    )

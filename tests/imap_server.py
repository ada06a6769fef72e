"""Find the Dovecot that the tests of IMAP run, or install Debian's; run as a program it says which,
or what to do.
"""

import os
import shutil
import sys

from tests.debian import install, stop_service

WHAT_TO_DO = """\
The tests of IMAP need Dovecot and none was found. Do this:
  apt-get install dovecot-imapd     (Debian; `make test` does it itself as root)"""


def found() -> str | None:
    """Return the path of a Dovecot that can speak IMAP."""
    return shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin:/sbin:/usr/local/sbin")


def main() -> int:
    """Make sure there is one; return the exit code."""
    if not found() and install("dovecot-imapd"):
        stop_service("dovecot")
    if path := found():
        sys.stdout.write(f"tests of IMAP will use {path}\n")
        return 0
    sys.stderr.write(WHAT_TO_DO + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())

"""Find the OpenLDAP server that the tests of directories run, or install Debian's; run as a program
it says which, or what to do.
"""

import os
import shutil
import sys

from tests.debian import install, stop_service

WHAT_TO_DO = """\
The tests of directories need OpenLDAP's slapd and none was found. Do this:
  apt-get install slapd     (Debian; `make test` does it itself as root)"""


def found() -> str | None:
    """Return the path of a slapd."""
    return shutil.which("slapd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin:/usr/local/libexec")


def main() -> int:
    """Make sure there is one; return the exit code, which is 0 also where there is none: its tests
    are skipped then.
    """
    if not found() and install("slapd"):
        stop_service("slapd")
    path = found()
    sys.stdout.write(f"tests of directories will use {path}\n" if path else WHAT_TO_DO + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

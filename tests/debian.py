"""Installs Debian's packages for the tests, where we may: as root, or when sudo asks no
password.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

INSTALL = ["apt-get", "-q", "-y", "--no-install-recommends", "install"]


def install(package: str) -> bool:
    """Install a package and return whether it worked; without apt-get or the right to use it do
    nothing.
    """
    return all(_as_root(command) for command in (["apt-get", "-q", "update"], [*INSTALL, package]))


def stop_service(name: str) -> None:
    """Stop a service a package has started: tests start their own, and nobody asked for another."""
    if Path("/run/systemd/system").is_dir():
        _as_root(["systemctl", "disable", "--now", name])


def _as_root(command: list[str]) -> bool:
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which(command[0]) or (root and not shutil.which("sudo")):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run([*root, *command], env=environment, stdout=sys.stderr).returncode == 0

"""A provider that runs, and a desk that is told of it."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from deskbook.people.provider import Provider

CLIENT, SECRET = "deskbook", "s3cret of the desk: & more"


@pytest.fixture(scope="session")
def provider_at():
    """The address of a running provider."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen(
        [
            sys.executable,
            "-W",
            "ignore",
            Path(__file__).with_name("process.py"),
            str(port),
            CLIENT,
            SECRET,
        ],
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    for _n in range(200):
        try:
            httpx.get(f"{address}/jwks")
            break
        except httpx.TransportError:
            time.sleep(0.05)
    yield address
    running.terminate()
    running.wait(10)


@pytest.fixture
def provider(provider_at, settings):
    """The provider, as the operator of the desk names it."""
    settings.DESKBOOK_PRIVATE_HOSTS = ("127.0.0.1",)
    settings.DESKBOOK_SITE_URL = "http://testserver"
    settings.DESKBOOK_PROVIDER = Provider(provider_at, CLIENT, SECRET, "Example Login")
    return settings.DESKBOOK_PROVIDER

"""`deskbook mcp`: a desk's tools for assistants, by the Model Context Protocol on standard input
and output. Runs where the assistant does and asks the desk over its REST API, by a token.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from deskbook.config.refusals import CommandRefused

HERE = ("localhost", "127.0.0.1", "::1")
"""Where a token may go without TLS."""


def mcp(argv: Sequence[str]) -> int:
    """Offer a desk's tools to an assistant: it finds, reads, drafts and asks the book by itself,
    and writes only what a person has approved. Acts with the rights of an API token.
    """
    asked = _parser().parse_args(argv)
    address, token = _address(asked.desk), _token(asked.token_file)
    try:
        from deskbook.server.mcp_tools import tools_of
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "mcp":
            raise
        raise CommandRefused(
            "The package mcp is not installed. Install Deskbook as you did, with [mcp] behind its"
            " source: pip install 'SOURCE[mcp]', where SOURCE is the wheel or the folder."
        ) from None
    tools_of(address, token).run("stdio")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deskbook mcp", description=mcp.__doc__)
    parser.add_argument(
        "--desk",
        metavar="URL",
        default=os.environ.get("DESKBOOK_SITE_URL") or "http://127.0.0.1:8000",
        help="the desk's address (DESKBOOK_SITE_URL, else this machine's)",
    )
    parser.add_argument(
        "--token-file",
        metavar="FILE",
        help="a file that holds the token; without it the variable DESKBOOK_TOKEN does",
    )
    return parser


def _address(url: str) -> str:
    parts = urlsplit(url)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
    if not safe or not parts.hostname:
        raise CommandRefused(
            f"--desk is “{url[:200]}”; it must look like https://desk.example.org."
        )
    return url.rstrip("/")


def _token(file: str | None) -> str:
    try:
        held = Path(file).read_text() if file else os.environ.get("DESKBOOK_TOKEN", "")
    except OSError as problem:
        raise CommandRefused(f"{file} cannot be read: {problem.strerror}.") from None
    if not held.strip().startswith("dbk_"):
        raise CommandRefused(
            "There is no token: make one under Settings, or by `deskbook token`, and name its"
            " file by --token-file or put it into DESKBOOK_TOKEN."
        )
    return held.strip()

"""The demo on the command line: making it, and serving it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from deskbook.config.environment import Environment
from deskbook.demo.choosing import choose_demo
from deskbook.server import processes
from deskbook.server import serve as server
from deskbook.server.serve import Opening


def demo(argv: Sequence[str]) -> int:
    """Fill an empty database with thirty days of a desk, made by the engine; a database in use is
    left alone.
    """
    argparse.ArgumentParser(prog="deskbook demo", description=demo.__doc__).parse_args(argv)
    os.environ["DESKBOOK_DEMO"] = "1"
    choose_demo()
    with processes.desk(processes.Version.MADE):
        from deskbook.demo.month import make_demo

        make_demo()
    return 0


def serve(argv: Sequence[str]) -> int:
    """Run the whole desk on this machine as `deskbook serve` does, with the demo in it."""
    return server.main(argv, OPENING)


def mail(argv: Sequence[str]) -> int:
    """Take mail as `deskbook mail` does; in a demo nobody writes but who plays."""
    return processes.mail(argv, strangers_write=False)


def how_to_sign_in(environment: Environment) -> list[str]:
    """Returns who there is to be, and where every mail is to be read."""
    return [
        f"Sign in at {environment.site_url}/account/login/code/",
        "as asha@example.org (agent), bala@example.org (team lead) "
        "or chitra@example.org (requester).",
        f"Every mail of the demo, codes too, is at {environment.site_url}/demo/mailbox/",
    ]


STEPS = (("demo", "Making the demo, if there is none: thirty days of four desks take a minute."),)
OPENING = Opening(STEPS, how_to_sign_in)

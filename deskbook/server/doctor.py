"""`deskbook doctor`: what is wrong with a desk and what it stands on, and what to do about it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from deskbook.config.environment import Environment, read
from deskbook.config.refusals import CommandRefused
from deskbook.server import surroundings
from deskbook.server.findings import Finding
from deskbook.server.processes import desk

ANSWERS = {"fault": "!!", "soon": "! ", "ok": "ok"}


class Told(NamedTuple):
    """What one look found; nothing where all is well."""

    look: str
    findings: tuple[Finding, ...]


def doctor(argv: Sequence[str]) -> int:
    """Look at the database, the workers, mail in and out, the disk, the backups, the clock, the DNS
    and the certificate; name each fault and what to do. Exit 1 where there is one.
    """
    parser = argparse.ArgumentParser(prog="deskbook doctor", description=doctor.__doc__)
    parser.add_argument("--json", action="store_true", help="one object for each look")
    as_json = parser.parse_args(argv).json
    found = list(_looked())
    for told in found:
        sys.stdout.write(_as_json(told) if as_json else _as_text(told))
    return int(any(one.is_fault for told in found for one in told.findings))


def _looked() -> Iterator[Told]:
    environment = read()
    yield from _each(surroundings.LOOKS, environment)
    try:
        with desk():
            from deskbook.server import dns_records, within

            yield Told("database", ())
            yield from _each({**within.LOOKS, "DNS": dns_records.records}, environment)
    except CommandRefused as refused:
        what = Finding(str(refused), "Nothing else of the desk was looked at.")
        yield Told("database", (what,))


def _each(
    looks: Mapping[str, Callable[[Environment], Iterator[Finding]]], environment: Environment
) -> Iterator[Told]:
    for name, look in looks.items():
        yield Told(name, tuple(look(environment)))


def _as_text(told: Told) -> str:
    if not told.findings:
        return f"{ANSWERS['ok']}  {told.look}\n"
    lines = (f"{ANSWERS[one.weight]}  {told.look}: {one.what} {one.do}\n" for one in told.findings)
    return "".join(lines)


def _as_json(told: Told) -> str:
    findings = [{"weight": one.weight, "what": one.what, "do": one.do} for one in told.findings]
    return json.dumps({"look": told.look, "findings": findings}, ensure_ascii=False) + "\n"

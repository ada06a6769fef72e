"""What is done, and what is needed, for cases of one sort."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    title: str
    mandatory: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file with a declared shape."""

    key: str
    title: str
    required: bool = True
    values: tuple[str, ...] = ()
    unique: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A document a request needs."""

    key: str
    title: str
    hint: str = ""
    columns: tuple[Column, ...] = ()
    """Not empty: a CSV file, checked row by row."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """What is done, and what is needed, for cases of one sort."""

    when: Mapping[str, frozenset[str]]
    steps: tuple[Step, ...] = ()
    papers: tuple[Paper, ...] = ()
    line: int = 0

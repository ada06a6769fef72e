"""The product's own code, read once for all the tests that look through it."""

import ast
import gc
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "deskbook"


@cache
def text(path: Path) -> str:
    """Returns what stands in a file."""
    return path.read_text()


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Returns every part of the code in a file, from the outside in; nobody changes them.

    They are a million in all and stay: looking through them for rubbish would cost all that comes after.
    """
    gc.disable()
    try:
        found = tuple(ast.walk(ast.parse(text(path))))
        gc.freeze()
    finally:
        gc.enable()
    return found

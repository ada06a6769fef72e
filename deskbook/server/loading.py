"""What a process loads when it starts: it stays, and is not looked through for rubbish."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 10_000
"""Objects more than before after which the young ones are looked through: a page makes some
thousands and lets go of nearly all by itself. At Python's 700 it was looked for ten times a page.
"""


@contextmanager
def staying() -> Iterator[None]:
    """Leave all that exists when the context ends out of the collection of garbage, for the life of
    the process.

    Django and the models are half a million objects: looking through them, while they come to be
    and ever after, was a fifth of the work of `deskbook migrate`.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(YOUNG)
        gc.enable()

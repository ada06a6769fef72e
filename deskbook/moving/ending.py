"""How a move ends that cannot go on: as failed, with why, whoever ran it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from deskbook.moving.models import Move
from deskbook.moving.parts import MovingRefused
from deskbook.refusals.kept import kept
from deskbook.refusals.refusal import Refused

_log = logging.getLogger(__name__)


@contextmanager
def failing(move: Move, *, now: Callable[[], datetime]) -> Iterator[None]:
    """Ends the move as failed where what is done within is refused, stopped or crashes. Raises
    Refused, MovingRefused in place of what crashed.
    """
    try:
        yield
    except Refused as wrong:
        _fail(move, kept(wrong.refusal), now())
        raise
    except KeyboardInterrupt:
        _fail(move, kept("moving: stopped"), now())
        raise
    except Exception as wrong:
        _log.exception("move %s of %s crashed", move.pk, move.name)
        crashed = MovingRefused("moving: crashed", why=f"{type(wrong).__name__}: {wrong}"[:300])
        _fail(move, kept(crashed.refusal), now())
        raise crashed from wrong


def _fail(move: Move, problem: str, at: datetime) -> None:
    move.state, move.problem = Move.State.FAILED, problem
    move.finished_at, move.data = at, b""
    if move.pk:
        move.save(update_fields=["state", "problem", "finished_at", "data"])

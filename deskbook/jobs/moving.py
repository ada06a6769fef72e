"""What a desk had elsewhere is looked at, and taken in, by a worker: it takes minutes."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from deskbook.moving.ending import failing
from deskbook.moving.models import Move
from deskbook.moving.taking_in import look_at, take_in
from deskbook.refusals.refusal import Refused


def look_at_move(move_id: int) -> None:
    """Looks at an export that was given in the console. Repeatable."""
    _with_its_file(move_id, Move.State.READING, Move.State.READ, look_at)


def take_move_in(move_id: int) -> None:
    """Takes in what was looked at. Repeatable: it goes on where it stopped."""

    def bring(move: Move, path: Path) -> None:
        take_in(move, path, at=datetime.now(UTC))

    _with_its_file(move_id, Move.State.WRITING, Move.State.DONE, bring)


def _with_its_file(move_id: int, state: str, then: str, do: Callable[[Move, Path], None]) -> None:
    move = Move.objects.select_related("desk").defer("data").get(pk=move_id)
    if move.state != state:
        return
    with tempfile.TemporaryDirectory(prefix="deskbook-move-") as folder:
        path = Path(folder) / _file_name(move.name)
        [data] = Move.objects.filter(pk=move_id).values_list("data", flat=True)
        path.write_bytes(data)
        del data
        with suppress(Refused), failing(move, now=lambda: datetime.now(UTC)):
            do(move, path)
            move.state = then
    if move.state == Move.State.DONE:
        move.finished_at, move.data = datetime.now(UTC), b""
    move.save()


def _file_name(given: str) -> str:
    """As it was called, so that a line can be found again; no longer than a name on disk may be
    (255 bytes), with its ending.
    """
    called = Path(given).name.encode("utf-8", "replace")[-200:].decode("utf-8", "ignore")
    return called if called not in ("", ".", "..") else "export"

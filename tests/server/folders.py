"""A folder of a test that another user may enter, as the home of a desk usually is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def open_folder() -> Iterator[Path]:
    """Give a folder beside pytest's own, which each run of it closes to others, also while another
    runs.
    """
    with TemporaryDirectory(prefix="deskbook-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)

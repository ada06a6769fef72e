"""What every test may use: the database, made when the first test asks for it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

os.environ.setdefault(
    "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
)  # Playwright's sync driver runs an event loop in the test's thread


def _run_id(request: pytest.FixtureRequest) -> str:
    worker: dict[str, str] = getattr(request.config, "workerinput", {})
    return worker.get("testrunuid", str(os.getpid()))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> Iterator[None]:
    """Give Django the run's own PostgreSQL, shared by all its workers, unless DATABASE_URL names another.

    Whoever comes first starts it; it stops and its folder goes when the last worker of the run is done.
    """
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with _cluster(Path(tempfile.gettempdir()) / f"deskbook-test-{os.getuid()}-{_run_id(request)}"):
        yield


@contextmanager
def _cluster(home: Path) -> Iterator[None]:
    from django.db import connections
    from psycopg.conninfo import conninfo_to_dict

    from deskbook.config.embedded_postgres import running

    with running(home, throw_away=True) as url:
        parts = conninfo_to_dict(url)
        connections.settings["default"].update(HOST=parts["host"], USER=parts["user"])
        connections["default"].settings_dict.update(HOST=parts["host"], USER=parts["user"])
        yield

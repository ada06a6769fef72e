"""The database that DATABASE_URL names, as Django's settings of it."""

from __future__ import annotations

from typing import Any

from deskbook.config.refusals import WrongSetting

PREPARED = {"server_side_binding": True, "prepare_threshold": 2}
"""A list's query takes PostgreSQL three times longer to plan than to run: each connection has it
planned once.
"""


def django_database(url: str | None) -> dict[str, Any]:
    """Return Django's settings for the database at `url`, which may be any PostgreSQL connection
    string.

    Without one the settings name a database but no server: commands that need none
    (`makemigrations`, the type checker) can load them, and `available` gives the rest a URL first.
    """
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = conninfo_to_dict(url or "dbname=deskbook")
    except ProgrammingError as error:
        raise WrongSetting(
            f"DATABASE_URL is not a PostgreSQL address ({error}); postgresql://user@host/name is."
        ) from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "deskbook"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "") or ""),
        "OPTIONS": {"application_name": "deskbook", **PREPARED, **parts},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }

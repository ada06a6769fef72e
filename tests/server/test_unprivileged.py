"""Root starts a desk; its parts are an ordinary user's, or it is said why not."""

import os
import sys

import pytest

from deskbook.config.environment import read
from deskbook.server.postgres_files import server_account
from deskbook.server.serve import made
from deskbook.server.unprivileged import StaysRoot, _first_free_port, account_of_parts
from tests.server.folders import open_folder

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="an ordinary user's parts are that user's anyway"
)
OUTSIDE = "postgresql://127.0.0.1:1/desk"


@pytest.fixture
def environment(monkeypatch):
    """A desk of root in a folder that anybody may enter, with a program that anybody may run."""
    monkeypatch.setattr(sys, "executable", "/bin/true")
    with open_folder() as folder:
        (folder / "secret_key").write_text("k" * 60)
        yield read(
            {
                "DESKBOOK_DATA": str(folder),
                "DATABASE_URL": OUTSIDE,
                "DESKBOOK_SMTP_LISTEN": "0.0.0.0:25",
            }
        )


def test_the_parts_of_roots_desk_are_an_ordinary_users_and_so_is_their_key(environment):
    account = account_of_parts(environment)
    assert account == server_account()
    assert (environment.data / "secret_key").stat().st_uid == account.pw_uid != 0
    web = made(environment)[0]
    web.command = ["sh", "-c", f"id -u > {environment.data}/static/user"]
    web.start(0.0)
    assert web.process.wait(20) == 0
    web.process.stdout.close()
    assert (environment.data / "static/user").read_text().strip() == str(account.pw_uid)


def test_only_what_listens_where_only_root_may_stays_roots(environment, capsys):
    if _first_free_port() <= 25:
        return  # here anybody may
    assert {part.name: part.account is None for part in made(environment)} == {
        "web": False,
        "worker": False,
        "mail": True,
    }
    assert "mail runs as root: it listens below port 1024" in capsys.readouterr().err


def test_a_folder_that_user_cannot_enter_is_named_with_what_to_do(environment):
    environment.data.chmod(0o700)
    with pytest.raises(
        StaysRoot, match=rf"cannot enter {environment.data}.*start Deskbook as an ordinary user"
    ):
        account_of_parts(environment)

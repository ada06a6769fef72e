from concurrent.futures import ThreadPoolExecutor

import pytest
from django.urls import get_resolver, reverse

from deskbook.config.environment import read
from deskbook.config.logs import scrubbed
from deskbook.config.outgoing import email_settings
from deskbook.config.refusals import WrongSetting
from deskbook.config.secret_key import WrongKey, secret_key
from deskbook.server.database import keep_data

KEY = "17-0.lWbgTZCpXAnZoOEmGKWPDiw_2zVVh3x1"


def test_the_key_is_made_once_and_closed_to_others(tmp_path):
    first = secret_key(tmp_path / "var")
    assert len(first) > 50
    assert secret_key(tmp_path / "var") == first
    assert (tmp_path / "var/secret_key").stat().st_mode & 0o077 == 0


def test_processes_starting_together_agree_on_the_key(tmp_path):
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(secret_key, [tmp_path] * 32))) == 1


@pytest.mark.parametrize("kept", [b"", b"\n", b"short", b"\x00\xff" * 40, "é".encode() * 40])
def test_a_key_that_signs_nothing_is_refused_and_not_repeated(tmp_path, kept):
    (tmp_path / "secret_key").write_bytes(kept)
    with pytest.raises(WrongKey, match=r"secret_key is .*Restore it from your backup"):
        secret_key(tmp_path)
    assert (tmp_path / "secret_key").read_bytes() == kept


def test_no_new_key_is_made_beside_a_database_that_was_made_with_another(tmp_path):
    (tmp_path / "postgres/data").mkdir(parents=True)
    with pytest.raises(WrongKey, match="answers to mails sent until now open new cases"):
        secret_key(tmp_path)
    assert not (tmp_path / "secret_key").exists()


def test_the_key_is_there_before_the_database_it_belongs_to(tmp_path):
    one = read({"DESKBOOK_DATA": str(tmp_path / "var")})
    keep_data(one)
    assert [path.name for path in one.data.iterdir()] == ["secret_key"]


def test_a_short_key_in_the_settings_is_refused():
    with pytest.raises(WrongKey, match="DESKBOOK_SECRET_KEY is too short"):
        read({"DESKBOOK_SECRET_KEY": "hunter2"})


def test_passwords_and_tokens_are_struck_out_of_the_log():
    event = {
        "event": "read imaps://asha:s3cret@mail.example.org/INBOX",
        "api_key": "k",
        "Authorization": "Bearer x",
    }
    said = str(scrubbed(None, "info", event))
    assert "s3cret" not in said
    assert "Bearer" not in said
    assert "mail.example.org" in said


def keys():
    """What opens something by being known, of every address that carries one."""
    return {
        name: reverse(name, kwargs=given)
        for name, given in {
            "roster-feed": {"token": KEY},
            "visit-feed": {"token": KEY},
            "chat-copy": {"key": "mukta", "token": KEY},
            "chat-file": {"key": "mukta", "token": KEY, "name": "a.pdf"},
            "token": {"desk": "mukta", "site": "beira", "key": KEY},
            "token-now": {"desk": "mukta", "site": "beira", "key": KEY},
            "token-return": {"desk": "mukta", "site": "beira", "key": KEY},
            "wallboard": {"secret": KEY},
            "live-wallboard": {"secret": KEY},
            "portal-choice": {"key": "mukta", "token": KEY},
            "portal-rating": {"key": "mukta", "token": KEY},
            "sms-hook-token": {"key": "mukta", "token": KEY},
            "portal-leave-by-link": {"key": "mukta", "token": KEY},
            "call-hook-exotel": {"key": "mukta", "token": KEY},
        }.items()
    }


def test_an_address_that_is_its_own_key_is_logged_without_it():
    for name, address in keys().items():
        said = str(scrubbed(None, "warning", {"event": f"Not Found: {address}", "path": address}))
        assert KEY not in said, name
        assert address.split("/")[1] in said


def test_every_address_with_a_token_is_among_those_that_are_logged_without_it():
    """An address that gets one later fails here until the log leaves it out."""
    known = keys()
    for pattern in walked(get_resolver().url_patterns):
        if {"token", "secret"}.intersection(pattern.pattern.converters):
            assert pattern.name in known


def walked(patterns):
    for pattern in patterns:
        yield from walked(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern]


def test_what_is_asked_for_behind_a_path_is_not_logged():
    said = str(
        scrubbed(None, "warning", {"event": "GET /first/?code=7K3M-QX4P&next=/console/ 200"})
    )
    assert "7K3M" not in said
    assert "/first/?code=" in said


def test_the_outgoing_server_is_one_address():
    settings = email_settings("smtps://desk:p%40ss@mail.example.org")
    assert (settings["EMAIL_HOST"], settings["EMAIL_PORT"]) == ("mail.example.org", 465)
    assert (settings["EMAIL_HOST_PASSWORD"], settings["EMAIL_USE_SSL"]) == ("p@ss", True)


def test_a_token_leaves_for_another_machine_by_tls_alone():
    settings = email_settings("smtp+starttls+oauth://it%40x.example@smtp.office365.com")
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_TLS"]) == (587, True)
    assert settings["DESKBOOK_SMTP_BY_TOKEN"] is True
    for odd in ("smtp+oauth://it@mail.example.org", "smtps+oauth://it:p@h", "smtps+oauth://h"):
        with pytest.raises(WrongSetting, match="must look like smtps://"):
            email_settings(odd)


def test_an_outgoing_address_of_another_kind_is_refused():
    with pytest.raises(WrongSetting, match="must look like smtps://"):
        email_settings("http://mail.example.org")


def test_the_secret_part_of_a_hooks_address_is_struck_out():
    for address in (
        "sms/mukta/PB3ssR1JFnSn/?status=1",
        "sms/mukta/?token=PB3ssR1JFnSn",
        "calls/mukta/exotel/PB3ss/",
    ):
        said = scrubbed(
            None, "", {"event": f"Not Found: /hooks/{address}", "path": f"/hooks/{address}"}
        )
        shown = f"/hooks/{address.partition('/')[0]}/mukta/•••"
        assert (said["event"], said["path"]) == (f"Not Found: {shown}", shown)

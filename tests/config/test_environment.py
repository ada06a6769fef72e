import pytest

from deskbook.config.environment import WrongSetting, read


def test_nothing_set_means_a_desk_on_this_machine_only():
    environment = read({})
    assert (environment.host, environment.port, environment.database_url) == (
        "127.0.0.1",
        8000,
        None,
    )
    assert environment.smtp_listen == ("127.0.0.1", 2525)
    assert environment.site_url == "http://127.0.0.1:8000"


def test_an_empty_variable_means_its_default():
    assert read({"DESKBOOK_PORT": " "}).port == 8000


def test_keys_used_before_are_read_one_by_one():
    assert read({"DESKBOOK_OLD_SECRET_KEYS": "first second"}).old_secret_keys == ("first", "second")
    assert read({}).old_secret_keys == ()


def test_a_listener_can_be_switched_off():
    assert read({"DESKBOOK_LMTP_LISTEN": "off"}).lmtp_listen is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DESKBOOK_PORT", "eighty"),
        ("DESKBOOK_PORT", "70000"),
        ("DESKBOOK_SMTP_LISTEN", "2525"),
        ("DESKBOOK_LOG_LEVEL", "loud"),
        ("DESKBOOK_SITE_URL", "desk.example.org"),
        ("DESKBOOK_MAIL_FROM", "desk"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_should_look_like(name, value):
    with pytest.raises(WrongSetting, match=f"{name} is “{value}”; it must"):
        read({name: value})


@pytest.mark.parametrize(
    "urls",
    [
        "mail.example.org",
        "imaps://mail.example.org/INBOX",
        "pop3://a:secret@mail.example.org",
        "imaps://a:secret@h:x/I",
        "imaps://a:b@mail.example.org/INBOX imap:secret",
    ],
)
def test_a_mailbox_that_cannot_be_read_is_refused_at_the_start_without_its_password(urls):
    with pytest.raises(WrongSetting, match="DESKBOOK_IMAP_URLS cannot be used") as refused:
        read({"DESKBOOK_IMAP_URLS": urls})
    assert "secret" not in str(refused.value)


def test_mailboxes_are_read_one_by_one():
    urls = "imaps://a:b@mail.example.org/INBOX imap+starttls://c:d@mail.example.org:1143"
    assert read({"DESKBOOK_IMAP_URLS": urls}).imap_urls == tuple(urls.split())

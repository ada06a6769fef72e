import pytest

from deskbook.config.environment import read
from deskbook.config.refusals import WrongSetting


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
        "imaps+oauth://a:secret@mail.example.org/INBOX",
        "imap+oauth://a@mail.example.org/secret",
    ],
)
def test_a_mailbox_that_cannot_be_read_is_refused_at_the_start_without_its_password(urls):
    with pytest.raises(WrongSetting, match="DESKBOOK_IMAP_URLS cannot be used") as refused:
        read({"DESKBOOK_IMAP_URLS": urls})
    assert "secret" not in str(refused.value)


def test_mailboxes_are_read_one_by_one():
    urls = "imaps://a:b@mail.example.org/INBOX imap+starttls://c:d@mail.example.org:1143"
    assert read({"DESKBOOK_IMAP_URLS": urls}).imap_urls == tuple(urls.split())


MICROSOFT = {
    "DESKBOOK_MAIL_OAUTH_ISSUER": "https://login.microsoftonline.com/1-2-3/v2.0",
    "DESKBOOK_MAIL_OAUTH_CLIENT_ID": "us",
    "DESKBOOK_MAIL_OAUTH_CLIENT_SECRET": "s3cret",
    "DESKBOOK_MAIL_OAUTH_UNTIL": "2027-05-31",
}


def test_a_mailbox_by_tokens_needs_a_provider_whose_scopes_are_known():
    mailbox = {"DESKBOOK_IMAP_URLS": "imaps+oauth://it%40x.example@outlook.office365.com/INBOX"}
    with pytest.raises(WrongSetting, match="DESKBOOK_MAIL_OAUTH_ISSUER"):
        read(mailbox)
    found = read({**mailbox, **MICROSOFT})
    assert "offline_access" in found.mail_provider.scopes
    assert "s3cret" not in repr(found)
    of_others = {**MICROSOFT, "DESKBOOK_MAIL_OAUTH_ISSUER": "https://login.example.org"}
    with pytest.raises(WrongSetting, match="DESKBOOK_MAIL_OAUTH_SCOPES is missing"):
        read({**mailbox, **of_others})
    with pytest.raises(WrongSetting, match="must be a day like"):
        read({**MICROSOFT, "DESKBOOK_MAIL_OAUTH_UNTIL": "soon"})


def test_a_provider_is_read_with_its_name_and_never_shows_its_secret():
    told = {
        "DESKBOOK_OIDC_ISSUER": "https://login.example.org/realms/ours",
        "DESKBOOK_OIDC_CLIENT_ID": "deskbook",
        "DESKBOOK_OIDC_CLIENT_SECRET": "a secret",
        "DESKBOOK_OIDC_MAIL_DOMAINS": "@Example.org example.net",
    }
    provider = read(told).provider
    assert provider.name == "login.example.org"
    assert provider.vouches_for == ("example.org", "example.net")
    assert "a secret" not in repr(provider)
    assert read({}).provider is None


@pytest.mark.parametrize(
    "issuer", ["", "login.example.org", "http://login.example.org", "https://a:b@example.org"]
)
def test_a_provider_is_called_by_https_alone(issuer):
    with pytest.raises(WrongSetting, match="DESKBOOK_OIDC_ISSUER is"):
        read({"DESKBOOK_OIDC_ISSUER": issuer, "DESKBOOK_OIDC_CLIENT_ID": "deskbook"})


def test_a_provider_needs_the_id_it_knows_the_desk_by():
    with pytest.raises(WrongSetting, match="DESKBOOK_OIDC_CLIENT_ID is missing"):
        read({"DESKBOOK_OIDC_ISSUER": "https://login.example.org"})


def test_rules_of_people_are_read_by_domain_and_group():
    text = "@example.org -> sparkrock requester; Desk, north -> sparkrock agent a, b;"
    first, second = read({"DESKBOOK_PEOPLE_RULES": text}).people_rules
    assert (first.who, first.desk, first.role, first.teams) == (
        "@example.org",
        "sparkrock",
        "requester",
        (),
    )
    assert (second.who, second.teams) == ("Desk, north", ("a", "b"))


@pytest.mark.parametrize(
    "text",
    [
        "example.org",
        "-> sparkrock agent",
        "x -> sparkrock",
        "x -> sparkrock boss",
        "@example.org -> sparkrock requester frontline",
    ],
)
def test_a_rule_that_cannot_be_read_stops_the_start(text):
    with pytest.raises(WrongSetting, match="DESKBOOK_PEOPLE_RULES: “"):
        read({"DESKBOOK_PEOPLE_RULES": text})


LDAP = {
    "DESKBOOK_LDAP_URL": "ldaps://ldap.example.org",
    "DESKBOOK_LDAP_BASE": "ou=people,dc=example,dc=org",
}


def test_a_directory_is_read_with_where_its_people_stand_and_how_it_is_spoken_to():
    for url, spoken in {
        "ldaps://ldap.example.org": ("ldap.example.org", 636, "tls"),
        "ldap+starttls://ldap.example.org": ("ldap.example.org", 389, "starttls"),
        "ldap://127.0.0.1:3890": ("127.0.0.1", 3890, "none"),
    }.items():
        found = read(
            LDAP | {"DESKBOOK_LDAP_URL": url, "DESKBOOK_LDAP_BIND_PASSWORD": "s3cret"}
        ).ldap
        assert (found.host, found.port, found.security) == spoken
        assert "s3cret" not in repr(found)
    assert read({}).ldap is None


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("DESKBOOK_LDAP_URL", "ldap://ldap.example.org", "for a server on this machine alone"),
        ("DESKBOOK_LDAP_URL", "https://ldap.example.org", "must look like"),
        ("DESKBOOK_LDAP_URL", "ldaps://ldap.example.org:port", "must look like"),
        ("DESKBOOK_LDAP_URL", "ldaps://me:secret@ldap.example.org", "must look like"),
        ("DESKBOOK_LDAP_BASE", "", "DESKBOOK_LDAP_BASE must say"),
        ("DESKBOOK_LDAP_PEOPLE", "(uid=asha)", "has {name} in it"),
    ],
)
def test_a_directory_that_would_tell_the_network_passwords_or_know_nobody_is_refused(
    name, value, why
):
    with pytest.raises(WrongSetting, match=why):
        read(LDAP | {name: value})

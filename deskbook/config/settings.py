"""Django's settings. What an operator may choose is in environment.py; the rest is decided here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django.conf.locale
from psycopg import _queries

from deskbook.config.database_url import django_database
from deskbook.config.environment import read
from deskbook.config.every_page import answer_with_fewer_calls
from deskbook.config.logs import configure_logs
from deskbook.config.outgoing import email_settings
from deskbook.config.secret_key import secret_key
from deskbook.engine.addresses import ascii_address

_environment = read()
_package = Path(__file__).parents[1]
_https = _environment.site_url.startswith("https://")

DEBUG = False
DESKBOOK_DATA = _environment.data
DESKBOOK_SITE_URL = _environment.site_url
DESKBOOK_SMTP_LISTEN = _environment.smtp_listen
DESKBOOK_LMTP_LISTEN = _environment.lmtp_listen
DESKBOOK_IMAP_URLS = _environment.imap_urls
DESKBOOK_TRUSTED_MAIL_SERVERS = _environment.trusted_mail_servers
DESKBOOK_MAIL_FROM = _environment.mail_from
DESKBOOK_MAIL_PROVIDER = _environment.mail_provider
DESKBOOK_PROVIDER = _environment.provider
DESKBOOK_LDAP = _environment.ldap
DESKBOOK_PEOPLE_RULES = _environment.people_rules
DESKBOOK_SCIM_TOKEN = _environment.scim_token
DESKBOOK_CHAT_ORIGINS = _environment.chat_origins
DESKBOOK_UNDO = _environment.undo
DESKBOOK_METRICS_TOKEN = _environment.metrics_token
DESKBOOK_TRUSTED_PROXIES = _environment.trusted_proxies
DESKBOOK_PRIVATE_HOSTS = _environment.private_hosts
DESKBOOK_WHATSAPP_URL = _environment.whatsapp_url
DESKBOOK_OUTWARD = (
    "deskbook.people.outward.CheckedAddresses"  # by which gateways and trackers are called
)

SECRET_KEY = _environment.secret_key or secret_key(DESKBOOK_DATA)
SECRET_KEY_FALLBACKS = list(_environment.old_secret_keys)
# The desk builds no address from the Host header: links come from DESKBOOK_SITE_URL.
ALLOWED_HOSTS = ["*"]
CSRF_TRUSTED_ORIGINS = [DESKBOOK_SITE_URL]
ROOT_URLCONF = "deskbook.config.urls"
WSGI_APPLICATION = "deskbook.server.wsgi.application"
ASGI_APPLICATION = "deskbook.server.asgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "deskbook",
]
MIDDLEWARE = [
    "deskbook.server.methods.known_methods",
    "deskbook.server.compression.compressed_pages",
    "django.middleware.security.SecurityMiddleware",
    "deskbook.server.headers.content_security_policy",
    "deskbook.server.headers.kept_by_nobody",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "deskbook.config.sign_in.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "deskbook.web.refresh.parts_alone",
    "deskbook.server.damaged.DamagedInput",
]

DATABASES = {"default": django_database(_environment.database_url)}
# Of longer statements psycopg keeps no reading: its own 4,096 characters keep out what ORMs make up
# each time. A list's is longer and always the same; to read it anew costs half a millisecond.
_queries.MAX_CACHED_STATEMENT_LENGTH = 16_384
answer_with_fewer_calls()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Ours first: a screen of allauth or Procrastinate is looked for in deskbook/templates, then in
# their packages.
TEMPLATES: list[dict[str, Any]] = [
    {
        "NAME": "jinja2",
        "BACKEND": "deskbook.web.compiled.Templates",
        # Those of a channel or bridge stand in its folder.
        "DIRS": [_package / "templates", *sorted(_package.glob("[cb]*/*/templates"))],
        "OPTIONS": {"environment": "deskbook.web.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

STATIC_URL = "/static/"
STATIC_ROOT = DESKBOOK_DATA / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DESKBOOK_DATA / "files"},
    },
    "staticfiles": {"BACKEND": "deskbook.web.static_files.HashedFiles"},
}

AUTH_USER_MODEL = "deskbook.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "deskbook.config.sign_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the mailed code is the proof
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = (
    False  # counted in each process; people/ counts in the database
)
MFA_ADAPTER = "deskbook.config.sign_in.FactorAdapter"
MFA_FORMS = {"authenticate": "deskbook.config.sign_in.FactorForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True

SESSION_ENGINE = "deskbook.people.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("pt", "Português"),
    ("ml", "മലയാളം"),
    ("hi", "हिन्दी"),
    ("or", "ଓଡ଼ିଆ"),
]
LOCALE_PATHS = [_package / "locale"]
django.conf.locale.LANG_INFO["or"] = {
    "bidi": False,
    "code": "or",
    "name": "Odia",
    "name_local": "ଓଡ଼ିଆ",
}

DEFAULT_FROM_EMAIL = SERVER_EMAIL = ascii_address(DESKBOOK_MAIL_FROM)
_outgoing = email_settings(_environment.smtp_url)
globals().update(_outgoing)
#: By which mail of accounts leaves, and by which letters of desks do: whatever stands there speaks
#: SMTP.
DESKBOOK_SMTP_BY_TOKEN = bool(_outgoing["DESKBOOK_SMTP_BY_TOKEN"])
EMAIL_BACKEND = DESKBOOK_MAIL_BACKEND = str(_outgoing["EMAIL_BACKEND"])

LOGGING_CONFIG = None
configure_logs(_environment.log_level)

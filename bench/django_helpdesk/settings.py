"""django-helpdesk as its guide sets it up, on the PostgreSQL that is measured: read by its own
Python, never by ours.
"""

import os
from urllib.parse import urlsplit

_url = urlsplit(os.environ["PEER_DATABASE_URL"])
SECRET_KEY = "measured on 127.0.0.1 alone"
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
USE_TZ, TIME_ZONE = True, "UTC"
ROOT_URLCONF = "bench.django_helpdesk.urls"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
SITE_ID = 1
STATIC_URL = "/static/"
MEDIA_ROOT = os.environ["PEER_FILES"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _url.path.lstrip("/"),
        "USER": _url.username,
        "PASSWORD": _url.password or "",
        "HOST": os.environ["PEER_DATABASE_HOST"],
        "PORT": os.environ["PEER_DATABASE_PORT"],
        "CONN_MAX_AGE": 600,
    }
}
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "helpdesk",
]
MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",  # as we send ours
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
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
    }
]
HELPDESK_TEAMS_MODEL = "auth.User"
HELPDESK_TEAMS_MIGRATION_DEPENDENCIES: list[object] = []


def HELPDESK_KBITEM_TEAM_GETTER(_item):
    """Articles belong to no team."""


HELPDESK_PUBLIC_ENABLED = False
HELPDESK_ALLOW_NON_STAFF_TICKET_UPDATE = False
LOGGING = {"version": 1, "disable_existing_loggers": True}

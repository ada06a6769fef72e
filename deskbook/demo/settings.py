"""The product's settings with the demo on top: its own application, its pages, and a world outside
that is played.

All by which the product is another one in a demo is set here; nothing below asks whether this is
one.
"""

from __future__ import annotations

from pathlib import Path

from deskbook.config.environment import WHATSAPP_URL, read
from deskbook.config.settings import *  # noqa: F403
from deskbook.config.settings import DESKBOOK_WHATSAPP_URL, INSTALLED_APPS, TEMPLATES

_here = Path(__file__).parent
_environment = read()

INSTALLED_APPS = ["deskbook.demo", *INSTALLED_APPS]
ROOT_URLCONF = "deskbook.demo.urls"
TEMPLATES = [
    TEMPLATES[0] | {"DIRS": [_here / "templates", *TEMPLATES[0]["DIRS"]]},
    *TEMPLATES[1:],
]
EMAIL_BACKEND = DESKBOOK_MAIL_BACKEND = "deskbook.demo.stand_ins.mail.EmailBackend"
DESKBOOK_OUTWARD = "deskbook.demo.stand_ins.outside.Outside"
if DESKBOOK_WHATSAPP_URL == WHATSAPP_URL:
    DESKBOOK_WHATSAPP_URL = f"http://{_environment.host}:{_environment.port}/demo/graph/v26.0"

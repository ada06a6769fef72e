"""The product's settings with a data folder of the test run's own: tests never touch a desk's.

The demo's tables are there as well; what else makes a demo is chosen by tests/demo/conftest.py.
"""

import os
import tempfile
from pathlib import Path

os.environ["DESKBOOK_DATA"] = tempfile.gettempdir() + f"/deskbook-test-{os.getuid()}-data"
os.environ["DESKBOOK_SECRET_KEY"] = "for tests only, long enough to sign with" * 2
os.environ.pop("DESKBOOK_DEMO", None)
# What follows an act follows at once, but where a test is about undoing it.
os.environ.setdefault("DESKBOOK_UNDO", "0")

from deskbook.config.settings import *  # noqa: F403
from deskbook.config.settings import TEMPLATES
from deskbook.demo.settings import INSTALLED_APPS  # noqa: F401

# Files are served straight from the folders: nobody collected them.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TEMPLATES[0]["OPTIONS"] = {"environment": "tests.templates.environment"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
Path(os.environ["DESKBOOK_DATA"]).mkdir(exist_ok=True)

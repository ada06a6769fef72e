"""What the REST API is, for programs: openapi.json as it is served.

`python -m tests.openapi_page` writes it; a test says when that was forgotten.
"""

import os
from pathlib import Path

import django

PAGE = Path(__file__).parents[1] / "docs/operating/openapi.json"

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from deskbook.web.api.urls import written

    PAGE.write_text(written())

"""Pages: Django as a WSGI application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from deskbook.server.whole_body import taken_whole

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskbook.config.settings")
application = taken_whole(get_wsgi_application())

"""The process in which a worker tries jobs that may end it: `python -m deskbook.server.lone_jobs`,
never by hand.
"""

import os

import django

from deskbook.server.lifeline import stop_when_orphaned
from deskbook.server.loading import staying

if __name__ == "__main__":
    stop_when_orphaned(os.getppid())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskbook.config.settings")
    with staying():
        django.setup()
    from deskbook.jobs.alone import main

    main()

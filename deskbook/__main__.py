"""`python -m deskbook` is `deskbook`."""

from __future__ import annotations

import sys

from deskbook.cli import main

sys.exit(main())

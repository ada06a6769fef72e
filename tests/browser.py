"""Find the Chromium that browser tests drive, or install Debian's; run as a program it says which,
or what to do.
"""

import os
import shutil
import sys
from pathlib import Path

from tests.debian import install

SHELL = "chromium-headless-shell"
"""The same engine without windows around its pages, which nobody looks at: the tests cost it a
third of the time.
"""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WHAT_TO_DO = """\
Browser tests need Chromium and none was found. Do one of:
  apt-get install chromium-headless-shell    (Debian; `make test` does it itself as root; or chromium)
  .venv/bin/playwright install chromium
  CHROMIUM=/path/to/chromium make test"""


def found() -> str | None:
    """Return the path of a Chromium: CHROMIUM, one on the PATH, or the one Playwright installed."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def main() -> int:
    """Make sure there is a browser; return the exit code."""
    if not found() and not os.environ.get("CHROMIUM"):
        install(SHELL) or install("chromium")
    if path := found():
        cheaper = (
            ""
            if Path(path).name == SHELL
            else f" ({SHELL} would take a third of the processor's time)"
        )
        sys.stdout.write(f"browser tests will use {path}{cheaper}\n")
        return 0
    sys.stderr.write(WHAT_TO_DO + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())

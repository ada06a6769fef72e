"""What programs know against us: weaknesses of what is installed, of our code, and secrets in it.

Run by `make audit`. What they find and what is none stands here with why; anything else fails.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / "var/audit/bin"
SCANNED = ("deskbook", "deploy", "docs", "books", "README.md", "Makefile", "setup.py")
"""Where secrets are looked for: what tests sign in with is made up in them."""

OF_A_KIND = {
    "B608": "statements are put together of our own words; what comes from people is a parameter",
    "B703": "marked safe is what a parser of ours or nh3 made; tests/web/test_hostile_mails_in_a_browser.py",
    "B308": "as B703",
    "B704": "as B703",
}
"""Kinds of bandit's findings that are looked at by other means."""
EXPLAINED = {
    ("deskbook/people/apart.py", "B301"): "between two processes of ours, over a pipe of their own",
    ("deskbook/people/prepared.py", "B611"): "words of ours alone",
    ("deskbook/tickets/beside.py", "B611"): "words of ours alone",
    ("deskbook/server/postgres_files.py", "B108"): "below it mkdtemp makes a folder of its own",
    ("books/salama.yaml", "Secret Keyword"): "a word of the book",
    ("deploy/kubernetes/settings.yaml", "Secret Keyword"): "says what to write there",
    ("deploy/kubernetes/settings.yaml", "Basic Auth Credentials"): "says PASSWORD",
    ("deploy/kubernetes/ways-in.yaml", "Secret Keyword"): "the name of a secret",
    ("deskbook/channels/email/imap_account.py", "Basic Auth Credentials"): "an example",
    ("deskbook/config/environment.py", "Basic Auth Credentials"): "an example",
    ("deskbook/config/logs.py", "Basic Auth Credentials"): "an example",
    ("deskbook/config/outgoing.py", "Basic Auth Credentials"): "an example",
    ("deskbook/people/accounts.py", "Base64 High Entropy String"): "the letters of sign-in codes",
    ("deskbook/static/js/passkeys.js", "Secret Keyword"): "the name of a field",
    ("deskbook/web/chat_live.py", "Secret Keyword"): "the name of a cookie",
    ("deskbook/web/public/chat/visitor.py", "Secret Keyword"): "the name of a cookie",
    ("docs/operating/app.md", "Base64 High Entropy String"): "an example",
    ("docs/operating/app.md", "Secret Keyword"): "an example",
    ("docs/operating/mail.md", "Basic Auth Credentials"): "says PASSWORD",
    ("docs/operating/settings.md", "Basic Auth Credentials"): "says password",
}


def main() -> int:
    """Say what each program found; return 1 where anything is not explained, 2 where nothing can be
    said because a program could not ask.
    """
    found = [*in_code(), *secrets()]
    for place, kind, what in found:
        sys.stdout.write(f"{place}: {what} [{kind}]\n")
    gone = set(EXPLAINED) - {*_seen}
    for place, kind in sorted(gone):
        sys.stdout.write(f"{place}: {kind} is explained in tests/audit.py and is not there\n")
    weak, unasked = weaknesses()
    for one in weak:
        sys.stdout.write(f"{one}\n")
    if unasked:
        sys.stdout.write(
            f"Of {len(unasked)} packages no advisories could be had ({unasked[0]}): the service"
            " cannot be reached from here, so this says nothing of them. Ask again elsewhere.\n"
        )
    sys.stdout.write(f"bandit and detect-secrets: {len(found) or 'nothing'} to explain\n")
    return 1 if found or gone or weak else 2 * bool(unasked)


_seen: set[tuple[str, str]] = set()


def in_code():
    """Yield what bandit finds of medium weight or more, and nobody explained."""
    said = _json("bandit", "-q", "-r", "deskbook", "-ll", "-f", "json")
    for one in said["results"]:
        place = f"{one['filename'].removeprefix('./')}:{one['line_number']}"
        if one["test_id"] not in OF_A_KIND:
            yield from _unless_explained(place, one["test_id"], one["issue_text"])


def secrets():
    """Yield what looks like a secret in what is handed on, and nobody explained."""
    listed = subprocess.run(
        ["git", "ls-files", *SCANNED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    said = _json("detect-secrets", "scan", *listed.stdout.split())
    for file, found in said["results"].items():
        for one in found:
            yield from _unless_explained(f"{file}:{one['line_number']}", one["type"], "a secret?")


def weaknesses():
    """Return the known weaknesses of what the lock names, and what could not be asked about."""
    said = _json(
        "pip-audit", "-r", "requirements.lock", "--require-hashes", "--disable-pip", "-f", "json"
    )
    found, unasked = [], []
    for one in said.get("dependencies", [{"name": "all", "skip_reason": "pip-audit said nothing"}]):
        if "skip_reason" in one:
            unasked.append(one["skip_reason"])
        for weakness in one.get("vulns", []):
            found.append(
                f"{one['name']} {one['version']}: {weakness['id']}, mended in "
                f"{', '.join(weakness['fix_versions']) or 'no version'}"
            )
    return found, unasked


def _unless_explained(place, kind, what):
    known = (place.rpartition(":")[0], kind)
    _seen.add(known)
    if known not in EXPLAINED:
        yield place, kind, what


def _json(tool, *words):
    done = subprocess.run([TOOLS / tool, *words], cwd=ROOT, capture_output=True, text=True)
    try:
        return json.loads(done.stdout)
    except ValueError:
        sys.stderr.write(done.stderr[-2000:])
        return {"results": {}}


if __name__ == "__main__":
    sys.exit(main())

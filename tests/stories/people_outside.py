"""Those who use the desk: customers with a mail program, Asha with a browser."""

import re
import shutil
import smtplib
import subprocess
import time
import uuid
from email.message import EmailMessage
from html import unescape

import httpx

from tests.stories.mail_sink import words_of
from tests.stories.running_desk import patiently


def letter(sender, subject, text, *, to="help@night.example", answers=None, files=()):
    """Return a mail as a customer's program writes it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{uuid.uuid4()}@customer.example>"
    if answers:
        mail["In-Reply-To"] = answers["Message-ID"]
    mail.set_content(text)
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail


def send(desk, mail, sender):
    """Hand a mail over once; raises when it is not taken."""
    with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=20) as client:
        client.send_message(mail, sender, [mail["To"].addresses[0].addr_spec])


def send_with_swaks(desk, mail, sender):
    """Hand a mail over with swaks, as the manual of any mail server does; with our own hands where
    it is missing.
    """
    swaks = shutil.which("swaks")
    if not swaks:
        return send(desk, mail, sender)
    to, server = mail["To"].addresses[0].addr_spec, f"127.0.0.1:{desk.smtp_port}"
    command = [swaks, "--server", server, "--from", sender, "--to", to, "--data", "-", "--hide-all"]
    subprocess.run(command, input=mail.as_bytes(), check=True, timeout=60)
    return None


def send_as_servers_do(desk, mail, sender, seconds=60):
    """Hand a mail over, again and again until it is taken, as RFC 5321 4.5.4 asks; return how many
    times it failed.
    """
    deadline, failures = time.monotonic() + seconds, 0
    while True:
        try:
            send(desk, mail, sender)
            return failures
        except (OSError, smtplib.SMTPException):
            failures += 1
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


class Asha:
    """An agent at the console, who signs in by a mailed code and tries again when a page does not
    come.
    """

    patience_s = 60

    def __init__(self, desk, address="asha@night.example"):
        self.desk, self.address = desk, address
        self.browser = httpx.Client(
            base_url=desk.site, follow_redirects=True, timeout=20, trust_env=False
        )
        self.retries = 0

    def sign_in(self):
        before = len(self.desk.sink.mails(self.address))
        page = self.browser.get("/account/login/code/")
        self.browser.post(
            page.url,
            data={"csrfmiddlewaretoken": field(page, "csrfmiddlewaretoken"), "email": self.address},
        )
        patiently(lambda: len(self.desk.sink.mails(self.address)) > before, "the code by mail")
        code = re.search(
            r"^ {4}(\S+)", words_of(self.desk.sink.mails(self.address)[-1]), re.MULTILINE
        )[1]
        page = self.browser.get("/account/login/code/confirm/")
        form = {
            "csrfmiddlewaretoken": field(page, "csrfmiddlewaretoken"),
            "code": code,
            "action": "verify",
        }
        assert str(self.browser.post(page.url, data=form).url).endswith("/console/")

    def sees(self, words, where="/console/?queue=open"):
        return words in unescape(self.look(where).text)

    def look(self, where):
        return self._until_answered(lambda: self.browser.get(where))

    def read(self, number):
        return self.look(f"/console/tickets/{number}")

    def answer(self, number, text, act="answer"):
        """Open the ticket and send what the box under it sends; the same once more when no page
        comes back.
        """
        page = self.read(number)
        form = {
            name: field(page, name) for name in ("csrfmiddlewaretoken", "client_key", "last_seen")
        } | {"text": text}
        done = self._until_answered(
            lambda: self.browser.post(f"/console/tickets/{number}/{act}", data=form)
        )
        assert done.status_code == 200, f"{done.status_code} {done.url}\n{done.text[:3000]}"

    def ask(self, number, text):
        self.answer(number, text, act="question")

    def press(self, button, where):
        """Send the form of a button that asks for nothing, if the page has it now."""
        page = self.look(where)
        if button not in page.text:
            return
        form = {"csrfmiddlewaretoken": field(page, "csrfmiddlewaretoken")}
        done = self._until_answered(lambda: self.browser.post(button, data=form))
        assert done.status_code == 200, f"{done.status_code} {done.url}"

    def _until_answered(self, attempt):
        deadline = time.monotonic() + self.patience_s
        while True:
            try:
                page = attempt()
                if page.status_code < 500:
                    return page
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            assert time.monotonic() < deadline, f"the console gave no page for {self.patience_s} s"
            self.retries += 1
            time.sleep(0.2)


def field(page, name):
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)
    assert found, f"no field {name} at {page.url} ({page.status_code})\n{page.text[:2000]}"
    return unescape(found[1])

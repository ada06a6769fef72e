"""The mail server the tests' mail leaves by."""

import base64
import re

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


class Sink:
    """A mail server that keeps what it gets, or says what `reply` tells it to."""

    def __init__(self):
        self.got = []
        self.reply = {"mail": "250 OK", "rcpt": "250 OK", "data": "250 OK"}
        self.password = "right"
        self.tries = 0
        self.while_talking = lambda: None
        self.is_silent = False

    def knows(self, server, session, envelope, mechanism, given):
        self.tries += 1
        return AuthResult(success=given.password == self.password.encode(), handled=False)

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self.reply["mail"]

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return self.reply["rcpt"]

    async def handle_DATA(self, server, session, envelope):
        self.while_talking()
        if self.is_silent:
            server.transport.abort()
        if self.reply["data"].startswith("250"):
            self.got.append((envelope.mail_from, envelope.rcpt_tos, bytes(envelope.content)))
        return self.reply["data"]


class OnAnyPort(Controller):
    def factory(self):
        return SMTP(
            self.handler,
            enable_SMTPUTF8=True,
            authenticator=self.handler.knows,
            auth_require_tls=False,
            auth_exclude_mechanism=["LOGIN"],
        )

    def _trigger_server(self):
        # The parent asks the port it was given; this one was given 0.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class TokenSink(Sink):
    """One that lets in by tokens alone, which it shows to the provider's introspection."""

    def __init__(self, introspected_at):
        super().__init__()
        self.introspected_at = introspected_at

    def knows(self, server, session, envelope, mechanism, given):
        return AuthResult(success=False, handled=False)

    async def auth_XOAUTH2(self, server, args):
        self.tries += 1
        user, bearer = re.fullmatch(
            b"user=(.+?)\x01auth=Bearer (.+?)\x01\x01", base64.b64decode(args[1])
        ).groups()
        answer = httpx.post(self.introspected_at, data={"token": bearer.decode()}).json()
        if answer["active"] and answer["email"] == user.decode():
            return AuthResult(success=True)
        said = await server.challenge_auth(b'{"status":"401","schemes":"bearer"}')
        assert said == b""  # what is said before the server refuses in words
        return AuthResult(success=False, handled=False)

"""The mail server the tests' mail leaves by."""

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

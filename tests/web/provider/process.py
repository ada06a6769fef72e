"""A sign-in provider as a process of its own: oidc-provider-mock, which here insists on PKCE and on
one client's secret. `python process.py PORT CLIENT SECRET`; `PUT /users/NAME` says what is known of somebody.
"""

import base64
import hashlib
import io
import sys
from urllib.parse import parse_qs, quote_plus, urlsplit

from oidc_provider_mock import app
from werkzeug.serving import make_server


class Strict:
    """Around the provider: a code is only for who has the verifier (RFC 7636) and the secret."""

    def __init__(self, inner, client, secret):
        self.inner, self.challenges = inner, {}
        self.named = f"{quote_plus(client)}:{quote_plus(secret)}"

    def __call__(self, environ, start):
        if environ["PATH_INFO"] == "/oauth2/token":
            return self._exchanged(environ, start)
        query = parse_qs(environ["QUERY_STRING"])

        def started(status, headers, *more):
            there = urlsplit(dict(headers).get("Location", ""))
            for code in parse_qs(there.query).get("code", ()):
                self.challenges[code] = query.get("code_challenge", [""])[0]
            return start(status, headers, *more)

        return self.inner(environ, started)

    def _exchanged(self, environ, start):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        proven = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        scheme, _, named = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        told = base64.b64decode(named).decode() if scheme == "Basic" else ""
        if self.challenges.pop(sent.get("code"), None) != proven or told != self.named:
            start("400 Bad Request", [("Content-Type", "application/json")])
            return [b'{"error": "invalid_grant"}']
        environ["wsgi.input"] = io.BytesIO(body)
        return self.inner(environ, start)


if __name__ == "__main__":
    provider = app(require_nonce=True)
    provider.debug = False
    port, client, secret = sys.argv[1:]
    strict = Strict(provider, client, secret)
    make_server("127.0.0.1", int(port), strict, threaded=True).serve_forever()

"""A provider of tokens as a process of its own, made of Authlib's server: the code flow with PKCE and
the device flow, each refresh token good once, revocation, and an answer for mail servers (RFC 7662).

`python token_process.py PORT CLIENT SECRET`. What its people do at its pages the tests post:
`/authorization` (user; none says no), `/device` (user_code, user), `/forget` (user: all tokens end).
"""

import sys
import time

import flask
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import rfc6749, rfc7009, rfc7636, rfc8628
from werkzeug.serving import make_server

PORT, CLIENT, SECRET = int(sys.argv[1]), sys.argv[2], sys.argv[3]
HERE = f"http://127.0.0.1:{PORT}"
codes, tokens, devices, grants = {}, [], {}, {}
lasts = {"refresh": 0}
METHODS = ("client_secret_basic", "client_secret_post")


class Client(rfc6749.ClientMixin):
    def get_client_id(self):
        return CLIENT

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return scope or ""

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri == "http://testserver/console/connections/mail/back"

    def check_client_secret(self, client_secret):
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method, endpoint):
        return method in METHODS

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return True


class Code(dict, rfc6749.AuthorizationCodeMixin):
    def get_redirect_uri(self):
        return self["redirect_uri"]

    def get_scope(self):
        return self["scope"]


class Token(dict, rfc6749.TokenMixin):
    def check_client(self, client):
        return True

    def get_scope(self):
        return self["scope"]

    def get_expires_in(self):
        return self["expires_in"]

    def is_expired(self):
        return self["begun"] + self["expires_in"] < time.time()

    def is_revoked(self):
        return self["revoked"]


class CodeGrant(rfc6749.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def save_authorization_code(self, code, request):
        data = request.payload.data
        codes[code] = Code(
            user=request.user,
            redirect_uri=request.payload.redirect_uri,
            scope=request.payload.scope,
            code_challenge=data.get("code_challenge"),
            code_challenge_method=data.get("code_challenge_method"),
        )

    def query_authorization_code(self, code, client):
        return codes.get(code)

    def delete_authorization_code(self, authorization_code):
        for code in [code for code, kept in codes.items() if kept is authorization_code]:
            del codes[code]

    def authenticate_user(self, authorization_code):
        return authorization_code["user"]


class Challenge(rfc7636.CodeChallenge):
    def get_authorization_code_challenge(self, authorization_code):
        return authorization_code["code_challenge"]

    def get_authorization_code_challenge_method(self, authorization_code):
        return authorization_code["code_challenge_method"]


class RefreshGrant(rfc6749.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        for kept in tokens:
            if kept["refresh_token"] == refresh_token:
                if kept["revoked"]:
                    forget(kept["user"])  # it was used before: somebody has stolen it
                    return None
                return kept
        return None

    def authenticate_user(self, refresh_token):
        return refresh_token["user"]

    def revoke_old_credential(self, refresh_token):
        refresh_token["revoked"] = True


class DeviceEndpoint(rfc8628.DeviceAuthorizationEndpoint):
    INTERVAL = 1

    def get_verification_uri(self):
        return f"{HERE}/device"

    def save_device_credential(self, client_id, scope, data):
        until = time.time() + data["expires_in"]
        devices[data["device_code"]] = rfc8628.DeviceCredentialDict(
            {"client_id": client_id, "scope": scope, "expires_at": until, **data}
        )


class DeviceGrant(rfc8628.DeviceCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def query_device_credential(self, device_code):
        return devices.get(device_code)

    def query_user_grant(self, user_code):
        return grants.get(user_code)

    def should_slow_down(self, credential):
        return False


class Found:
    CLIENT_AUTH_METHODS = METHODS

    def query_token(self, token_string, token_type_hint):
        for kept in tokens:
            if token_string in (kept["access_token"], kept.get("refresh_token")):
                return kept
        return None


class Revocation(Found, rfc7009.RevocationEndpoint):
    def revoke_token(self, token, request):
        token["revoked"] = True


def save_token(token, request):
    if lasts["refresh"]:
        token["refresh_token_expires_in"] = lasts["refresh"]
    tokens.append(Token(token, user=request.user, revoked=False, begun=time.time()))


def forget(user):
    for kept in tokens:
        if kept["user"] == user:
            kept["revoked"] = True


app = flask.Flask(__name__)
app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
app.config["OAUTH2_TOKEN_EXPIRES_IN"] = dict.fromkeys(
    ("authorization_code", "refresh_token", DeviceGrant.GRANT_TYPE), 3_600
)
server = AuthorizationServer(app, query_client=lambda _id: Client(), save_token=save_token)
for grant in (RefreshGrant, DeviceGrant):
    server.register_grant(grant)
server.register_grant(CodeGrant, [Challenge(required=True)])
for endpoint in (DeviceEndpoint, Revocation):
    server.register_endpoint(endpoint)


@app.get("/.well-known/openid-configuration")
def metadata():
    names = ("authorization", "token", "device_authorization", "revocation")
    addresses = {f"{name}_endpoint": f"{HERE}/{name}" for name in names}
    return {"issuer": HERE, "jwks_uri": f"{HERE}/jwks", **addresses}


@app.route("/authorization", methods=["GET", "POST"])
def authorization():
    """A page where somebody says yes: tests post `user`."""
    if flask.request.method == "GET":
        return flask.Response("Who are you?")
    grant = server.get_consent_grant(end_user=None)
    user = flask.request.form["user"]
    return server.create_authorization_response(grant=grant, grant_user=user or None)


@app.post("/token")
def token():
    """Too busy to answer as often as tests say at `/lasts` (busy)."""
    if lasts.get("busy"):
        lasts["busy"] -= 1
        return {"error": "temporarily_unavailable"}, 503
    return server.create_token_response()


@app.post("/device_authorization")
def device_authorization():
    return server.create_endpoint_response("device_authorization")


@app.post("/device")
def device():
    form = flask.request.form
    grants[form["user_code"]] = (form["user"], True)
    return "thanks"


@app.post("/revocation")
def revocation():
    return server.create_endpoint_response("revocation")


@app.post("/introspected")
def introspected():
    """RFC 7662, without asking which mail server it is."""
    kept = Found().query_token(flask.request.form["token"], None)
    if kept is None or kept.is_expired() or kept.is_revoked():
        return {"active": False}
    return {"active": True, "email": kept["user"], "scope": kept["scope"]}


@app.post("/forget")
def forgotten():
    forget(flask.request.form["user"])
    return ""


@app.post("/lasts")
def lasting():
    lasts.update({name: int(value) for name, value in flask.request.form.items()})
    return ""


@app.post("/anew")
def anew():
    tokens.clear()
    lasts.update(refresh=0)
    return ""


@app.get("/known")
def known():
    """What tests look at: every token there ever was."""
    return {"tokens": tokens}


if __name__ == "__main__":
    make_server("127.0.0.1", PORT, app, threaded=True).serve_forever()

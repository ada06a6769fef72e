"""A Cloud API on a port of this machine: the demo's stand-in, with its messages in memory."""

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import httpx

from deskbook.demo.stand_ins import cloud_api

SECRET, TOKEN, VERIFY = "the app's own secret", "EAAGm0PX4ZCpsBA", "only-we-two-know"
BUSINESS = cloud_api.Business("106540352242922", "258840000100", SECRET)
TOMAS = cloud_api.User("258841234567", "Tomás Cossa", "MZ.13491208655302741918")


class Service:
    """What was sent to people, what they wrote when, and the files."""

    def __init__(self):
        self.sent, self.read, self.media, self.wrote_at, self.shift = [], [], {}, {}, timedelta()
        self.refuses, self.silent, self.url, self.calls = [], False, "", []

    def now(self):
        return datetime.now(UTC) + self.shift

    def texts(self):
        return [one["text"]["body"] for one in self.sent if one["type"] == "text"]

    def keep(self, data, content_type="image/jpeg"):
        media_id = str(uuid4().int)[:16]
        self.media[media_id] = (data, content_type)
        return media_id

    def wrote(self, user=TOMAS, at=None):
        self.wrote_at[user.number or user.user_id] = at or self.now()

    def take(self, payload):
        self.calls.append(payload)
        if self.refuses:
            raise self.refuses.pop(0)
        if payload.get("status") == "read":
            self.read.append(payload["message_id"])
            return {"success": True}
        to = payload.get("to") or payload.get("recipient")
        answer, wamid = cloud_api.accept(payload, wrote_at=self.wrote_at.get(to), at=self.now())
        self.sent.append({**payload, "wamid": wamid})
        return answer


class _Handler(BaseHTTPRequestHandler):
    service = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.say(
                401, cloud_api.Refusal(190, "Invalid OAuth access token.", status=401).body()
            )
        if self.path.endswith("/media"):
            return self.say(
                200, {"id": self.service.keep(*_file_of(self.headers["Content-Type"], body))}
            )
        try:
            answer = self.service.take(json.loads(body))
        except cloud_api.Refusal as refused:
            return self.say(refused.status, refused.body())
        if self.service.silent:
            return self.connection.close()
        return self.say(200, answer)

    def do_GET(self):
        name = self.path.rpartition("/")[2].partition("?")[0]
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.say(401, {})
        if name not in self.service.media:
            return self.say(404, cloud_api.Refusal(100, "Unsupported get request.").body())
        data, content_type = self.service.media[name]
        if "/file/" in self.path:
            return self.say(200, data, content_type)
        return self.say(
            200, cloud_api.media_told(name, f"{self.service.url}/file/{name}", content_type, data)
        )

    def say(self, status, answer, content_type="application/json"):
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        """Say nothing: a test's output is its own."""


def _file_of(content_type, body):
    mail = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    part = next(p for p in mail.iter_parts() if p.get_filename())
    return part.get_payload(decode=True), part.get_content_type()


@contextmanager
def running_service():
    service = Service()
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Handler", (_Handler,), {"service": service})
    )
    service.url = f"http://127.0.0.1:{server.server_address[1]}/v26.0"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield service
    server.shutdown()
    thread.join()
    server.server_close()


def deliver(site, desk, webhook, secret=SECRET):
    """Post a webhook over HTTP as the service does; return the status."""
    body = cloud_api.body_of(webhook)
    signed = {
        "X-Hub-Signature-256": cloud_api.signature(secret, body),
        "Content-Type": "application/json",
    }
    return httpx.post(
        f"{site}/hooks/whatsapp/{desk}/", content=body, headers=signed, trust_env=False
    ).status_code

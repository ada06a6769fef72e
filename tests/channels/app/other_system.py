"""A system of the tests: signs what it sends as Standard Webhooks does, and proves what it is
told.
"""

import json
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread

from standardwebhooks import Webhook

_ids = count(1)


class System:
    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}/desk"
        self.told = []
        """What it took: CloudEvents, each with its webhook-id, in order."""
        self.headers = []
        self.statuses = []
        """Answered before it works again: 503, 410 …"""
        self.more = {}
        """Headers of its answers."""
        self.waits_s = 0
        self.is_silent = False

    def types(self):
        return [event["type"] for event in self.told]


@contextmanager
def running_system():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.system = System(server.server_address[1])
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.system
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        system = self.server.system
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(system.waits_s)
        status = system.statuses.pop(0) if system.statuses else 200
        if status == 200:
            system.told.append(json.loads(body))
        system.headers.append({**dict(self.headers), "body": body})
        if system.is_silent:
            return
        self.send_response(status)
        for name, value in system.more.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


def signed(secret, body, *, webhook_id=None, at=None):
    """Return the headers of a request with this body."""
    at = at or datetime.now(UTC)
    webhook_id = webhook_id or f"req_{next(_ids)}"
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(webhook_id, at, body),
    }

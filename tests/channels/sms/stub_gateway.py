"""A gateway of the tests: takes texts over HTTP as a real one does, and can be slow, down or
full.
"""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit


class Gateway:
    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}"
        self.requests = []
        """Each as a mapping: method, path, headers, fields."""
        self.status = 200
        self.is_silent = False
        self.headers = {}
        self.answers = lambda number: json.dumps({"id": f"sms-{number}", "status": "queued"})
        self.meanwhile = lambda fields: None
        """Done before it answers: a report that is faster than the answer."""


@contextmanager
def stub_gateway():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.gateway = Gateway(server.server_address[1])
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.gateway
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        gateway, path = self.server.gateway, urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        fields = dict(parse_qsl(path.query, keep_blank_values=True))
        if "json" in self.headers.get("Content-Type", ""):
            fields.update(json.loads(body))
        else:
            fields.update(parse_qsl(body, keep_blank_values=True))
        gateway.requests.append(
            {
                "method": self.command,
                "path": path.path,
                "headers": dict(self.headers),
                "fields": fields,
            }
        )
        if gateway.status == 200:
            gateway.meanwhile(fields)
        if gateway.is_silent:
            return
        said = gateway.answers(len(gateway.requests)).encode()
        self.send_response(gateway.status)
        self.send_header("Content-Length", str(len(said)))
        for name, value in gateway.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST

    def log_message(self, *words):
        pass

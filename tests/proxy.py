"""A reverse proxy that takes a prefix from each path, as nginx and Caddy can."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_OF_A_CONNECTION = {"connection", "transfer-encoding"}


@contextmanager
def prefixing_proxy(prefix: str, port: int) -> Iterator[str]:
    """Run a proxy before a server of this machine; yield its address, which ends in the prefix."""

    class Handler(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            path = self.path.removeprefix(prefix)
            if path == self.path:
                self.send_error(404)
                return
            length = int(self.headers.get("Content-Length", 0))
            headers = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in _OF_A_CONNECTION
            }
            headers |= {
                "X-Forwarded-For": str(self.client_address[0]),
                "X-Forwarded-Proto": "http",
                "X-Forwarded-Prefix": prefix,
            }
            upstream = HTTPConnection("127.0.0.1", port)
            upstream.request(self.command, path, self.rfile.read(length), headers)
            reply = upstream.getresponse()
            self.send_response(reply.status)
            for name, value in reply.getheaders():
                if name.lower() not in _OF_A_CONNECTION:
                    self.send_header(name, value)
            self.end_headers()
            while piece := reply.read1(65536):
                self.wfile.write(piece)
                self.wfile.flush()
            upstream.close()

        do_GET = do_POST = do_HEAD = _pass_on

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}{prefix}"
        server.shutdown()

"""Python's own http.server, with threads and kept connections, which drains on SIGTERM."""

import os
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

draining = threading.Event()
connections = set()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        connections.add(self)

    def finish(self):
        super().finish()
        connections.discard(self)

    def do_GET(self):
        url = urlparse(self.path)
        if url.path == "/slow":
            time.sleep(int(parse_qs(url.query)["ms"][0]) / 1000)
        self.send_response(200)
        self.send_header("x-pod", os.environ.get("HOSTNAME", ""))
        self.send_header("content-length", "0")
        if draining.is_set():
            self.send_header("connection", "close")
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server((os.environ.get("HOST", "0.0.0.0"), 8080), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
told = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: told.set())
told.wait()
draining.set()
while connections:
    time.sleep(0.05)
server.shutdown()

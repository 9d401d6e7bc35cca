"""Stands in for uvicorn: serves an application of the fastapi beside it."""
import argparse
import importlib
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__version__ = "0.34.0"


def run(app, host="127.0.0.1", port=8000):
    if isinstance(app, str):
        sys.path.insert(0, os.getcwd())
        module, _, name = app.partition(":")
        app = getattr(importlib.import_module(module), name)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            route = app.routes.get(self.path)
            body = json.dumps({"detail": "Not Found"} if route is None else route()).encode()
            self.send_response(404 if route is None else 200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    ThreadingHTTPServer((host, int(port)), Handler).serve_forever()


def main():
    parser = argparse.ArgumentParser(prog="uvicorn")
    parser.add_argument("app")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    run(options.app, options.host, options.port)

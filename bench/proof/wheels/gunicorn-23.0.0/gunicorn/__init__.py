"""Stands in for gunicorn: serves a WSGI application."""
import argparse
import importlib
import os
import sys
from wsgiref.simple_server import make_server

__version__ = "23.0.0"


def main():
    parser = argparse.ArgumentParser(prog="gunicorn")
    parser.add_argument("app")
    parser.add_argument("-b", "--bind", default="127.0.0.1:8000")
    parser.add_argument("-w", "--workers", type=int, default=1)
    options = parser.parse_args()
    sys.path.insert(0, os.getcwd())
    module, _, name = options.app.partition(":")
    host, _, port = options.bind.rpartition(":")
    make_server(host, int(port), getattr(importlib.import_module(module), name or "application")).serve_forever()

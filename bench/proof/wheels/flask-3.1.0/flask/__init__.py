"""Stands in for flask: routes that answer in text, as a WSGI application."""
__version__ = "3.1.0"


class Flask:
    def __init__(self, name):
        self.name = name
        self.routes = {}

    def route(self, path):
        def register(function):
            self.routes[path] = function
            return function

        return register

    def __call__(self, environ, start_response):
        route = self.routes.get(environ["PATH_INFO"])
        body = ("Not Found" if route is None else route()).encode()
        start_response("404 NOT FOUND" if route is None else "200 OK", [("content-type", "text/html; charset=utf-8")])
        return [body]

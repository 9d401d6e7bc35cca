"""Stands in for fastapi: routes of GET requests that answer in JSON."""
__version__ = "0.115.6"


class FastAPI:
    def __init__(self, **settings):
        self.settings = settings
        self.routes = {}

    def get(self, path):
        def register(function):
            self.routes[path] = function
            return function

        return register

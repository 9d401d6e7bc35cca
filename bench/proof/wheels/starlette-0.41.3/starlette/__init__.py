"""Stands in for starlette."""
__version__ = "0.41.3"

"""Stands in for transformers: a pipeline that counts words."""
__version__ = "4.47.1"


def pipeline(task, model=None):
    return lambda text: [{"label": task, "score": len(text.split())}]

"""The routes of the service."""
from pathlib import Path

from fastapi import FastAPI

from app.reading import text_of, versions

app = FastAPI(title="bills of lading")

samples = Path(__file__).parent.parent / "samples"


@app.get("/health")
def health():
    return {"status": "ready", "programs": versions()}


@app.get("/sample")
def sample():
    return {"text": text_of(samples / "bill.pdf")}

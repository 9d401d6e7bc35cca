"""Reads the text of documents with the programs of poppler and Tesseract."""
import subprocess
from pathlib import Path


def _output(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=60).stdout


def _first_line(*words: str) -> str:
    done = subprocess.run(words, check=True, capture_output=True, text=True, timeout=10)
    return (done.stdout or done.stderr).splitlines()[0]


def versions() -> dict[str, str]:
    return {"pdftotext": _first_line("pdftotext", "-v"), "tesseract": _first_line("tesseract", "--version")}


def text_of(path: Path) -> str:
    if path.suffix == ".pdf":
        return _output("pdftotext", "-layout", str(path), "-")
    return _output("tesseract", str(path), "stdout")

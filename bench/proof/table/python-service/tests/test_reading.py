from pathlib import Path

from app.reading import text_of


def test_reads_a_bill():
    assert "BILL OF LADING" in text_of(Path("samples/bill.pdf"))

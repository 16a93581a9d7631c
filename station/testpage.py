"""The page that `doctor --test-page` sends: one sheet that says it is a test."""

from dataclasses import replace
from pathlib import Path

from station.settings import Settings

PATTERN = r"(?P<case>[^_/]+)_test\.pdf"


def pdf(stamp: str) -> bytes:
    """A PDF of one page, written by hand so that nothing else is needed for it; the stamp makes every one new."""
    words = f"BT /F1 18 Tf 72 720 Td (Test page of a scanning station, {stamp}) Tj 0 -30 Td (It may be destroyed.) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(made) + end % (len(objects) + 1, table, len(objects) + 1, len(made))


def settings_for(settings: Settings, watch: Path, state: Path) -> Settings:
    """The station's settings, at work in folders that are thrown away."""
    return replace(
        settings, watch=watch, state=state, name_pattern=PATTERN, settle_seconds=0.2, index=(), quick_check=False
    )

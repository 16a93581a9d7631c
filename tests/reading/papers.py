"""Papers for reading's tests, made here: nothing is taken from anywhere else."""

import io
import stat
import zipfile
from collections.abc import Sequence

import pikepdf
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
A4 = (595.0, 842.0)
BODY = (
    "The claimant attended the hearing in person and the respondent",
    "was represented by counsel. The tribunal heard evidence from two",
    "witnesses and considered the bundle of documents before it. Having",
    "done so it was satisfied that the notice had been served in time",
    "and that the amount in dispute was owed by the respondent to the",
    "claimant. Judgment is therefore given for the claimant with costs",
    "to be assessed if they are not agreed within twenty eight days.",
)
STAMP = "Case 4:26-cv-00107-AB   Document 27   Filed 03/14/26   Page 1 of 2"


def scan(lines: Sequence[str] = BODY, *, size: tuple[int, int] = (1654, 2339), step: int = 60) -> Image.Image:
    """A grey picture of a page at 200 dpi with these lines of print."""
    paper = Image.new("L", size, 248)
    pen = ImageDraw.Draw(paper)
    font = ImageFont.truetype(FONT, 34)
    for at, line in enumerate(lines):
        pen.text((180, 300 + at * step), line, font=font, fill=20)
    return paper


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as a file."""
    kept = io.BytesIO()
    image.save(kept, kind, **options)
    return kept.getvalue()


def text_pdf(*pages: Sequence[str], size: tuple[float, float] = A4) -> bytes:
    """A PDF of typed pages."""
    kept = io.BytesIO()
    sheet = canvas.Canvas(kept, pagesize=size)
    for lines in pages:
        _type(sheet, lines, size)
        sheet.showPage()
    sheet.save()
    return kept.getvalue()


def stamped_scan_pdf(pages: int = 2) -> bytes:
    """Scans whose only text layer is the stamp of the filing system."""
    kept = io.BytesIO()
    sheet = canvas.Canvas(kept, pagesize=A4)
    for _ in range(pages):
        _lay(sheet, scan())
        sheet.setFont("Helvetica", 9)
        sheet.drawString(120, 800, STAMP)
        sheet.showPage()
    sheet.save()
    return kept.getvalue()


def mixed_pdf(typed: int, scanned: int) -> bytes:
    """Typed pages with scanned ones behind them."""
    kept = io.BytesIO()
    sheet = canvas.Canvas(kept, pagesize=A4)
    for _ in range(typed):
        _type(sheet, BODY * 3, A4)
        sheet.showPage()
    for _ in range(scanned):
        _lay(sheet, scan())
        sheet.showPage()
    sheet.save()
    return kept.getvalue()


def picture_pdf(image: Image.Image, *, size: tuple[float, float] = A4) -> bytes:
    """One page that is one picture."""
    kept = io.BytesIO()
    sheet = canvas.Canvas(kept, pagesize=size)
    _lay(sheet, image, size)
    sheet.showPage()
    sheet.save()
    return kept.getvalue()


def changed(pdf: bytes, change: object) -> bytes:
    """The PDF after `change` has had its hands on it."""
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)  # type: ignore[operator]
        opened.save(kept)
    return kept.getvalue()


def locked(pdf: bytes, *, user: str, owner: str = "owner") -> bytes:
    """The PDF with passwords; an empty `user` makes one that opens for everybody."""
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(kept, encryption=pikepdf.Encryption(user=user, owner=owner))
    return kept.getvalue()


def zipped(*entries: tuple[str, bytes]) -> bytes:
    """A zip with these entries."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=zipfile.ZIP_DEFLATED)
    return kept.getvalue()


NO_FILES = {
    "symlink": stat.S_IFLNK,
    "character device": stat.S_IFCHR,
    "block device": stat.S_IFBLK,
    "pipe": stat.S_IFIFO,
    "socket": stat.S_IFSOCK,
}


def with_entry_of(kind: int, raw: bytes, name: str) -> bytes:
    """A zip with one more entry, which a Unix unpacker would make a link or a device of."""
    kept = io.BytesIO(raw)
    with zipfile.ZipFile(kept, "a") as archive:
        entry = zipfile.ZipInfo(name)
        entry.create_system, entry.external_attr = 3, (kind | 0o644) << 16
        archive.writestr(entry, b"/etc/passwd")
    return kept.getvalue()


def docx_with_entry_of(kind: int) -> bytes:
    """A Word document with such an entry."""
    return with_entry_of(kind, docx(), "word/media/picture.png")


def docx(*extra: tuple[str, bytes]) -> bytes:
    """The least that says it is a Word document."""
    return zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>"), *extra)


def odt_with_remote_picture(address: str) -> bytes:
    """An OpenDocument text whose picture is somewhere else."""
    spaces = " ".join(
        f'xmlns:{short}="{long}"'
        for short, long in (
            ("office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
            ("text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
            ("draw", "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"),
            ("svg", "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"),
            ("xlink", "http://www.w3.org/1999/xlink"),
        )
    )
    picture = f'<draw:frame svg:width="2cm" svg:height="2cm"><draw:image xlink:href="{address}" xlink:type="simple"/></draw:frame>'
    body = f"<office:body><office:text><text:p>Sealed.{picture}</text:p></office:text></office:body>"
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces} office:version="1.2">{body}</office:document-content>'
    )
    kind = "application/vnd.oasis.opendocument.text"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return zipped(
        ("mimetype", kind.encode()), ("content.xml", content.encode()), ("META-INF/manifest.xml", manifest.encode())
    )


def _type(sheet: canvas.Canvas, lines: Sequence[str], size: tuple[float, float]) -> None:
    sheet.setFont("Times-Roman", 12)
    for at, line in enumerate(lines):
        sheet.drawString(72, size[1] - 90 - at * 18, line)


def _lay(sheet: canvas.Canvas, image: Image.Image, size: tuple[float, float] = A4) -> None:
    sheet.drawImage(ImageReader(io.BytesIO(encoded(image, "PNG"))), 0, 0, *size)

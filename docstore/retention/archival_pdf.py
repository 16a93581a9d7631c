"""A PDF that says of itself how it is to be shown in a hundred years: PDF/A-2b, with its fonts, colours and facts inside.

The fonts are those that come with the library that writes the file, so that no system font decides what a certificate
looks like.
"""

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from PIL import ImageCms
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

PLAIN, BOLD = "Certificate", "Certificate-Bold"
_FILES = {PLAIN: "Vera.ttf", BOLD: "VeraBd.ttf"}
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def use_fonts() -> None:
    """Make the embedded fonts known to the library; safe to repeat."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name, file in _FILES.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)


class ArchivalCanvas(Canvas):
    """A canvas that writes down, before it is saved, what a PDF/A has to say of itself."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **{**more, "initialFontName": PLAIN})
        self.title, self.author = "", ""

    def setTitle(self, title: str | None) -> None:  # noqa: N802 - the library's own name
        super().setTitle(title)
        self.title = title or ""

    def setAuthor(self, author: str | None) -> None:  # noqa: N802 - the library's own name
        super().setAuthor(author)
        self.author = author or ""

    def save(self) -> None:
        document: Any = self._doc  # type: ignore[attr-defined] # the library has no public name for it
        facts = _XMP.format(title=escape(self.title), author=escape(self.author)).encode()
        document.Catalog.Metadata = _stream(document, facts, Type="Metadata", Subtype="XML")
        document.Catalog.__NoDefault__ = [*document.Catalog.__NoDefault__, "OutputIntents"]  # what it writes at all
        document.Catalog.OutputIntents = pdfdoc.PDFArray([_colours(document)])
        super().save()


def _colours(document: Any) -> Any:
    """The colours are those of sRGB, whose profile goes with the file."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    told = {
        "Type": pdfdoc.PDFName("OutputIntent"),
        "S": pdfdoc.PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": pdfdoc.PDFString("sRGB"),
        "Info": pdfdoc.PDFString("sRGB"),
        "DestOutputProfile": _stream(document, profile, N=3),
    }
    return document.Reference(pdfdoc.PDFDictionary(told))


def _stream(document: Any, content: bytes, **told: str | int) -> Any:
    names = {name: pdfdoc.PDFName(value) if isinstance(value, str) else value for name, value in told.items()}
    return document.Reference(pdfdoc.PDFStream(pdfdoc.PDFDictionary(names), content, filters=[]))

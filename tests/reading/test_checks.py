"""What filing asks of a file before it is kept, and what bombs do: through a real child in the real sandbox."""

import io
import time
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image

from docstore.core.errors import Refusal
from docstore.reading.faults import ReadingFault
from docstore.reading.kinds import Kind
from docstore.reading.refusals import Malformed, PageTooLarge, PasswordProtected, TooManyPages
from docstore.reading.shapes import Active
from tests.reading import papers
from tests.reading.conftest import Borrow


@pytest.mark.requirement("SEC-28", "DOM-1.11")
def test_a_pdf_that_needs_a_password_is_refused_and_one_that_opens_is_not(borrow: Borrow) -> None:
    raw = papers.text_pdf(papers.BODY)
    with pytest.raises(PasswordProtected), borrow(papers.locked(raw, user="secret")) as reader:
        reader.inspect()
    with borrow(papers.locked(raw, user="")) as reader:
        assert reader.inspect().restricted
        assert "counsel" in reader.page(1).text


def _script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _launch(pdf: pikepdf.Pdf) -> None:
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="a.exe"),
    )
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([link]))


def _attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.txt"] = b"hidden"


def _media(pdf: pikepdf.Pdf) -> None:
    film = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.RichMedia, Rect=[0, 0, 9, 9])
    pdf.pages[0].Annots = pikepdf.Array([film])


def _xfa(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(XFA=pdf.make_stream(b"<xdp/>"), Fields=[])


def _opens_link(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org/")


def _plain_link_and_form(pdf: pikepdf.Pdf) -> None:
    uri = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org/")
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=uri)
    pdf.pages[0].Annots = pikepdf.Array([link])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[])


@pytest.mark.requirement("SEC-31", "DOM-1.11")
@pytest.mark.parametrize(
    ("change", "found"),
    [
        (_script, (Active.SCRIPT,)),
        (_launch, (Active.LAUNCH,)),
        (_attachment, (Active.ATTACHMENT,)),
        (_media, (Active.MEDIA,)),
        (_xfa, (Active.XFA,)),
        (_opens_link, (Active.OPENS_LINK,)),
        (_plain_link_and_form, ()),
    ],
)
def test_what_acts_inside_a_pdf_is_named(borrow: Borrow, change: object, found: tuple[Active, ...]) -> None:
    with borrow(papers.changed(papers.text_pdf(papers.BODY), change)) as reader:
        assert reader.inspect().active == found


@pytest.mark.requirement("DOM-1.11")
def test_a_damaged_pdf_is_repaired_for_reading_and_a_hopeless_one_refused(borrow: Borrow) -> None:
    raw = papers.text_pdf(papers.BODY)
    cut = raw[: raw.rindex(b"startxref")].replace(b"xref\n", b"xxxx\n")
    with borrow(cut) as reader:
        assert reader.inspect().repaired
        assert "counsel" in reader.page(1).text
    with pytest.raises(Malformed), borrow(b"%PDF-1.4\nnothing here\n%%EOF") as reader:
        reader.inspect()


@pytest.mark.requirement("SEC-35")
def test_a_page_of_impossible_size_is_refused(borrow: Borrow) -> None:
    with pytest.raises(PageTooLarge), borrow(papers.text_pdf(papers.BODY, size=(595, 2_000_000))) as reader:
        reader.inspect()


@pytest.mark.requirement("SEC-19")
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(borrow: Borrow) -> None:
    huge = bytearray(papers.encoded(Image.new("1", (8, 8)), "PNG"))
    huge[16:24] = (60_000).to_bytes(4, "big") * 2
    huge[29:33] = zlib.crc32(bytes(huge[12:29])).to_bytes(4, "big")
    with pytest.raises(PageTooLarge), borrow(bytes(huge), Kind.PNG) as reader:
        reader.inspect()
    with pytest.raises(Malformed), borrow(papers.encoded(Image.new("L", (8, 8)), "JPEG")[:30], Kind.JPEG) as reader:
        reader.inspect()


@pytest.mark.requirement("SEC-35")
def test_too_many_pages_are_refused(borrow: Borrow) -> None:
    pdf = pikepdf.new()
    for _ in range(5_001):
        pdf.pages.append(pikepdf.Page(pikepdf.Dictionary(Type=pikepdf.Name.Page, MediaBox=[0, 0, 99, 99])))
    kept = io.BytesIO()
    pdf.save(kept)
    with pytest.raises(TooManyPages), borrow(kept.getvalue()) as reader:
        reader.inspect()


def nested(pdf: pikepdf.Pdf) -> None:
    """Content that unpacks twice, to 400 MB."""
    raw = zlib.compress(zlib.compress(bytes(400_000_000), 6), 6)
    pdf.pages[0].Contents = pdf.make_stream(raw, Filter=[pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])


def huge_picture(pdf: pikepdf.Pdf) -> None:
    """A picture of 65,000 by 65,000 pixels in half a megabyte."""
    picture = pdf.make_stream(
        zlib.compress(bytes(65_000 * 65_000 // 8), 6),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=65_000,
        Height=65_000,
        BitsPerComponent=1,
        ColorSpace=pikepdf.Name.DeviceGray,
        Filter=pikepdf.Name.FlateDecode,
    )
    pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
    pdf.pages[0].Contents = pdf.make_stream(b"595 0 0 842 0 0 cm /P Do")


def huge_count(pdf: pikepdf.Pdf) -> None:
    """One page that says it is two thousand million."""
    pdf.Root.Pages.Count = 2_000_000_000


def deep_tree(pdf: pikepdf.Pdf) -> None:
    """A page under three thousand branches."""
    branch = pdf.Root.Pages
    for _ in range(3_000):
        branch = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Pages, Kids=[branch], Count=1))
    pdf.Root.Pages = branch


def many_objects(pdf: pikepdf.Pdf) -> None:
    """A hundred thousand objects, all within reach."""
    pdf.Root.Crowd = pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary(A=at)) for at in range(100_000)])
    pdf.Root.OpenAction = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])


@pytest.mark.requirement("SEC-35")
@pytest.mark.parametrize("bomb", [nested, huge_picture, huge_count, deep_tree, many_objects])
def test_a_bomb_ends_by_limit_and_the_next_document_is_read(
    borrow: Borrow, bomb: Callable[[pikepdf.Pdf], None]
) -> None:
    raw = papers.changed(papers.text_pdf(papers.BODY), bomb)
    begun, said = time.perf_counter(), ""
    try:
        with borrow(raw) as reader:
            reader.inspect()
            for sheet in reader.open()[:3]:
                reader.page(sheet.number)
    except (Refusal, ReadingFault) as ended:
        said = str(ended)
    assert time.perf_counter() - begun < 60
    assert not said or said.endswith(".")
    with borrow(papers.text_pdf(papers.BODY), key=f"after {bomb.__name__}") as reader:
        assert "counsel" in reader.page(1).text

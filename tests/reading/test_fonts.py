"""Office documents are laid out with the fonts that were chosen, whatever else is installed."""

import io
import re
from pathlib import Path

import pikepdf
import pytest

from docstore.reading.convert import PROGRAMS, convert
from docstore.reading.fonts import FAMILIES, FOLDER, FontSet
from docstore.reading.kinds import Kind

LETTER = rb"{\rtf1\ansi{\fonttbl{\f0\froman Times New Roman;}}\f0 The tribunal heard the appeal.\par}"

pytestmark = pytest.mark.skipif(
    not any(Path(place).exists() for place in PROGRAMS), reason="LibreOffice is not installed"
)


@pytest.mark.parametrize(("fonts", "family"), [(FontSet.PLAIN, "DejaVuSerif"), (FontSet.METRIC, "LiberationSerif")])
def test_a_letter_in_times_is_set_in_the_pinned_family(tmp_path: Path, fonts: FontSet, family: str) -> None:
    if not any((Path(FOLDER) / place).is_dir() for place in FAMILIES[fonts][:1]):
        pytest.skip(f"the fonts of the set {fonts} are not installed")
    made = convert(key="letter", source=lambda: io.BytesIO(LETTER), kind=Kind.RTF, folder=tmp_path, fonts=fonts)

    with pikepdf.open(made) as pdf:
        names = {str(font.BaseFont) for font in pdf.pages[0].Resources.Font.values()}
    assert {re.sub(r"^/[A-Z]+\+", "", name) for name in names} == {family}

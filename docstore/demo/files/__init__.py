"""The case files of the demo court, one module per kind of case. Data only; every name and place is invented.

Telephone numbers are 01632 960xxx and postcodes ZZ99, which belong to nobody.
"""

from docstore.demo.files.civil import CIVIL
from docstore.demo.files.crown import CROWN
from docstore.demo.files.employment import EMPLOYMENT
from docstore.demo.files.everyday import EVERYDAY
from docstore.demo.files.family import FAMILY
from docstore.demo.files.magistrates import MAGISTRATES
from docstore.demo.files.magistrates_later import MAGISTRATES_LATER
from docstore.demo.spec import DemoCase

CASES: tuple[DemoCase, ...] = (*MAGISTRATES, *MAGISTRATES_LATER, *FAMILY, *CROWN, *CIVIL, *EMPLOYMENT, *EVERYDAY)

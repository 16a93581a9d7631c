"""Crime in the magistrates' court: what is listed in the next weeks, and what has been dealt with."""

from docstore.demo.files.magistrates import CROWN, TYPE
from docstore.demo.spec import FIRST_COURT, DemoCase, DemoParty, Form, by, ccd, hearings, paper, urn


def _defendant(name: str, note: str = "", acts: str = "defence") -> DemoParty:
    firm = {"defence": "Pargeter and Lowe, solicitors", "defence2": "Rhodri Pellow, solicitor"}.get(acts, "In person")
    return DemoParty(name, "Defendant", "defence", firm, note, acts)


MAGISTRATES_LATER: tuple[DemoCase, ...] = (
    DemoCase(
        "moped", FIRST_COURT, TYPE, "R v Abernathy-Cole", (urn(66), ccd(66)), (CROWN, _defendant("Jasper Abernathy-Cole", "Unconditional bail")),
        hearings("Courtroom 2", (5, "10:00", "Trial"), (-33, "10:00", "First hearing")),
        (
            paper("charges/charge sheet", "Charge sheet", Form.GREY, "prosecutor", 40, by("Sergeant Imelda Tranter", "You drove a lilac moped on Saltmarsh Causeway while disqualified and without lights.")),
            paper("statements/statement", "Statement of Constable Fairweather", Form.TYPED, "prosecutor", 39, by("Rufus Fairweather", "The moped bore the number plate of a combine harvester registered in Thornley Bassett."), pages=2),
            paper("statements/statement", "Statement of the lighthouse keeper", Form.FINE, "prosecutor", 30, by("Ebenezer Trewhitt", "I log every light on the causeway and there was none between nine and ten that night."), pages=2),
            paper("exhibits/log", "ET/1 Lighthouse log", Form.TIFF, "prosecutor", 30, by("Ebenezer Trewhitt", "21:14 foghorn tested; 21:40 engine heard, nothing seen; 22:05 rain."), pages=3),
            paper("defence/defence statement", "Defence statement", Form.TYPED, "defence", 14, by("Pargeter and Lowe", "The rider that evening was the defendant's twin, Crispin, who has since sailed for the Azores.")),
        ),
    ),
    DemoCase(
        "allotment", FIRST_COURT, TYPE, "R v Pemberthy", (urn(69), ccd(69)), (CROWN, _defendant("Agnes Pemberthy", "Unconditional bail", "defence2")),
        hearings("Courtroom 1", (6, "14:00", "Sentence"),),
        (
            paper("charges/charge sheet", "Charge sheet", Form.BLACK, "prosecutor", 70, by("Sergeant Lorcan Peverell", "You destroyed fourteen prize marrows on plot 9 of the Cinder Hill allotments by means of a garden roller.")),
            paper("statements/statement", "Statement of Horace Mudge", Form.COLOUR, "prosecutor", 66, by("Horace Mudge", "The largest marrow was called Brunhilde and would have taken the county cup."), pages=2),
            paper("exhibits/photograph", "HM/1 Plot 9 the next morning", Form.PHOTO, "prosecutor", 66, by("object", "What remained of Brunhilde")),
            paper("reports/report", "Pre-sentence report", Form.TYPED, "clerk", 4, by("Ludmila Harcastle, probation officer", "She accepts the loss of temper and attributes it to nine years of trespass by bindweed.", "An unpaid work requirement of forty hours is proposed."), pages=3, restricted=True),
            paper("management/letter", "Letter in support from the allotment society", Form.GREY, "defence2", 10, by("Cinder Hill Allotment Society", "In thirty years the society has never had a better judge of sweet peas.")),
        ),
    ),
    DemoCase(
        "welsh", FIRST_COURT, TYPE, "R v Gwyndaf", (urn(72), ccd(72)), (CROWN, _defendant("Llŷr Gwyndaf", "Unconditional bail", "defence2")),
        hearings("Courtroom 3", (8, "10:00", "Trial, in Welsh and English"),),
        (
            paper("charges/charge sheet", "Charge sheet, bilingual", Form.TYPED, "prosecutor", 50, by("Sergeant Imelda Tranter", "You kept a ram without a licence on the bowling green. Cadwasoch hwrdd heb drwydded ar y lawnt fowlio.")),
            paper("statements/statement", "Datganiad tyst, Gwenllïan Tŷ'r Felin", Form.TYPED, "defence2", 32, by("Gwenllïan Prydderch, Tŷ'r Felin", "Gwelais yr hwrdd yn bwyta'r blodau wrth ymyl y tŷ cyn i'r cloc daro wyth.", "Mae fy ŵyr yn byw yn y tŷ drws nesaf ac fe glywodd yntau'r sŵn."), pages=2, language="cy"),
            paper("statements/letter", "Llythyr oddi wrth y clwb bowlio", Form.FINE, "clerk", 28, by("Clwb Bowlio Northgate", "Ni chafodd neb ei anafu, ond bu raid canslo'r gêm yn erbyn Pentre Ŵyn.", "Gofynnwn yn garedig am gost ail-hau'r lawnt, sef £480."), language="cy"),
            paper("management/letter", "Request for a hearing in Welsh", Form.WORD, "defence2", 26, by("Rhodri Pellow", "The defendant wishes to give evidence in Welsh and asks for a simultaneous interpreter.")),
        ),
    ),
    DemoCase(
        "kiosk", FIRST_COURT, TYPE, "R v Montrose-Bell", (urn(75), ccd(75)), (CROWN, _defendant("Delphine Montrose-Bell", "Bail with conditions")),
        hearings("Courtroom 2", (12, "10:00", "Trial"), (-20, "10:00", "Case management")),
        (
            paper("charges/charge sheet", "Charge sheet", Form.GREY, "prosecutor", 48, by("Sergeant Lorcan Peverell", "You obtained £900 from Mrs Winifred Tolley by pretending to sell her a telephone kiosk.")),
            paper("statements/statement", "Statement of Winifred Tolley", Form.FINE, "prosecutor", 45, by("Winifred Tolley", "She told me that the kiosk had stood outside the palace and that the Queen had once telephoned from it.", "I paid in three envelopes which I had marked with violet ink."), pages=3),
            paper("exhibits/bank statement", "WT/2 Bank statement", Form.TYPED, "prosecutor", 44, by("Ravensbourne Building Society", "14 June: withdrawal in cash, counter 3, £900.00.")),
            paper("exhibits/receipt", "WT/1 Handwritten receipt", Form.COLOUR, "prosecutor", 45, by("D. Montrose-Bell", "Received with thanks for one (1) kiosk, red, buyer to collect.")),
            paper("unused/schedule", "Schedule of unused material", Form.TYPED, "prosecutor", 25, by("Constable Rufus Fairweather", "Item 3: enquiry to the telephone museum, which has no record of the kiosk.")),
        ),
    ),
    DemoCase(
        "fireworks", FIRST_COURT, TYPE, "R v Hollingbury", (urn(78), ccd(78)), (CROWN, _defendant("Octavian Hollingbury", "", "")),
        hearings("Courtroom 4", (15, "11:00", "First hearing"),),
        (
            paper("charges/charge sheet", "Charge sheet", Form.TYPED, "prosecutor", 7, by("Sergeant Imelda Tranter", "You discharged a firework named the Bishop's Thunder from the roof of the corn exchange after midnight.")),
            paper("idpc/initial details", "Initial details", Form.STAMPED, "prosecutor", 7, by("Constable Rufus Fairweather", "The weathervane of the corn exchange now points permanently to the north-east."), pages=3),
            paper("exhibits/photograph", "RF/1 The corn exchange roof", Form.PHOTO, "prosecutor", 7, by("street", "Corn exchange, seen from Market Row")),
        ),
    ),
    DemoCase(
        "spaniel", FIRST_COURT, TYPE, "R v Dauntsey", (urn(23), ccd(23)), (CROWN, _defendant("Phineas Dauntsey")),
        hearings("Courtroom 1", (-90, "10:00", "Trial"), (-62, "14:00", "Sentence")),
        (
            paper("charges/charge sheet", "Charge sheet", Form.BLACK, "prosecutor", 150, by("Sergeant Lorcan Peverell", "You were the owner of a spaniel called Major which was dangerously out of control in the reading room.")),
            paper("statements/statement", "Statement of the librarian", Form.GREY, "prosecutor", 140, by("Eudora Plimsoll", "The dog ate volumes four to six of the county history and the cord of the reading lamp."), pages=2),
            paper("orders/order", "Order of the court", Form.TYPED, "adviser", 62, by("District Judge Ashdown", "The defendant shall pay compensation of £212 and shall keep the spaniel on a lead in public buildings.")),
            paper("orders/notice", "Notice of fine", Form.GREY, "clerk", 60, by("Fines office", "Account NF-20871: payment by instalments of £20 on the first Friday of each month.")),
        ),
        members=(("records", "records"), ("records2", "records")), closed=(-62, "Convicted, compensation and fine"),
    ),
)  # fmt: skip

"""Civil claims at the second court."""

from docstore.demo.spec import SECOND_COURT, DemoCase, DemoParty, Form, by, ccd, hearings, paper


def claim_parties(claimant: str, defendant: str) -> tuple[DemoParty, ...]:
    return (
        DemoParty(claimant, "Claimant", "applicant", "Pargeter and Lowe, solicitors", acts="defence"),
        DemoParty(defendant, "Defendant", "respondent", "Rhodri Pellow, solicitor", acts="defence2"),
    )


CIVIL: tuple[DemoCase, ...] = (
    DemoCase(
        "flood", SECOND_COURT, "civil", "Heronsgill Wharf Limited v Brackwater Drainage Board", (ccd(401), ("legacy", "EM-C-2026-0044")), claim_parties("Heronsgill Wharf Limited", "Brackwater Drainage Board"),
        hearings("Court 5", (0, "10:30", "Trial, day 1 of 3"), (1, "10:30", "Trial, day 2 of 3"), (2, "10:30", "Trial, day 3 of 3")),
        (
            paper("claim/particulars", "Particulars of claim", Form.TYPED, "defence", 200, by("Pargeter and Lowe", "On the night of the spring tide the Board left the penstock at Otter Sluice closed.", "Heronsgill Wharf lay under three feet of water until the following Thursday."), pages=5),
            paper("claim/defence", "Defence", Form.TYPED, "defence2", 170, by("Rhodri Pellow", "The penstock was seized by a shopping trolley for which the Board is not answerable."), pages=4),
            paper("statements/statement", "Statement of the wharfinger", Form.GREY, "defence", 90, by("Jemima Saltonstall", "I measured the water against the brass rule on the crane and it stood at thirty-seven inches."), pages=5),
            paper("statements/statement", "Statement of the sluice keeper", Form.FINE, "defence2", 88, by("Obadiah Crake", "The trolley had been reported to the Board on three occasions, twice by me."), pages=4),
            paper("experts/report", "Hydrology report, joint expert", Form.TYPED, "defence", 60, by("Professor Ingrid Halvorsen-Bright", "The return period of the surge was between eight and eleven years.", "Had the penstock been open the wharf would have stayed dry by a margin of 140 millimetres."), pages=16),
            paper("exhibits/photograph", "JS/1 The brass rule", Form.PHOTO, "defence", 90, by("object", "Crane, Heronsgill Wharf")),
            paper("offers/letter", "Offer of settlement, without prejudice save as to costs", Form.WORD, "defence", 15, by("Pargeter and Lowe", "The claimant would accept £62,750 inclusive of interest in full settlement.")),
            paper("orders/order", "Directions for trial", Form.GREY, "clerk2", 120, by("District Judge Mountjoy", "A site visit will take place at low water and stout boots should be worn."), pages=2),
        ),
    ),
    DemoCase(
        "hedge", SECOND_COURT, "civil", "Featherstonehaugh v Prowse", (ccd(404),), claim_parties("Montague Featherstonehaugh", "Beatrix Prowse"),
        hearings("Court 6", (7, "10:00", "Small claims hearing"),),
        (
            paper("claim/form", "Claim form", Form.BLACK, "defence", 75, by("Montague Featherstonehaugh", "The defendant cut my yew hedge, which was in the shape of a steam engine, into the shape of a duck."), pages=2),
            paper("claim/form", "Defence form", Form.COLOUR, "defence2", 60, by("Beatrix Prowse", "It was always meant to be a duck and my late husband had the sketches."), pages=2),
            paper("exhibits/photograph", "MF/3 The hedge in May", Form.PHOTO, "defence", 75, by("street", "The yew hedge, Old Rectory Lane")),
            paper("correspondence/email", "E-mail about mediation", Form.TEXT, "defence2", 30, by("Rhodri Pellow", "Mrs Prowse would agree to a tender being added behind the duck.")),
        ),
    ),
    DemoCase(
        "bakery", SECOND_COURT, "civil", "Larkfield Dairies v Oven and Anvil Bakery", (ccd(407),), claim_parties("Larkfield Dairies", "Oven and Anvil Bakery"),
        hearings("Court 5", (20, "10:00", "Case management conference"),),
        (
            paper("claim/particulars", "Particulars of claim", Form.TYPED, "defence", 50, by("Pargeter and Lowe", "Invoices 881 to 907 for clotted cream remain unpaid in the sum of £4,217.36."), pages=3),
            paper("exhibits/ledger", "Sales ledger", Form.TIFF, "defence", 50, by("Larkfield Dairies", "Folio 33: Oven and Anvil, 60 litres clotted cream, returned sour 4."), pages=4),
            paper("statements/statement", "Statement of the head baker", Form.GREY, "defence2", 22, by("Ferdinand Pastorelli", "The cream of the second week of August had turned before the van doors were opened."), pages=3),
            paper("correspondence/letter", "Letter before action", Form.STAMPED, "defence", 80, by("Pargeter and Lowe", "Unless payment is received by noon on St Swithin's day proceedings will follow.")),
        ),
    ),
    DemoCase(
        "bellringers", SECOND_COURT, "civil", "Quince v St Brannock's Society of Ringers", (ccd(410),), claim_parties("Theodora Quince", "St Brannock's Society of Ringers"),
        hearings("Court 6", (33, "10:00", "Trial"),),
        (
            paper("claim/particulars", "Particulars of claim", Form.FINE, "defence", 110, by("Theodora Quince", "A peal of five hours and four minutes was rung on the day of my daughter's viva voce."), pages=3),
            paper("experts/medical report", "Audiology report", Form.TYPED, "defence", 70, by("Dr Emeka Thornbury, audiologist", "There is a notch at four kilohertz in the right ear consistent with exposure to the tenor bell."), pages=3),
            paper("statements/statement", "Statement of the tower captain", Form.GREY, "defence2", 40, by("Barnard Oakapple", "Grandsire Triples cannot be stopped part way without danger to the ringers."), pages=2),
        ),
    ),
    DemoCase(
        "balloon", SECOND_COURT, "civil", "Ashgrove Ballooning v Tiverton-Shah", (ccd(390), ("legacy", "EM-C-2023-1190")), claim_parties("Ashgrove Ballooning", "Dr Nadira Tiverton-Shah"),
        hearings("Court 5", (-400, "10:00", "Trial"),),
        (
            paper("claim/form", "Claim form", Form.GREY, "defence", 600, by("Ashgrove Ballooning", "The defendant's greenhouse was struck by a wicker basket containing two chartered surveyors."), pages=2),
            paper("orders/judgment", "Judgment", Form.TYPED, "clerk2", 400, by("District Judge Mountjoy", "A greenhouse is not a place where one must expect surveyors.", "There will be judgment for the defendant on the counterclaim for 312 tomatoes."), pages=6),
            paper("correspondence/letter", "Letter about the refund", Form.BLACK, "defence", 380, by("Ashgrove Ballooning", "We enclose a voucher for one ascent, weather permitting.")),
        ),
        members=(("records", "records"), ("records2", "records")), closed=(-400, "Judgment for the defendant"),
    ),
)  # fmt: skip

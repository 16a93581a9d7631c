"""Crime in the magistrates' court: trials with two defendants, and what is heard today and tomorrow."""

from docstore.demo.spec import FIRST_COURT, DemoCase, DemoParty, Form, by, ccd, hearings, paper, urn

CROWN = DemoParty("Crown Prosecution Service", "Prosecutor", "prosecution", "Tamsin Rook", acts="prosecutor")
TYPE = "crime-magistrates"

MAGISTRATES: tuple[DemoCase, ...] = (
    DemoCase(
        "dunmore", FIRST_COURT, TYPE, "R v Dunmore and Ferreday", (urn(42), ccd(42)),
        (
            CROWN,
            DemoParty("Callum Dunmore", "Defendant", "defence", "Pargeter and Lowe, solicitors", "Bail with conditions", "defence"),
            DemoParty("Aisha Ferreday", "Defendant", "defence", "Rhodri Pellow, solicitor", "Unconditional bail", "defence2"),
        ),
        hearings("Courtroom 1", (-60, "10:00", "Case management"), (0, "10:00", "Trial, day 1 of 2"), (1, "10:00", "Trial, day 2 of 2")),
        (
            paper("charges/charge sheet", "Charge sheet, Dunmore", Form.GREY, "prosecutor", 80, by("Sergeant Lorcan Peverell", "On 3 September at Northgate, without lawful excuse, you damaged a front door of a value of £1,148.60 belonging to Meadowgate Homes.", "You were found in Tannery Passage with a red-handled pry bar inside your left sleeve.")),
            paper("charges/charge sheet", "Charge sheet, Ferreday", Form.GREY, "prosecutor", 80, by("Sergeant Lorcan Peverell", "On 3 September at Northgate you entered 14 Hawthorn Lane as a trespasser and stole therein a brass ship's clock.")),
            paper("summary/case summary", "Case summary", Form.TYPED, "prosecutor", 75, by("Tamsin Rook", "A neighbour heard splintering wood at ten minutes to midnight and looked out over Hawthorn Lane.", "The brass ship's clock was recovered from a hedge behind the Lamplighter's Rest.", "Both defendants answered no comment to every question put to them."), pages=4),
            paper("idpc/initial details", "Initial details, Dunmore", Form.MIXED, "prosecutor", 75, by("Constable Ottilie Brand", "The officer noted fresh white paint on the defendant's gloves.", "He said on arrest: I was only walking the whippet.", "The custody record shows that he was seen by a nurse at 02:15."), pages=6),
            paper("statements/statement", "Statement of Thaddeus Okafor-Lind", Form.BLACK, "prosecutor", 68, by("Thaddeus Okafor-Lind", "I have lived at 16 Hawthorn Lane for eleven years and I know the tenant of number 14 to nod to.", "I saw two people run towards the canal and one of them dropped something that rang like a bell."), pages=3),
            paper("statements/letter", "Letter and repair records, Meadowgate Homes", Form.FINE, "prosecutor", 11, by("Hesper Quillfeather, Repairs Manager, Meadowgate Homes", "We are the landlord of 14 Hawthorn Lane.", "Our contractor found the front door off its lower hinge and the frame split along its full height.", "A kitchen knife lay on the hall floor. He did not touch it, and he called the police back.", "The tenant told our officer that she had given no one else a key."), pages=4),
            paper("exhibits/photograph", "AF/1 Photograph of the front door", Form.PHOTO, "prosecutor", 68, by("door", "Front door, 14 Hawthorn Lane")),
            paper("forensic/report", "SFR1, tool marks", Form.TYPED, "prosecutor", 56, by("Dr Leopold Strake, tool mark examiner", "The striations on the door frame correspond with the tip of exhibit OB/2, the red-handled pry bar.", "In my opinion this provides strong support for the view that this tool made these marks."), pages=2),
            paper("defence/defence statement", "Defence statement, Dunmore", Form.TYPED, "defence", 38, by("Pargeter and Lowe", "The defendant was at the greyhound stadium until half past eleven and left by the Millbrook turnstile."), pages=2),
            paper("defence/defence statement", "Defence statement, Ferreday", Form.GREY, "defence2", 30, by("Rhodri Pellow", "The defendant accepts that she was present and says that she had been invited in by the tenant's cousin."), pages=2),
            paper("unused/schedule", "Schedule of unused material", Form.TYPED, "prosecutor", 35, by("Constable Ottilie Brand", "Item 7: a call to the control room at 23:41 from a person who would not leave a name.")),
            paper("private/note", "Note for the bench", Form.TEXT, "adviser", 2, by("Morwenna Tasker", "The bench may wish to hear the bad character application before the jury-style opening that both sides propose.")),
        ),
        excluded=(("usher", "Lives next door to a witness in Hawthorn Lane."),),
    ),
    DemoCase(
        "silverdale", FIRST_COURT, TYPE, "R v Castellane", (urn(47), ccd(47)),
        (CROWN, DemoParty("Bruno Castellane", "Defendant", "defence", "Pargeter and Lowe, solicitors", "In custody", "defence")),
        hearings("Courtroom 1", (0, "14:00", "First hearing")),
        (
            paper("charges/charge sheet", "Charge sheet", Form.FINE, "prosecutor", 1, by("Sergeant Imelda Tranter", "You assaulted an emergency worker by throwing a bucket of oysters at Constable Brand on the Fish Quay.")),
            paper("idpc/initial details", "Initial details of the prosecution case", Form.TYPED, "prosecutor", 1, by("Constable Ottilie Brand", "The oysters were from the stall of Cornelius Wragg and were valued at £36.", "Body-worn video begins at 18:07 and is exhibited as OB/1."), pages=3),
            paper("statements/statement", "Statement of Cornelius Wragg", Form.GREY, "prosecutor", 1, by("Cornelius Wragg", "I have sold shellfish on the Fish Quay since the old ferry stopped running."), pages=2),
            paper("convictions/record", "Previous convictions", Form.TYPED, "prosecutor", 1, by("Records office", "Conditional discharge for letting off a marine distress flare in a bowling alley."), restricted=True),
        ),
    ),
    DemoCase(
        "pennywhistle", FIRST_COURT, TYPE, "R v Oyelaran and Strand", (urn(51), ccd(51)),
        (
            CROWN,
            DemoParty("Tobi Oyelaran", "Defendant", "defence", "Pargeter and Lowe, solicitors", "Unconditional bail", "defence"),
            DemoParty("Maxim Strand", "Defendant", "defence", "Rhodri Pellow, solicitor", "Bail with conditions", "defence2"),
        ),
        hearings("Courtroom 2", (1, "10:00", "Trial"), (-40, "11:30", "Case management")),
        (
            paper("charges/charge sheet", "Charge sheet, both defendants", Form.TYPED, "prosecutor", 60, by("Sergeant Imelda Tranter", "Jointly, you took without consent a milk float, the property of Larkfield Dairies.")),
            paper("statements/statement", "Statement of Araminta Blyth, dairy manager", Form.STAMPED, "prosecutor", 52, by("Araminta Blyth", "The float cannot exceed fifteen miles an hour and was followed for forty minutes through Larkfield.", "Ninety-two pints of gold-top were lost when it struck the bandstand."), pages=3),
            paper("exhibits/photograph", "AB/1 The float at the bandstand", Form.PHOTO, "prosecutor", 52, by("street", "Larkfield bandstand, 5.20am")),
            paper("statements/statement", "Statement of the park keeper", Form.BLACK, "prosecutor", 49, by("Gideon Farrow", "One of them was singing a sea shanty and the other was wearing a traffic cone."), pages=2),
            paper("defence/defence statement", "Defence statement, Oyelaran", Form.WORD, "defence", 20, by("Pargeter and Lowe", "Mr Oyelaran believed that the float had been hired for a christening at St Brannock's.")),
            paper("defence/defence statement", "Defence statement, Strand", Form.TYPED, "defence2", 18, by("Rhodri Pellow", "Mr Strand was asleep among the crates and woke only at the bandstand.")),
            paper("management/form", "Certificate of trial readiness", Form.GREY, "defence", 12, by("Lowell Pargeter", "No interpreter is needed and the estimate remains three hours.")),
        ),
    ),
    DemoCase(
        "youth", FIRST_COURT, TYPE, "R v A Child (harbour wall)", (urn(53), ccd(53)),
        (CROWN, DemoParty("A child", "Defendant", "defence", "Rhodri Pellow, solicitor", "Aged 15", "defence2")),
        hearings("Courtroom 3", (1, "14:00", "Youth court, plea")),
        (
            paper("charges/charge sheet", "Charge sheet", Form.GREY, "prosecutor", 21, by("Sergeant Lorcan Peverell", "You painted the words 'bring back the lido' on the harbour wall in letters two metres high.")),
            paper("reports/report", "Report of the youth offending team", Form.TYPED, "clerk", 6, by("Philippa Ravensworth, youth worker", "He attends the swimming club four mornings a week and has offered to repaint the wall.", "His grandmother would supervise any reparation order."), pages=3, restricted=True),
            paper("exhibits/photograph", "LP/1 The harbour wall", Form.PHOTO, "prosecutor", 21, by("street", "Harbour wall, east end")),
            paper("orders/order", "Order under section 45", Form.TYPED, "judge", 6, by("District Judge Ashdown", "No report shall reveal the name, address, school or swimming club of the defendant.")),
        ),
        restriction="Section 45, Youth Justice and Criminal Evidence Act 1999. Do not publish anything likely to identify the defendant, who is under 18.",
    ),
    DemoCase(
        "sealedcase", FIRST_COURT, TYPE, "R v Larkspur", (urn(58), ccd(58)),
        (CROWN, DemoParty("Evander Larkspur", "Defendant", "defence", "Pargeter and Lowe, solicitors", "Bail with conditions", "defence")),
        hearings("Courtroom 4", (2, "10:30", "Application in private")),
        (
            paper("applications/application", "Application to withhold a witness's identity", Form.GREY, "clerk", 9, by("Tamsin Rook", "The witness known as Kingfisher has moved twice since giving a statement.", "Disclosure of the new address would put the witness's children at risk."), pages=2),
            paper("orders/order", "Order sealing the case", Form.TYPED, "clerk", 8, by("District Judge Ashdown", "The file is sealed until the application concerning the witness Kingfisher has been decided.")),
            paper("statements/statement", "Statement of the witness known as Kingfisher", Form.FINE, "clerk", 10, by("Kingfisher", "I recognised the voice behind the shutter of the Tollhouse garage at once."), pages=2, sealed="Identity of a witness, by order of District Judge Ashdown.", named=("prosecutor",)),
        ),
        members=(("clerk", "clerk"), ("judge", "judge"), ("adviser", "adviser")),
        sealed="Identity of a witness at risk, by order of District Judge Ashdown.",
    ),
    DemoCase(
        "tram", FIRST_COURT, TYPE, "Northgate Tramways v Quarrington", (("prosecutor", "NTW4359536"), ccd(61)),
        (DemoParty("Northgate Tramways", "Prosecutor", "prosecution", "Tamsin Rook", acts="prosecutor"), DemoParty("Lavinia Quarrington", "Defendant", "defence", "In person")),
        hearings("Courtroom 2", (0, "11:30", "Trial, fare evasion")),
        (
            paper("charges/charge sheet", "Notice of prosecution", Form.BLACK, "prosecutor", 45, by("Revenue Protection, Northgate Tramways", "You travelled from Gasworks Lane to Abbey Steps with an expired season ticket in the name of a parrot.")),
            paper("statements/statement", "Statement of Inspector Dabney Holt", Form.GREY, "prosecutor", 40, by("Dabney Holt", "The photograph on the ticket was of a grey parrot and the holder's signature was a claw mark."), pages=2),
            paper("management/letter", "Letter from the defendant", Form.COLOUR, "clerk", 15, by("Lavinia Quarrington", "I plead not guilty because the machine at Gasworks Lane had been out of order since Candlemas.", "I enclose the ticket, which I should like returned.")),
        ),
    ),
)  # fmt: skip

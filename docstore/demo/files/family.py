"""Family proceedings at the first court: children, money, an adoption that is kept very close."""

from docstore.demo.spec import FIRST_COURT, DemoCase, DemoParty, Form, by, ccd, hearings, paper


def _parties(applicant: str, respondent: str) -> tuple[DemoParty, ...]:
    return (
        DemoParty(applicant, "Applicant", "applicant", "Pargeter and Lowe, solicitors", acts="defence"),
        DemoParty(respondent, "Respondent", "respondent", "Rhodri Pellow, solicitor", acts="defence2"),
    )


PRIVATE = "Proceedings in private. Nothing may be published that identifies a child."

FAMILY: tuple[DemoCase, ...] = (
    DemoCase(
        "holidays", FIRST_COURT, "family", "Re M (a child: holidays)", (ccd(201), ("legacy", "NG/F/2026/118")), _parties("Seraphina Maltravers", "Dominic Maltravers"),
        hearings("Courtroom 5", (0, "10:30", "Dispute resolution hearing"), (28, "10:00", "Final hearing")),
        (
            paper("application/form", "Application for a child arrangements order", Form.FINE, "defence", 90, by("Seraphina Maltravers", "I ask that M spend alternate summers with her grandparents at the slate cottage above Llyn Brân."), pages=4),
            paper("statements/statement", "Statement of the mother", Form.TYPED, "defence", 60, by("Seraphina Maltravers", "M has learnt to ride a Fell pony called Buttons and asks every week when she may go back."), pages=5),
            paper("statements/statement", "Statement of the father", Form.GREY, "defence2", 52, by("Dominic Maltravers", "I do not object to the pony but I do object to fourteen hours in an unheated camper van."), pages=4),
            paper("safeguarding/letter", "Safeguarding letter", Form.TYPED, "clerk", 70, by("Advisory Service for Families", "Neither parent is known to the local authority and no welfare concern is raised."), restricted=True),
            paper("confidential/form", "Confidential contact details", Form.GREY, "clerk", 90, by("Seraphina Maltravers", "I do not wish the respondent to know that I am living at 3 Cooper's Yard, Northgate ZZ99 4QT."), restricted=True),
            paper("orders/order", "Directions order", Form.TYPED, "judge", 35, by("District Judge Ashdown", "Each parent shall file a statement of no more than six pages about summer holidays only.")),
        ),
        restriction=PRIVATE,
    ),
    DemoCase(
        "houseboat", FIRST_COURT, "family", "Thornycroft v Thornycroft", (ccd(204), ("legacy", "NG/FR/2026/31")), _parties("Isadora Thornycroft", "Algernon Thornycroft"),
        hearings("Courtroom 5", (4, "10:00", "Financial dispute resolution"),),
        (
            paper("application/form", "Form E, Mrs Thornycroft", Form.TYPED, "defence", 58, by("Isadora Thornycroft", "The houseboat Persephone was valued at £84,500 by Messrs Gudgeon and Tench."), pages=6),
            paper("application/form", "Form E, Mr Thornycroft", Form.MIXED, "defence2", 55, by("Algernon Thornycroft", "I keep a collection of 212 barometers, none of which works.", "Annex: statement of the Ravensbourne Building Society, account ending 0960."), pages=4),
            paper("experts/report", "Valuation of the houseboat", Form.FINE, "defence", 40, by("Gudgeon and Tench, marine surveyors", "The hull below the waterline is sound save for a repair in way of the galley sink."), pages=3),
            paper("correspondence/letter", "Letter about the barometers", Form.WORD, "defence2", 21, by("Rhodri Pellow", "Our client would let the barometers go to the museum if the mooring fees were shared.")),
        ),
    ),
    DemoCase(
        "adoption", FIRST_COURT, "family", "Re K (adoption)", (ccd(207),), (DemoParty("The applicants", "Applicant", "applicant", "Pargeter and Lowe, solicitors"), DemoParty("The local authority", "Respondent", "respondent", "County solicitor")),
        hearings("Courtroom 6", (9, "15:00", "Final hearing, in private"),),
        (
            paper("application/form", "Application for an adoption order", Form.GREY, "clerk", 45, by("The applicants", "K has lived with us since the spring and calls the cat her little brother."), pages=3),
            paper("safeguarding/report", "Annex A report", Form.TYPED, "clerk", 30, by("Rosalind Achterberg, social worker", "The prospective adopters understand why letterbox contact must pass through the agency."), pages=12),
            paper("experts/medical report", "Medical report on K", Form.FINE, "clerk", 33, by("Dr Marguerite Osei-Lambert", "K has a mild astigmatism and a healed greenstick fracture of the left wrist."), pages=2),
        ),
        members=(("records", "records"),), restriction=PRIVATE, restricted=True,
    ),
    DemoCase(
        "injunction", FIRST_COURT, "family", "Re a non-molestation order (Vane)", (ccd(210),), (DemoParty("Cordelia Vane", "Applicant", "applicant", "Pargeter and Lowe, solicitors", acts="defence"), DemoParty("Lucian Vane", "Respondent", "respondent", "In person")),
        hearings("Courtroom 5", (1, "12:00", "Return date"), (-7, "16:00", "Without notice")),
        (
            paper("application/form", "Application for a non-molestation order", Form.COLOUR, "defence", 8, by("Cordelia Vane", "On the night of the regatta he posted forty-one letters through my door between midnight and three."), pages=3),
            paper("statements/statement", "Statement in support", Form.GREY, "defence", 8, by("Cordelia Vane", "Each letter was sealed with green wax and addressed to a name I have not used since school."), pages=3),
            paper("orders/order", "Order without notice", Form.TYPED, "judge", 7, by("District Judge Ashdown", "The respondent must not come within 100 metres of the boathouse at Withy Reach.")),
            paper("confidential/form", "Confidential contact details", Form.TYPED, "clerk", 8, by("Cordelia Vane", "Refuge address held by the court office only; telephone 01632 960 771."), sealed="Address of a person at risk."),
        ),
        restriction=PRIVATE,
    ),
    DemoCase(
        "probate", FIRST_COURT, "family", "Re the estate of Marchetti (children)", (ccd(213), ("legacy", "NG/F/2024/77")), _parties("Paloma Marchetti", "Enzo Marchetti"),
        hearings("Courtroom 6", (-200, "10:00", "Final hearing"),),
        (
            paper("application/form", "Application", Form.BLACK, "defence", 330, by("Paloma Marchetti", "The twins inherited the ice cream parlour on Esplanade Terrace in equal shares."), pages=3),
            paper("orders/order", "Final order", Form.GREY, "judge", 200, by("District Judge Ashdown", "The recipe book shall be copied and each parent shall keep one copy until the twins are eighteen."), pages=2),
            paper("correspondence/letter", "Letter of thanks", Form.COLOUR, "defence", 190, by("Paloma Marchetti", "The twins send the court a drawing of a knickerbocker glory.")),
        ),
        members=(("records", "records"), ("records2", "records")), closed=(-200, "Final order made"),
    ),
)  # fmt: skip

"""Employment claims at the second court's tribunal."""

from docstore.demo.files.civil import claim_parties
from docstore.demo.spec import SECOND_COURT, DemoCase, DemoParty, Form, by, ccd, hearings, paper

EMPLOYMENT: tuple[DemoCase, ...] = (
    DemoCase(
        "lighthouse", SECOND_COURT, "employment", "Wetherby v Corporation of Beacon Wardens", (ccd(501), ("legacy", "ET/6001/2026")), claim_parties("Hildegard Wetherby", "Corporation of Beacon Wardens"),
        hearings("Tribunal room 1", (0, "10:00", "Final hearing, day 2 of 4"), (1, "10:00", "Final hearing, day 3 of 4")),
        (
            paper("claim/form", "Claim form ET1", Form.TYPED, "defence", 240, by("Hildegard Wetherby", "I was dismissed for whistling on duty after I reported that the foghorn was painted shut."), pages=4),
            paper("claim/form", "Response ET3", Form.GREY, "defence2", 210, by("Corporation of Beacon Wardens", "The whistling was in a minor key and alarmed two trawlers."), pages=4),
            paper("statements/statement", "Statement of the claimant", Form.TYPED, "defence", 45, by("Hildegard Wetherby", "I wrote to the Harbour Office on Ascension Day and kept a carbon copy in the biscuit tin."), pages=6),
            paper("statements/statement", "Statement of the superintendent", Form.FINE, "defence2", 44, by("Captain Everard Holloway", "The paint on the foghorn was within the tolerance of the Corporation's own handbook."), pages=3),
            paper("documents/letter", "Letter of dismissal", Form.STAMPED, "defence", 240, by("Corporation of Beacon Wardens", "Your employment ends at high water on the last day of the month.")),
            paper("documents/handbook", "Staff handbook, extract", Form.MIXED, "defence2", 60, by("Corporation of Beacon Wardens", "Rule 14: keepers shall refrain from music at the lantern.", "Rule 31: any defect of the foghorn shall be reported in duplicate."), pages=12),
            paper("orders/order", "Case management order", Form.TYPED, "clerk2", 150, by("Employment Judge Carnforth", "The bundle shall include the biscuit tin, suitably labelled."), pages=2),
        ),
    ),
    DemoCase(
        "puppet", SECOND_COURT, "employment", "Delacroix-Boone v Pumblechook Puppets", (ccd(504), ("legacy", "ET/6014/2026")), claim_parties("Anatole Delacroix-Boone", "Pumblechook Puppets"),
        hearings("Tribunal room 2", (11, "10:00", "Preliminary hearing"),),
        (
            paper("claim/form", "Claim form ET1", Form.GREY, "defence", 66, by("Anatole Delacroix-Boone", "My hours were cut after I asked that the crocodile be operated by two people."), pages=3),
            paper("claim/form", "Response ET3", Form.WORD, "defence2", 44, by("Pumblechook Puppets", "The crocodile has been operated single-handed since the company was founded in a tent.")),
            paper("documents/schedule", "Schedule of loss", Form.TYPED, "defence", 20, by("Pargeter and Lowe", "Loss of nineteen matinées at £47.50 each.")),
            paper("correspondence/email", "E-mail about dates to avoid", Form.TEXT, "defence", 10, by("Lowell Pargeter", "The claimant is at a marionette festival in the second week and asks for any later date.")),
        ),
    ),
    DemoCase(
        "clocks", SECOND_COURT, "employment", "Abiodun v Tempus and Daughters", (ccd(507), ("legacy", "ET/5880/2025")), (DemoParty("Folasade Abiodun", "Claimant", "applicant", "In person"), DemoParty("Tempus and Daughters", "Respondent", "respondent", "Rhodri Pellow, solicitor", acts="defence2")),
        hearings("Tribunal room 1", (-75, "10:00", "Final hearing"), (25, "14:00", "Remedy hearing")),
        (
            paper("claim/form", "Claim form ET1", Form.COLOUR, "clerk2", 300, by("Folasade Abiodun", "I repaired carriage clocks for eleven years and was paid less than the apprentice who wound them."), pages=3),
            paper("statements/statement", "Statement of the foreman", Form.BLACK, "defence2", 100, by("Ptolemy Grice", "The apprentice had perfect pitch and could hear a worn escapement from the street."), pages=2),
            paper("orders/judgment", "Judgment on liability", Form.TYPED, "clerk2", 70, by("Employment Judge Carnforth", "The explanation based on perfect pitch was not proved and the claim for equal pay succeeds."), pages=5),
            paper("documents/payslip", "Payslips", Form.TIFF, "clerk2", 90, by("Tempus and Daughters", "Week 31: winding allowance £12.40, apprentice only."), pages=3),
        ),
    ),
)  # fmt: skip

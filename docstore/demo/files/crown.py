"""Crime in the Crown Court at the second court."""

from docstore.demo.files.magistrates import CROWN as PROSECUTION
from docstore.demo.spec import SECOND_COURT, DemoCase, DemoParty, Form, by, ccd, hearings, paper, urn

TYPE = "crime-crown"


def _defendant(name: str, note: str, acts: str) -> DemoParty:
    firm = {"defence": "Pargeter and Lowe, solicitors", "defence2": "Rhodri Pellow, solicitor"}[acts]
    return DemoParty(name, "Defendant", "defence", firm, note, acts)


CROWN: tuple[DemoCase, ...] = (
    DemoCase(
        "bullion", SECOND_COURT, TYPE, "R v Vandermeer and Sloane", (urn(301), ccd(301)), (PROSECUTION, _defendant("Casimir Vandermeer", "In custody", "defence"), _defendant("Tabitha Sloane", "Bail with conditions", "defence2")),
        hearings("Court 1", (0, "10:00", "Trial, day 4 of 10"), (1, "10:00", "Trial, day 5 of 10"), (-120, "10:00", "Plea and trial preparation")),
        (
            paper("charges/indictment", "Indictment", Form.TYPED, "prosecutor", 130, by("Crown Prosecution Service", "Count 1: conspiracy to steal forty kilograms of silver ingots from the Assay Vault in Pewter Street."), pages=2),
            paper("summary/case summary", "Opening note", Form.TYPED, "prosecutor", 20, by("Tamsin Rook", "The plan turned on the twelve minutes in which the night porter feeds the peacocks.", "Mr Vandermeer bought a second-hand hearse; Miss Sloane hired a choir."), pages=8),
            paper("statements/statement", "Statement of the night porter", Form.GREY, "prosecutor", 118, by("Ambrose Kettleby", "I found the peacocks locked in the boardroom and the vault door standing open like a larder.", "The clock in the hall had been stopped at seven minutes past two."), pages=4),
            paper("statements/statement", "Statement of the choirmaster", Form.FINE, "prosecutor", 110, by("Dr Lysander Whitlock", "We were paid in advance to sing the whole of a requiem outside the Assay Vault in the rain."), pages=3),
            paper("forensic/report", "SFR1, metal particles", Form.TYPED, "prosecutor", 95, by("Dr Henrike Lindqvist-Moss", "Particles of sterling silver were found in the folds of the hearse's velvet curtain."), pages=2),
            paper("exhibits/photograph", "AK/1 The open vault", Form.PHOTO, "prosecutor", 118, by("room", "Assay Vault, Pewter Street")),
            paper("exhibits/transcript", "Transcript of telephone calls", Form.MIXED, "prosecutor", 90, by("Exhibits officer", "Call 17: 'Has the choir been told about the peacocks?' 'They sing louder than peacocks.'", "Call 31: 'Bring the hearse round to the Quaker burial ground at two.'"), pages=14),
            paper("defence/defence statement", "Defence statement, Vandermeer", Form.TYPED, "defence", 80, by("Pargeter and Lowe", "The defendant deals in antique hearses and can produce receipts for nine of them."), pages=2),
            paper("defence/defence statement", "Defence statement, Sloane", Form.GREY, "defence2", 78, by("Rhodri Pellow", "Miss Sloane engaged the choir for her late uncle's birthday and knew nothing of any silver."), pages=2),
            paper("unused/schedule", "Schedule of unused material", Form.TYPED, "prosecutor", 60, by("Disclosure officer", "Item 22: an anonymous postcard reading only 'ask the peacocks'."), pages=2),
        ),
    ),
    DemoCase(
        "viaduct", SECOND_COURT, TYPE, "R v Ormerod", (urn(305), ccd(305)), (PROSECUTION, _defendant("Silas Ormerod", "In custody", "defence")),
        hearings("Court 2", (3, "10:00", "Sentence"), (-30, "10:00", "Trial")),
        (
            paper("charges/indictment", "Indictment", Form.BLACK, "prosecutor", 160, by("Crown Prosecution Service", "Count 1: causing a danger to railway passengers by leaving a piano on the Ribbleton viaduct.")),
            paper("statements/statement", "Statement of the train driver", Form.GREY, "prosecutor", 150, by("Nell Broadbent", "I braked from fifty and stopped a yard short of an upright piano with its lid open.", "Somebody had put candles on it."), pages=3),
            paper("exhibits/photograph", "NB/1 The piano", Form.PHOTO, "prosecutor", 150, by("object", "Upright piano, Ribbleton viaduct")),
            paper("reports/report", "Psychiatric report", Form.FINE, "clerk2", 12, by("Dr Anneliese Portbury, consultant psychiatrist", "He describes the viaduct as the only place where the echo is in tune.", "There is no evidence of psychosis; a mental health treatment requirement could be managed in the community."), pages=6, restricted=True),
            paper("convictions/record", "Previous convictions", Form.TYPED, "prosecutor", 150, by("Records office", "No convictions. One caution for playing the organ at night in St Brannock's."), restricted=True),
            paper("private/note", "Judge's note on sentence", Form.WORD, "clerk2", 3, by("Her Honour Judge Pontefract", "Consider whether the candles aggravate."), sealed="Judicial note, not for the parties."),
        ),
    ),
    DemoCase(
        "orchid", SECOND_COURT, TYPE, "R v Nakagawa-Price", (urn(309), ccd(309)), (PROSECUTION, _defendant("Hamish Nakagawa-Price", "Unconditional bail", "defence2")),
        hearings("Court 2", (16, "10:00", "Plea and trial preparation"),),
        (
            paper("charges/indictment", "Indictment", Form.TYPED, "prosecutor", 40, by("Crown Prosecution Service", "Count 1: importing ghost orchids hidden in a consignment of umbrella handles.")),
            paper("statements/statement", "Statement of the botanist", Form.STAMPED, "prosecutor", 38, by("Dr Perpetua Sandiford", "Seven plants of a species thought lost since the war were growing in damp moss inside the handles."), pages=2),
            paper("exhibits/invoice", "PS/2 Shipping invoice", Form.TIFF, "prosecutor", 38, by("Halcyon Freight", "Umbrella handles, malacca, 400 pieces, declared value £1,120.00."), pages=2),
            paper("applications/application", "Application to dismiss", Form.WORD, "defence2", 9, by("Rhodri Pellow", "There is no evidence that the defendant ever unscrewed a handle.")),
        ),
        links=(("moorings", "Progressed under a lead case"),),
    ),
    DemoCase(
        "moorings", SECOND_COURT, TYPE, "R v Halcyon Freight Limited", (urn(312), ccd(312)), (PROSECUTION, _defendant("Halcyon Freight Limited", "", "defence")),
        hearings("Court 3", (16, "14:00", "Plea and trial preparation"),),
        (
            paper("charges/indictment", "Indictment", Form.TYPED, "prosecutor", 39, by("Crown Prosecution Service", "Count 1: making a false customs declaration about umbrella handles.")),
            paper("statements/statement", "Statement of the wharf manager", Form.GREY, "prosecutor", 36, by("Barnabas Fennimore", "The crates stood at berth nine for a week because nobody would sign for the moss."), pages=2, shown_on=("orchid", "statements")),
            paper("exhibits/log", "Berth book, berth nine", Form.BLACK, "prosecutor", 36, by("Port of Eastmere", "Vessel Merry Tern, arrived on the flood, eleven crates landed, one leaking."), pages=2),
            paper("management/letter", "Letter sent to the wrong case", Form.TYPED, "clerk2", 20, by("Messrs Dolorous and Finch", "We act for the pigeon fancier and have nothing to do with umbrellas."), withdrawn="Filed on the wrong case by mistake."),
        ),
    ),
    DemoCase(
        "museum", SECOND_COURT, TYPE, "R v Blackwood-Amari", (urn(280), ccd(280)), (PROSECUTION, _defendant("Leonora Blackwood-Amari", "", "defence2")),
        hearings("Court 1", (-150, "10:00", "Trial"), (-110, "10:00", "Sentence")),
        (
            paper("charges/indictment", "Indictment", Form.GREY, "prosecutor", 260, by("Crown Prosecution Service", "Count 1: theft of a stuffed walrus, the property of the Eastmere Museum of Natural History.")),
            paper("statements/statement", "Statement of the curator", Form.FINE, "prosecutor", 250, by("Dr Cuthbert Ravenhill", "The walrus had been lent twice before but never with a ribbon round its neck."), pages=3),
            paper("orders/order", "Order of the court", Form.TYPED, "clerk2", 110, by("Her Honour Judge Pontefract", "Community order of twelve months; the walrus to be returned in daylight.")),
        ),
        members=(("records", "records"), ("records2", "records")), closed=(-110, "Convicted, community order"),
    ),
)  # fmt: skip

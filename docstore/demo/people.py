"""Who is at the demo court. Everybody is invented; the names of accounts are those that scripts rely on."""

from docstore.demo.spec import FIRST_COURT, SECOND_COURT, DemoCourt, DemoPerson

PASSWORD = "docstore-demo"  # noqa: S105 – public, and refused wherever DEBUG is off

COURTS = (
    DemoCourt(FIRST_COURT, "Northgate Magistrates' Court", "crime family"),
    DemoCourt(SECOND_COURT, "Eastmere Law Courts and Tribunal", "crime civil employment"),
)

PEOPLE = (
    DemoPerson("clerk", "Barnaby Thistlewood", "clerk", FIRST_COURT),
    DemoPerson("clerk2", "Wilhelmina Sedge", "clerk", SECOND_COURT),
    DemoPerson("adviser", "Morwenna Tasker", "adviser", FIRST_COURT),
    DemoPerson("judge", "Hortensia Ashdown", "judge", FIRST_COURT),
    DemoPerson("usher", "Percival Grindle", "usher", FIRST_COURT),
    DemoPerson("listing", "Odette Marchbank", "listing", FIRST_COURT),
    DemoPerson("prosecutor", "Tamsin Rook", "prosecutor"),
    DemoPerson("defence", "Lowell Pargeter", "defence"),
    DemoPerson("defence2", "Rhodri Pellow", "defence"),
    DemoPerson("records", "Clementine Vosper", "records"),
    DemoPerson("records2", "Ignatius Drewitt", "records"),
    DemoPerson("stations", "Bettina Corrigale", "stations"),
    DemoPerson("auditor", "Fenwick Allardyce-Hume", "auditor"),
    DemoPerson("support", "Jocasta Winterbourne", "support"),
    DemoPerson("station", "Scanner in the post room, Northgate", "station", FIRST_COURT),
    DemoPerson("station2", "Scanner in the post room, Eastmere", "station", SECOND_COURT),
)

MACHINES = frozenset({"station", "station2"})

# Who sits where, as the list names them, by court and room.
BENCHES = {
    (FIRST_COURT, "Courtroom 1"): "District Judge Ashdown",
    (FIRST_COURT, "Courtroom 2"): "Perpetua Garroway (presiding), Linus Oakhanger, Amabel Stroud",
    (FIRST_COURT, "Courtroom 3"): "Hesketh Morland (presiding), Ottilie Fanshawe",
    (FIRST_COURT, "Courtroom 5"): "District Judge Ashdown",
    (SECOND_COURT, "Court 1"): "Her Honour Judge Pontefract",
    (SECOND_COURT, "Tribunal room 1"): "Employment Judge Carnforth",
}
# Who works in which courtroom, and how many days after the first.
DUTIES = tuple(
    (username, room, day)
    for username, room in (("judge", "Courtroom 1"), ("adviser", "Courtroom 1"), ("usher", "Courtroom 2"))
    for day in (0, 1)
)

"""The case: references, parties, members, hearings, sections; `scope` is the only gate to what is in it."""

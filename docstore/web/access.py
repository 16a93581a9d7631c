"""Who may use which page: a row for every name in `urls`, a door for every method."""

from docstore.cases.doors import Routes

ROUTES: Routes = {}

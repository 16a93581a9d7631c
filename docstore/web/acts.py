"""The acts on a document as data: what each is called, who may, what it asks, what it calls and what it says afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from docstore.access import queries as access
from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import queries as cases
from docstore.cases.models import Case, Classification, Right
from docstore.cases.scope import Scope
from docstore.core.errors import Invalid
from docstore.documents import actions, doubting, queries, retained
from docstore.documents.amending import Described, amend
from docstore.documents.models import Document
from docstore.documents.queries import Placed
from docstore.intake.actions import take_version
from docstore.intake.dividing import Part, parse_pages, reorder_pages, split_document
from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.documents import (
    ActForm,
    AmendForm,
    MoveForm,
    NewVersionForm,
    OrderForm,
    ReclassifyForm,
    RereadForm,
    SealForm,
    ShowForm,
    SplitForm,
)
from docstore.web.sent import incoming_of


class NoSuchCase(Invalid):
    """No case that you may open has that number. Check it against the paper."""

    code = "case-unknown"


class SectionMissing(Invalid):
    """That number belongs to “{title}”. Choose the section there, and press the button again."""

    code = "section-missing"


@dataclass(frozen=True, slots=True)
class Act:
    """One act as a page: what it is called, who may, what it asks, what it calls and what it says afterwards."""

    name: str
    label: str
    explain: str
    permission: Permission
    form: type[RefusableForm]
    carry_out: Callable[[Actor, Document, dict[str, Any]], object]
    done: str
    fits: Callable[[Document], bool] = lambda _: True
    right: Right = Right.READ
    changes: bool = False

    def is_open_to(self, scope: Scope, placed: Placed) -> bool:
        """Whether to offer it; the room decides again when it is carried out."""
        may = scope.allows_on(placed.filing.case, self.permission)
        has_right = placed.filing.section_id in scope.sections_on(placed.filing.case, self.right)
        stays = self.changes and not retained.may_change(scope.actor, placed.filing.case)
        return may and has_right and not stays and self.fits(placed.document)

    def link(self, document: Document) -> dict[str, str]:
        """Return its place among the acts of a document."""
        url = reverse("document-act", kwargs={"document_id": document.pk, "act": self.name})
        return {"label": gettext(self.label), "url": url}


def target_of(scope: Scope, reference: str) -> Case | None:
    """Return the one case that this person may open and that has this number."""
    found = cases.list_cases(scope, reference=reference, limit=1).rows if reference.strip() else []
    return found[0] if found else None


def _target(by: Actor, given: dict[str, Any]) -> Case:
    found = target_of(Scope.of(by), given["reference"])
    if found is None:
        raise NoSuchCase
    if not given.get("section"):
        raise SectionMissing(title=found.title)
    return found


def _move(by: Actor, document: Document, given: dict[str, Any]) -> None:
    target, seen = _target(by, given), given["seen"]
    actions.move(
        by=by, document_id=document.pk, seen=seen, case_id=target.pk, section=given["section"], reason=given["reason"]
    )


def _show(by: Actor, document: Document, given: dict[str, Any]) -> None:
    target, seen = _target(by, given), given["seen"]
    actions.show_on(by=by, document_id=document.pk, seen=seen, case_id=target.pk, section=given["section"])


def _amend(by: Actor, document: Document, given: dict[str, Any]) -> None:
    to = Described(
        title=given["title"],
        type=given["type"],
        dated_on=given["dated_on"],
        received_on=given["received_on"],
        language=given["language"],
        parties=[UUID(one) for one in given.get("parties", [])],
        hearings=[UUID(one) for one in given.get("hearings", [])],
        application=UUID(given["application"]) if given.get("application") else None,
    )
    amend(by=by, document_id=document.pk, seen=given["seen"], to=to, reason=given["reason"])


def _reorder(by: Actor, document: Document, given: dict[str, Any]) -> None:
    total = queries.version_of(document).pages_total or 0
    order = parse_pages(given["order"], total=total)
    reorder_pages(by=by, document_id=document.pk, seen=given["seen"], order=order, reason=given["reason"])


def _split(by: Actor, document: Document, given: dict[str, Any]) -> None:
    total = queries.version_of(document).pages_total or 0
    parts = [
        Part(given[f"title_{at}"], given[f"section_{at}"], parse_pages(given[f"pages_{at}"], total=total))
        for at in range(1, SplitForm.PARTS + 1)
        if given[f"title_{at}"] or given[f"pages_{at}"]
    ]
    split_document(by=by, document_id=document.pk, seen=given["seen"], parts=parts, reason=given["reason"])


def _seal(by: Actor, document: Document, given: dict[str, Any]) -> None:
    named = tuple(access.person(name) for name in given["named"].replace(",", " ").split())
    actions.seal(by=by, document_id=document.pk, seen=given["seen"], reason=given["reason"], named=named)


def _reclassify(by: Actor, document: Document, given: dict[str, Any]) -> None:
    chosen = Classification(int(given["classification"]))
    actions.reclassify(
        by=by, document_id=document.pk, seen=given["seen"], classification=chosen, reason=given["reason"]
    )


def _new_version(by: Actor, document: Document, given: dict[str, Any]) -> None:
    take_version(
        by=by,
        document_id=document.pk,
        seen=given["seen"],
        incoming=incoming_of(given["file"]),
        reason=given["reason"],
        confirmed=given["confirm"],
    )


def _plain(call: Callable[..., object]) -> Callable[[Actor, Document, dict[str, Any]], object]:
    def carry_out(by: Actor, document: Document, given: dict[str, Any]) -> object:
        return call(by=by, document_id=document.pk, **given)

    return carry_out


_ALL = (
    Act(
        "version",
        gettext_noop("File a new version"),
        gettext_noop("The new file takes the place of the current version. Earlier versions stay and can be opened."),
        Permission.FILE_DOCUMENTS,
        NewVersionForm,
        _new_version,
        gettext_noop("The new version is filed. It is being checked and read."),
        fits=lambda one: not one.is_withdrawn,
        right=Right.FILE,
        changes=True,
    ),
    Act(
        "amend",
        gettext_noop("Change title, kind, date or parties"),
        gettext_noop("What is said of the paper, never the paper itself."),
        Permission.FILE_DOCUMENTS,
        AmendForm,
        _amend,
        gettext_noop("What is said of the document is changed."),
        fits=lambda one: not one.is_withdrawn,
        right=Right.FILE,
    ),
    Act(
        "reclassify",
        gettext_noop("Change who may open it"),
        gettext_noop("It counts at once, in search as well."),
        Permission.RECLASSIFY_DOCUMENTS,
        ReclassifyForm,
        _reclassify,
        gettext_noop("Who may open it is changed."),
    ),
    Act(
        "seal",
        gettext_noop("Seal it"),
        gettext_noop(
            "Once sealed it is open only to court officers, advisers and judges of this court and to the people you name."
        ),
        Permission.SEAL_DOCUMENTS,
        SealForm,
        _seal,
        gettext_noop("The document is sealed, in search as well."),
        fits=lambda one: not one.sealed,
    ),
    Act(
        "unseal",
        gettext_noop("Lift its seal"),
        gettext_noop("Everybody who may read its section can open it again."),
        Permission.SEAL_DOCUMENTS,
        ActForm,
        _plain(actions.unseal),
        gettext_noop("The seal is lifted."),
        fits=lambda one: one.sealed,
    ),
    Act(
        "belongs",
        gettext_noop("Confirm that it belongs on this case"),
        gettext_noop(
            "Others who may read its section can open it again. That you confirmed it is kept with the document."
        ),
        Permission.CONFIRM_DOUBTS,
        ActForm,
        _plain(doubting.confirm_place),
        gettext_noop("The document stays on this case, and others can open it again."),
        fits=doubting.is_in_doubt,
    ),
    Act(
        "move",
        gettext_noop("Move it to another case"),
        gettext_noop(
            "For a misfiled paper. A note stays behind that a document stood here, and the history keeps both places."
        ),
        Permission.MOVE_DOCUMENTS,
        MoveForm,
        _move,
        gettext_noop("The document is moved."),
        changes=True,
    ),
    Act(
        "show",
        gettext_noop("Show it on another case too"),
        gettext_noop("It stays here and is read there as well, without a copy of its pages."),
        Permission.MOVE_DOCUMENTS,
        ShowForm,
        _show,
        gettext_noop("The document is shown on the other case too."),
        fits=lambda one: not one.is_withdrawn,
    ),
    Act(
        "reorder",
        gettext_noop("Put its pages in another order"),
        gettext_noop("A new version with the same pages. The version before stays as it was."),
        Permission.FILE_DOCUMENTS,
        OrderForm,
        _reorder,
        gettext_noop("The pages have a new order. The new version is being read."),
        fits=lambda one: not one.is_withdrawn,
        right=Right.FILE,
        changes=True,
    ),
    Act(
        "split",
        gettext_noop("Make new documents of its pages"),
        gettext_noop("Each becomes a document of its own on this case. The original is kept whole."),
        Permission.FILE_DOCUMENTS,
        SplitForm,
        _split,
        gettext_noop("The new documents are filed. The original is kept whole."),
        fits=lambda one: not one.is_withdrawn,
        right=Right.FILE,
    ),
    Act(
        "withdraw",
        gettext_noop("Withdraw it"),
        gettext_noop("It leaves the case file and search. Nothing is destroyed, and it can be restored."),
        Permission.WITHDRAW_DOCUMENTS,
        ActForm,
        _plain(actions.withdraw),
        gettext_noop("The document is withdrawn. It can be restored from this page."),
        fits=lambda one: not one.is_withdrawn,
        changes=True,
    ),
    Act(
        "restore",
        gettext_noop("Restore it"),
        gettext_noop("It returns to its section and to search."),
        Permission.WITHDRAW_DOCUMENTS,
        ActForm,
        _plain(actions.restore),
        gettext_noop("The document is restored."),
        fits=lambda one: one.is_withdrawn,
        changes=True,
    ),
    Act(
        "reread",
        gettext_noop("Read it again"),
        gettext_noop("Its pages are read again from the original file. Until that is done its old text stays."),
        Permission.REREAD_DOCUMENTS,
        RereadForm,
        _plain(actions.reread),
        gettext_noop("The document is being read again."),
    ),
)
ACTS = {one.name: one for one in _ALL}

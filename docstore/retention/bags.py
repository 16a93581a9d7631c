"""A transfer as a BagIt bag (RFC 8493): the files, a metadata table in The National Archives' field names, and PREMIS.

Pure assembly in a folder: it is given files that are there already and facts as plain values, and knows no table. The
bag is validated when it is done; a bag that does not hold is never handed out (RET-H2).
"""

import csv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree as Xml

import bagit

from docstore.core.errors import Conflict

MANIFESTS = ["sha256", "sha512"]
METADATA, PREMIS = "file-metadata.csv", "premis.xml"
NAMESPACE = "http://www.loc.gov/premis/v3"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
OPEN, CLOSED = "Open", "Closed"
COLUMNS = (
    *("file_reference", "file_name", "file_type", "file_size", "clientside_original_filepath", "rights_copyright"),
    *("legal_status", "held_by", "date_last_modified", "closure_type", "closure_start_date", "closure_period"),
    *("foi_exemption_code", "foi_exemption_asserted", "title_closed", "title_alternate", "description"),
    *("description_closed", "description_alternate", "language", "end_date", "file_name_translation"),
    *("original_filepath", "parent_reference", "former_reference_department", "UUID", "client_side_checksum"),
)


@dataclass(frozen=True, slots=True)
class Closure:
    """Whether the public may read it at once, and until when not. Open has no other member (RET-H6)."""

    years: int | None = None
    exemption: str = ""
    asserted_on: date | None = None
    title_closed: bool = False
    title_alternate: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the bag. `place` is its path under data/; it holds ids and numbers, never what somebody typed."""

    place: str
    source: Path
    sha256: str
    size: int
    media_type: str
    name: str
    title: str
    language: str
    identifier: str
    parent: str
    former_reference: str
    dated_on: date | None
    filed_at: datetime
    closure_from: date


@dataclass(frozen=True, slots=True)
class Consignment:
    """What the bag says of itself."""

    number: str
    source_organisation: str
    archive: str
    series: str
    packaged_at: datetime
    software: str
    closure: Closure


class BagNotWhole(Conflict):
    """The package that was made does not hold together: {why}. It was thrown away and is not sent."""

    code = "bag-not-whole"


def write(folder: Path, told: Consignment, members: Sequence[Member]) -> Path:
    """Make the bag in a folder that does not exist yet, validate it, and return it as one ZIP file beside it.

    The library changes the working directory of the process while it counts digests; so this is called by workers and
    commands, which do one thing at a time.
    """
    folder.mkdir()
    for one in members:
        at = folder / one.place
        at.parent.mkdir(parents=True, exist_ok=True)
        one.source.rename(at)
    bag = bagit.make_bag(str(folder), bag_info=_described(told), checksums=MANIFESTS)
    _write_metadata(folder / METADATA, told, members)
    _write_premis(folder / PREMIS, told, members)
    bag.save()
    check(folder, members)
    packed = folder.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            archive.write(path, f"{told.number}/{path.relative_to(folder).as_posix()}")
    return packed


def check(folder: Path, members: Sequence[Member]) -> None:
    """Raise BagNotWhole unless manifests, files and our own digests all say the same."""
    try:
        bag = bagit.Bag(str(folder))
        bag.validate()
    except bagit.BagError as error:
        raise BagNotWhole(why=str(error)) from error
    stated = {path: digests["sha256"] for path, digests in bag.payload_entries().items()}
    ours = {f"data/{one.place}": one.sha256 for one in members}
    if stated != ours:
        different = sorted(set(stated.items()) ^ set(ours.items()))[0][0]
        raise BagNotWhole(why=f"{different} is not what was filed")


def _described(told: Consignment) -> dict[str, str]:
    named = {
        "Source-Organization": told.source_organisation,
        "External-Description": f"Court records transferred to {told.archive}",
        "External-Identifier": told.number,
        "Internal-Sender-Identifier": told.number,
        "Bagging-Date": told.packaged_at.date().isoformat(),
        "Bag-Software-Agent": told.software,
    }
    return {**named, **({"Consignment-Series": told.series} if told.series else {})}


def _write_metadata(at: Path, told: Consignment, members: Sequence[Member]) -> None:
    with at.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\r\n")
        writer.writeheader()
        for place, one in enumerate(members, start=1):
            writer.writerow({name: _safe(value) for name, value in _row(told, place, one).items()})


def _row(told: Consignment, place: int, one: Member) -> dict[str, str]:
    return {
        "file_reference": f"{told.number}/{place}",
        "file_name": one.name,
        "file_type": "File",
        "file_size": str(one.size),
        "clientside_original_filepath": f"data/{one.place}",
        "rights_copyright": "Crown Copyright",
        "legal_status": "Public Record(s)",
        "held_by": told.archive,
        "date_last_modified": one.filed_at.strftime("%Y-%m-%dT%H:%M:%S"),
        "description": one.title,
        "language": one.language,
        "end_date": one.dated_on.isoformat() if one.dated_on else "",
        "file_name_translation": "",
        "original_filepath": "",
        "parent_reference": one.parent,
        "former_reference_department": one.former_reference,
        "UUID": one.identifier,
        "client_side_checksum": one.sha256,
        **_closure(told.closure, one),
    }


def _closure(closure: Closure, one: Member) -> dict[str, str]:
    if closure.years is None:
        nothing = ("closure_start_date", "closure_period", "foi_exemption_code", "foi_exemption_asserted")
        alternates = ("title_alternate", "description_alternate")
        return {
            "closure_type": OPEN,
            "title_closed": "false",
            "description_closed": "false",
            **dict.fromkeys((*nothing, *alternates), ""),
        }
    closed = "true" if closure.title_closed else "false"
    alternate = closure.title_alternate if closure.title_closed else ""
    return {
        "closure_type": CLOSED,
        "closure_start_date": one.closure_from.isoformat(),
        "closure_period": str(closure.years),
        "foi_exemption_code": closure.exemption,
        "foi_exemption_asserted": closure.asserted_on.isoformat() if closure.asserted_on else "",
        "title_closed": closed,
        "title_alternate": alternate,
        "description_closed": closed,
        "description_alternate": alternate,
    }


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _write_premis(at: Path, told: Consignment, members: Sequence[Member]) -> None:
    root = Xml.Element(f"{{{NAMESPACE}}}premis", {"version": "3.0"})
    for one in members:
        _object(root, one)
    for one in members:
        _event(root, "ingestion", one.filed_at, [one], "Filed in the court's document store", told)
    _event(root, "fixity check", told.packaged_at, members, "Every file has the digest with which it was filed", told)
    _event(root, "transfer", told.packaged_at, members, f"Packaged as {told.number} for {told.archive}", told)
    agent = _under(root, "agent")
    _identified(agent, "agent", "software", told.software)
    _under(agent, "agentName", told.software)
    _under(agent, "agentType", "software")
    Xml.register_namespace("", NAMESPACE)
    Xml.ElementTree(root).write(at, encoding="utf-8", xml_declaration=True)


def _object(root: Xml.Element, one: Member) -> None:
    node = _under(root, "object")
    node.set("{http://www.w3.org/2001/XMLSchema-instance}type", "file")
    _identified(node, "object", "UUID", one.identifier)
    about = _under(node, "objectCharacteristics")
    fixity = _under(about, "fixity")
    _under(fixity, "messageDigestAlgorithm", "SHA-256")
    _under(fixity, "messageDigest", one.sha256)
    _under(about, "size", str(one.size))
    _under(_under(_under(about, "format"), "formatDesignation"), "formatName", one.media_type)
    _under(node, "originalName", one.name)
    storage = _under(_under(node, "storage"), "contentLocation")
    _under(storage, "contentLocationType", "path in the bag")
    _under(storage, "contentLocationValue", f"data/{one.place}")


def _event(
    root: Xml.Element, kind: str, at: datetime, members: Sequence[Member], detail: str, told: Consignment
) -> None:
    node = _under(root, "event")
    _identified(node, "event", "local", f"{told.number}/{kind}/{len(root)}")
    _under(node, "eventType", kind)
    _under(node, "eventDateTime", at.isoformat(timespec="seconds"))
    _under(_under(node, "eventDetailInformation"), "eventDetail", detail)
    _under(_under(node, "eventOutcomeInformation"), "eventOutcome", "success")
    agent = _under(node, "linkingAgentIdentifier")
    _under(agent, "linkingAgentIdentifierType", "software")
    _under(agent, "linkingAgentIdentifierValue", told.software)
    for one in members:
        link = _under(node, "linkingObjectIdentifier")
        _under(link, "linkingObjectIdentifierType", "UUID")
        _under(link, "linkingObjectIdentifierValue", one.identifier)


def _identified(node: Xml.Element, what: str, kind: str, value: str) -> None:
    box = _under(node, f"{what}Identifier")
    _under(box, f"{what}IdentifierType", kind)
    _under(box, f"{what}IdentifierValue", value)


def _under(node: Xml.Element, name: str, text: str = "") -> Xml.Element:
    child = Xml.SubElement(node, f"{{{NAMESPACE}}}{name}")
    if text:
        child.text = _clean(text)
    return child


def _clean(text: str) -> str:
    """XML has no place for control characters."""
    return "".join(_characters(text))


def _characters(text: str) -> Iterator[str]:
    for one in text:
        yield one if one in "\t\n\r" or (ord(one) >= ord(" ") and not "\ud800" <= one <= "\udfff") else "\ufffd"

"""The stations' part of the access matrix: what is there to be asked for, and how each of their addresses is asked."""

import base64
import json
import uuid
from pathlib import Path
from typing import Any

from django.test import Client

from docstore.access.actor import system
from docstore.core import clock, conf
from docstore.intake.models import Batch
from docstore.intake.statements import reconcile
from docstore.intake.stations import Envelopes, change_station
from docstore.intake.uploads import begin_upload
from tests.courts import TwoCourts
from tests.intake.envelopes import envelope, fresh_name, metadata, trust
from tests.intake.sending import item, manifest, told_of

PAPER = b"%PDF-1.4 one"
TUS = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}


def things(courts: TwoCourts, sent: Batch, elsewhere: Batch) -> dict[str, dict[str, Any]]:
    """An upload and a report of either station, and ids of nothing."""
    trust(Path(conf.get().intake.envelope_keys))
    own = Envelopes("crime", "CRIME", "12747")
    change_station(
        by=system("tests"), station_id=sent.station_id, name="Station", is_enabled=True, section="", envelopes=own
    )
    found: dict[str, dict[str, Any]] = {"absent": {"upload_id": uuid.uuid4(), "day": str(clock.today())}}
    for which, name, batch in (("visible", "station", sent), ("hidden", "station2", elsewhere)):
        upload = begin_upload(by=courts.actor(name), batch_id=batch.pk, seq=1, size=None, media_type="")
        reconcile(batch.station, clock.today())
        found[which] = {"upload_id": upload.pk, "day": str(clock.today())}
    return found


def bodies() -> dict[str, Any]:
    """What their JSON addresses are sent."""
    return {
        "api-batches": manifest("NGT", b"%PDF-1.4 another"),
        "api-batch": {"operator": "op-2"},
        "api-heartbeat": {"queue_depth": 0},
        "api-statements": {"day": str(clock.today()), "batches": []},
        "api-rescan": {key: value for key, value in item(1, PAPER).items() if key != "seq"},
    }


def send(client: Client, name: str, method: str, address: str, sent: Batch) -> Any:
    """Ask an address that takes no JSON; None where it is asked like any other."""
    match name, method:
        case ("api-item-content", _):
            return client.put(address, PAPER, content_type="application/pdf", headers=told_of(PAPER))
        case ("api-upload", "PATCH"):
            return client.generic("PATCH", address, PAPER[:4], content_type="application/partial-upload", headers=TUS)
        case ("api-tus-upload", "PATCH"):
            return client.generic(
                "PATCH", address, PAPER[:4], content_type="application/offset+octet-stream", headers=TUS
            )
        case ("api-upload" | "api-tus-upload", _):
            return client.generic(method, address, headers=TUS)
        case ("api-tus", _):
            told = f"batch {_base64(str(sent.pk))},seq {_base64('1')}"
            length = {"Upload-Length": str(len(PAPER)), "Upload-Metadata": told}
            return client.generic(method, address, headers={**TUS, **length})
        case ("api-envelopes", _):
            called = fresh_name()
            disposition = {"Content-Disposition": f'attachment; filename="{called}"'}
            content = envelope(metadata(called))
            return client.generic(method, address, content, content_type="application/zip", headers=disposition)
        case ("api-batch", "PATCH"):
            body = json.dumps(bodies()[name])
            return client.patch(address, body, content_type="application/json", headers={"If-Match": '"1"'})
    return None


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()

"""Marketing Cloud: first opens by the whole key, and what was sent and did not bounce was delivered."""

from __future__ import annotations

from pathlib import Path

from tests.data.exported import ANN, long_id
from tests.data.mappings.taking import Taken, frame

KEY = ["JobID", "ListID", "BatchID", "SubscriberID"]


def test_sends_bounces_and_first_opens(tmp_path: Path) -> None:
    taken = Taken("sfmc", tmp_path)
    sent, bounced = frame(taken.files, "_Sent.csv"), frame(taken.files, "_Bounce.csv")
    delivered = sent.merge(bounced[KEY], on=KEY, how="left", indicator=True).query("_merge == 'left_only'")
    expected = {"sent": len(sent), "delivered": len(delivered)}
    for event, name in (("opened", "_Open.csv"), ("clicked", "_Click.csv"), ("unsubscribed", "_Unsubscribe.csv")):
        expected[event] = len(frame(taken.files, name).query("IsUnique == '1'"))
    assert {event: taken.total("exposure", event=event) for event in expected} == expected
    assert expected == {"sent": 3, "delivered": 2, "opened": 1, "clicked": 1, "unsubscribed": 1}
    rows = taken.staged("exposure")
    assert set(rows["party"]) == {f"crm:{long_id(ANN)}", "npi:1000000012"}
    assert set(rows["campaign"]) == {"Spring news", "Summer news"}
    assert sorted(set(rows["period_start"].astype(str).str[:10])) == ["2024-03-05", "2024-03-06", "2024-12-06"]

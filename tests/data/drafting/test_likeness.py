"""How alike two names are: 1 for the same in any case; short forms and a CRM's endings count little."""

from __future__ import annotations

import pytest

from data.drafting.likeness import alike


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Account_vod__c", "account_VOD__c", 1, 1),
        ("Account_vod__c", "account__v", 0.9, 0.99),
        ("Call_Date_vod__c", "CALL_DT", 0.9, 0.99),
        ("Territory_vod__c", "Terr Name", 0.5, 0.9),
        ("Video_vod", "Video_Visit", 0.5, 0.8),
        ("Specialty_1_vod__c", "Zip_vod__c", 0, 0.3),
        ("", "Id", 0, 0),
    ],
)
def test_how_alike(one: str, other: str, least: float, most: float) -> None:
    assert least <= alike(one, other) == alike(other, one) <= most

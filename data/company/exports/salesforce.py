"""Ids of the CRM's own objects, shared by all its files: record types, territories, products."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.company import ids
from data.company.dates import stream
from data.company.field import OWN
from data.company.geography import nodes
from data.company.world import World

RECORD_TYPES = (
    ("Account", "Professional_vod"), ("Account", "Business_Account_vod"),
    ("Call2_vod__c", "CallReport_vod"), ("Call2_vod__c", "MSL_Interaction_vod"),
    ("Sent_Email_vod__c", "Call_vod"), ("Sent_Email_vod__c", "Account_vod"),
    ("Sent_Email_vod__c", "Medical_Inquiry_vod"),
    ("Multichannel_Consent_vod__c", "Approved_Email_vod"), ("Medical_Inquiry_vod__c", "Medical_Inquiry_vod"),
)  # fmt: skip
STAMP = "2026-11-22T22:00:00Z"


@dataclass(frozen=True)
class Keys:
    """Salesforce ids by what they stand for."""

    record_type: dict[tuple[str, str], str]
    territory: dict[str, str]  # node id -> Territory2 id
    name: dict[str, str]  # node id -> territory name, as calls carry it
    product: dict[str, str]  # own brand -> Product_vod__c id
    sample: dict[str, str]
    twin: dict[int, str]  # HCP position -> a second account of the same person


def keys(world: World) -> Keys:
    """Draws the ids once; every file of the CRM then uses the same."""
    rng = stream(world.seed, "salesforce")
    boxes = nodes(world.geography)
    record = ids.salesforce("012", len(RECORD_TYPES), rng).tolist()
    territory = ids.salesforce("0MI", len(boxes), rng).tolist()
    product = ids.salesforce("a00", 2 * len(OWN), rng).tolist()
    return Keys(
        dict(zip(RECORD_TYPES, record, strict=True)),
        {node: one for (node, _), one in zip(boxes, territory, strict=True)},
        dict(boxes),
        dict(zip(OWN, product[: len(OWN)], strict=True)),
        dict(zip(OWN, product[len(OWN) :], strict=True)),
        dict(zip(range(150, 1950, 300), ids.salesforce("001", 6, stream(world.seed, "twins")).tolist(), strict=True)),
    )


def numbered(prefix: str, count: int) -> np.ndarray:
    """Record names as the CRM numbers them: C-0000001."""
    return np.char.add(prefix, np.char.zfill((np.arange(count) + 1).astype(str), 7))


def names_of(world: World, keyring: Keys, index: np.ndarray) -> np.ndarray:
    """Territory names by territory position."""
    names = np.array([keyring.name[node] for node in world.geography.territories.tolist()])
    return np.where(index >= 0, names[index], "")

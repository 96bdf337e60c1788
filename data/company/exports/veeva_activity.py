"""CRM exports of what was done: calls (with headers, MSL interactions and the odd bad row), details, samples."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.company import ids
from data.company.dates import AS_OF, stream
from data.company.exports.delimited import write
from data.company.exports.salesforce import Keys, names_of, numbered
from data.company.field import CHANNELS, OWN
from data.company.world import World

_MSL_CHANNELS = np.array(["In_Person_vod", "Video_vod", "Phone_vod"])
NOT_SUBMITTED = 41  # every 41st call has a planned or saved twin that never happened
FAX, OFFICE = 3, 2  # bad rows: a channel without a word, a person without a side
SHORT_IDS_BEFORE = np.datetime64("2025-06-01")  # older rows carry 15-character account ids


@dataclass(frozen=True)
class CallFile:
    """The columns of Call2_vod__c, and where each call's own rows stand in it."""

    columns: dict[str, np.ndarray]
    core: np.ndarray  # row of each position of world.calls
    header: np.ndarray  # row of each group call's header


def export(world: World, keyring: Keys, out: Path) -> dict[str, np.ndarray]:
    """Calls, details and samples; returns the ids of planted bad rows."""
    file = _calls(world, keyring)
    write(out / "Call2_vod__c.csv", file.columns)
    _details(world, keyring, file, out)
    _samples(world, keyring, file, out)
    size = file.columns["Id"].size
    return {
        "fax": file.columns["Id"][size - FAX - OFFICE : size - OFFICE],
        "office": file.columns["Id"][size - OFFICE :],
    }


def _calls(world: World, keyring: Keys) -> CallFile:
    """Stacks four kinds of rows: calls, headers, MSL interactions, and rows that must not count."""
    calls = world.calls
    n = calls.hcp.size
    groups, first = np.unique(calls.group, return_index=True)
    first = first[groups >= 0]
    idle = np.arange(0, n, NOT_SUBMITTED)
    bad = np.arange(7, 7 + FAX + OFFICE)
    base = np.concatenate([np.arange(n), first, idle, bad])  # the call that a row is written from
    rows = _base(world, keyring, base)
    header, extra = slice(n, n + first.size), slice(n + first.size, n + first.size + idle.size)
    parent = np.where(calls.group >= 0, rows["Id"][header][np.maximum(calls.group, 0)], "")
    rows["Parent_Call_vod__c"][:n] = parent
    rows["Is_Parent_Call_vod__c"][:n] = np.where(calls.group >= 0, "0", "1")
    grouped = calls.group >= 0
    rows["Call_Type_vod__c"][:n] = np.where(
        grouped, np.where(calls.units > 0, "Group Detail with Sample", "Group Detail"), rows["Call_Type_vod__c"][:n]
    )
    hco = world.people.hco[calls.hcp[first]]
    rows["Account_vod__c"][header] = world.organisations.crm[hco]
    rows["Attendee_Type_vod__c"][header] = "Group_Account_vod"
    rows["Attendees_vod__c"][header] = np.bincount(calls.group[grouped]).astype(str)
    rows["Call_Type_vod__c"][header] = "Group Detail"
    rows["Status_vod__c"][extra] = np.where(np.arange(idle.size) % 2, "Planned_vod", "Saved_vod")
    rows["Submit_Timestamp_vod__c"][extra] = ""
    rows["Call_Channel_vod__c"][-FAX - OFFICE : -OFFICE] = "Fax_vod"
    office = world.staff.crm[world.staff.type == "Home Office"][0]
    rows["User_vod__c"][-OFFICE:] = office
    rows["OwnerId"][-OFFICE:] = office
    msl = _msl(world, keyring)
    bad_from = base.size - bad.size
    stacked = {name: np.concatenate([column[:bad_from], msl[name], column[bad_from:]]) for name, column in rows.items()}
    return CallFile(stacked, np.arange(n), np.arange(n, n + first.size))


def _base(world: World, keyring: Keys, base: np.ndarray) -> dict[str, np.ndarray]:
    """The columns of promotional call rows, each written from the call at `base`."""
    calls, staff = world.calls, world.staff
    rng = stream(world.seed, "call ids")
    sampled = calls.units[base] > 0
    overlay = {person: keyring.name[node] for node, person in staff.overlay.items()}
    territory = names_of(world, keyring, calls.territory[base]).astype("U40")
    beside = calls.territory[base] < 0
    territory[beside] = [overlay[person] for person in calls.actor[base][beside].tolist()]
    size = base.size
    return {
        "Id": ids.salesforce("a04", size, rng),
        "Name": numbered("C-", size),
        "OwnerId": staff.crm[calls.actor[base]],
        "IsDeleted": np.where(np.arange(size) % 9973 == 9972, "1", "0"),
        "SystemModstamp": np.char.add(calls.submitted[base].astype(str), "T22:00:00Z"),
        "RecordTypeId": np.full(size, keyring.record_type["Call2_vod__c", "CallReport_vod"]),
        "Account_vod__c": _account(world, keyring, base),
        "Parent_Call_vod__c": np.full(size, "", dtype="U18"),
        "Is_Parent_Call_vod__c": np.full(size, "1"),
        "Status_vod__c": np.full(size, "Submitted_vod"),
        "Call_Date_vod__c": calls.date[base],
        "Territory_vod__c": territory,
        "User_vod__c": staff.crm[calls.actor[base]],
        "Call_Type_vod__c": np.where(sampled, "Detail with Sample", "Detail Only").astype("U24"),
        "Call_Channel_vod__c": CHANNELS[calls.channel[base]],
        "Attendee_Type_vod__c": np.full(size, "Person_Account_vod"),
        "Attendees_vod__c": np.full(size, "1"),
        **_content(world, keyring, base),
        "Is_Sampled_Call_vod__c": sampled.astype(int).astype(str),
        "Duration_vod__c": calls.minutes[base].astype(str),
        "Medical_Inquiry_vod__c": np.full(size, "", dtype="U18"),
        "Submit_Timestamp_vod__c": np.char.add(calls.submitted[base].astype(str), "T21:30:00Z"),
        "Call_Comments_vod__c": np.where(np.arange(size) % 6 == 0, "Asked to come back after clinic hours", ""),
    }


def _account(world: World, keyring: Keys, base: np.ndarray) -> np.ndarray:
    """The account of each row: some people have two, and older rows carry 15-character ids."""
    calls = world.calls
    account = world.people.crm[calls.hcp[base]]
    for hcp, second in keyring.twin.items():
        account[(calls.hcp[base] == hcp) & (np.arange(base.size) % 2 == 0)] = second
    return np.where(calls.date[base] < SHORT_IDS_BEFORE, account.astype("U15"), account)


def _content(world: World, keyring: Keys, base: np.ndarray) -> dict[str, np.ndarray]:
    """What was spoken of: names in one text, and ids in the order of priority."""
    first, second = world.calls.product[base], world.calls.second[base]
    product = np.array([keyring.product[brand] for brand in OWN])
    brand = np.array([one.capitalize() for one in OWN])
    return {
        "Detailed_Products_vod__c": np.where(
            second >= 0, np.char.add(np.char.add(brand[first], "  "), brand[second]), brand[first]
        ),
        "Product_Priority_1_vod__c": product[first],
        "Product_Priority_2_vod__c": np.where(second >= 0, product[second], ""),
    }


def _msl(world: World, keyring: Keys) -> dict[str, np.ndarray]:
    """MSL interactions: same object, other people; every 150th carries the promotional record type by mistake."""
    met, staff = world.exchanges, world.staff
    size = met.hcp.size
    person = np.array([staff.msl[node] for node in met.node.tolist()])
    stamp = np.char.add(met.date.astype(str), "T20:00:00Z")
    right, wrong = (keyring.record_type["Call2_vod__c", kind] for kind in ("MSL_Interaction_vod", "CallReport_vod"))
    blank = np.full(size, "", dtype="U18")
    inquiry = ids.salesforce("a0Q", world.inquiries.hcp.size, stream(world.seed, "inquiry ids"))
    return {
        "Id": ids.salesforce("a04", size, stream(world.seed, "msl call ids")),
        "Name": numbered("M-", size),
        "OwnerId": staff.crm[person],
        "IsDeleted": np.full(size, "0"),
        "SystemModstamp": stamp,
        "RecordTypeId": np.where(np.arange(size) % 150 == 149, wrong, right),
        "Account_vod__c": world.people.crm[met.hcp],
        "Parent_Call_vod__c": blank,
        "Is_Parent_Call_vod__c": np.full(size, "1"),
        "Status_vod__c": np.full(size, "Submitted_vod"),
        "Call_Date_vod__c": met.date,
        "Territory_vod__c": np.array([keyring.name[node] for node in met.node.tolist()]),
        "User_vod__c": staff.crm[person],
        "Call_Type_vod__c": blank,
        "Call_Channel_vod__c": _MSL_CHANNELS[met.channel],
        "Attendee_Type_vod__c": np.full(size, "Person_Account_vod"),
        "Attendees_vod__c": np.full(size, "1"),
        "Detailed_Products_vod__c": blank,
        "Product_Priority_1_vod__c": blank,
        "Product_Priority_2_vod__c": blank,
        "Is_Sampled_Call_vod__c": np.full(size, "0"),
        "Duration_vod__c": np.full(size, "30"),
        "Medical_Inquiry_vod__c": np.where(met.asked, inquiry[np.arange(size) % inquiry.size], ""),
        "Submit_Timestamp_vod__c": stamp,
        "Call_Comments_vod__c": blank,
    }


def _details(world: World, keyring: Keys, file: CallFile, out: Path) -> None:
    """Products discussed: one row a product and call row, the headers of group calls included."""
    calls = world.calls
    products = np.array([keyring.product[brand] for brand in OWN])
    groups, first = np.unique(calls.group, return_index=True)
    first = first[groups >= 0]
    also = np.flatnonzero(calls.second >= 0)
    row = np.concatenate([file.core, file.core[also], file.header])
    product = np.concatenate([calls.product, calls.second[also], calls.product[first]])
    place = np.repeat([1, 2, 1], [file.core.size, also.size, file.header.size])
    write(
        out / "Call2_Detail_vod__c.csv",
        {
            "Id": ids.salesforce("a05", row.size, stream(world.seed, "detail ids")),
            "IsDeleted": np.full(row.size, "0"),
            "Call2_vod__c": file.columns["Id"][row],
            "Product_vod__c": products[product],
            "Detail_Priority_vod__c": place,
            "Type_vod__c": np.where(np.arange(row.size) % 3 == 0, "Paper_Detail_vod", "EDetail_vod"),
            "Is_Parent_Call_vod__c": file.columns["Is_Parent_Call_vod__c"][row],
        },
    )


def _samples(world: World, keyring: Keys, file: CallFile, out: Path) -> None:
    calls = world.calls
    given = np.flatnonzero(calls.units > 0)
    samples = np.array([keyring.sample[brand] for brand in OWN])
    rng = stream(world.seed, "sample ids")
    lot = np.char.add("LOT", rng.integers(1000, 1400, given.size).astype(str))
    write(
        out / "Call2_Sample_vod__c.csv",
        {
            "Id": ids.salesforce("a06", given.size, rng),
            "IsDeleted": np.full(given.size, "0"),
            "Call2_vod__c": file.columns["Id"][file.core[given]],
            "Account_vod__c": world.people.crm[calls.hcp[given]],
            "Product_vod__c": samples[calls.product[given]],
            "Call_Date_vod__c": calls.date[given],
            "Quantity_vod__c": calls.units[given],
            "Lot_vod__c": lot,
            "Delivery_Status_vod__c": np.where(
                calls.date[given] > AS_OF - np.timedelta64(3, "D"), "In_Progress_vod", "Delivered_vod"
            ),
            "Is_Parent_Call_vod__c": file.columns["Is_Parent_Call_vod__c"][file.core[given]],
        },
    )

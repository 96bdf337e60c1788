"""CRM exports of e-mails: what reps sent, and the answers to medical inquiries that live in the same object."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from data.company import ids
from data.company.dates import AS_OF, stream
from data.company.exports.delimited import write
from data.company.exports.salesforce import STAMP, Keys, names_of
from data.company.field import OWN, realigned_week
from data.company.mail import STATUSES
from data.company.world import World

RESENT = 61  # every 61st e-mail is exported twice, the older state first


def export(world: World, keyring: Keys, out: Path) -> None:
    """Promotional e-mails, some of them twice, then medical ones."""
    answered = np.flatnonzero(~np.isnat(world.inquiries.responded))[::2]
    number = ids.salesforce("a07", world.mails.hcp.size + answered.size, stream(world.seed, "mail ids"))
    sent = _sent(world, keyring, number)
    answers = _answers(world, keyring, answered, number[world.mails.hcp.size :])
    both = {name: np.concatenate([column, answers[name]]) for name, column in sent.items()}
    clock = np.char.add(both["Email_Sent_Date_vod__c"].astype(str), "T17:30:00Z")
    write(out / "Sent_Email_vod__c.csv", both | {"Email_Sent_Date_vod__c": clock})


def _sent(world: World, keyring: Keys, number: np.ndarray) -> dict[str, np.ndarray]:
    """What reps sent; a first export of some, before anything was opened, comes first."""
    mails, people = world.mails, world.people
    old = np.arange(0, mails.hcp.size, RESENT)
    again = np.concatenate([old, np.arange(mails.hcp.size)])
    first = np.arange(again.size) < old.size
    sent = mails.date[again]
    opened, clicked = (mails.opens[again] > 0) & ~first, (mails.clicks[again] > 0) & ~first
    later = np.minimum(sent + (1 + again % 3).astype("timedelta64[D]"), AS_OF)
    kinds = np.array([keyring.record_type["Sent_Email_vod__c", kind] for kind in ("Call_vod", "Account_vod")])
    place = np.where(mails.week >= realigned_week(), people.after[mails.hcp], people.before[mails.hcp])
    never = np.datetime64("NaT")
    return {
        "Id": number[again],
        "IsDeleted": np.full(again.size, "0"),
        "SystemModstamp": np.where(first, np.char.add(sent.astype(str), "T18:00:00Z"), STAMP),
        "RecordTypeId": kinds[again % 2],
        "Account_vod__c": people.crm[mails.hcp[again]],
        "User_vod__c": world.staff.crm[mails.actor[again]],
        "Territory_vod__c": names_of(world, keyring, place[again]),
        "Product_vod__c": _brands(keyring)[mails.product[again]],
        "Email_Sent_Date_vod__c": sent,
        "Status_vod__c": STATUSES[mails.status[again]],
        "Opened_vod__c": opened.astype(int),
        "Open_Count_vod__c": np.where(opened, mails.opens[again], 0),
        "Last_Open_Date_vod__c": np.where(opened, later, never),
        "Clicked_vod__c": clicked.astype(int),
        "Click_Count_vod__c": np.where(clicked, mails.clicks[again], 0),
        "Last_Click_Date_vod__c": np.where(clicked, later, never),
        "Valid_Consent_Exists_vod__c": np.full(again.size, "1"),
        "Activity_Tracking_Mode_vod__c": np.where(mails.tracked[again], "Opt_In_vod", "Off_vod"),
    }


def _answers(world: World, keyring: Keys, answered: np.ndarray, number: np.ndarray) -> dict[str, np.ndarray]:
    """Answers to inquiries by mail, of the medical record type and untracked."""
    asked, size = world.inquiries, answered.size
    nodes = asked.node[answered].tolist()
    never, none = np.full(size, np.datetime64("NaT"), dtype="datetime64[D]"), np.zeros(size, int)
    return {
        "Id": number,
        "IsDeleted": np.full(size, "0"),
        "SystemModstamp": np.full(size, STAMP),
        "RecordTypeId": np.full(size, keyring.record_type["Sent_Email_vod__c", "Medical_Inquiry_vod"]),
        "Account_vod__c": world.people.crm[asked.hcp[answered]],
        "User_vod__c": world.staff.crm[[world.staff.msl[node] for node in nodes]],
        "Territory_vod__c": np.array([keyring.name[node] for node in nodes]),
        "Product_vod__c": _brands(keyring)[asked.product[answered]],
        "Email_Sent_Date_vod__c": asked.responded[answered].astype("datetime64[D]"),
        "Status_vod__c": np.full(size, "Delivered_vod"),
        "Opened_vod__c": none,
        "Open_Count_vod__c": none,
        "Last_Open_Date_vod__c": never,
        "Clicked_vod__c": none,
        "Click_Count_vod__c": none,
        "Last_Click_Date_vod__c": never,
        "Valid_Consent_Exists_vod__c": np.full(size, "1"),
        "Activity_Tracking_Mode_vod__c": np.full(size, "Off_vod"),
    }


def _brands(keyring: Keys) -> np.ndarray:
    return np.array([keyring.product[brand] for brand in OWN])

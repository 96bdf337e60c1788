"""CRM exports that say who and where: accounts, addresses, users, territories, products, consents."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from data.company import ids
from data.company.dates import AS_OF, stream, week_days, week_ends
from data.company.exports import veeva_accounts
from data.company.exports.delimited import write, write_rows
from data.company.exports.salesforce import RECORD_TYPES, STAMP, Keys, names_of, numbered
from data.company.field import OWN, overlay_targets
from data.company.geography import nodes, parent
from data.company.people import TIERS
from data.company.world import World


def export(world: World, keyring: Keys, out: Path) -> None:
    """All reference objects."""
    veeva_accounts.export(world, keyring, out)
    _territories(world, keyring, out)
    _targets(world, keyring, out)
    _consents(world, keyring, out)
    _time_off(world, keyring, out)
    write_rows(
        out / "RecordType.csv",
        ("Id", "Name", "DeveloperName", "SobjectType"),
        [
            (keyring.record_type[key], key[1].removesuffix("_vod").replace("_", " "), key[1], key[0])
            for key in RECORD_TYPES
        ],
    )
    brands = [(one, brand.capitalize(), "Detail", "") for brand, one in keyring.product.items()]
    units = [
        (one, f"{brand.capitalize()} sample", "Sample", keyring.product[brand]) for brand, one in keyring.sample.items()
    ]
    write_rows(
        out / "Product_vod__c.csv", ("Id", "Name", "Product_Type_vod__c", "Parent_Product_vod__c"), brands + units
    )
    staff = world.staff
    write(
        out / "User.csv",
        {
            "Id": staff.crm,
            "IsActive": staff.active,
            "Name": np.char.add(np.char.add(staff.first, " "), staff.last),
            "FirstName": staff.first,
            "LastName": staff.last,
            "User_Type_vod__c": staff.type,
            "SystemModstamp": np.full(staff.crm.size, STAMP),
        },
    )


def _territories(world: World, keyring: Keys, out: Path) -> None:
    """Territory2 with its tree, and who is in it: the overlay team's accounts beside the core's."""
    model = ids.salesforce("0MA", 1, stream(world.seed, "model"))[0]
    write_rows(
        out / "Territory2.csv",
        ("Id", "Name", "DeveloperName", "ParentTerritory2Id", "Territory2ModelId", "AccountAccessLevel"),
        [
            (keyring.territory[node], name, node, keyring.territory.get(parent(node) or "", ""), model, "Edit")
            for node, name in nodes(world.geography)
        ],
    )
    people, territories = world.people, world.geography.territories
    core = np.flatnonzero(people.after >= 0)
    overlay = overlay_targets(people)
    area = [f"OVL_{territories[one][3:5]}" for one in people.after[overlay]]
    node = [*territories[people.after[core]].tolist(), *area]
    write(
        out / "ObjectTerritory2Association.csv",
        {
            "Id": ids.salesforce("0M2", len(node), stream(world.seed, "associations")),
            "ObjectId": people.crm[np.concatenate([core, overlay])],
            "Territory2Id": [keyring.territory[one] for one in node],
            "AssociationCause": np.repeat(["Territory2Rule", "Territory2Manual"], [core.size, overlay.size]),
        },
    )


def _targets(world: World, keyring: Keys, out: Path) -> None:
    """TSF: account by territory, with the company's own tier per market; old territories stay in it."""
    people = world.people
    moved = np.flatnonzero((people.before != people.after) & (people.before >= 0))
    hcp = np.concatenate([np.flatnonzero(people.after >= 0), moved])
    territory = np.concatenate([people.after[people.after >= 0], people.before[moved]])
    target = people.tier[hcp].max(axis=1) > 0
    hcp, territory = hcp[target], territory[target]
    name = names_of(world, keyring, territory)
    write(
        out / "TSF_vod__c.csv",
        {
            "Id": ids.salesforce("a0T", hcp.size, stream(world.seed, "tsf")),
            "Account_vod__c": people.crm[hcp],
            "Territory_vod__c": name,
            "My_Target_vod__c": np.full(hcp.size, "1"),
            "Tier_Heart_Failure__c": TIERS[people.tier[hcp, 0]],
            "Tier_Diabetes__c": TIERS[people.tier[hcp, 1]],
        },
    )


def _consents(world: World, keyring: Keys, out: Path) -> None:
    """Every consent, with the choice about tracking that was made beside it; then what was taken back for one brand."""
    held, mails = world.consents, world.mails
    agreed = np.ones(world.people.count, bool)
    agreed[mails.hcp[~mails.tracked]] = False
    brand, gone = list(keyring.product)[-1], _taken_back(world)
    kind = keyring.record_type["Multichannel_Consent_vod__c", "Approved_Email_vod"]
    size = held.hcp.size + gone.size
    day = np.full(gone.size, AS_OF - np.timedelta64(3, "D"))
    tracking = np.where(agreed[held.hcp], "Opt_In_vod", "Opt_Out_vod")
    write(
        out / "Multichannel_Consent_vod__c.csv",
        {
            "Id": ids.salesforce("a0M", size, stream(world.seed, "consent ids")),
            "IsDeleted": np.full(size, "0"),
            "RecordTypeId": np.full(size, kind),
            "Account_vod__c": world.people.crm[np.concatenate([held.hcp, gone])],
            "Product_vod__c": np.repeat(["", keyring.product[brand]], [held.hcp.size, gone.size]),
            "Opt_Type_vod__c": np.concatenate(
                [np.where(held.given, "Opt_In_vod", "Opt_Out_vod"), np.full(gone.size, "Opt_Out_vod")]
            ),
            "Capture_Datetime_vod__c": np.char.add(np.concatenate([held.captured, day]).astype(str), "T15:00:00Z"),
            "Opt_Expiration_Date_vod__c": np.concatenate([held.expires, np.full(gone.size, np.datetime64("NaT"))]),
            "Activity_Tracking_Mode_vod__c": np.concatenate(
                [np.where(held.given, tracking, ""), np.full(gone.size, "")]
            ),
        },
    )


def _taken_back(world: World) -> np.ndarray:
    """HCPs who lately took back their consent for the last of our brands, and were not written to about it since."""
    mails = world.mails
    lately = mails.hcp[(mails.product == len(OWN) - 1) & (mails.date >= AS_OF - np.timedelta64(3, "D"))]
    held = np.flatnonzero(world.consents.valid[:, -1])
    return held[::37][~np.isin(held[::37], lately)]


def _time_off(world: World, keyring: Keys, out: Path) -> None:
    """A row a day that a rep was away, owned by the rep."""
    staff = world.staff
    territory, week, day = np.nonzero(staff.away & (staff.seat >= 0)[:, :, None])
    names = names_of(world, keyring, territory)
    write(
        out / "Time_Off_Territory_vod__c.csv",
        {
            "Id": ids.salesforce("a0O", week.size, stream(world.seed, "time off")),
            "Name": numbered("TOT-", week.size),
            "OwnerId": staff.crm[staff.seat[territory, week]],
            "Date_vod__c": week_days(week_ends())[week, day],
            "Status_vod__c": np.full(week.size, "Approved_vod"),
            "Territory_vod__c": names,
        },
    )

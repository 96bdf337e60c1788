"""CRM accounts: persons, organisations, deleted rows, second accounts, those taken over; and their addresses."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from data.company import ids
from data.company.dates import stream
from data.company.exports.delimited import write
from data.company.exports.salesforce import STAMP, Keys
from data.company.people import SPECIALTIES
from data.company.taken_over import TakenOver
from data.company.world import World

DELETED = 5  # accounts that the CRM still exports, marked as deleted


def export(world: World, keyring: Keys, out: Path) -> None:
    """Both objects."""
    _accounts(world, keyring, out)
    _addresses(world, keyring, out)


def _accounts(world: World, keyring: Keys, out: Path) -> None:
    """Persons first, then organisations, a few deleted rows, second accounts of the same persons, those taken over."""
    people, hcos, more = world.people, world.organisations, world.taken_over
    n, m = people.count, hcos.code.size
    blank, none = np.full(m, ""), np.full(m, "0")
    gone = ids.salesforce("001", DELETED, stream(world.seed, "deleted accounts"))
    investigator = np.isin(np.arange(n), world.sites.investigator)
    person, business = (keyring.record_type["Account", f"{each}_vod"] for each in ("Professional", "Business_Account"))
    twins = np.array(list(keyring.twin))
    rows = n + m + DELETED + twins.size + more.crm.size

    def stack(persons: np.ndarray, organisations: np.ndarray, late: np.ndarray | str = "") -> np.ndarray:
        added = np.full(more.crm.size, late) if isinstance(late, str) else late
        return np.concatenate([persons, organisations, persons[:DELETED], persons[twins], added])

    write(
        out / "Account.csv",
        {
            "Id": np.concatenate([people.crm, hcos.crm, gone, list(keyring.twin.values()), more.crm]),
            "IsDeleted": np.repeat(["0", "1", "0"], [n + m, DELETED, twins.size + more.crm.size]),
            "SystemModstamp": np.full(rows, STAMP),
            "RecordTypeId": stack(np.full(n, person), np.full(m, business), person),
            "IsPersonAccount": stack(np.full(n, "1"), none, "1"),
            "Name": stack(np.char.add(np.char.add(people.first, " "), people.last), hcos.name, _named(more)),
            "FirstName": stack(people.first, blank, more.first),
            "LastName": stack(people.last, blank, more.last),
            "External_ID_vod__c": stack(np.full(n, ""), hcos.code),
            "NPI_vod__c": stack(people.npi, blank),
            "ME__c": stack(people.me, blank),
            "Specialty_1_vod__c": stack(SPECIALTIES[people.specialty], blank, more.specialty),
            "Primary_Parent_vod__c": stack(hcos.crm[people.hco], blank),
            "Do_Not_Call_vod__c": stack(np.where(people.no_access, "Yes_vod", "No_vod"), blank, "No_vod"),
            "PDRP_Opt_Out_vod__c": stack((~np.isnat(people.pdrp_from)).astype(int).astype(str), none, "0"),
            "PDRP_Opt_Out_Date_vod__c": stack(
                np.where(np.isnat(people.pdrp_from), "", people.pdrp_from.astype(str)), blank
            ),
            "Approved_Email_Opt_Type_vod__c": stack(np.where(_never(world), "Never_vod", ""), blank),
            "KOL_vod__c": stack((people.expert > 0).astype(int).astype(str), none, "0"),
            "Investigator_vod__c": stack(investigator.astype(int).astype(str), none, "0"),
        },
    )


def _addresses(world: World, keyring: Keys, out: Path) -> None:
    """A primary address each, and a second one for some."""
    people, hcos, place, more = world.people, world.organisations, world.geography, world.taken_over
    moved = np.arange(0, people.count, 19)
    twins = np.array(list(keyring.twin))
    account = np.concatenate([people.crm, hcos.crm, list(keyring.twin.values()), more.crm, people.crm[moved]])
    second = (people.city[moved] + 1) % place.cities.size
    city = np.concatenate([people.city, hcos.city, people.city[twins], more.city, second])
    north = np.concatenate(
        [
            people.latitude,
            place.latitudes[hcos.city],
            people.latitude[twins],
            place.latitudes[more.city],
            place.latitudes[second],
        ]
    )
    east = np.concatenate(
        [
            people.longitude,
            place.longitudes[hcos.city],
            people.longitude[twins],
            place.longitudes[more.city],
            place.longitudes[second],
        ]
    )
    write(
        out / "Address_vod__c.csv",
        {
            "Id": ids.salesforce("a01", account.size, stream(world.seed, "addresses")),
            "Account_vod__c": account,
            "City_vod__c": place.cities[city],
            "State_vod__c": place.states[city],
            "Zip_vod__c": place.zips[city],
            "Latitude_vod__c": np.round(north, 4),
            "Longitude_vod__c": np.round(east, 4),
            "Primary_vod__c": np.repeat(["1", "0"], [account.size - moved.size, moved.size]),
        },
    )


def _named(more: TakenOver) -> np.ndarray:
    """The whole names of the accounts taken over."""
    return np.char.add(np.char.add(more.first, " "), more.last)


def _never(world: World) -> np.ndarray:
    """HCPs who never want e-mail; none of them ever gave or took back a consent."""
    silent = ~world.people.email & ~np.isin(np.arange(world.people.count), world.consents.hcp)
    return silent & (np.arange(world.people.count) % 16 == 0)

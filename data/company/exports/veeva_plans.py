"""CRM exports of call plans (MC cycle plans), rep-sent e-mails and medical inquiries."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from data.company import ids
from data.company.dates import AS_OF, CYCLES, cycle_name, cycle_span, stream
from data.company.exports.delimited import write
from data.company.exports.salesforce import STAMP, Keys, names_of, numbered
from data.company.field import OWN, realigned_week
from data.company.mail import STATUSES
from data.company.world import World

FIRST_NEW_CYCLE = 7  # 2026Q3, the first planned under the new map
RESENT = 61  # every 61st e-mail is exported twice, the older state first


def export(world: World, keyring: Keys, out: Path) -> None:
    """Plans, e-mails, inquiries and their fulfilment."""
    _plans(world, keyring, out)
    _emails(world, keyring, out)
    _inquiries(world, keyring, out)


def _plans(world: World, keyring: Keys, out: Path) -> None:
    """The four-level tree: plan (territory and quarter), target, channel, product."""
    people, territories = world.people, world.geography.territories
    rng = stream(world.seed, "plan ids")
    cycles = np.arange(CYCLES)
    territory, cycle = (axis.ravel() for axis in np.meshgrid(np.arange(territories.size), cycles, indexing="ij"))
    plan = ids.salesforce("a1P", territory.size, rng)
    span = np.array([cycle_span(one) for one in range(CYCLES)])
    write(
        out / "MC_Cycle_Plan_vod__c.csv",
        {
            "Id": plan,
            "Name": np.char.add("Plan ", np.array([cycle_name(one) for one in range(CYCLES)])[cycle]),
            "Start_Date_vod__c": span[cycle, 0],
            "End_Date_vod__c": span[cycle, 1],
            "Territory_vod__c": names_of(world, keyring, territory),
            "Lock_vod__c": np.full(plan.size, "0"),
        },
    )
    hcp, when = np.nonzero(world.planned.sum(axis=1))
    where = np.where(when >= FIRST_NEW_CYCLE, people.after[hcp], people.before[hcp])
    target = ids.salesforce("a1T", hcp.size, rng)
    write(
        out / "MC_Cycle_Plan_Target_vod__c.csv",
        {"Id": target, "Cycle_Plan_vod__c": plan[where * CYCLES + when], "Target_vod__c": people.crm[hcp]},
    )
    both = np.repeat(np.arange(hcp.size), 2)
    channel = ids.salesforce("a1C", both.size, rng)
    calls = np.arange(both.size) % 2 == 0
    goal = world.planned[hcp, :, when].sum(axis=1)
    write(
        out / "MC_Cycle_Plan_Channel_vod__c.csv",
        {
            "Id": channel,
            "Cycle_Plan_Target_vod__c": target[both],
            "Channel_vod__c": np.where(calls, "Call2_vod", "Sent_Email_vod"),
            "Channel_Activity_Goal_vod__c": np.where(calls, goal[both], 2),
        },
    )
    row, product = np.nonzero(world.planned[hcp, :, when])
    mails = np.flatnonzero(~calls)
    ids_of = np.array([keyring.product[brand] for brand in OWN])
    write(
        out / "MC_Cycle_Plan_Product_vod__c.csv",
        {
            "Id": ids.salesforce("a1R", row.size + mails.size, rng),
            "Cycle_Plan_Channel_vod__c": np.concatenate([channel[row * 2], channel[mails]]),
            "Cycle_Product_vod__c": np.concatenate([ids_of[product], np.full(mails.size, ids_of[0])]),
            "Product_Activity_Goal_vod__c": np.concatenate(
                [world.planned[hcp[row], product, when[row]], np.full(mails.size, 2)]
            ),
        },
    )


def _emails(world: World, keyring: Keys, out: Path) -> None:
    """Promotional e-mails, some of them twice, and the answers to inquiries that live in the same object."""
    mails, asked = world.mails, world.inquiries
    n = mails.hcp.size
    old = np.arange(0, n, RESENT)
    answered = np.flatnonzero(~np.isnat(asked.responded))[::2]
    again = np.concatenate([old, np.arange(n)])
    m = answered.size
    one = ids.salesforce("a07", n + m, stream(world.seed, "mail ids"))
    person = np.array([world.staff.msl[node] for node in asked.node[answered].tolist()])
    sent, reply = mails.date[again], asked.responded[answered].astype("datetime64[D]")
    first = np.arange(again.size) < old.size
    opened, clicked = (mails.opens[again] > 0) & ~first, (mails.clicks[again] > 0) & ~first
    kinds = [
        keyring.record_type["Sent_Email_vod__c", kind] for kind in ("Call_vod", "Account_vod", "Medical_Inquiry_vod")
    ]
    brands = np.array([keyring.product[brand] for brand in OWN])
    place = np.where(mails.week >= realigned_week(), world.people.after[mails.hcp], world.people.before[mails.hcp])
    later = np.minimum(sent + (1 + again % 3).astype("timedelta64[D]"), AS_OF)
    nowhere = np.full(m, np.datetime64("NaT"), dtype="datetime64[D]")
    none = np.zeros(m, int)
    write(
        out / "Sent_Email_vod__c.csv",
        {
            "Id": np.concatenate([one[again], one[n:]]),
            "IsDeleted": np.full(again.size + m, "0"),
            "SystemModstamp": np.concatenate(
                [np.where(first, np.char.add(sent.astype(str), "T18:00:00Z"), STAMP), np.full(m, STAMP)]
            ),
            "RecordTypeId": np.concatenate([np.array(kinds)[again % 2], np.full(m, kinds[2])]),
            "Account_vod__c": world.people.crm[np.concatenate([mails.hcp[again], asked.hcp[answered]])],
            "User_vod__c": world.staff.crm[np.concatenate([mails.actor[again], person])],
            "Territory_vod__c": np.concatenate(
                [names_of(world, keyring, place[again]), [keyring.name[node] for node in asked.node[answered].tolist()]]
            ),
            "Product_vod__c": np.concatenate([brands[mails.product[again]], brands[asked.product[answered]]]),
            "Email_Sent_Date_vod__c": np.char.add(np.concatenate([sent, reply]).astype(str), "T17:30:00Z"),
            "Status_vod__c": np.concatenate([STATUSES[mails.status[again]], np.full(m, "Delivered_vod")]),
            "Opened_vod__c": np.concatenate([opened.astype(int), none]),
            "Open_Count_vod__c": np.concatenate([np.where(opened, mails.opens[again], 0), none]),
            "Last_Open_Date_vod__c": np.concatenate([np.where(opened, later, np.datetime64("NaT")), nowhere]),
            "Clicked_vod__c": np.concatenate([clicked.astype(int), none]),
            "Click_Count_vod__c": np.concatenate([np.where(clicked, mails.clicks[again], 0), none]),
            "Last_Click_Date_vod__c": np.concatenate([np.where(clicked, later, np.datetime64("NaT")), nowhere]),
            "Valid_Consent_Exists_vod__c": np.full(again.size + m, "1"),
            "Activity_Tracking_Mode_vod__c": np.concatenate(
                [np.where(mails.tracked[again], "Opt_In_vod", "Off_vod"), np.full(m, "Off_vod")]
            ),
        },
    )


def _inquiries(world: World, keyring: Keys, out: Path) -> None:
    """The inquiry as the CRM holds it, and its fulfilment with the company's own clock and codes."""
    asked = world.inquiries
    n = asked.hcp.size
    inquiry = ids.salesforce("a0Q", n, stream(world.seed, "inquiry ids"))
    person = world.staff.crm[[world.staff.msl[node] for node in asked.node.tolist()]]
    is_open = np.isnat(asked.responded)
    received = np.char.add(asked.received.astype(str), ":00Z")
    write(
        out / "Medical_Inquiry_vod__c.csv",
        {
            "Id": inquiry,
            "Name": numbered("MI-", n),
            "IsDeleted": np.full(n, "0"),
            "CreatedDate": received,
            "Account_vod__c": world.people.crm[asked.hcp],
            "Assign_To_User_vod__c": person,
            "Product__c": np.array([brand.capitalize() for brand in OWN])[asked.product],
            "Inquiry_Text__c": np.full(n, "Held in the medical information system"),
            "Status_vod__c": np.full(n, "Submitted_vod"),
            "Fulfillment_Status_vod__c": np.where(is_open, "Assigned_vod", "Completed_vod"),
            "Delivery_Method_vod__c": np.where(asked.urgent, "Urgent_Mail_vod", "Email_vod"),
            "Country_vod__c": np.full(n, "US"),
        },
    )
    write(
        out / "Medical_Inquiry_Fulfillment_vod__c.csv",
        {
            "Id": ids.salesforce("a0F", n, stream(world.seed, "fulfilment ids")),
            "Medical_Inquiry_vod__c": inquiry,
            "Received_At__c": received,
            "Due_At__c": np.char.add(asked.due.astype(str), ":00Z"),
            "Responded_At__c": np.where(is_open, "", np.char.add(asked.responded.astype(str), ":00Z")),
            "Urgency__c": np.where(asked.urgent, "Urgent", "Standard"),
            "Topic_Code__c": asked.topic,
            "On_Label__c": asked.on_label,
            "MSL_Territory__c": [keyring.name[node] for node in asked.node.tolist()],
        },
    )

"""CRM exports of call plans (MC cycle plans) and medical inquiries."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from data.company import ids
from data.company.dates import CYCLES, cycle_name, cycle_span, stream
from data.company.exports.delimited import write
from data.company.exports.salesforce import Keys, names_of, numbered
from data.company.field import OWN
from data.company.world import World

FIRST_NEW_CYCLE = 7  # 2026Q3, the first planned under the new map


def export(world: World, keyring: Keys, out: Path) -> None:
    """Plans, inquiries and their fulfilment."""
    _plans(world, keyring, out)
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
    _goals(world, keyring, hcp, when, target, rng, out)


def _goals(
    world: World,
    keyring: Keys,
    hcp: np.ndarray,
    when: np.ndarray,
    target: np.ndarray,
    rng: np.random.Generator,
    out: Path,
) -> None:
    """The two lower levels: a channel for calls and one for e-mails a target, and their products."""
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

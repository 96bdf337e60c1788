"""Every cue by name. Declarations only: what each says, on what evidence, and whose lever answers it."""

from __future__ import annotations

from metrics.cues.declare import Cue, Lever

_CUES = (
    Cue(
        name="writing_less",
        title="An HCP writes less",
        rule=(
            "Scripts of the last 13 weeks (or 3 months) are down by a fifth and by three at least, growth is below "
            "95 % of the region's, and chance is no explanation for it (false-discovery rate 10 %). Never an opted-out "
            "physician."
        ),
        evidence="Both windows loaded in full, six scripts in the two together, the HCP not opted out (PDRP).",
        about="person",
        levers=(Lever(role="rep", lever="plan a call", action="Plan a call"),),
        due=3,
        unit="scripts a week",
        points=1.0,
        control=0.5,
    ),
    Cue(
        name="overdue_target",
        title="A tier A target waits for a visit",
        rule=(
            "A tier A target of the plan in force that receives reps was last seen four weeks ago at least and more "
            "than two and a half times the plan's interval, and its calls are behind the working days gone."
        ),
        evidence="A plan in force with the target's calls, calls loaded to within 14 days, four weeks of history.",
        about="person",
        levers=(Lever(role="rep", lever="plan a call", action="Plan a call"),),
        due=4,
        unit="planned calls",
        points=0.12,
        control=0.9,
    ),
    Cue(
        name="consent_ending",
        title="An e-mail consent ends soon",
        rule="The HCP's e-mail consent ends within 30 days, and the HCP has opened e-mail in the last 13 weeks.",
        evidence="The consent's own expiry date and an opening that the HCP allows to be tracked.",
        about="person",
        levers=(Lever(role="rep", lever="plan a call", action="Ask on the next visit"),),
        due=10,
        unit="e-mails read a quarter",
        points=0.15,
        control=0.8,
    ),
    Cue(
        name="flagging_site",
        title="A site enrols too slowly",
        rule=(
            "The site's true rate is probably below 60 % of its plan; the sites flagged together hold at most one "
            "false flag in ten; a flag is dropped when its probability falls below 0.7."
        ),
        evidence="Eight weeks open, a plan, and a feed that still delivers.",
        about="site",
        levers=(
            Lever(role="msl", lever="call a site", action="Call the site"),
            Lever(role="site_manager", lever="intervene at a site", action="Open an intervention"),
            Lever(role="medical_director", lever="add or pair sites", action="Pair the site"),
        ),
        due=3,
        unit="patients by the planned finish",
        points=0.6,
        control=0.5,
    ),
    Cue(
        name="inquiry_due",
        title="A medical question is due",
        rule="An open question has used at least 80 % of the working time in which its answer is promised.",
        evidence="The moment it was asked and the moment its answer is promised.",
        about="person",
        levers=(
            Lever(role="msl", lever="answer", action="Answer"),
            Lever(role="medical_director", lever="staff inquiries", action="Assign it"),
        ),
        due=1,
        unit="answer in time",
        points=5.0,
        control=1.0,
    ),
    Cue(
        name="expert_waiting",
        title="A planned expert has not been met",
        rule=(
            "An expert on the medical plan in force had no exchange for 13 weeks and for more than twice the plan's "
            "interval, and those held are behind the part of the cycle gone. Ranked by scientific tier, never by "
            "prescribing."
        ),
        evidence="A plan in force, a third of its cycle gone, exchanges loaded to within four weeks.",
        about="person",
        levers=(
            Lever(role="msl", lever="propose a scientific exchange", action="Propose an exchange"),
            Lever(role="medical_director", lever="release a theme", action="Assign it"),
        ),
        due=8,
        unit="planned exchanges",
        points=0.8,
        control=0.8,
    ),
    Cue(
        name="territory_falling",
        title="A part of the map falls behind its share",
        rule=(
            "Scripts of the last eight weeks (or three months) are below the unit's own share of the nation's, beyond "
            "noise, at a false-discovery rate of 10 % a level, two periods running. Where a fall above or below "
            "explains another, only the one that explains is said."
        ),
        evidence="26 weeks (9 months) before, 20 scripts expected, the same fall seen a period ago.",
        about="node",
        levers=(
            Lever(role="national_leader", lever="move budget between regions and channels", action="Agree a plan"),
            Lever(role="brand_lead", lever="reallocate media", action="Move media there"),
            Lever(role="regional_director", lever="agree plans", action="Agree a plan"),
            Lever(role="district_manager", lever="coach", action="Coach and re-plan"),
        ),
        due=5,
        unit="scripts a period",
        points=0.5,
        control=0.5,
    ),
    Cue(
        name="vacant_territory",
        title="A territory stands empty",
        rule=(
            "Nobody active covers a territory whose plan in force holds at least half as many calls as the average "
            "territory's."
        ),
        evidence="The roster's own vacancy or leave on the day, and a plan in force.",
        about="node",
        levers=(
            Lever(role="district_manager", lever="redirect calls", action="Share out its targets"),
            Lever(role="regional_director", lever="cover vacancies", action="Cover the vacancy"),
        ),
        due=3,
        unit="planned calls a week",
        points=0.5,
        control=0.7,
    ),
)

CUES: dict[str, Cue] = {cue.name: cue for cue in _CUES}

"""Cues of promotion: persons to see, parts of the map, calls, samples and media. No medical activity is read here."""

from __future__ import annotations

from metrics.cues.declare import Cue, Lever

CUES = (
    Cue(
        name="writing_less",
        title="An HCP or a practice writes less",
        rule=(
            "Scripts of the last 13 weeks (or 3 months, or year) are down by a fifth and by three at least, growth is "
            "below 95 % of the region's, and chance is no explanation for it (false-discovery rate 10 %). Counts that "
            "the source hides stand just below its number in both windows. Never an opted-out physician."
        ),
        evidence=(
            "Both windows loaded in full, six scripts in the two together, the HCP not opted out (PDRP); a practice "
            "that still prescribes; by the year only who is known in both."
        ),
        about="person",
        levers=(Lever(role="rep", lever="plan a call", action="Plan a call"),),
        due=3,
        unit="scripts a week",
        points=1.0,
        control=0.5,
    ),
    Cue(
        name="writing_more",
        title="An HCP or a practice writes more",
        rule=(
            "By the month or the year, scripts are up by a fifth of what they are and by three at least, beyond the "
            "region's growth, and chance is no explanation for it (false-discovery rate 10 %). Never an opted-out "
            "physician."
        ),
        evidence=(
            "Both windows loaded in full, six scripts in the two together, the HCP not opted out (PDRP); by the year "
            "only who is known in both."
        ),
        about="person",
        levers=(Lever(role="rep", lever="plan a call", action="Ask what changed"),),
        due=8,
        unit="scripts a week",
        points=0.5,
        control=0.3,
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
        name="sample_sink",
        title="Samples go where nothing is written",
        rule=(
            "An HCP is among the tenth that received most samples of a product in 26 weeks, on four visits at least, "
            "and wrote less than one script of it in these weeks. Never an opted-out physician."
        ),
        evidence="26 weeks of scripts loaded in full, four sampled visits, the HCP not opted out (PDRP).",
        about="person",
        levers=(Lever(role="rep", lever="leave a sample", action="Sample elsewhere"),),
        due=8,
        unit="samples a quarter",
        points=0.03,
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
        name="territory_falling",
        title="A part of the map falls behind its share",
        rule=(
            "Scripts of the last eight weeks (or three months) are below the unit's own share of the nation's, beyond "
            "noise, at a false-discovery rate of 10 % a level, two periods running. By the year: below the region's "
            "trend by 3 %, beyond what its prescribers' moves and units of its level usually make. Where a "
            "fall above or below explains another, only the one that explains is said."
        ),
        evidence=(
            "26 weeks (9 months) before, 20 scripts expected, the same fall seen a period ago. By the year: ten "
            "prescribers known in both years, 200 scripts in each."
        ),
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
        name="territory_rising",
        title="A part of the map rises above its usual part",
        rule=(
            "Scripts of the last eight weeks (or three months) are above the unit's own share of the nation's (by the "
            "year: above the region's trend), by the test that tells a fall. Where a rise "
            "above or below explains another, only the one that explains is said."
        ),
        evidence=(
            "26 weeks (9 months) before, 20 scripts expected, the same rise seen a period ago. By the year: ten "
            "prescribers known in both years, 200 scripts in each."
        ),
        about="node",
        levers=(
            Lever(role="national_leader", lever="set goals", action="Set its goal anew"),
            Lever(role="brand_lead", lever="start a holdout test", action="Test what lifts it"),
            Lever(role="regional_director", lever="agree plans", action="Spread what works"),
            Lever(role="district_manager", lever="coach", action="Share what works"),
        ),
        due=10,
        unit="scripts a period",
        points=0.25,
        control=0.3,
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
    Cue(
        name="over_calling",
        title="The low tier is over-called while tier A waits",
        rule=(
            "More than 30 % of the calls of the cycle in force go beyond plan to people below tier B, while tier A "
            "received less than three quarters of the calls due to it by now."
        ),
        evidence="A plan in force with a quarter of its working days gone, and 30 calls.",
        about="node",
        levers=(Lever(role="district_manager", lever="redirect calls", action="Redirect the calls"),),
        due=5,
        unit="calls a week",
        points=0.5,
        control=0.9,
    ),
    Cue(
        name="late_logging",
        title="Calls are logged late",
        rule=(
            "More than a quarter of the calls of 13 weeks were submitted later than three days after they were made, "
            "surely so (95 %)."
        ),
        evidence="20 calls with the day of their submission.",
        about="node",
        levers=(Lever(role="district_manager", lever="coach", action="Coach on logging"),),
        due=5,
        unit="late calls a week",
        points=0.15,
        control=0.9,
    ),
    Cue(
        name="unbalanced_map",
        title="A territory carries too much or too little",
        rule=(
            "The calls planned for a territory lie outside 85 to 115 % of the average territory's in the cycle in "
            "force and in the one before. The nation hears of it beyond 30 %."
        ),
        evidence="A plan for both cycles.",
        about="node",
        levers=(
            Lever(role="regional_director", lever="shift the map inside the region", action="Shift the map"),
            Lever(role="national_leader", lever="approve a territory shift", action="Approve a shift"),
        ),
        due=15,
        unit="planned calls a week",
        points=0.3,
        control=0.7,
    ),
    Cue(
        name="media_fatigue",
        title="A campaign tires some HCPs",
        rule=(
            "HCPs are shown one campaign more than 20 times a week, four weeks running, and never click, though at the "
            "others' rate there would be clicks (90 % sure)."
        ),
        evidence="Four whole weeks delivered by the vendor, no older than ten days, and others who click.",
        about="campaign",
        levers=(Lever(role="brand_lead", lever="cap frequency", action="Cap its frequency"),),
        due=5,
        unit="impressions a week",
        points=0.01,
        control=0.9,
    ),
)

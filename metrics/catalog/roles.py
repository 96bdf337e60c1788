"""The nine roles: where they stand, what they ask, what they control, and the grid of what they may know.

The grid follows the field's practice: promotion and scientific exchange are kept apart (FDA draft
guidance on unsolicited requests, December 2011; PhRMA Code), opted-out physicians are hidden from
representatives and their direct supervisors (AMA Physician Data Restriction Program). One value a
cell: Y rows in the own scope, A aggregates only, E existence and date only, N never; what is not
named is N.
"""

from __future__ import annotations

from metrics.grid import Grant, Role

Y, A, E = Grant(how="Y"), Grant(how="A"), Grant(how="E")
A_REGION = Grant(how="A", floor="second")
COMMERCIAL = ("field", "overlay", "geography")

_ROLES = (
    Role(
        name="national_leader",
        title="National leader",
        rung="top",
        hierarchy_kinds=COMMERCIAL,
        first_page="one_picture",
        question="What is the integrated impact, and what do we change?",
        levers=("move budget between regions and channels", "approve a territory shift", "set goals"),
        grants={
            "rx": A,
            "targeting": Y,
            "field_activity": A,
            "media_exposure": A,
            "media_spend": Y,
            "medical_exchange": A_REGION,
            "inquiry": A,
            "site": A_REGION,
        },
    ),
    Role(
        name="brand_lead",
        title="Brand and omnichannel lead",
        rung="top",
        hierarchy_kinds=COMMERCIAL,
        first_page="one_picture",
        question="Which channel, sequence, content and segment work?",
        levers=("reallocate media", "cap frequency", "change the sequence", "start a holdout test"),
        grants={
            "rx": A,
            "targeting": Y,
            "field_activity": A,
            "media_exposure": Y,
            "media_spend": Y,
            "medical_exchange": A_REGION,
            "inquiry": A,
        },
    ),
    Role(
        name="regional_director",
        title="Regional director",
        rung="second",
        hierarchy_kinds=COMMERCIAL,
        first_page="one_picture",
        question="Which districts fall behind, and is it market, breadth, depth or mix?",
        levers=("shift the map inside the region", "cover vacancies", "agree plans"),
        grants={
            "rx": Y,
            "targeting": Y,
            "field_activity": Y,
            "media_exposure": A,
            "media_spend": A,
            "medical_exchange": A_REGION,
            "inquiry": A,
        },
    ),
    Role(
        name="district_manager",
        title="District manager",
        rung="third",
        hierarchy_kinds=COMMERCIAL,
        first_page="one_picture",
        question="Whom do I coach, on what?",
        levers=("coach", "re-plan", "redirect calls"),
        grants={"rx": Y, "targeting": Y, "field_activity": Y, "media_exposure": Y, "consent": Y, "inquiry": A},
        pdrp="hidden",
    ),
    Role(
        name="rep",
        title="Representative",
        rung="leaf",
        hierarchy_kinds=COMMERCIAL,
        first_page="cues",
        question="Whom do I see this week, and why?",
        levers=("plan a call", "send an approved e-mail", "leave a sample", "invite"),
        grants={"rx": Y, "targeting": Y, "field_activity": Y, "media_exposure": Y, "consent": Y},
        pdrp="hidden",
    ),
    Role(
        name="msl",
        title="MSL",
        rung="leaf",
        hierarchy_kinds=("medical",),
        first_page="cues",
        question="Which site flags, which question waits, which expert is due?",
        levers=("call a site", "answer", "propose a scientific exchange"),
        grants={
            "field_activity": E,
            "media_exposure": E,
            "medical_exchange": Y,
            "scientific_content": Y,
            "inquiry": Y,
            "site": Y,
        },
        medical=True,
    ),
    Role(
        name="medical_director",
        title="Medical director",
        rung="top",
        hierarchy_kinds=("medical", "study"),
        first_page="one_picture",
        question="Are sites, answers and exchanges on track?",
        levers=("add or pair sites", "staff inquiries", "author standard responses", "release a theme"),
        grants={
            "field_activity": A,
            "media_exposure": A,
            "medical_exchange": Y,
            "scientific_content": Y,
            "inquiry": Y,
            "site": Y,
        },
        medical=True,
    ),
    Role(
        name="site_manager",
        title="Site manager",
        rung="top",
        hierarchy_kinds=("study",),
        first_page="sites",
        question="Will we finish on time; which site needs what?",
        levers=("intervene at a site", "unblock activation", "close a site"),
        grants={"site": Y},
        medical=True,
        by_study=True,
    ),
    Role(
        name="steward",
        title="Data steward",
        rung=None,
        hierarchy_kinds=("field", "overlay", "geography", "medical", "study"),
        first_page="data_health",
        question="Can these numbers be trusted; who may see what?",
        levers=("fix a mapping", "accept a restatement", "change policy"),
        grants={
            "rx": Y,
            "targeting": Y,
            "field_activity": Y,
            "media_exposure": Y,
            "media_spend": Y,
            "inquiry": A,
            "site": Y,
            "consent": Y,
            "privacy": Y,
        },
        pdrp="shown",
        inspects=True,
        views_as=True,
    ),
)

ROLES: dict[str, Role] = {role.name: role for role in _ROLES}

# What each sensitivity is called when it is withheld.
WORDS: dict[str, str] = {
    "rx": "Prescribing",
    "targeting": "Targets and tiers",
    "field_activity": "Calls and samples",
    "media_exposure": "Media exposure",
    "media_spend": "Media spend",
    "medical_exchange": "Scientific exchange",
    "scientific_content": "Scientific content",
    "inquiry": "Medical inquiries",
    "site": "Site recruitment",
    "consent": "Consent",
    "privacy": "Opt-outs",
}

# Why each sensitivity is not shown to everybody, where no limit of its own says it.
WHY: dict[str, str] = {
    "rx": "what somebody prescribes is shown only to those whose work is about it",
    "targeting": "who is called on and how often is planned where the calls are made",
    "field_activity": "what the field does is shown row by row to those who lead it",
    "media_exposure": "what a named person was shown or opened is seen by those who write to that person",
    "media_spend": "budgets are moved above; nothing at this post changes them",
    "medical_exchange": "science and promotion are kept apart",
    "scientific_content": "science and promotion are kept apart",
    "inquiry": "who asked medical information what stays with those who answer",
    "site": "sites and their patients are the business of those who run the study",
    "consent": "what a person agreed to is looked up by those who write to that person",
    "privacy": "who opted out is known to the one who keeps to it",
}

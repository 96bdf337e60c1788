"""Cues of medical affairs and of studies: sites, questions, experts. No prescription is read here."""

from __future__ import annotations

from metrics.cues.declare import Cue, Lever

CUES = (
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
        name="site_stalled",
        title="A site has stopped enrolling",
        rule=(
            "An open site that does not flag has enrolled nobody for 13 weeks, a wait that at its own pace has less "
            "than one chance in a hundred."
        ),
        evidence="Three subjects before, and a feed that still delivers.",
        about="site",
        levers=(
            Lever(role="msl", lever="call a site", action="Call the site"),
            Lever(role="site_manager", lever="intervene at a site", action="Open an intervention"),
            Lever(role="medical_director", lever="add or pair sites", action="Pair the site"),
        ),
        due=3,
        unit="patients in 26 weeks",
        points=0.6,
        control=0.5,
    ),
    Cue(
        name="screen_failure",
        title="A site fails most of those it screens",
        rule=(
            "More than half of those screened at an open site fail, and chance at the rate of the study's other sites "
            "does not explain it (1 in 20)."
        ),
        evidence="Eight screened at the site, and others in the study to compare with.",
        about="site",
        levers=(Lever(role="site_manager", lever="intervene at a site", action="Train on the criteria"),),
        due=5,
        unit="patients in 26 weeks",
        points=0.5,
        control=0.5,
    ),
    Cue(
        name="activation_stuck",
        title="A site does not open",
        rule=(
            "The next step of a site that is not open yet (contract, submission, approval, activation) is more than 30 "
            "days behind its planned day."
        ),
        evidence="The planned day of the step, and no actual one.",
        about="site",
        levers=(Lever(role="site_manager", lever="unblock activation", action="Unblock it"),),
        due=3,
        unit="patients a quarter",
        points=0.8,
        control=0.7,
    ),
    Cue(
        name="study_late",
        title="A study will probably be late",
        rule="The chance that the open sites fill the study by its planned day is below one half.",
        evidence="The recruitment model of the study (Poisson counts, gamma rates), its target and planned finish.",
        about="study",
        levers=(
            Lever(role="medical_director", lever="add or pair sites", action="Add sites"),
            Lever(role="site_manager", lever="intervene at a site", action="Plan the recovery"),
        ),
        due=10,
        unit="patients by the planned finish",
        points=0.2,
        control=0.3,
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
        name="answers_at_risk",
        title="Answers pile up in a medical region",
        rule=(
            "Three or more open questions of one medical region have used four fifths of the working time in which "
            "their answers are promised."
        ),
        evidence="The moments they were asked and promised.",
        about="node",
        levers=(Lever(role="medical_director", lever="staff inquiries", action="Staff the answers"),),
        due=1,
        unit="answers in time",
        points=3.0,
        control=0.8,
    ),
    Cue(
        name="topic_surge",
        title="Many ask about one topic",
        rule=(
            "Three or more clinicians of one medical region asked about one topic in 30 days, more than the half year "
            "before makes likely (false-discovery rate 10 %)."
        ),
        evidence="Questions with a coded topic, and half a year of them before.",
        about="node",
        levers=(
            Lever(role="medical_director", lever="author standard responses", action="Author a standard response"),
        ),
        due=10,
        unit="questions a month",
        points=1.0,
        control=0.6,
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
)

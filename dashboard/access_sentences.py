"""What the Access page says: what a visitor sees, what not, and why, in sentences."""

from __future__ import annotations

from dashboard.policy_sentences import GRANTS, OPT_OUTS
from metrics.catalog.roles import WORDS
from metrics.query import EVERY_STUDY
from metrics.rights import Grid, Right, Rights

STATES = {
    "declared": "as declared: this deployment changed nothing",
    "applied": "applied by this deployment",
    "held": "held: the file says something else than what was applied",
    "unreadable": "the file cannot be read",
}


def headline(found: Rights) -> str:
    """How much of everything the visitor sees, and where."""
    hidden = [right for right in found.rights if not right.seen]
    kinds = f"{len(hidden)} kinds of data are" if len(hidden) != 1 else "one kind of data is"
    rest = f"; {kinds} not shown to you" if hidden else ""
    return f"You see {found.metrics} of {found.of} metrics in {found.place}{rest}"


def under(found: Rights) -> str:
    """As whom, under which policy."""
    title = found.role.title
    return f"As {title}, under access policy {found.policy.version}. Every page, file and answer asks the same door."


def stands(found: Rights) -> list[str]:
    """Where the visitor stands and what that opens and closes."""
    where = f"You look at {found.place} ({found.level}) and all that lies below it; nothing beside or above it."
    said = [where if found.visitor.node else f"You look at the whole of {found.place}."]
    who = found.visitor
    if who.from_date or who.to_date:
        first = f"from {who.from_date.isoformat()}" if who.from_date else ""
        last = f"to {who.to_date.isoformat()}" if who.to_date else ""
        said.append(f"Your access holds {' '.join(filter(None, (first, last)))}, by the day of the data.")
    if who.team:
        said.append(f"Of calls and samples you see those of the {who.team} team.")
    if who.studies and EVERY_STUDY not in who.studies:
        said.append(f"Of sites you see those of {', '.join(who.studies)}.")
    said.append(f"Physicians who opted out of sharing their prescribing (PDRP): {OPT_OUTS[found.role.pdrp]}.")
    sums = [WORDS[right.name].lower() for right in found.rights if right.grant.how == "A" and right.metrics]
    if sums:
        said.append(
            f"Where you see only sums ({', '.join(sums)}), a cell of fewer than {found.policy.least} persons is "
            "hidden, and enough beside it that nobody can work it out."
        )
    if found.policy.site_counts == "summed":
        said.append("Sites are summed up here, and small counts of patients are hidden.")
    return said


def how(right: Right) -> str:
    """How a kind of data is seen."""
    return GRANTS[str(right.grant)].replace("the own area", "your own area")


def counted(right: Right) -> str:
    """How many metrics it opens."""
    if not right.of:
        return "in cues"
    return f"{right.metrics} of {right.of} metrics"


def why(right: Right) -> str:
    """Why it is not shown, or not more of it: the limit's own words, or those of the declaration."""
    words = right.limits[0].why if right.limits else right.why
    return f"{words[:1].upper()}{words[1:]}."


def source(right: Right) -> str:
    """The public source of a limit; nothing where the deployment decides."""
    return right.limits[0].source if right.limits else ""


def grid_title(found: Grid) -> str:
    """The policy in force and its state."""
    return f"Policy {found.policy.version}: {STATES[found.state]}"


def mark_words(mark: str) -> str:
    """What a changed cell's mark says."""
    return {"opened": "opened here", "narrowed": "narrowed here"}.get(mark, "")

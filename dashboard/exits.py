"""Every way by which a number or a name leaves: who may take it, what guards it, what the audit says of it.

A page, a command, a part that draws, a file or a log that is not declared here fails the architecture tests.
"""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("page", "command", "part", "chart", "download", "file", "address", "log")
TAKERS = ("visitor", "operator", "steward", "anybody")
# What stands between the data and the taker.
GUARDS = {
    "grant": "asked through metrics.access: row scope, level, opt-outs, small cells",
    "cues": "metrics.cues.inbox: the visitor's own scope, grants on what a cue is made of, opt-outs, small cells",
    "rights": "the visitor's role decides the whole of it before anything is read",
    "home": "whoever can read the workspace's home is its operator; every such line is audited",
    "nothing": "it holds no number and no name of the company's",
}


@dataclass(frozen=True, kw_only=True)
class Exit:
    """One way out: `name` as it is found in the code, who takes it, what guards it, the audit's word for it (or "")."""

    name: str
    kind: str
    taker: str
    guard: str
    did: str = ""

    def __post_init__(self) -> None:
        known = ((self.kind, KINDS), (self.taker, TAKERS), (self.guard, tuple(GUARDS)))
        assert all(value in values for value, values in known), self


def _exits(kind: str, *rows: tuple[str, str, str, str]) -> tuple[Exit, ...]:
    return tuple(Exit(name=name, kind=kind, taker=taker, guard=guard, did=did) for name, taker, guard, did in rows)


_PAGES = _exits(
    "page",
    ("one_picture", "visitor", "grant", "view"),
    ("cues", "visitor", "cues", "view"),
    ("team", "visitor", "grant", "view"),
    ("media", "visitor", "grant", "view"),
    ("sites", "visitor", "grant", "view"),
    ("definitions", "visitor", "rights", "view"),
    ("data_health", "visitor", "rights", "view"),
    ("mapping", "steward", "rights", "view"),
    ("access", "visitor", "rights", "view"),
    ("audit", "steward", "rights", "view"),
    ("export", "visitor", "grant", "view"),
)

_COMMANDS = _exits(
    "command",
    ("ask", "operator", "grant", "ask"),
    ("cues", "operator", "cues", "ask"),
    ("visitors", "operator", "home", ""),
    ("metrics", "anybody", "nothing", ""),
    ("demo", "operator", "home", "import"),
    ("import", "operator", "home", "import"),
    ("check", "operator", "home", ""),
    ("build", "operator", "home", "build"),
    ("refresh", "operator", "home", "build"),
    ("serve", "operator", "home", ""),
    ("backup", "operator", "home", "export"),
    ("restore", "operator", "home", ""),
    ("erase", "operator", "home", "erase"),
    ("snapshots list", "operator", "home", ""),
    ("snapshots diff", "operator", "home", ""),
    ("snapshots use", "operator", "home", "snapshot"),
    ("snapshots prune", "operator", "home", "snapshot"),
    ("snapshots verify", "operator", "home", ""),
    ("audit export", "operator", "home", "export"),
    ("audit verify", "operator", "home", "verify"),
    ("audit anchor", "operator", "home", "anchor"),
    ("entitle grant", "operator", "home", "entitlement"),
    ("entitle list", "operator", "home", ""),
    ("entitle revoke", "operator", "home", "entitlement"),
    ("link review", "operator", "home", ""),
    ("link list", "operator", "home", ""),
    ("link accept", "operator", "home", "link"),
    ("link refuse", "operator", "home", "link"),
    ("quarantine list", "operator", "home", ""),
    ("quarantine replay", "operator", "home", "import"),
    ("policy show", "operator", "home", ""),
    ("policy simulate", "operator", "home", ""),
    ("policy apply", "operator", "home", "policy"),
)

# Modules that put something on a page. What they show they were given by a page, or asked through the grant.
_PARTS = _exits(
    "part",
    *(
        (name, "visitor", "grant", "")
        for name in (
            "below",
            "bridge",
            "children",
            "header",
            "lanes",
            "media",
            "numbers",
            "site_curve",
            "sites",
            "strip",
            "team",
            "top",
        )
    ),
    ("audit", "steward", "rights", ""),
    ("taking", "visitor", "grant", ""),
    ("cue_cards", "visitor", "cues", "cue"),
    ("access", "visitor", "rights", ""),
    ("definitions", "visitor", "rights", ""),
    ("health", "visitor", "rights", ""),
    ("trust", "steward", "rights", ""),
    ("mapping", "steward", "rights", "mapping"),
    ("looking_as", "steward", "rights", "view_as"),
    ("markup", "anybody", "nothing", ""),
    ("page", "anybody", "nothing", ""),
    ("panel", "anybody", "nothing", ""),
    ("sign_in", "anybody", "nothing", ""),
)

_CHARTS = _exits(
    "chart",
    *(
        (name, "visitor", "grant", "")
        for name in ("bridge", "enrolment_curve", "lane_table", "lanes", "note_places", "quadrant", "site_funnel")
    ),
    ("drawing", "anybody", "nothing", ""),
)

# What a page hands to a browser as a file.
_DOWNLOADS = _exits("download", ("parts.taking", "visitor", "grant", "export"))

# Modules that write a file which somebody may take away: answers, lines of the audit, an invented company.
_FILES = _exits(
    "file",
    ("exports.filed", "operator", "grant", "export"),
    ("exports.workbook", "operator", "grant", "export"),
    ("exports.check_report", "operator", "nothing", ""),
    ("auditing", "operator", "home", "export"),
    ("demo", "operator", "nothing", ""),
)

_ADDRESSES = _exits(
    "address",
    ("/_stcore/stream", "visitor", "rights", ""),
    ("/_stcore/health", "anybody", "nothing", ""),
    ("/_stcore/metrics", "operator", "nothing", ""),
    ("/_stcore/host-config", "anybody", "nothing", ""),
    ("/auth/login", "anybody", "nothing", "sign_in"),
    ("/auth/logout", "anybody", "nothing", "sign_out"),
    ("/oauth2callback", "anybody", "nothing", "sign_in"),
)

# Modules that write a line of the server's log: an id, an address without its query, a kind of error.
_LOGS = _exits(
    "log",
    ("gate", "operator", "nothing", ""),
    ("server", "operator", "nothing", ""),
    ("web.logs", "operator", "nothing", ""),
    ("parts.panel", "operator", "nothing", ""),
)

EXITS: tuple[Exit, ...] = (*_PAGES, *_COMMANDS, *_PARTS, *_CHARTS, *_DOWNLOADS, *_FILES, *_ADDRESSES, *_LOGS)


def exits(kind: str) -> dict[str, Exit]:
    """The declared exits of a kind by name."""
    return {each.name: each for each in EXITS if each.kind == kind}

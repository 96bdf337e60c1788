"""Whom which numbers judge: medical people by answers, coverage of their plan and their sites, never by promotion."""

from __future__ import annotations

from metrics.scorecard import Scorecard

MEDICAL = Scorecard(
    roles=("msl", "medical_director", "site_manager"),
    judged=(
        "inquiries", "inquiries_in_sla", "inquiries_open", "inquiries_overdue", "turnaround_median", "turnaround_p90",
        "expert_coverage", "experts", "exchanges", "congress_held", "actionable_insights", "enrolled",
        "enrolled_to_date", "enrolled_planned", "enrolled_vs_plan", "screen_failure_rate", "flagging_sites",
        "sites_on_track", "sites_open",
    ),
    context=("calls", "reached_hcps"),
)  # fmt: skip

SCORECARDS = (MEDICAL,)

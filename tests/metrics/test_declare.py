"""Declarations check themselves: a wrong one cannot be imported, and nobody types in what it gives away."""

from __future__ import annotations

import pytest

from data.errors import BadDeclaration
from metrics.catalog import METRICS
from metrics.catalog.facts import INQUIRY, OUTCOME
from metrics.catalog.outcomes import TRX
from metrics.declare import Measure, Metric, SubjectMeasure


def test_what_a_metric_gives_away_follows_from_the_columns_it_reads() -> None:
    assert METRICS["trx"].sensitivities == {"rx"}
    assert METRICS["reach"].sensitivities == {"field_activity", "targeting"}
    assert METRICS["cost_per_reached_hcp"].sensitivities == {"media_spend", "media_exposure", "targeting"}
    assert METRICS["inquiries_in_sla"].sensitivities == {"inquiry"}


def test_a_filter_column_counts_as_read() -> None:
    plain = Measure(name="a", fact=INQUIRY, expr="sum(quantity)", doc="a")
    assert plain.sensitivities == {"inquiry"}
    from metrics.catalog.facts import PLAN

    tiered = Measure(name="b", fact=PLAN, expr="sum(quantity) FILTER (WHERE tier = 'A')", doc="b")
    assert "targeting" in tiered.sensitivities


@pytest.mark.parametrize(
    ("expr", "word"),
    [
        ("sum(quantty)", 'Did you mean "quantity"?'),
        ("quantity", "a measure is a sum"),
        ("sum(quantity) + random()", "outside the portable subset"),
        ("median(quantity)", "outside the portable subset"),
        ("sum(", "does not parse"),
    ],
)
def test_a_wrong_measure_is_refused_in_words(expr: str, word: str) -> None:
    with pytest.raises(BadDeclaration, match="measure x") as refused:
        Measure(name="x", fact=OUTCOME, expr=expr, doc="x")
    assert word in str(refused.value)


def test_a_subject_measure_may_name_only_its_inputs() -> None:
    with pytest.raises(BadDeclaration, match='Did you mean "trx"'):
        SubjectMeasure(name="x", inputs=(TRX,), expr="count(*) FILTER (WHERE trxx > 0)", doc="x")


def test_medical_activity_is_never_joined_to_prescribing() -> None:
    inquiries = Measure(name="inquiries", fact=INQUIRY, expr="sum(quantity)", doc="x")
    with pytest.raises(BadDeclaration, match="joins medical activity to prescribing"):
        Metric(
            name="bad",
            title="Bad",
            band="medical",
            unit="ratio",
            definition="x",
            formula="trx / inquiries",
            measures=(TRX, inquiries),
        )


def test_every_metric_has_its_words() -> None:
    assert len(METRICS) >= 30
    for name, metric in METRICS.items():
        assert metric.name == name
        assert metric.definition.endswith("."), name
        assert metric.title[0].isupper(), name

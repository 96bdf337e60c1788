"""What a canonical table is: its columns, their types, its grain in words, its key, its one domain."""

from __future__ import annotations

from dataclasses import dataclass

from data.errors import BadDeclaration, did_you_mean

DOMAINS = ("reference", "outcome", "field", "media", "medical", "site", "privacy")

# The engine's types; additive quantities are BIGINT or DECIMAL(18,4), never DOUBLE.
TEXT, DAY, MOMENT, COUNT, AMOUNT, FLAG, PLACE = (
    "VARCHAR",
    "DATE",
    "TIMESTAMP",
    "BIGINT",
    "DECIMAL(18,4)",
    "BOOLEAN",
    "DOUBLE",
)

# What a column gives away, in the words of the access grid (metrics/catalog/roles.py).
SENSITIVITIES = (
    "open",
    "rx",
    "targeting",
    "field_activity",
    "media_exposure",
    "media_spend",
    "medical_exchange",
    "scientific_content",
    "inquiry",
    "site",
    "consent",
    "privacy",
)


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its name, engine type, what it gives away, whether it must be filled, and its sentence.

    `address` columns say where somebody is: filled for organisations alone, no snapshot holds them of a person.
    """

    name: str
    type: str
    doc: str
    sensitivity: str = "open"
    required: bool = False
    allowed: tuple[str, ...] = ()
    address: bool = False

    def __post_init__(self) -> None:
        if self.sensitivity not in SENSITIVITIES:
            raise BadDeclaration(
                f'sensitivity "{self.sensitivity}" is unknown',
                where=f"column {self.name}",
                todo=did_you_mean(self.sensitivity, SENSITIVITIES),
            )


@dataclass(frozen=True, kw_only=True)
class Table:
    """One canonical table of one domain. `grain` says in words what one row is; `key` makes it unique."""

    name: str
    domain: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        if self.domain not in DOMAINS:
            raise BadDeclaration(f'domain "{self.domain}" is unknown', where=f"table {self.name}")
        names = [column.name for column in self.columns]
        for name in self.key:
            if name not in names:
                raise BadDeclaration(
                    f'key column "{name}" is not one of its columns',
                    where=f"table {self.name}",
                    todo=did_you_mean(name, names),
                )

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; an error that says what it might have meant otherwise."""
        for column in self.columns:
            if column.name == name:
                return column
        raise BadDeclaration(f'no column "{name}"', where=f"table {self.name}", todo=did_you_mean(name, self.names))

    @property
    def is_fact(self) -> bool:
        """A fact has a period and a quantity; everything else is reference."""
        return {"period_start", "period_end", "quantity"} <= set(self.names)


def period(sensitivity: str, quantity: str = COUNT, doc: str = "How many.") -> tuple[Column, ...]:
    """The three columns that every fact has: a dated event has equal dates and quantity 1."""
    return (
        Column(
            name="period_start", type=DAY, doc="First day the row speaks of.", sensitivity=sensitivity, required=True
        ),
        Column(name="period_end", type=DAY, doc="Last day the row speaks of.", sensitivity=sensitivity, required=True),
        Column(name="quantity", type=quantity, doc=doc, sensitivity=sensitivity),
    )

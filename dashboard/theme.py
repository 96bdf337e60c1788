"""The one place for colour and type: the same meaning has the same hue on every page, light and dark."""

from __future__ import annotations

from dataclasses import asdict, dataclass

FONT = '"Source Sans", "Source Sans Pro", sans-serif'


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Colours named by what they mean. Every one of them is read as text somewhere, so each has
    at least 4.5:1 against `background` and `surface` (WCAG 2.2, success criterion 1.4.3); `rule` and
    `track` are lines and grounds only, and `goal` draws lines whose words are in `muted`.
    """

    name: str
    background: str
    surface: str
    text: str
    muted: str
    rule: str
    track: str
    outcome: str
    field: str
    media: str
    medical: str
    sites: str
    concern: str
    improvement: str
    goal: str
    on_ink: str

    def band(self, band: str) -> str:
        """The hue of a band: outcome, field, media, medical or sites."""
        return str(getattr(self, band))

    def tone(self, tone: str) -> str:
        """The colour of a judgement: concern, improvement, or muted where there is none."""
        return {"concern": self.concern, "improvement": self.improvement}.get(tone, self.muted)


LIGHT = Theme(
    name="light",
    background="#FFFFFF",
    surface="#F7F8FA",
    text="#1B2433",
    muted="#5C6776",
    rule="#E2E6EB",
    track="#EEF0F3",
    outcome="#22304F",
    field="#0B7285",
    media="#7048A8",
    medical="#237A37",
    sites="#9A5B00",
    concern="#C2410C",
    improvement="#1565C0",
    goal="#8A94A3",
    on_ink="#FFFFFF",
)
DARK = Theme(
    name="dark",
    background="#10151E",
    surface="#18202C",
    text="#E9EDF3",
    muted="#A6B1C0",
    rule="#2C3644",
    track="#232C39",
    outcome="#B4C6EE",
    field="#4DC0D3",
    media="#C0A3EC",
    medical="#6CC97E",
    sites="#E5AB52",
    concern="#FF9166",
    improvement="#7DB8FF",
    goal="#7C899B",
    on_ink="#10151E",
)
THEMES = {"light": LIGHT, "dark": DARK}

TEXT_COLOURS = (
    "text", "muted", "outcome", "field", "media", "medical", "sites", "concern", "improvement",
)  # fmt: skip


def theme(kind: str | None) -> Theme:
    """The theme of a browser that says "light", "dark" or nothing yet."""
    return THEMES.get(kind or "light", LIGHT)


def css_variables(colours: Theme) -> str:
    """The theme as a style block of custom properties, `--op-text` and so on, for our own HTML."""
    lines = "".join(f"--op-{name.replace('_', '-')}:{value};" for name, value in asdict(colours).items())
    return f"<style>:root{{{lines}}}</style>"


def chart_config(colours: Theme) -> dict[str, object]:
    """What every chart shares: type, quiet axes, no frame, and its own colours instead of the page's."""
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "mark": {"aria": False},
        "axis": {
            "labelColor": colours.muted,
            "labelFontSize": 12,
            "domainColor": colours.goal,
            "gridColor": colours.rule,
            "tickColor": colours.rule,
            "titleColor": colours.muted,
        },
        "text": {"font": FONT, "fontSize": 12.5, "color": colours.text},
        "customFormatTypes": False,
    }


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours written #RRGGBB, from 1 to 21 (WCAG 2.2, relative luminance)."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

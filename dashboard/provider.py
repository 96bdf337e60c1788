"""Who signs people in, and for how long: the identity provider as configured, in a file or in the environment."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from data.entitlements import same_issuer
from data.errors import WrongQuestion, did_you_mean

ROOT = Path(__file__).resolve().parent.parent
SECRETS = ROOT / ".streamlit" / "secrets.toml"
CALLBACK = "/oauth2callback"
DISCOVERY = "/.well-known/openid-configuration"
LEAST_SECRET = 32
LONGEST_RECHECK = 60.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")

# Each setting of a provider, and the name that sets it in the environment instead.
OF_THE_PROVIDER = {
    "client_id": "ONEPICTURE_CLIENT_ID",
    "client_secret": "ONEPICTURE_CLIENT_SECRET",
    "server_metadata_url": "ONEPICTURE_METADATA_URL",
    "redirect_uri": "ONEPICTURE_REDIRECT_URI",
    "cookie_secret": "ONEPICTURE_COOKIE_SECRET",
}
OF_SIGNING_IN = {
    "contact": "ONEPICTURE_CONTACT",
    "idle_minutes": "ONEPICTURE_IDLE_MINUTES",
    "session_hours": "ONEPICTURE_SESSION_HOURS",
    "recheck_seconds": "ONEPICTURE_RECHECK_SECONDS",
    "group_claim": "ONEPICTURE_GROUP_CLAIM",
}
ASKED = ("client_id", "client_secret", "server_metadata_url")
PLACE = ("group", "role", "hierarchy", "node", "team", "studies")


@dataclass(frozen=True, kw_only=True)
class GroupPlace:
    """What the people of one group of the provider may look in as, where nobody is named one by one."""

    group: str
    role: str
    hierarchy: str | None = None
    node: str | None = None
    team: str | None = None
    studies: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Client:
    """This app as one provider knows it: who vouches, and as which client we ask."""

    issuer: str
    client_id: str


@dataclass(frozen=True, kw_only=True)
class Provider:
    """The provider or providers that sign people in. Times are seconds.

    `secrets` is what Streamlit's own sign-in is given. `clients` are the providers by name
    ("default" for the one that has no name). A session ends after `idle` without a sign of its person,
    and after `absolute` at the latest; what is remembered about it is looked up again after `recheck`.
    """

    secrets: Mapping[str, Any] = field(repr=False)
    clients: Mapping[str, Client]
    redirect_uri: str
    contact: str
    idle: float
    absolute: float
    recheck: float
    group_claim: str | None
    groups: tuple[GroupPlace, ...]

    @property
    def public(self) -> str:
        """The address under which people's browsers know the app: scheme, host and port."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(self.redirect_uri))

    @property
    def host(self) -> str:
        """The host of that address."""
        return urlsplit(self.redirect_uri).hostname or ""

    @property
    def https(self) -> bool:
        """Whether people reach the app by https."""
        return self.redirect_uri.startswith("https://")


def provider(environment: Mapping[str, str] | None = None, port: int | None = None) -> Provider | None:
    """The provider that is configured; None where there is none. Raises WrongQuestion for one that is half there.

    The file is .streamlit/secrets.toml beside the code, or the one that ONEPICTURE_SECRETS names; what
    the environment says wins. `{port}` in the redirect address becomes `port`.
    """
    environment = os.environ if environment is None else environment
    path = Path(environment.get("ONEPICTURE_SECRETS") or SECRETS)
    told = _file(path, asked=bool(environment.get("ONEPICTURE_SECRETS")))
    auth = {**told.get("auth", {}), **_of(environment, OF_THE_PROVIDER)}
    if not auth:
        return None
    where = path.name if path.is_file() else "the environment"
    redirect = str(auth.get("redirect_uri", "")).replace("{port}", str(port or ""))
    _check_redirect(redirect, where)
    if len(str(auth.get("cookie_secret", ""))) < LEAST_SECRET:
        _refuse("cookie_secret is missing or too short", where, f"Give it {LEAST_SECRET} random characters or more.")
    signing = {**told.get("signin", {}), **_of(environment, OF_SIGNING_IN)}
    for name in signing:
        if name not in (*OF_SIGNING_IN, "issuer", "group"):
            _refuse(f'[signin] knows no "{name}"', where, did_you_mean(name, (*OF_SIGNING_IN, "issuer", "group")))
    recheck = _number(signing, "recheck_seconds", 20.0, where)
    return Provider(
        secrets={"auth": {**auth, "redirect_uri": redirect}},
        clients=_clients(auth, signing.get("issuer"), where),
        redirect_uri=redirect,
        contact=str(signing.get("contact", "") or "the data steward"),
        idle=60 * _number(signing, "idle_minutes", 30.0, where),
        absolute=3600 * _number(signing, "session_hours", 12.0, where),
        recheck=min(recheck, LONGEST_RECHECK),
        group_claim=signing.get("group_claim") or None,
        groups=tuple(_group(each, where) for each in signing.get("group", ())),
    )


def _of(environment: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    return {name: environment[variable] for name, variable in names.items() if environment.get(variable)}


def _file(path: Path, *, asked: bool) -> dict[str, Any]:
    if not path.is_file():
        if asked:
            _refuse("the file that ONEPICTURE_SECRETS names is not there", path.name, "Correct the name.")
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):  # no TOML, no text, a number without end
        raise _wrong("the file cannot be read as TOML", path.name, "Compare it with secrets.example.toml.") from None


def _clients(auth: Mapping[str, Any], issuer: str | None, where: str) -> dict[str, Client]:
    """The providers: the one without a name, and each section that looks like one."""
    sections = {name: section for name, section in auth.items() if isinstance(section, dict) and "client_id" in section}
    if "client_id" in auth:
        sections = {"default": dict(auth), **sections}
    if not sections:
        _refuse("[auth] names no client_id", where, "Take it from the provider's registration of this app.")
    found = {}
    for name, section in sections.items():
        missing = [each for each in ASKED if not section.get(each)]
        if missing:
            _refuse(f"{missing[0]} is missing", where, f"Add it to [auth{'' if name == 'default' else f'.{name}'}].")
        address = str(section["server_metadata_url"])
        if not (_safe(address) and address.endswith(DISCOVERY)):
            todo = f"It is https, and ends with {DISCOVERY}."
            _refuse("server_metadata_url is no address of a provider's configuration", where, todo)
        told = issuer if name == "default" and issuer else address.removesuffix(DISCOVERY)
        found[name] = Client(issuer=same_issuer(told), client_id=str(section["client_id"]))
    return found


def _check_redirect(redirect: str, where: str) -> None:
    if not (_safe(redirect) and urlsplit(redirect).path == CALLBACK):
        todo = f"It is https (http on this machine only), and its path is {CALLBACK}."
        _refuse("redirect_uri is not the way back to this app", where, todo)


def _safe(address: str) -> bool:
    """Whether an address is https, or stays on this machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


def _number(told: Mapping[str, Any], name: str, usual: float, where: str) -> float:
    try:
        value = float(told.get(name, usual))
    except (TypeError, ValueError):
        value = 0.0
    if not value > 0:
        _refuse(f"{name} is no number above zero", where, f"Write {name} = {usual:g}.")
    return value


def _group(block: Any, where: str) -> GroupPlace:
    odd = sorted(set(block) - set(PLACE)) if isinstance(block, dict) else ["group"]
    if odd or not block.get("group") or not block.get("role"):
        _refuse("a [[signin.group]] cannot be read", where, f"It has group and role, and may have {', '.join(PLACE)}.")
    return GroupPlace(**{**block, "studies": tuple(block.get("studies", ()))})


def _wrong(what: str, where: str, todo: str) -> WrongQuestion:
    return WrongQuestion(what, where=where, todo=todo)


def _refuse(what: str, where: str, todo: str) -> None:
    raise _wrong(what, where, todo)

"""A real provider, a real browser: who comes in, who does not, and how an open page ends."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from dashboard.cli import run
from data.entitlements import person_id
from data.ledger import Ledger
from data.snapshot import open_snapshot
from data.workspace import Workspace
from tests.e2e import signing
from tests.e2e.signing import PEOPLE, SECRET, Company, arrive, by_hand, overheard, sees, sees_nothing, sign_in

pytestmark = pytest.mark.browser

WITHIN = 15.0  # what the tests wait for an open page to end; the product promises a minute, here it looks every second
LIMITS = "recheck_seconds = 1\n"
SHORT = "recheck_seconds = 1\nidle_minutes = 0.15\nsession_hours = 0.005\n"


@pytest.fixture(scope="module")
def served(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Company, Company]]:
    """Two servers of the app beside the real provider and the odd one; all four start at the same moment."""
    folders = [tmp_path_factory.mktemp(name) for name in ("providers", "company", "hasty")]
    ports = (signing.free_port(), signing.free_port())
    real, odd = (f"http://localhost:{port}" for port in ports)
    users = [word for each in PEOPLE for word in ("--user-claims", json.dumps(each))]
    commands = (
        ["-m", "oidc_provider_mock", "-H", "127.0.0.1", "-p", str(ports[0]), *users],
        [str(Path(__file__).with_name("odd_provider.py")), str(ports[1])],
    )
    proxy = {"ONEPICTURE_TRUSTED_PROXIES": "127.0.0.1", "ONEPICTURE_METRICS_TOKEN": "let-me-count"}
    with ExitStack() as stack:
        company = stack.enter_context(signing.serving(demo_home, folders[1], real, odd, LIMITS))
        hasty = stack.enter_context(signing.serving(demo_home, folders[2], real, odd, SHORT, **proxy))
        for issuer, command in zip((real, odd), commands, strict=True):
            log = folders[0] / f"{urlsplit(issuer).port}.log"
            process = stack.enter_context(signing.running(command, log))
            signing.answers(process, log, f"{issuer}/.well-known/openid-configuration")
        for each in (company, hasty):
            each.answers().grant("ada")
        yield company, hasty


@pytest.fixture(scope="module")
def company(served: tuple[Company, Company]) -> Company:
    """The app, looking at open pages every second."""
    return served[0]


@pytest.fixture(scope="module")
def hasty(served: tuple[Company, Company]) -> Company:
    """The same, with limits of seconds, and behind a proxy on this machine that is trusted."""
    return served[1]


@pytest.fixture
def person(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """A browser of somebody's own, which asks nothing of another host."""
    opened: list[BrowserContext] = []

    def _open() -> BrowserContext:
        opened.append(signing.only_here(browser.new_context()))
        return opened[-1]

    yield _open
    for context in opened:
        context.close()


@pytest.fixture
def page(person: Callable[[], BrowserContext]) -> Page:
    return person().new_page()


def _lines(company: Company, did: str) -> list[tuple[str, str]]:
    return [(line.who, line.reason) for line in Ledger(Workspace.open(company.home)).audit_lines() if line.did == did]


# --- coming in ---


def test_a_deep_link_survives_signing_in_and_the_pages_work_under_the_policy(company: Company, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text) if "Content Security Policy" in told.text else None)
    path = "/one-picture?node=US_SO&period=C4W"
    page.goto(f"{company.address}{path}")
    page.get_by_role("button", name="Sign in", exact=True).wait_for()
    assert page.locator(".op-header, .op-strip").count() == 0
    sign_in(page, "ada")
    sees(page, "South")
    page.locator(".vega-embed svg, .vega-embed canvas").first.wait_for()
    assert page.url == f"{company.address}{path}"
    assert "Ada" in page.locator(".op-header").inner_text()
    page.locator(".op-children a.op-down").first.click()
    page.wait_for_function("!location.search.includes('node=US_SO&')")
    assert complaints == []
    cookies = {each["name"]: each for each in page.context.cookies()}  # type: ignore[typeddict-item]
    assert "onepicture_way_back" not in cookies
    assert cookies["_streamlit_user"]["httpOnly"]
    assert all(each["sameSite"] == "Lax" for each in cookies.values())
    assert (person_id(company.provider, "ada"), "") in _lines(company, "sign_in")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_signing_in(company: Company, browser: Browser, scheme: str) -> None:
    context = signing.only_here(browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 844}))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(company.address)
    button = page.get_by_role("button", name="Sign in", exact=True)
    button.wait_for()
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    found = [rule["id"] for rule in Axe().run(page).response["violations"] if rule["impact"] in ("serious", "critical")]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for _ in range(12):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Authorize").wait_for()
    context.close()


def test_an_unknown_person_is_told_whom_to_ask_and_comes_in_by_the_number(company: Company, page: Page) -> None:
    arrive(page, company, "eve")
    number = person_id(company.provider, "eve")
    sees_nothing(page, "no place in this picture yet")
    assert f"Ask the field office and say this number: {number}" in page.locator(signing.SIGNED_OUT).inner_text()
    assert (number, "unknown person") in _lines(company, "refused")
    assert number in {each.person for each in company.entitlements.knocks()}
    company.grant("eve", node="US_SO", role="regional_director")
    page.reload()
    sees(page, "South")


def test_an_address_that_nobody_verified_is_a_polite_no(company: Company, page: Page) -> None:
    company.grant("mallory")
    arrive(page, company, "mallory")
    sees_nothing(page, "has not verified your e-mail address")
    assert (person_id(company.provider, "mallory"), "e-mail not verified") in _lines(company, "refused")


# --- tokens that lie ---


@pytest.mark.parametrize("wrong", ["iss", "exp"])
def test_a_token_that_lies_lets_nobody_in(company: Company, page: Page, wrong: str) -> None:
    company.be(wrong=wrong)
    arrive(page, company, None, odd=True)
    sees_nothing(page, "The sign-in did not work")
    assert "_streamlit_user" not in {each["name"] for each in page.context.cookies()}  # type: ignore[typeddict-item]


@pytest.mark.parametrize("wrong", ["barely", "azp"])
def test_what_the_library_lets_pass_the_gate_does_not(company: Company, page: Page, wrong: str) -> None:
    company.be(wrong=wrong)
    arrive(page, company, None, odd=True)
    sees_nothing(page, {"barely": "run out", "azp": "another app"}[wrong])


@pytest.mark.parametrize("wrong", ["iss", "exp", "aud", "signature", "none", "nonce"])
def test_a_token_that_lies_gives_no_cookie(company: Company, wrong: str) -> None:
    company.be(wrong=wrong)
    with httpx.Client() as client:
        answer = by_hand(company, client)
        assert answer.headers["location"] == "/?sign-in-failed=1"
        assert "_streamlit_user" not in client.cookies
    company.be()
    with httpx.Client() as client:
        assert by_hand(company, client).headers["location"] == "/"
        assert "_streamlit_user" in client.cookies


# --- the end of a session ---


def test_a_revocation_ends_an_open_page(company: Company, page: Page) -> None:
    company.grant("ben")
    arrive(page, company, "ben", "/one-picture")
    sees(page, "United States")
    company.entitlements.revoke(company.provider, "ben", "left the company", "operator")
    assert sees_nothing(page, "Your access was taken back") < WITHIN
    page.reload()
    sees_nothing(page, "Your access was taken back")


def test_an_entitlement_that_runs_out_or_moves_is_followed_by_an_open_page(company: Company, page: Page) -> None:
    today = date.fromtimestamp(time.time())
    company.grant("cleo", to_date=today)
    arrive(page, company, "cleo", "/one-picture")
    sees(page, "United States")
    company.grant("cleo", node="US_SO", role="regional_director", to_date=today)
    sees(page, "South")
    company.grant("cleo", from_date=today - timedelta(days=9), to_date=today - timedelta(days=1))
    assert sees_nothing(page, "Your access ended on") < WITHIN


def test_signing_out_in_one_tab_ends_the_others_and_the_cookie_itself(
    company: Company, person: Callable[[], BrowserContext]
) -> None:
    company.grant("dora")
    context = person()
    one, two = context.new_page(), context.new_page()
    arrive(one, company, "dora", "/one-picture")
    sees(one, "United States")
    two.goto(f"{company.address}/one-picture?node=US_SO")
    sees(two, "South")
    stolen = context.cookies()
    one.locator(".op-header summary", has_text="Dora").click()
    one.get_by_role("link", name="Sign out").click()
    assert sees_nothing(two, "You signed out") < WITHIN
    for _ in range(3):
        one.go_back()
        one.wait_for_timeout(500)
        assert one.locator(".op-header, .op-strip").count() == 0
    thief = person()
    thief.add_cookies(stolen)  # type: ignore[arg-type]
    late = thief.new_page()
    late.goto(f"{company.address}/one-picture")
    sees_nothing(late, "You signed out")
    assert (person_id(company.provider, "dora"), "left") in _lines(company, "sign_out")


def test_the_end_of_the_token_ends_an_open_page(company: Company, page: Page) -> None:
    company.grant("finn")
    company.be(sub="finn", lasts=9)
    arrive(page, company, None, "/one-picture", odd=True)
    sees(page, "United States", whole=False)
    sees_nothing(page, "run out")


def test_nobody_there_ends_an_open_page_and_the_same_cookie_brings_nothing_back(hasty: Company, page: Page) -> None:
    arrive(page, hasty, "ada", "/one-picture")
    sees(page, "United States", whole=False)
    sees_nothing(page, "You were signed out after 9 seconds without a sign of you")
    page.reload()
    sees_nothing(page, "without a sign of you")
    sign_in(page, "ada")
    sees(page, "United States", whole=False)


def test_the_longest_session_ends_while_its_person_is_there(hasty: Company, page: Page) -> None:
    hasty.be(age=2)
    arrive(page, hasty, None, "/one-picture", odd=True)
    sees(page, "United States", whole=False)
    until, out = time.monotonic() + 25, page.locator(signing.SIGNED_OUT)
    while not out.count() and time.monotonic() < until:
        link = page.locator(".op-pages a").nth(1 if "cues" not in page.url else 0)
        if link.count():
            link.click(timeout=5_000, no_wait_after=True, force=True)
        page.wait_for_timeout(1_000)
    sees_nothing(page, "which is the limit")


# --- tricks ---


def test_a_way_back_that_was_used_is_used_up(company: Company, person: Callable[[], BrowserContext]) -> None:
    company.grant("gil")
    context = person()
    page, backs = context.new_page(), []
    page.on("request", lambda sent: backs.append(sent.url) if "/oauth2callback" in sent.url else None)
    arrive(page, company, "gil", "/one-picture")
    sees(page, "United States")
    for somebody in (person(), context):
        if somebody is context:
            somebody.clear_cookies()
        again = somebody.new_page()
        again.set_default_timeout(signing.SHOWS_WITHIN)
        again.goto(backs[0])
        sees_nothing(again, "The sign-in did not work")
        assert "_streamlit_user" not in {each["name"] for each in somebody.cookies()}  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example.com/one-picture",
        "/%2f%2fevil.example.com",
        "/\\evil.example.com",
        "/one-picture/..//evil.example.com",
    ],
)
def test_no_trick_leads_out_of_the_app(company: Company, path: str) -> None:
    company.be()
    with httpx.Client() as client:
        client.get(f"{company.address}{path}", headers={"Accept": "text/html"})
        back = by_hand(company, client).headers["location"]
        assert back == "/"


def test_a_forged_way_back_leads_home(company: Company, page: Page) -> None:
    company.be()
    for forged in ("//evil.example.com", "Imh0dHBzOi8vZXZpbC5leGFtcGxlLmNvbSI.aaaaaa.bbbb"):
        page.context.clear_cookies()
        page.goto(f"{company.address}/definitions?next=//evil.example.com")
        page.get_by_role("button", name="Sign in with Odd").wait_for()
        cookie = {"name": "onepicture_way_back", "value": forged, "url": company.address}
        page.route("**/auth/login?*", lambda route: route.continue_(headers=_without_referer(route.request.headers)))
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        sign_in(page, None, odd=True)
        sees(page, "United States")
        assert urlsplit(page.url).netloc == urlsplit(company.address).netloc


def _without_referer(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() != "referer"}


# --- the wire ---


def _known_words(company: Company) -> set[str]:
    """The name and the id of every unit, product, study and site: none may be told to a stranger."""
    snapshot = open_snapshot(Workspace.open(company.home))
    words = {product.name for product in snapshot.products()} | {product.id for product in snapshot.products()}
    for hierarchy in snapshot.hierarchies():
        for node in snapshot.nodes(hierarchy.id).values():
            words |= {node.id, node.name}
    found = {word for word in words if len(word) > 4}
    assert len(found) > 150
    return found


def _drawn(messages: list) -> str:
    """The text of what a run draws, and nothing but what every run of the app says about itself."""
    return "\n".join(str(message.delta) for message in messages if message.WhichOneof("type") == "delta")


@pytest.mark.parametrize("name", ["", "one-picture", "cues", "sites", "data-health", "definitions", "nowhere"])
def test_a_stranger_on_the_wire_is_told_nothing(company: Company, name: str) -> None:
    words = _known_words(company)
    told = overheard(company, name, "node=US_SO&period=C4W&as=leader")
    kinds = {message.WhichOneof("type") for message in told}
    assert kinds <= {"new_session", "session_status_changed", "session_event", "delta", "page_not_found",
                     "script_finished", "page_config_changed", "git_info_changed", "page_info_changed"}  # fmt: skip
    drawn = _drawn(told)
    assert "Sign in to see your picture." in drawn
    whole = "\n".join(re.sub(r"(?s)custom_theme.*", "", str(message)) for message in told)
    assert not [word for word in words if word in whole]
    elements = [each.delta.new_element for each in told if each.WhichOneof("type") == "delta"]
    assert {each.WhichOneof("type") for each in elements} <= {"html", "button", "empty", None}
    said = [
        each.html.body for each in elements if each.WhichOneof("type") == "html" and "<style>" not in each.html.body
    ]
    assert [re.sub(r"<[^>]+>", "|", body).strip("|") for body in said] == ["Onepicture||Sign in to see your picture."]


def test_a_stranger_with_somebody_else_s_things_stays_a_stranger(company: Company) -> None:
    """A forged cookie, a true one without the page's own token, another site, another's session."""
    company.be()
    with httpx.Client() as client:
        by_hand(company, client)
        client.get(f"{company.address}/_stcore/health")
        cookies, token = (
            "; ".join(f"{key}={value}" for key, value in client.cookies.items()),
            client.cookies["_streamlit_xsrf"],
        )
    mine = overheard(company, "one-picture", cookies=cookies, protocols=("streamlit", token))
    assert "United States" in str(mine)
    session = next(each.new_session.initialize.session_id for each in mine if each.WhichOneof("type") == "new_session")
    forged = cookies.replace("_streamlit_user=", "_streamlit_user=x")
    for how in (
        {"cookies": forged, "protocols": ("streamlit", token)},
        {"cookies": cookies, "protocols": ("streamlit",)},
        {"cookies": cookies, "protocols": ("streamlit", token), "origin": None},
        {"protocols": ("streamlit", "x", session)},
    ):
        told = str(overheard(company, "one-picture", **how))  # type: ignore[arg-type]
        assert "Sign in to see your picture." in told
        assert "United States" not in told
    with pytest.raises(Exception, match="403"):
        overheard(company, "one-picture", cookies=cookies, origin="http://evil.example.com")


def test_the_server_s_other_doors_are_closed(company: Company, hasty: Company) -> None:
    upload = f"{company.address}/_stcore/upload_file/session/file"
    assert httpx.put(upload, content=b"x" * 100).status_code == 405
    assert httpx.get(f"{company.address}/_stcore/metrics").status_code == 404
    assert httpx.get(f"{company.address}/media/{'0' * 56}.csv").status_code == 404
    assert httpx.get(f"{company.address}/_stcore/agent/openapi.json").status_code == 404
    assert httpx.get(f"{company.address}/_stcore/health", headers={"Host": "10.0.0.7"}).status_code == 200
    assert httpx.get(company.address, headers={"Host": "evil.example.com"}).status_code == 421
    counted = httpx.get(f"{hasty.address}/_stcore/metrics", headers={"Authorization": "Bearer let-me-count"})
    assert counted.status_code == 200 and "active_sessions" in counted.text
    assert "@example.com" not in counted.text


def test_cookies_are_secure_behind_a_proxy_that_is_trusted_and_only_there(company: Company, hasty: Company) -> None:
    for served, secure in ((company, False), (hasty, True)):
        for path in ("/one-picture", "/_stcore/health", "/auth/login"):
            address = signing.login_address(served) if path == "/auth/login" else f"{served.address}{path}"
            told = httpx.get(address, headers={"X-Forwarded-Proto": "https"})
            for cookie in told.headers.get_list("set-cookie"):
                assert ("secure" in cookie.lower()) is secure, cookie
                assert "httponly" in cookie.lower() or cookie.startswith("_streamlit_xsrf=")
            assert bool(told.headers.get_list("set-cookie"))
            assert ("strict-transport-security" in told.headers) is secure


def test_the_demo_and_the_operator_s_word_refuse_beside_a_provider(
    company: Company, demo_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONEPICTURE_SECRETS", str(company.log.with_name("secrets.toml")))
    for words in (["--home", str(demo_home)], ["--home", str(company.home), "--as", "leader"]):
        assert run(["serve", *words, "--port", str(signing.free_port())]) == 2
        said = capsys.readouterr().err
        assert "nobody is taken at their word" in said
        assert SECRET not in said

"""A deep link survives signing in: the page that was wanted is remembered for minutes, and only ever one of ours."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.web.guard import LOGOUT

COOKIE = "onepicture_way_back"
LASTS = 600
LOGIN, CALLBACK = "/auth/login", "/oauth2callback"
SIGNED_IN = "_streamlit_user"
LONGEST = 1_500
MOST_FIELDS = 40
FAILED = "sign-in-failed"


def page_of(address: str, pages: Collection[str]) -> str | None:
    """The address as a path of a page of this app, its query written anew; None for everything else.

    Only the exact names of our pages pass: no host, no second slash, no backslash, no encoded trick.
    """
    path, _, query = address.partition("?")
    if len(address) > LONGEST or path not in {"/", *(f"/{page}" for page in pages)}:
        return None
    try:
        fields = parse_qsl(query.partition("#")[0], max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    kept = [(name, value) for name, value in fields if name != FAILED]
    return f"{path}?{urlencode(kept)}" if kept else path


class WayBack:
    """Remembers the page that somebody came for, and leads there once the provider has sent them back.

    `pages` are the addresses of the app's pages; `stands` says whose cookies are let in already; `leave`
    is told the cookies of somebody who signs out.
    """

    def __init__(
        self,
        app: ASGIApp,
        secret: str,
        pages: Callable[[], Collection[str]],
        stands: Callable[[Mapping[str, str]], bool],
        leave: Callable[[Mapping[str, str]], None],
    ) -> None:
        self.app, self.pages, self.stands, self.leave = app, frozenset(pages()), stands, leave
        self._signed = URLSafeTimedSerializer(secret, salt=COOKIE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cookies = cookie_parser(headers.get("cookie", ""))
        if scope["path"] == LOGOUT:
            await run_in_threadpool(self.leave, cookies)
        wanted = self._wanted(scope, headers)
        if wanted and scope["path"] != LOGIN and await run_in_threadpool(self.stands, cookies):
            wanted = None

        async def send_back(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                if wanted:
                    answer.append("set-cookie", self._cookie(str(self._signed.dumps(wanted)), LASTS))
                if scope["path"] == LOGIN and message["status"] == 400:  # the provider cannot be reached
                    message["status"], answer["location"] = 302, f"/?{FAILED}=1"
                if scope["path"] == CALLBACK and 300 <= message["status"] < 400:
                    self._lead(answer, scope, cookies)
            await send(message)

        await self.app(scope, receive, send_back)

    def _wanted(self, scope: Scope, headers: Headers) -> str | None:
        """The page that is asked for, or the one from which somebody goes to sign in again."""
        if scope["path"] == LOGIN:
            came = urlsplit(headers.get("referer", ""))
            same = came.netloc and came.netloc.lower() == headers.get("host", "").lower()
            return page_of(f"{came.path}?{came.query}", self.pages) if same else None
        raw = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
        return page_of(f"{raw}?{scope.get('query_string', b'').decode('latin-1')}", self.pages)

    def _lead(self, answer: MutableHeaders, scope: Scope, cookies: Mapping[str, str]) -> None:
        """After the provider: to the page that was wanted, or to the first with a word that it failed."""
        came_in = any(
            cookie.startswith(f"{SIGNED_IN}=") and "max-age=0" not in cookie.lower()
            for cookie in answer.getlist("set-cookie")
        )
        if not came_in:
            if scope.get("query_string"):
                answer["location"] = f"/?{FAILED}=1"
            return
        answer["location"] = self._remembered(cookies) or "/"
        answer.append("set-cookie", self._cookie("", 0))

    def _remembered(self, cookies: Mapping[str, str]) -> str | None:
        try:
            told = self._signed.loads(cookies.get(COOKIE, ""), max_age=LASTS)
        except BadData:
            return None
        return page_of(told, self.pages) if isinstance(told, str) else None

    def _cookie(self, value: str, lasts: int) -> str:
        return f"{COOKIE}={value}; Path=/; Max-Age={lasts}; HttpOnly; SameSite=Lax"

"""A provider that vouches wrongly on request: python odd_provider.py PORT. It asks nobody for a password.

GET /be?wrong=WHAT&sub=WHO&lasts=SECONDS&age=SECONDS says how the tokens that follow are wrong: iss, exp,
barely (over, but inside the two minutes that libraries allow), aud, azp (another audience that names us as the party),
signature, none (unsigned), nonce, unverified; or nothing.
"""

from __future__ import annotations

import base64
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

KEY = RSAKey.generate_key(2048, {"kid": "one"})
ANOTHER = RSAKey.generate_key(2048, {"kid": "one"})
CLIENT = "onepicture"
said = {"wrong": "", "sub": "ada", "lasts": "3600", "age": "0"}
codes: dict[str, str] = {}


def claims(issuer: str, nonce: str) -> dict[str, object]:
    """What a token says, wrong in one way or in none."""
    wrong, now = said["wrong"], int(time.time())
    ends = {"exp": now - 3600, "barely": now - 60}.get(wrong, now + int(said["lasts"]))
    told: dict[str, object] = {
        "iss": f"{issuer}/elsewhere" if wrong == "iss" else issuer,
        "aud": "another-app" if wrong in ("aud", "azp") else CLIENT,
        "sub": said["sub"],
        "iat": now - (7200 if wrong == "exp" else int(said["age"])),
        "exp": ends,
        "nonce": "another" if wrong == "nonce" else nonce,
        "email": f"{said['sub']}@example.com",
        "email_verified": wrong != "unverified",
        "name": said["sub"].capitalize(),
    }
    return told | ({"azp": CLIENT} if wrong == "azp" else {})


def token(issuer: str, nonce: str) -> str:
    """The token as it is sent."""
    if said["wrong"] == "none":
        parts = ({"alg": "none", "typ": "JWT"}, claims(issuer, nonce))
        return (
            ".".join(base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts) + "."
        )
    key = ANOTHER if said["wrong"] == "signature" else KEY
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims(issuer, nonce), key)


class Handler(BaseHTTPRequestHandler):
    """Discovery, consent without a question, tokens, keys."""

    def do_GET(self) -> None:
        """Everything but the tokens."""
        url = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        issuer = f"http://{self.headers['Host']}"
        if url.path == "/be":
            said.update({"wrong": "", "sub": "ada", "lasts": "3600", "age": "0"} | asked)
            self.answer(said)
        elif url.path == "/authorize":
            code = f"code-{len(codes)}"
            codes[code] = asked.get("nonce", "")
            back = urlencode({"code": code, "state": asked["state"]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()
        elif url.path == "/jwks":
            self.answer({"keys": [KEY.as_dict(private=False)]})
        else:
            self.answer(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token",
                    "jwks_uri": f"{issuer}/jwks",
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                }
            )

    def do_POST(self) -> None:
        """A token for a code, once."""
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        nonce = codes.pop(asked["code"][0], None)
        if nonce is None:
            self.answer({"error": "invalid_grant"}, 400)
            return
        issuer = f"http://{self.headers['Host']}"
        told = {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": token(issuer, nonce)}
        self.answer(told)

    def answer(self, told: object, status: int = 200) -> None:
        """JSON."""
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_about: object) -> None:
        """Nothing is written."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()

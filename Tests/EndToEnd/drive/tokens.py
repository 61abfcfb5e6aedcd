"""The token endpoint: takes signed assertions and refresh tokens, as Google does, and checks them."""

import base64
import hashlib
import json
import secrets
import time
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .messages import Request

ACCOUNT = "indexer@fake-project.iam.gserviceaccount.com"
SCOPE = "https://www.googleapis.com/auth/drive.readonly"
# What Google's own libraries write as the audience, wherever the key file leads.
GOOGLE_AUDIENCE = "https://oauth2.googleapis.com/token"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


# The fields of each kind of request, all of them needed.
FIELDS = {
    GRANT: {"grant_type", "assertion"},
    "refresh_token": {"grant_type", "refresh_token", "client_id", "client_secret"},
    "authorization_code": {
        "grant_type", "code", "redirect_uri", "client_id", "client_secret", "code_verifier",
    },
}


@cache
def private_key() -> rsa.RSAPrivateKey:
    """One for all: making it takes time."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Tokens:
    def __init__(self) -> None:
        self._key = private_key()
        self._valid: dict[str, float] = {}
        self.lifetime = 3600
        # What an assertion has to name, if not the address it is sent to.
        self.audience: str | None = None
        # How often a token was asked for and given.
        self.given = 0
        self.subjects: list[str | None] = []
        self.refresh_token = f"refresh-{secrets.token_urlsafe(24)}"
        self.client_secret = f"secret-{secrets.token_urlsafe(24)}"
        # Everything that must never be seen anywhere else.
        self.secrets = [self.refresh_token, self.client_secret]
        self.is_revoked = False
        # What was asked for with each code that was given and not used.
        self._codes: dict[str, dict[str, str]] = {}

    def write_key_file(self, path: Path, token_uri: str) -> Path:
        pem = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        self.secrets += [line for line in pem.splitlines() if "-" not in line][:3]
        path.write_text(
            json.dumps(
                {
                    "type": "service_account",
                    "project_id": "fake-project",
                    "private_key_id": "key-1",
                    "private_key": pem,
                    "client_email": ACCOUNT,
                    "client_id": "1234567890",
                    "token_uri": token_uri,
                }
            )
        )
        path.chmod(0o600)
        return path

    def write_login_file(self, path: Path, token_uri: str) -> Path:
        path.write_text(
            json.dumps(
                {
                    "type": "authorized_user",
                    "client_id": "client-1",
                    "client_secret": self.client_secret,
                    "refresh_token": self.refresh_token,
                    "token_uri": token_uri,
                }
            )
        )
        path.chmod(0o600)
        return path

    def problems_of_request(self, request: Request) -> list[str]:
        """What no client of OAuth may send (RFC 6749, RFC 7523)."""
        kind, _, parameter = request.headers.get("content-type", "").partition(";")
        given = [name for name, _ in form_of(request)]
        fields = FIELDS.get(dict(form_of(request)).get("grant_type", ""), set())
        facts = {
            f"method {request.method}": request.method == "POST",
            f"content type '{kind}'": kind == "application/x-www-form-urlencoded",
            f"charset '{parameter}'": parameter.strip().lower() in ("", "charset=utf-8"),
            "a query": not request.query,
            "a token": "authorization" not in request.headers,
            f"repeated fields in {given}": len(given) == len(set(given)),
            f"fields {given}": fields == set(given),
        }
        return [f"token request with {what}" for what, holds in facts.items() if not holds]

    def answer(self, request: Request, token_uri: str) -> tuple[int, dict[str, object]]:
        """The status and the body for a request."""
        form = dict(form_of(request))
        if self.is_revoked:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        match form.get("grant_type"):
            case kind if kind == GRANT:
                problem = self._problem_of_assertion(form.get("assertion", ""), token_uri)
            case "refresh_token":
                expected = {"refresh_token": self.refresh_token, "client_id": "client-1"}
                expected["client_secret"] = self.client_secret
                problem = None if all(form.get(name) == value for name, value in expected.items()) else "wrong login"
            case "authorization_code":
                return self._exchange(form)
            case _:
                return 400, {"error": "unsupported_grant_type"}
        if problem:
            return 400, {"error": "invalid_grant", "error_description": problem}
        token = f"ya29.{secrets.token_urlsafe(32)}"
        self.secrets.append(token)
        self._valid[token] = time.monotonic() + self.lifetime
        self.given += 1
        return 200, {"access_token": token, "expires_in": self.lifetime, "token_type": "Bearer", "scope": SCOPE}

    def write_client_file(self, path: Path, base: str) -> Path:
        """An OAuth client of the type "Desktop app", as the console of Google Cloud gives it."""
        client = {"client_id": "client-1", "client_secret": self.client_secret}
        client |= {"auth_uri": f"{base}/auth", "token_uri": f"{base}/token"}
        path.write_text(json.dumps({"installed": client}))
        return path

    def consent(self, parameters: dict[str, str]) -> str:
        """Where the browser is sent after a person has consented."""
        code = f"4/{secrets.token_urlsafe(24)}"
        self.secrets.append(code)
        self._codes[code] = parameters
        return f"{parameters['redirect_uri']}?{urlencode({'state': parameters['state'], 'code': code})}"

    def _exchange(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        asked = self._codes.pop(form.get("code", ""), None)
        digest = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).decode()
        facts = asked is not None and {
            "code_challenge_method": asked["code_challenge_method"] == "S256",
            "code_challenge": asked["code_challenge"] == digest.rstrip("="),
            "redirect_uri": asked["redirect_uri"] == form.get("redirect_uri"),
            "scope": asked["scope"] == SCOPE,
            "offline": asked["access_type"] == "offline" and asked["response_type"] == "code",
            "client": (form.get("client_id"), form.get("client_secret")) == ("client-1", self.client_secret),
        }
        if not facts or not all(facts.values()):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "unused", "expires_in": 3600, "refresh_token": self.refresh_token, "scope": SCOPE}

    def signed(self, claims: dict[str, object]) -> str:
        """An assertion; `iat` and `exp` are seconds from now and from `iat`."""
        issued = int(time.time()) + int(claims.get("iat", 0))
        times = {"iat": issued, "exp": issued + int(claims.get("exp", 3_600))}
        parts = [{"alg": "RS256", "kid": "key-1", "typ": "JWT"}, {**claims, **times}]
        text = ".".join(encoded(json.dumps(part).encode()) for part in parts)
        signature = self._key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{text}.{encoded(signature)}"

    def is_valid(self, authorization: str | None) -> bool:
        kind, _, token = (authorization or "").partition(" ")
        return kind == "Bearer" and self._valid.get(token, 0) > time.monotonic()

    def expire_all(self) -> None:
        """Takes back all tokens before their time."""
        self._valid.clear()

    def _problem_of_assertion(self, assertion: str, token_uri: str) -> str | None:
        self.secrets.append(assertion)
        try:
            header, body, signature = (decoded(part) for part in assertion.split("."))
            signed = assertion.rpartition(".")[0].encode()
            self._key.public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
            header, claims = json.loads(header), json.loads(body)
        except (ValueError, InvalidSignature) as error:
            return f"invalid JWT: {error!r}"
        now = time.time()
        facts = {
            "alg": header.get("alg") == "RS256" and header.get("typ") == "JWT",
            "kid": header.get("kid") == "key-1",
            "iss": claims.get("iss") == ACCOUNT,
            "claims": set(claims) <= {"iss", "scope", "aud", "iat", "exp", "sub"},
            "scope": claims.get("scope") == SCOPE,
            "aud": claims.get("aud") == (self.audience or token_uri),
            "iat": isinstance(claims.get("iat"), int) and abs(claims["iat"] - now) < 300,
            # Google takes an hour at most; less would be asked for again before it has to be.
            "exp": isinstance(claims.get("exp"), int) and claims["exp"] - claims["iat"] == 3600,
        }
        self.subjects.append(claims.get("sub"))
        wrong = [name for name, holds in facts.items() if not holds]
        return f"invalid JWT: {wrong}" if wrong else None


def form_of(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.body.decode(), keep_blank_values=True)


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")

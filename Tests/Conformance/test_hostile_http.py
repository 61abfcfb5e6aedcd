"""Requests that HTTP, or the endpoint, forbids: each gets its refusal or the end of its connection."""

import json

import pytest
from conftest import Opener
from testserver import MAX_PAYLOAD
from wire import Closed

POLLING = "/engine.io/?EIO=4&transport=polling"

TRANSPORT, SESSION, METHOD, REQUEST, VERSION = 0, 1, 2, 3, 5

QUERIES = {
    "transport-__proto__": ("EIO=4&transport=__proto__", TRANSPORT),
    "transport-constructor": ("EIO=4&transport=constructor", TRANSPORT),
    "transport-toString": ("EIO=4&transport=toString", TRANSPORT),
    "transport-empty": ("EIO=4&transport=", TRANSPORT),
    "transport-without-value": ("EIO=4&transport", TRANSPORT),
    "transport-in-capitals": ("EIO=4&transport=POLLING", TRANSPORT),
    "transport-array": ("EIO=4&transport[]=polling", TRANSPORT),
    "transport-with-null": ("EIO=4&transport=polling%00", TRANSPORT),
    "transport-bad-escape": ("EIO=4&transport=%zz", TRANSPORT),
    "transport-cut-escape": ("EIO=4&transport=polling%", TRANSPORT),
    "transport-not-utf8": ("EIO=4&transport=%ff%fe", TRANSPORT),
    "transport-behind-1000-parameters": ("a&" * 1000 + "EIO=4&transport=polling", TRANSPORT),
    "no-query": ("", TRANSPORT),
    "only-separators": ("&" * 5000, TRANSPORT),
    "version-empty": ("EIO=&transport=polling", VERSION),
    "version-5": ("EIO=5&transport=polling", VERSION),
    "version-2": ("EIO=2&transport=polling", VERSION),
    "version-04": ("EIO=04&transport=polling", VERSION),
    "version-negative": ("EIO=-4&transport=polling", VERSION),
    "version-of-30-digits": (f"EIO={'4' * 30}&transport=polling", VERSION),
    "version-__proto__": ("EIO=__proto__&transport=polling", VERSION),
    "sid-empty": ("EIO=4&transport=polling&sid=", SESSION),
    "sid-__proto__": ("EIO=4&transport=polling&sid=__proto__", SESSION),
    "sid-of-another-server": ("EIO=4&transport=polling&sid=lv_VI97HAXpY6yYWAAAC", SESSION),
    "sid-of-8000-bytes": (f"EIO=4&transport=polling&sid={'a' * 8000}", SESSION),
    "sid-path": ("EIO=4&transport=polling&sid=..%2F..%2Fetc%2Fpasswd", SESSION),
    "sid-null": ("EIO=4&transport=polling&sid=%00", SESSION),
    "sid-not-utf8": ("EIO=4&transport=polling&sid=%c3%28%ff", SESSION),
    "websocket-without-upgrade": ("EIO=4&transport=websocket", REQUEST),
}


@pytest.mark.parametrize(("query", "code"), QUERIES.values(), ids=QUERIES)
def test_bad_query_is_refused(attack: Opener, query: str, code: int) -> None:
    answer = attack.request("GET", f"/engine.io/?{query}").response()
    assert (answer.status, json.loads(answer.body)["code"]) == (400, code)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST", "TRACE", "OPTIONS"])
def test_handshake_by_another_method_is_refused(attack: Opener, method: str) -> None:
    answer = attack.request(method, POLLING, "").response()
    assert (answer.status, json.loads(answer.body)["code"]) == (400, METHOD)


def test_handshake_by_head_has_no_body(attack: Opener) -> None:
    answer = attack.request("HEAD", POLLING, headers={"Connection": "close"})
    assert answer.response(has_body=False).status in (200, 400)
    assert answer.read_to_end() == b""


def get(*lines: str, target: str = POLLING, host: bool = True) -> bytes:
    """A GET with more header lines."""
    return "\r\n".join([f"GET {target} HTTP/1.1", *["Host: localhost"] * host, *lines, "", ""]).encode("latin-1")


def post(*lines: str, body: bytes = b"") -> bytes:
    """A POST to a session that does not exist; a body that is read gets `SESSION`."""
    head = [f"POST {POLLING}&sid=nobody HTTP/1.1", "Host: localhost", *lines, "", ""]
    return "\r\n".join(head).encode("latin-1") + body


CHUNKED = "Transfer-Encoding: chunked"
# What a server may do with a request it cannot read: refuse it, or end the connection without a word.
REFUSED = {400, 405, 411, 413, 414, 431, 501, 505, None}
MALFORMED = {
    "nothing": b"\r\n\r\n\r\n\r\nx\r\n\r\n",
    "noise": bytes(range(128, 256)) * 8 + b"\r\n\r\n",
    "null-bytes": b"\0" * 1000,
    "tls-hello": bytes.fromhex("16030100f8010000f40303") + bytes(200),
    "http-2-preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "http-0.9": b"GET /\r\n\r\n",
    "http-9.9": b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "http-version-of-30-digits": b"GET / HTTP/1." + b"1" * 30 + b"\r\nHost: localhost\r\n\r\n",
    "unknown-method": b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "method-of-10000-bytes": b"G" * 10_000 + b" / HTTP/1.1\r\n\r\n",
    "target-with-space": b"GET /engine.io/ ?EIO=4 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "target-of-20000-bytes": get(target="/engine.io/?" + "a" * 20_000),
    "target-of-1000000-bytes": get(target="/" + "a" * 1_000_000),
    "101-headers-and-more": get(*[f"X-{number}: 1" for number in range(150)]),
    "5000-headers": get(*[f"X-{number}: 1" for number in range(5_000)]),
    "header-of-20000-bytes": get("X-Large: " + "a" * 20_000),
    "header-name-of-20000-bytes": get("X" * 20_000 + ": 1"),
    "headers-of-64000-bytes": get(*[f"X-{number}: {'a' * 1_600}" for number in range(40)]),
    "header-without-end": b"GET / HTTP/1.1\r\nX: " + b"a" * 1_000_000,
    "header-without-colon": get("NoColon"),
    "header-name-with-space": get("Bad Name: 1"),
    "header-name-empty": get(": 1"),
    "header-name-with-space-before-the-colon": get("Content-Length : 5"),
    "header-value-with-null": get("X: a\0b"),
    "header-folded": get("X: a", "\tb"),
    "length-negative": post("Content-Length: -1"),
    "length-of-30-digits": post("Content-Length: " + "9" * 30),
    "length-2^64": post(f"Content-Length: {2**64}"),
    "length-with-plus": post("Content-Length: +5", body=b"4aaaa"),
    "length-hexadecimal": post("Content-Length: 0x5", body=b"4aaaa"),
    "length-list": post("Content-Length: 5, 5", body=b"4aaaa"),
    "length-twice": post("Content-Length: 5", "Content-Length: 6", body=b"4aaaaa"),
    "length-and-chunks": post("Content-Length: 5", CHUNKED, body=b"0\r\n\r\n"),
    "chunks-and-more": post("Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n"),
    "chunk-size-not-a-number": post(CHUNKED, body=b"xyz\r\n\r\n"),
    "chunk-size-negative": post(CHUNKED, body=b"-5\r\naaaaa\r\n0\r\n\r\n"),
    "chunk-size-2^64": post(CHUNKED, body=b"1" + b"0" * 16 + b"\r\n"),
    "chunk-size-of-1000-digits": post(CHUNKED, body=b"f" * 1000 + b"\r\n"),
    "chunk-longer-than-its-size": post(CHUNKED, body=b"1\r\naaaaa\r\n0\r\n\r\n"),
}


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
def test_malformed_request_is_refused(attack: Opener, sent: bytes) -> None:
    connection = attack.connection()
    connection.send(sent)
    try:
        status = connection.response().status
    except (Closed, IndexError, ValueError):
        status = None
    assert status in REFUSED
    connection.read_to_end()


TOO_LARGE = {
    "declared": post(f"Content-Length: {MAX_PAYLOAD + 1}"),
    "declared-2^62": post(f"Content-Length: {2**62}"),
    "declared-and-sent": post(f"Content-Length: {MAX_PAYLOAD + 1}", body=b"4" * (MAX_PAYLOAD + 1)),
    "in-chunks": post(CHUNKED, body=b"20000\r\n" + b"4" * 0x20000 + b"\r\n") + b"e0000\r\n" + b"4" * 0xE0000 + b"\r\n",
    "in-small-chunks": post(CHUNKED, body=(b"64\r\n" + b"4" * 100 + b"\r\n") * 10_001),
}


@pytest.mark.parametrize("sent", TOO_LARGE.values(), ids=TOO_LARGE)
def test_body_past_the_limit_is_refused(attack: Opener, sent: bytes) -> None:
    connection = attack.connection()
    connection.send(sent)
    assert connection.response().status == 413


ODD = {
    "host-with-port": (get(host=False) [:-2] + b"Host: localhost:1\r\n\r\n", {200}),
    "target-absolute": (get(target=f"http://localhost{POLLING}"), {200, 400, 404}),
    "target-with-dots": (get(target="/engine.io/../../../etc/passwd"), {400, 404}),
    "target-with-escaped-dots": (get(target="/%2e%2e/%2e%2e/etc/passwd"), {400, 404}),
    "target-asterisk": (b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", {200, 204, 400, 404}),
    "bare-line-feeds": (f"GET {POLLING} HTTP/1.1\nHost: localhost\n\n".encode(), {200, 400}),
    "expect-continue": (post("Expect: 100-continue", "Content-Length: 5", body=b"4aaaa"), {100, 400, 417}),
    "expect-something": (post("Expect: something", "Content-Length: 5", body=b"4aaaa"), {400, 417}),
    "trailers": (post(CHUNKED, body=b"5\r\n4aaaa\r\n0\r\nX-Trailer: 1\r\n\r\n"), {400}),
    "chunk-extension": (post(CHUNKED, body=b"5;x=y\r\n4aaaa\r\n0\r\n\r\n"), {400}),
    "cookie-of-10000-bytes": (get("Cookie: " + "a=b; " * 2_000), {200}),
    "header-not-ascii": (get("X: \xff\xfe"), {200, 400}),
}


@pytest.mark.parametrize(("sent", "statuses"), ODD.values(), ids=ODD)
def test_odd_request_is_answered(attack: Opener, sent: bytes, statuses: set[int]) -> None:
    connection = attack.connection()
    connection.send(sent)
    assert connection.response().status in statuses


def test_requests_behind_each_other_are_all_answered_in_order(attack: Opener) -> None:
    connection = attack.connection()
    connection.send(get(target="/engine.io/?EIO=4&transport=x") * 300 + get())
    statuses = [connection.response().status for _ in range(301)]
    assert statuses == [400] * 300 + [200]


def test_error_says_nothing_of_the_server(attack: Opener) -> None:
    answer = attack.request("GET", "/engine.io/?EIO=4&transport=x").response()
    assert answer.text == '{"code":0,"message":"Transport unknown"}'
    assert not {"server", "x-powered-by"} & answer.headers.keys()

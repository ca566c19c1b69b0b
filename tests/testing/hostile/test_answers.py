"""What a client sees of each fault that comes with an answer."""

from __future__ import annotations

import gzip
import re

import pytest
from raw_client import FORM, GUID, HEAD, HTML, ID, Client, both

from sumotext_backend.testing import FAULTS, HostileGateway

pytestmark = pytest.mark.once

CUT = rb"5015551234:[0-9A-F-]{30}"
NO_LENGTH = rb"HTTP/1\.1 200 OK\r\n" + HTML + rb"\r\n"
SELF = rb"Location: /secure/sumoSend\.aspx\?mobile=5015551234&msg=hello\r\n"


def status(line: bytes, headers: bytes = b"", body: bytes = FORM, kind: bytes = HTML) -> bytes:
    """An answer of that status."""
    return rb"HTTP/1\.1 " + line + rb"\r\nContent-Length: \d+\r\n" + kind + headers + b"\r\n" + body


def code(line: bytes) -> bytes:
    """A 200 with that first line."""
    return HEAD + line + rb"\r\n" + FORM


KEPT = {  # whole answers, after which the connection serves on
    "U17-301": status(b"301 Moved Permanently", SELF),
    "U17-302": status(b"302 Found", SELF),
    "U17-303": status(b"303 See Other", SELF),
    "U17-307": status(b"307 Temporary Redirect", SELF),
    "U17-308": status(b"308 Permanent Redirect", SELF),
    "U18": status(
        b"302 Found",
        rb"Location: /login\.aspx\?ReturnUrl=%2Fsecure%2FsumoSend\.aspx%3Fmobile%3D5015551234"
        rb"%26msg%3Dhello\r\n",
    ),
    "U19-52MB": status(b"302 Found", SELF, rb"\0{52000000}"),
    "U19-gzip": status(b"302 Found", rb"Content-Encoding: gzip\r\n" + SELF, rb"\x1f\x8b.*"),
    "U21-500": status(b"500 Internal Server Error"),
    "U21-501": status(b"501 Not Implemented"),
    "U21-502": status(b"502 Bad Gateway"),
    "U21-504": status(b"504 Gateway Timeout"),
    "U21-505": status(b"505 HTTP Version Not Supported"),
    "U21-507": status(b"507 Insufficient Storage"),
    "U21-599": status(b"599 Network Connect Timeout"),
    "U22": status(b"503 Service Unavailable"),
    "U22-retry-after": status(b"503 Service Unavailable", rb"Retry-After: 120\r\n"),
    "U24": HEAD,
    "U25-portal": HEAD + rb"<!DOCTYPE html>.*Sign in.*</html>\r\n",
    "U25-proxy": HEAD + rb"<!DOCTYPE html>.*ERROR.*</html>\r\n",
    "U25-aspnet": HEAD + rb"<!DOCTYPE html>.*Runtime Error.*</html>\r\n",
    "U31-gzip": status(b"200 OK", rb"Content-Encoding: gzip\r\n", rb"\x1f\x8b.*"),
    "U31-corrupt": status(b"200 OK", rb"Content-Encoding: gzip\r\n", rb"\x1f\x8b.{8}\xff+"),
    "U31-bomb": status(b"200 OK", rb"Content-Encoding: gzip\r\n", rb"\x1f\x8b.*"),
    "U34": code(rb"5015551234:NOTACTIVE"),
    "U34-id": code(rb"5015551234:2xgh679okl34x"),
    "U34-cut": code(CUT),
    "U34-empty": code(rb"5015551234:"),
    "U35": code(rb"2125551212:" + GUID),
    "U36-notopt": code(rb"2125551212:NOTOPT"),
    "U36-notfound": code(rb"2125551212:NOTFOUND"),
    "U37-none": code(rb"5015551234 " + GUID),
    "U37-two": code(ID + b":TRUE"),
    "S01": code(ID),
    "S02-bom": code(rb"\xef\xbb\xbf" + ID),
    "S02-blank": code(rb"\r\n\n \r\n" + ID),
    "S02-crlf": code(ID),
    "S02-lf": HEAD + ID + rb"\n" + FORM,
    "S02-cr": HEAD + ID + rb"\r" + FORM,
    "S02-spaces": code(rb"  " + ID + rb" \t"),
    "S04-lower": HEAD
    + rb"5015551234:(?=[0-9-]*[a-f])[0-9a-f-]{36}\r\n<!doctype html>.*</html>\r\n",
    "S04-plus1": code(rb"\+1" + ID),
    "S04-1": code(rb"1" + ID),
    "S05-52MB": HEAD + ID + rb"\r\n\0{52000000}",
    "S07": status(b"200 OK", rb"X-Broken header line without a colon\r\n", ID + rb"\r\n" + FORM),
    "S08": status(
        b"200 OK", rb"Set-Cookie: ASP\.NET_SessionId=\w+; path=/; HttpOnly\r\n", ID + b"\r\n" + FORM
    ),
    "R01": code(rb"5015551234:NOTIP"),
    "R01-lower": code(rb"5015551234:notip"),
    "R02-error": code(rb"ERROR:NOTIP"),
    "R02-line": code(rb"IP NOT REGISTERED"),
    "R03": code(rb"5015551234:NOTOPT"),
    "R03-lower": code(rb"5015551234:notopt"),
    "R04": code(rb"5015551234:NOTFOUND"),
    "R04-lower": code(rb"5015551234:notfound"),
    "R05-400": status(b"400 Bad Request"),
    "R05-404": status(b"404 Not Found"),
    "R05-405": status(b"405 Method Not Allowed"),
    "R05-414": status(b"414 URI Too Long"),
    "R05-431": status(b"431 Request Header Fields Too Large"),
    "R06-401": status(b"401 Unauthorized", rb'WWW-Authenticate: Basic realm="gateway"\r\n'),
    "R06-403": status(b"403 Forbidden"),
    "R06-407": status(
        b"407 Proxy Authentication Required", rb'Proxy-Authenticate: Basic realm="proxy"\r\n'
    ),
    "R07": status(b"429 Too Many Requests"),
    "R07-retry-after": status(b"429 Too Many Requests", rb"Retry-After: 120\r\n"),
    "R07-retry-date": status(b"429 Too Many Requests", rb"Retry-After: \w{3}, [^\r]* GMT\r\n"),
    "R07-retry-huge": status(b"429 Too Many Requests", rb"Retry-After: 86400\r\n"),
}
ENDED = {  # what comes, and then how the connection ends
    "U01": ("fin", b""),
    "U02": ("rst", b""),
    "U04": ("fin", b""),
    "U05": ("rst", b""),
    "U10": ("rst", rb"HTTP/1\.1 200 OK\r\nContent-Type: text/ht"),
    "U11": ("fin", rb"SSH-2\.0-OpenSSH_9\.6\r\n"),
    "U24-close": ("fin", NO_LENGTH),
    "U26": ("fin", NO_LENGTH + CUT),
    "U27": ("fin", HEAD + CUT),
    "U27-code": ("fin", HEAD + rb"5015551234:NOTOPT"),
    "U27-empty": ("fin", HEAD),
    "U38": ("rst", HEAD + rb"5015551234:NOTOPT"),
    "S05-rst": ("rst", HEAD + ID + rb"\r\n"),
    "S05-short": ("fin", HEAD + ID + rb"\r\n"),
    "S07-first": (
        "fin",
        rb"HTTP/1\.1 200 OK\r\nX-Broken [^:\r]*\r\n" + HTML + rb"\r\n" + ID + rb"\r\n" + FORM,
    ),
    "S09": ("fin", code(ID)),
}
SILENT = {  # what comes, and then nothing, on a connection that stays open
    "U06": b"",
    "U09": rb"HTTP/1\.1 200 OK\r\n",
    "U29": HEAD,
    "U29-number": HEAD + rb"5015551234:",
    "U29-id": HEAD + CUT,
    "U29-code": HEAD + rb"5015551234:NOTOPT",
    "S05-hang": HEAD + ID + rb"\r\n",
}
ENDLESS = {  # what comes, and goes on
    "U13": rb"HTTP/1\.1 200 OK\r\nX-Slow: 00+",
    "U14": rb"(HTTP/1\.1 100 Continue\r\n\r\n){2,}",
    "U30": HEAD + rb"5015551234:00+",
}
ELSEWHERE = {name for name in FAULTS if name.startswith("N")} | {"U07", "S10"}


def test_every_fault_is_tested_here() -> None:
    """No fault is in the table without a rule of what a client sees."""
    assert set(FAULTS) == {*KEPT, *ENDED, *SILENT, *ENDLESS, *ELSEWHERE}


@both
@pytest.mark.parametrize("name", KEPT)
def test_whole_answer(name: str, tls: bool) -> None:
    """An answer that is whole comes as the row says, and the connection serves on."""
    with HostileGateway(name, "S01", tls=tls) as gateway, Client(gateway) as client:
        answer, following = client.ask().whole(), client.ask().whole()

    assert re.fullmatch(KEPT[name], answer, re.DOTALL)
    assert re.fullmatch(KEPT["S01"], following, re.DOTALL)
    assert (2, 1) == (gateway.gets, gateway.connections)


@both
@pytest.mark.parametrize("name", ENDED)
def test_answer_that_ends_its_connection(name: str, tls: bool) -> None:
    """What ends with FIN or RST does so after the bytes of the row, and counts what it read."""
    end, pattern = ENDED[name]
    with HostileGateway(name, tls=tls) as gateway, Client(gateway) as client:
        seen, got = client.ask().rest()

    assert end == seen
    assert re.fullmatch(pattern, got, re.DOTALL)
    assert (name not in ("U01", "U02"), 1) == (gateway.gets, gateway.connections)


@both
@pytest.mark.parametrize("name", SILENT)
def test_answer_that_stops(name: str, tls: bool) -> None:
    """What hangs leaves the connection open, and ends with the gateway."""
    with HostileGateway(name, tls=tls) as gateway, Client(gateway) as client:
        end, got = client.ask().until(SILENT[name])
        gateway.close()

        assert ("silence", "fin") == (end, client.more())
        assert re.fullmatch(SILENT[name], got, re.DOTALL)
        assert 1 == gateway.gets


@both
@pytest.mark.parametrize("name", ENDLESS)
def test_answer_without_end(name: str, tls: bool) -> None:
    """What drips or repeats goes on until the gateway closes."""
    with HostileGateway(name, tls=tls) as gateway, Client(gateway) as client:
        client.ask().until(ENDLESS[name])
        before = len(client.got)
        while len(client.got) == before:
            assert client.more() == ""

        assert re.fullmatch(ENDLESS[name], client.got, re.DOTALL)
        assert 1 == gateway.gets


@both
def test_continue_comes_first(tls: bool) -> None:
    """S10 is the canonical answer after an interim one."""
    pattern = rb"HTTP/1\.1 100 Continue\r\n\r\n" + KEPT["S01"]
    with HostileGateway("S10", tls=tls) as gateway, Client(gateway) as client:
        end, _ = client.ask().until(pattern)

    assert "silence" == end
    assert 1 == gateway.gets


@pytest.mark.parametrize("name", ["U19-gzip", "U31-bomb"])
def test_bomb(name: str) -> None:
    """A bomb is small on the wire and 64 MB of zeros after gunzip."""
    with HostileGateway(name) as gateway, Client(gateway) as client:
        body = client.ask().whole().partition(b"\r\n\r\n")[2]

    assert len(body) < 70_000
    assert bytes(64_000_000) == gzip.decompress(body)


def test_gzip_holds_the_answer() -> None:
    """U31-gzip is the canonical body once it is unpacked; U31-corrupt cannot be."""
    with HostileGateway("U31-gzip", "U31-corrupt") as gateway, Client(gateway) as client:
        good, bad = (client.ask().whole().partition(b"\r\n\r\n")[2] for _ in range(2))

    assert re.fullmatch(ID + rb"\r\n" + FORM, gzip.decompress(good), re.DOTALL)
    with pytest.raises(Exception, match="invalid"):
        gzip.decompress(bad)

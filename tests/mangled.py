"""Answers that resemble the gateway's more or less, made by chance from a seed."""

from __future__ import annotations

import random

NUMBER = "5015551234"
SMSID = b"ACAEEBE7-DFC3-4837-8E49-AAEB04D6E9E0"
TAIL = b"\r\n<html><form/></html>"
LINES = [NUMBER.encode() + b":" + word for word in (SMSID, b"NOTOPT", b"NOTFOUND", b"NOTIP")]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"

PARTS = [
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.0 200\r\n",
    b"HTTP/1.1 204 No Content\r\n",
    b"HTTP/1.1 503 Busy\r\nRetry-After: 5\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: /login.aspx\r\n",
    b"Content-Length: 50\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Length: 5, 7\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: gzip\r\n",
    b"Set-Cookie: a=b\r\n",
    b": no name\r\n",
    b"\xff\xfe: \x00\r\n",
    b"Retry-After: soon\r\n",
    b"\r\n",
    b"\r\n\r\n",
    b"2f\r\n",
    b"0\r\n\r\n",
    b"\xef\xbb\xbf",
    b"ERROR:NOTIP\r\n",
    b"IP NOT REGISTERED\r\n",
    b"2125551212:" + SMSID + b"\r\n",
    *(line + b"\r\n" for line in LINES),
    *LINES,
    TAIL,
]


def response(chance: random.Random) -> bytes:
    """Bytes that resemble an answer more or less."""
    data = bytearray(b"".join(chance.choices(PARTS, k=chance.randint(0, 9))))
    if chance.random() < 0.5:
        data = bytearray(HEAD + b"Content-Length: 60\r\n\r\n" + data)
    for _ in range(chance.choice([0, 0, 1, 3, 20])):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: chance.choice([None, chance.randint(0, len(data))])])


STATUSES = [b"200 OK", b"200 OK", b"201 Created", b"204 Empty", b"400 Bad", b"403 No", b"429 Slow"]
STATUSES += [b"302 Found", b"500 Broken", b"+404 No", b"103 Early"]
FIELDS = [
    b"Content-Type: text/html",
    b"Connection: close",
    b"Content-Encoding: gzip",
    b"Content-Encoding: identity",
    b"Retry-After: 5",
    b"No colon",
    b": no name",
    b" folded",
    b"X : spaced",
    b"Content-Length: 10",
    b"Content-Length: -1",
    b"Transfer-Encoding: chunked",
    b"X: \x00",
]


EARLY = [b""] * 4 + [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 E\r\nA: b\r\n\r\n"]
LAST_CHUNKS = [b"\r\n0\r\n\r\n", b"\r\n0\r\nA: b\r\n\r\n", b""]


def near_response(chance: random.Random) -> bytes:
    """A response as it should be, but for a few things."""
    line = chance.choice([*LINES, b"2125551212:" + SMSID, b"OPTEDOUT", b""])
    body = line + chance.choice([b"\r\n", b"\n", b"", TAIL])
    fields = chance.sample(FIELDS, chance.choice([0, 0, 1, 1, 2, 3]))
    if chance.random() < 0.4:
        size = chance.choice([b"%x", b"%X", b"00%x", b"%x;a=b", b"+%x", b"0x%x"]) % len(body)
        body = (
            size + b"\r\n" + body + chance.choice([b"\r\n0\r\n\r\n", b"\r\n0\r\nA: b\r\n\r\n", b""])
        )
        fields.append(b"Transfer-Encoding: chunked")
    elif chance.random() < 0.8:
        fields.append(b"Content-Length: %d" % (len(body) + chance.choice([0, 0, 0, 1, -1])))
    chance.shuffle(fields)
    version = chance.choice([b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/1.2"])
    early = chance.choice(
        [b""] * 4 + [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 E\r\nA: b\r\n\r\n"]
    )
    head = b"\r\n".join([version + b" " + chance.choice(STATUSES), *fields])
    data = bytearray(early + head + b"\r\n\r\n" + body)
    for _ in range(chance.choice([0, 0, 0, 1, 2])):
        data[chance.randrange(len(data))] = chance.choice([0, 9, 10, 13, 32, 48, 57, 58, 255])
    return bytes(data[: chance.choice([None, None, chance.randint(0, len(data))])])

"""How the contract makes refusals that no table has."""

from __future__ import annotations

import json

from sumotext_backend.testing import Reply
from sumotext_backend.testing.rules.unknown_refusals import vary_refusals


def vary(accepted: bytes, *refused: bytes) -> list[bytes]:
    """The bodies of what is made of ``refused``."""
    replies = [Reply(body) for body in refused]
    return [reply.body for reply in vary_refusals(Reply(accepted), replies)]


def test_words_of_a_text() -> None:
    """What all share stays, marks too; a word keeps its case."""
    assert [b"{mobile}:UNHEARDOF\r\n", b"{mobile}:unheardof\r\n"] == vary(
        b"{mobile}:{message_id}\r\n", b"{mobile}:NOTOPT\r\n", b"{mobile}:notfound\r\n"
    )


def test_values_of_json() -> None:
    """Keys and shared values stay; numbers get a digit more."""
    made = vary(
        b'{"type": "ok"}',
        b'{"type": "error", "status": 400, "errors": [{"code": 21610, "more": null}]}',
        b'{"type": "error", "status": 400, "errors": [{"code": 7, "more": true}]}',
    )

    assert [999999, 99] == [json.loads(body)["errors"][0]["code"] for body in made]
    assert [{"type": "error", "status": 400}] * 2 == [
        {name: value for name, value in json.loads(body).items() if name != "errors"}
        for body in made
    ]


def test_a_refusal_keeps_its_status() -> None:
    """Only the words are made up."""
    reply = Reply.json({"error": "opted_out"}, "403 Forbidden")
    (made,) = vary_refusals(Reply.json({"id": "{message_id}"}), [reply])

    assert (reply.status, reply.headers) == (made.status, made.headers)
    assert {"error": "unheardof"} == json.loads(made.body)


def test_what_only_its_status_tells_apart_is_left_out() -> None:
    """There is no word to replace."""
    assert [] == vary(b"{}", b"", b"")

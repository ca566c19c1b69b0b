"""The simulator over TLS, for clients that know https alone; and what cannot be used is said."""

from __future__ import annotations

import gc
import socket
import ssl
import warnings
from contextlib import closing
from pathlib import Path

import pytest
import trustme
from simulated_providers import make

from sumotext_backend import ConfigurationError, Message
from sumotext_backend.simulator import Pace, Simulator

pytestmark = pytest.mark.once


def test_a_text_is_taken_over_tls(tmp_path: Path) -> None:
    """By whoever trusts the certificate, at a URL that says https; a reset is one there too."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    made.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(tmp_path / "own.pem")
    trust = {"ca_bundle": str(tmp_path / "authority.pem")}
    with Simulator(certificate=tmp_path / "own.pem") as simulator:
        with closing(make("vonage", simulator.url, **trust)) as backend:
            results = [
                backend.send(Message(number, "hello")) for number in ("5015551234", "5015550106")
            ]
        with closing(make("vonage", simulator.url)) as stranger:
            untrusted = stranger.send(Message("5015551234", "hello"))

        assert simulator.url.startswith("https://127.0.0.1:")
        assert len(simulator.messages) == 1
    assert [None, "NO_ANSWER"] == [each.reason for each in results]
    assert untrusted.reason == "TLS"


def test_no_connection_over_tls_outlives_the_simulator(tmp_path: Path) -> None:
    """Whether it was greeted or only opened, and whatever its peer says to that."""
    made = trustme.CA()
    made.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(tmp_path / "own.pem")
    trusting = ssl.create_default_context()
    made.configure_trust(trusting)
    gc.collect()
    with warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always")
        with Simulator(certificate=tmp_path / "own.pem") as simulator:
            open_to = ("127.0.0.1", simulator.port)
            peers = [socket.create_connection(open_to) for _ in range(10)]
            greeted = socket.create_connection(open_to)
            peers.append(trusting.wrap_socket(greeted, server_hostname="127.0.0.1"))
            peers += [socket.create_connection(open_to) for _ in range(10)]
        gc.collect()
        for peer in peers:
            peer.close()

    assert [] == [str(each.message) for each in left]


@pytest.mark.parametrize("content", [None, "", "canary"])
def test_a_file_without_certificate_and_key_is_refused(tmp_path: Path, content: str | None) -> None:
    """Before anything listens, and in one line."""
    path = tmp_path / "own.pem"
    if content is not None:
        path.write_text(content)

    with pytest.raises(ConfigurationError, match="wants a certificate and its key") as raised:
        Simulator(certificate=path).__enter__()
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    ("pace", "words"),
    [
        (Pace(callbacks={"nobody": "http://127.0.0.1/"}), "one of sumotext"),
        (Pace(callbacks={"twilio": "127.0.0.1"}), "http://"),
        (Pace(keys={"kannel": "canary"}), "sign their callbacks"),
        (Pace(keys={"telnyx": "canary"}), "signing as telnyx wants a key in another form"),
        (Pace(keys={"aws": "canary"}), "signing as aws wants a key in another form"),
    ],
)
def test_what_cannot_be_called_or_signed_is_refused(pace: Pace, words: str) -> None:
    """When the simulator starts, and not when the first text is there."""
    with pytest.raises(ConfigurationError, match=words) as raised:
        Simulator(pace=pace).__enter__()
    assert "canary" not in str(raised.value)

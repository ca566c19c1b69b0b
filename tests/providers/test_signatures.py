"""How a callback proves whose it is."""

from __future__ import annotations

import base64
import contextlib

import attrs
import pytest
from callback_requests import NOW, post_form
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import ConfigurationError
from sumotext_backend.exceptions import CallbackError
from sumotext_backend.options import options_of
from sumotext_backend.providers import Authenticity, BandwidthBackend, Callback, SinchBackend
from sumotext_backend.providers.signatures import (
    authenticate,
    has_login,
    is_fresh,
    matches,
    verify_token,
)
from sumotext_backend.simulator.signers import make_token


def make(**options: object) -> SinchBackend:
    """A backend with a signature."""
    return SinchBackend(service_plan_id="p", api_token="t", **options)  # type: ignore[arg-type]


def test_keys_are_secret_and_several() -> None:
    """No repr shows them, and a rotation has two."""
    option = options_of(SinchBackend)["callback_keys"]
    backend = make(callback_keys=["older", "newer"])

    assert (True, True, True) == (option.secret, option.private, option.many)
    assert ("older", "newer") == backend.callback_keys
    assert "older" not in repr(backend)


@pytest.mark.parametrize("key", ["", " ", "a ", "\tb", None, 1])
def test_a_key_that_is_empty_or_padded_is_refused(key: object) -> None:
    """It would let nothing in, or is a slip of the hand; it is not shown."""
    with pytest.raises(ConfigurationError, match="'callback_keys'"):
        make(callback_keys=(key,))


@given(st.lists(st.binary(max_size=8)), st.lists(st.binary(max_size=8)))
def test_a_match_is_one_of_all(given_ones: list[bytes], expected: list[bytes]) -> None:
    """Of what is given and of what is expected."""
    assert bool({*given_ones} & {*expected}) == matches(given_ones, iter(expected))


@pytest.mark.parametrize(
    ("seconds", "fresh"),
    [(0, True), (300, True), (-300, True), (301, False), (-301, False), (1e12, False)],
)
def test_a_stamp_is_fresh_for_five_minutes(seconds: float, fresh: bool) -> None:
    """To either side: clocks differ, and a replay comes later."""
    assert fresh == is_fresh(str(int(NOW)), NOW + seconds)


@pytest.mark.parametrize("stamp", ["", "soon", "1.5e9", "-1", "\u0661", "9" * 400, " 1764444000"])
def test_what_is_no_stamp_is_not_fresh(stamp: str) -> None:
    """Whatever it is."""
    assert not is_fresh(stamp, NOW)


def test_what_cannot_be_read_is_wrong() -> None:
    """Where there is something to check with; and it is not even looked at where not."""

    def refuse() -> bool:
        raise CallbackError("no")

    assert Authenticity.WRONG is authenticate(["key"], refuse)
    assert Authenticity.UNPROVEN is authenticate([], refuse)


def test_half_a_character_in_what_is_signed_is_wrong() -> None:
    """A server that decodes badly makes one; it raises nothing."""
    callback = attrs.evolve(post_form({"a": "1"}), headers={"X-Sinch-Webhook-Signature": "\ud800"})

    assert Authenticity.WRONG is make(callback_keys=["key"]).authenticate(callback, NOW)


@pytest.mark.parametrize("algorithms", [("HS256",), ("HS384", "HS512")])
def test_a_token_is_of_an_algorithm_that_is_asked_for(algorithms: tuple[str, ...]) -> None:
    """Not of whichever it names."""
    for algorithm in ("HS256", "HS384", "HS512"):
        token = make_token({"a": 1}, "key", algorithm)
        wanted = {"a": 1} if algorithm in algorithms else None

        assert wanted == verify_token(token, ["other", "key"], algorithms)
        assert None is verify_token(token, ["other"], algorithms)


@given(st.text(max_size=60))
def test_whatever_stands_for_a_token_is_none(token: str) -> None:
    """Or cannot be read; nothing else is raised."""
    with contextlib.suppress(CallbackError):
        assert verify_token(token, ["key"], ("HS256",)) is None


def log_in(value: str) -> Callback:
    """A callback with that login."""
    return attrs.evolve(post_form({"a": "1"}), headers={"Authorization": value})


@pytest.mark.parametrize("user", ["hook:p:w", "h\u00fc\u00fck:p w"])
def test_a_login_may_have_any_password(user: str) -> None:
    """A colon, a space, letters of any script; its scheme in any case."""
    both = base64.b64encode(user.encode()).decode()

    assert has_login(log_in(f"Basic {both}"), ["other:x", user])
    assert has_login(log_in(f"bASIC  {both} "), [user])
    assert not has_login(log_in(f"Bearer {both}"), [user])
    assert not has_login(log_in(f"Basic {both}"), ["other:x"])


@pytest.mark.parametrize("value", ["", "Basic", "Basic ", "Basic \u00e9", "Basic !!!", "Basic QQ"])
def test_what_is_no_login_is_wrong(value: str) -> None:
    """Whatever it is."""
    backend = BandwidthBackend(
        account_id="1",
        username="u",
        password="p",
        application_id="a",
        sender="74700",
        callback_keys=("hook:pw",),
    )

    assert Authenticity.WRONG is backend.authenticate(log_in(value), NOW)

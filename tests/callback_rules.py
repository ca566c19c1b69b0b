"""`CallbackRules`: what holds of every provider's callbacks; a test of one is data.

The samples in the tests are written from the providers' documentation, not from our modules.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

import attrs
import pytest
from callback_requests import FORM, NOW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sumotext_backend import DeliveryReport, DeliveryStatus, InboundMessage, OptOut
from sumotext_backend.callbacks import MAX_BODY_BYTES, MAX_QUERY_CHARACTERS
from sumotext_backend.providers import (
    Authenticity,
    Callback,
    CallbackError,
    Event,
    HttpBackend,
    ReadsCallbacks,
    Reply,
)

Signer = Callable[[Callback, str, float], Callback]

NUMBER = "+15015551234"
"""The handset's number in every sample."""
TEXT = "Z\u00fcrich \u4f60\u597d \U0001f44d & more=+?#"
"""The text in every sample of an inbound one."""
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def replace_field(callback: Callback, index: int, pairs: Sequence[tuple[str, str]]) -> Callback:
    """``callback`` with ``pairs`` in the place of the field of that number."""
    fields = list_fields(callback)
    return write_fields(callback, [*fields[:index], *pairs, *fields[index + 1 :]])


def list_fields(callback: Callback) -> list[tuple[str, str]]:
    """The fields of a query or form."""
    if callback.method == "GET":
        return callback.query
    if callback.header("Content-Type") == FORM:
        return parse_qsl(callback.body.decode(), keep_blank_values=True)
    return []


def write_fields(callback: Callback, pairs: Sequence[tuple[str, str]]) -> Callback:
    """``callback`` with other fields."""
    if callback.method == "GET":
        url = callback.url.partition("?")[0]
        return attrs.evolve(callback, url=f"{url}?{urlencode(pairs)}")
    return attrs.evolve(callback, body=urlencode(pairs).encode())


class CallbackRules:
    """What holds of one provider's callbacks.

    ``options`` make a backend; ``samples`` are documented callbacks and what they tell. ``sign``
    signs as the provider does with ``key``, and ``keys`` are the options of a backend that checks
    that; None where nothing is signed. ``always`` tells that a backend checks without more
    options. ``has_time`` and ``covers_body`` say what the signature knows of. ``state`` makes a
    report of a word that is in no table. ``needed`` are fields without which a sample cannot be.
    """

    cls: ClassVar[type[HttpBackend]]
    options: ClassVar[Mapping[str, Any]]
    samples: ClassVar[Sequence[tuple[Callback, Sequence[Event]]]]
    sign: ClassVar[Signer | None] = None
    key: ClassVar[str] = "s3cret-\u00fcmlaut/+"
    other_key: ClassVar[str] = "an0ther"
    keys: ClassVar[Mapping[str, Any]] = {}
    always: ClassVar[bool] = False
    has_time: ClassVar[bool] = True
    covers_body: ClassVar[bool] = True
    reply: ClassVar[Reply] = Reply()
    unlisted: ClassVar[Callback | None] = None
    junk_urls: ClassVar[bool] = True

    def backend(self, **options: Any) -> Any:
        """A new one."""
        return self.cls(**{**self.options, **options})

    def checking(self, **options: Any) -> Any:
        """A backend that checks."""
        return self.backend(**{**self.keys, **options})

    def signed(self, callback: Callback, key: str | None = None, now: float = NOW) -> Callback:
        """``callback`` as the provider signs it."""
        signer = type(self).__dict__["sign"]
        made: Callback = signer.__func__(callback, key or self.key, now)
        return made

    def read(self, callback: Callback) -> list[Event]:
        """What ``callback`` tells."""
        events: list[Event] = self.backend().read_callback(callback)
        return events

    def read_or_refuse(self, callback: Callback) -> list[Event] | None:
        """What ``callback`` tells; None where it cannot be read."""
        try:
            return self.read(callback)
        except CallbackError as error:
            words = str(error)
        assert "\n" not in words
        assert not any(each in words for each in (NUMBER[2:], TEXT))
        return None

    def can_sign(self) -> bool:
        """Whether the provider has a proof; without one the test is left out."""
        return type(self).__dict__.get("sign") is not None

    def list_forms(self) -> Iterator[tuple[Callback, int, str]]:
        """Each sample that is a query or form, and each of its fields by number and name."""
        for callback, events in self.samples:
            if events:
                for index, (name, _) in enumerate(list_fields(callback)):
                    yield callback, index, name

    def test_it_is_declared(self) -> None:
        """The backend says that it reads callbacks."""
        assert isinstance(self.backend(), ReadsCallbacks)

    def test_each_documented_callback_is_read(self) -> None:
        """It becomes the events that it means, in our words."""
        for callback, events in self.samples:
            assert [*events] == self.read(callback)

    def test_the_reply_is_what_this_provider_wants(self) -> None:
        """A body where it wants one, and none where that would be texted back."""
        for callback, _ in self.samples:
            assert self.reply == self.backend().reply_to(callback)

    def test_without_a_key_nothing_is_proven(self) -> None:
        """Only the secret address speaks for the provider then, or nothing does."""
        wanted = Authenticity.WRONG if self.always else Authenticity.UNPROVEN
        for callback, _ in self.samples:
            assert wanted is self.backend().authenticate(callback, NOW)

    def test_a_signed_one_is_proven(self) -> None:
        """By each key of a rotation."""
        if not self.can_sign():
            pytest.skip("the provider proves nothing")
        for callback, events in self.samples:
            signed = self.signed(callback)

            assert Authenticity.PROVEN is self.checking().authenticate(signed, NOW)
            assert [*events] == self.read(signed)

    def test_an_unsigned_one_is_wrong(self) -> None:
        """Where there is something to check with, a proof must be there."""
        if not self.can_sign():
            pytest.skip("the provider proves nothing")
        for callback, _ in self.samples:
            assert Authenticity.WRONG is self.checking().authenticate(callback, NOW)

    def test_one_of_another_key_is_wrong(self) -> None:
        """Nobody else can sign."""
        if not self.can_sign():
            pytest.skip("the provider proves nothing")
        for callback, _ in self.samples:
            signed = self.signed(callback, self.other_key)

            assert Authenticity.WRONG is self.checking().authenticate(signed, NOW)

    def test_one_that_was_changed_on_the_way_is_wrong(self) -> None:
        """A signature that covers the body holds for no other one."""
        if not (self.can_sign() and self.covers_body):
            pytest.skip("the proof does not cover the body")
        for callback, _ in self.samples:
            signed = self.signed(callback)
            changed = signed.body.replace(b"5015551234", b"5015551235")
            url = signed.url.replace("5015551234", "5015551235")
            twin = attrs.evolve(signed, body=changed, url=url)
            if twin == signed:
                twin = attrs.evolve(signed, body=signed.body + b" ")

            assert Authenticity.WRONG is self.checking().authenticate(twin, NOW)

    def test_one_that_is_replayed_is_wrong(self) -> None:
        """Five minutes later, or earlier than it was made; within them it is not."""
        if not (self.can_sign() and self.has_time):
            pytest.skip("the proof has no time")
        signed, backend = self.signed(self.samples[0][0]), self.checking()

        for seconds in (-301, 301, 86400):
            assert Authenticity.WRONG is backend.authenticate(signed, NOW + seconds)
        for seconds in (-30, 0, 50):
            assert Authenticity.PROVEN is backend.authenticate(signed, NOW + seconds)

    def test_one_that_is_cut_is_refused(self) -> None:
        """Half a JSON is never read as a whole one."""
        for callback, _ in self.samples:
            for length in range(0, len(callback.body), 7):
                cut = attrs.evolve(callback, body=callback.body[:length])
                events = self.read_or_refuse(cut)

                assert not (events and "json" in callback.header("Content-Type"))

    def test_one_that_is_too_large_is_refused(self) -> None:
        """Before it is looked into."""
        for callback, events in self.samples:
            body = callback.body + b" " * MAX_BODY_BYTES
            large = attrs.evolve(callback, body=body)
            if callback.method == "GET":
                large = attrs.evolve(callback, url=f"{callback.url}&x={'x' * MAX_QUERY_CHARACTERS}")
            with pytest.raises(CallbackError, match="more than"):
                self.read(large)
            assert Authenticity.PROVEN is not self.checking().authenticate(large, NOW)
            assert events is not None

    def test_a_field_that_comes_twice_is_never_guessed(self) -> None:
        """It is refused, or was of no interest."""
        for callback, index, name in self.list_forms():
            value = list_fields(callback)[index][1]
            twice = replace_field(callback, index, [(name, value), (name, "other")])

            assert self.read_or_refuse(twice) in (None, self.read(callback))

    def test_a_field_that_is_empty_or_missing_breaks_nothing(self) -> None:
        """What is left is read, or it is refused in one line."""
        for callback, index, name in self.list_forms():
            self.read_or_refuse(replace_field(callback, index, [(name, "")]))
            self.read_or_refuse(replace_field(callback, index, []))

    def test_what_is_not_utf8_is_refused(self) -> None:
        """A text that nobody can read is not made up."""
        for callback, _ in self.samples:
            marked = attrs.evolve(
                callback,
                body=callback.body.replace(b"501555", b"\xff\xfe"),
                url=callback.url.replace("501555", "%FF%FE"),
            )
            if marked != callback:
                assert not self.read_or_refuse(marked)

    def test_deep_json_is_refused(self) -> None:
        """However deep it is."""
        for callback, _ in self.samples:
            if "json" in callback.header("Content-Type"):
                for depth in (100, 100_000):
                    body = b'{"type":' + b"[" * depth + b"]" * depth + b"}"

                    assert None is self.read_or_refuse(attrs.evolve(callback, body=body))

    def test_a_state_in_no_table_is_handed_on(self) -> None:
        """It is UNKNOWN, and its word is kept."""
        if self.unlisted is None:
            pytest.skip("no report")
        report = self.read(self.unlisted)[0]

        assert isinstance(report, DeliveryReport)
        assert (DeliveryStatus.UNKNOWN, "novel") == (report.status, report.word)
        assert not report.final

    def test_no_repr_shows_a_number_or_a_text(self) -> None:
        """Of neither the callback nor what it tells."""
        for callback, events in self.samples:
            for shown in map(repr, (callback, *events)):
                assert NUMBER[2:] not in shown
                assert TEXT not in shown
                assert "rich" not in shown

    @settings(suppress_health_check=[HealthCheck.differing_executors])
    @given(body=st.binary(max_size=200), query=st.binary(max_size=80))
    def test_junk_is_read_or_refused_in_one_line(self, body: bytes, query: bytes) -> None:
        """Whatever comes, nothing but `CallbackError` leaves, and no check raises."""
        url = f"https://texts.example.com/x?{query.decode('latin-1')}"
        for callback, _ in self.samples:
            junk = attrs.evolve(callback, body=body, url=url)
            self.read_or_refuse(junk)

            assert Authenticity.PROVEN is not self.checking().authenticate(junk, NOW)

    @settings(suppress_health_check=[HealthCheck.differing_executors])
    @given(value=JUNK, data=st.data())
    def test_a_sample_with_junk_in_it_is_read_or_refused(self, value: Any, data: Any) -> None:
        """Wrong types anywhere in a documented callback raise nothing else either."""
        callback, _ = data.draw(st.sampled_from(self.samples))
        if "json" in callback.header("Content-Type"):
            whole = json.loads(callback.body)
            changed = plant(whole, value, data)
            junk = attrs.evolve(callback, body=json.dumps(changed).encode())
        elif fields := list_fields(callback):
            index = data.draw(st.integers(0, len(fields) - 1))
            text = data.draw(st.text(st.characters(exclude_categories=["Cs"])))
            junk = replace_field(callback, index, [(fields[index][0], text)])
        for event in self.read_or_refuse(junk) or ():
            assert repr(event)

        self.checking().authenticate(junk, NOW)

    def test_each_text_and_refusal_has_its_consent(self) -> None:
        """STOP as a text of this provider's is an opt-out of its sender."""
        for callback, events in self.samples:
            if any(isinstance(each, InboundMessage) and each.part is None for each in events):
                stop = replace_text(callback, " stop! ")
                outs = [each for each in self.read(stop) if isinstance(each, OptOut)]

                assert [NUMBER] == [each.number for each in outs], callback


def replace_text(callback: Callback, text: str) -> Callback:
    """``callback`` with another text in the place of `TEXT`."""
    if "json" in callback.header("Content-Type"):
        body = callback.body.replace(json.dumps(TEXT)[1:-1].encode(), text.encode())
        inner = json.dumps(json.dumps(TEXT)[1:-1])[1:-1].encode()
        return attrs.evolve(callback, body=body.replace(inner, text.encode()))
    pairs = [(name, text if value == TEXT else value) for name, value in list_fields(callback)]
    return write_fields(callback, pairs)


def plant(whole: Any, value: Any, data: Any) -> Any:
    """``whole`` with ``value`` in the place of something in it."""
    if not whole or not isinstance(whole, dict | list) or data.draw(st.integers(0, 4)) == 0:
        return value
    twin = whole.copy()
    keys = [*range(len(whole))] if isinstance(whole, list) else sorted(whole)
    key = data.draw(st.sampled_from(keys))
    twin[key] = plant(whole[key], value, data)
    return twin

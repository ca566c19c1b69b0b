"""Messages, outcomes, reasons and results."""

from __future__ import annotations

import copy
import json
import pickle
import re
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import (
    Message,
    NotSentError,
    Outcome,
    OutcomeUnknownError,
    Reason,
    RejectedError,
    SendError,
    SendResult,
)
from sumotext_backend.events import DeliveryReport, DeliveryStatus, InboundMessage
from sumotext_backend.models import Verdict, amend

MESSAGE = Message("+1 (501) 555-1234", "the secret text", options={"sumotext": {"carrier": "X"}})

REASONS = {
    Outcome.REJECTED: {
        "NOT_OPTED_IN",
        "NOT_SUBSCRIBED",
        "INVALID_RECIPIENT",
        "INVALID_MESSAGE",
        "OPTED_OUT",
        "CONTENT",
        "REFUSED",
        "HELD",
        "KEY_REUSED",
    },
    Outcome.FAILED: {
        "UNREACHABLE",
        "TLS",
        "UNAUTHORIZED",
        "NO_CREDIT",
        "SENDER",
        "CONFIGURATION",
        "THROTTLED",
        "REFUSED_REQUEST",
        "UNSUPPORTED",
        "UNAVAILABLE",
        "NOT_SENT",
    },
    Outcome.UNKNOWN: {
        "TIMEOUT",
        "NO_ANSWER",
        "BAD_ANSWER",
        "REDIRECTED",
        "SERVER_ERROR",
        "ECHO_MISMATCH",
        "CRASHED",
    },
}


def result(reason: Reason | None = None, **fields: object) -> SendResult:
    """A result of MESSAGE with that reason."""
    verdict = Verdict(reason=reason, detail="why", raw="5015551234:NOTOPT")
    return attrs.evolve(SendResult.of("sumotext", MESSAGE, verdict), **fields)


def results() -> st.SearchStrategy[SendResult]:
    """Results of any reason, with trails of any shape."""
    reasons = st.sampled_from([None, *Reason])
    leaves = reasons.map(result)
    return st.recursive(
        leaves,
        lambda inner: st.builds(
            lambda reason, attempts: result(reason, attempts=tuple(attempts), duration=0.5),
            reasons,
            st.lists(inner, max_size=3),
        ),
        max_leaves=8,
    )


@pytest.mark.parametrize("outcome", REASONS)
def test_each_reason_belongs_to_one_outcome(outcome: Outcome) -> None:
    """The reasons of an outcome are exactly those that the design lists."""
    assert REASONS[outcome] == {reason.name for reason in Reason if reason.outcome is outcome}


@given(st.sampled_from([None, *Reason]), st.sampled_from(Outcome))
def test_an_outcome_takes_only_its_own_reasons(reason: Reason | None, outcome: Outcome) -> None:
    """A result whose outcome and reason do not belong together cannot be made."""
    possible = outcome is (reason.outcome if reason else Outcome.ACCEPTED)

    if possible:
        assert outcome is SendResult(backend="b", to="", outcome=outcome, reason=reason).outcome
    else:
        with pytest.raises(ValueError, match="does not go with"):
            SendResult(backend="b", to="", outcome=outcome, reason=reason)


@given(results())
def test_a_result_survives_json(whole: SendResult) -> None:
    """A result that went through JSON is equal to the one before, its trail included."""
    assert whole == SendResult.from_dict(json.loads(json.dumps(whole.to_dict())))


def test_a_result_in_json_of_an_older_version_can_be_read() -> None:
    """It lacks the region alone, which is not known then."""
    older = {key: each for key, each in result().to_dict().items() if key != "region"}

    assert attrs.evolve(result(), region=None) == SendResult.from_dict(older)


@given(results())
def test_a_result_survives_pickle(whole: SendResult) -> None:
    """A result that went through pickle is equal to the one before, its trail included."""
    assert whole == pickle.loads(pickle.dumps(whole))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"backend": "b", "to": "", "outcome": "PERHAPS"}, ValueError),
        ({"backend": "b", "to": "", "outcome": "FAILED", "reason": "BAD_LUCK"}, ValueError),
        ({"backend": "b", "outcome": "ACCEPTED"}, TypeError),
        ({"backend": "b", "to": "", "outcome": "ACCEPTED", "colour": "red"}, TypeError),
    ],
)
def test_from_dict_refuses_what_to_dict_cannot_have_written(
    fields: dict[str, str], error: type[Exception]
) -> None:
    """An unknown word is a ValueError, a missing or unknown key a TypeError."""
    with pytest.raises(error):
        SendResult.from_dict(fields)


def test_a_message_survives_pickle() -> None:
    """A message that went through pickle is equal to the one before."""
    assert MESSAGE == pickle.loads(pickle.dumps(MESSAGE))


@pytest.mark.parametrize(
    "value",
    [
        MESSAGE,
        result(),
        InboundMessage(alias="b", sender="+15015551234", recipient="74700", text="the secret text"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_repr_masks_the_number_and_has_no_text(value: object) -> None:
    """A repr shows the last four digits and neither the text nor the provider's line."""
    shown = repr(value)

    assert "•••1234" in shown
    assert "555" not in shown
    assert "secret" not in shown
    assert "NOTOPT" not in shown


@pytest.mark.parametrize("field", ["to", "text"])
def test_a_message_is_made_of_text(field: str) -> None:
    """A number given as an int is a programming error, said at once."""
    fields = {"to": "5015551234", "text": "hello", field: 5015551234}

    with pytest.raises(TypeError):
        Message(**fields)  # type: ignore[arg-type]


def test_a_result_cannot_be_changed() -> None:
    """What became of a text is history."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result().outcome = Outcome.FAILED  # type: ignore[misc]


def test_raise_for_outcome_lets_an_accepted_text_pass() -> None:
    """Nothing is raised for ACCEPTED."""
    result().raise_for_outcome()


@pytest.mark.parametrize("reason", Reason)
def test_raise_for_outcome_says_whether_to_resend(reason: Reason) -> None:
    """Each outcome has an error of its own, and each error carries the result."""
    kinds = {
        Outcome.REJECTED: RejectedError,
        Outcome.FAILED: NotSentError,
        Outcome.UNKNOWN: OutcomeUnknownError,
    }

    with pytest.raises(SendError) as caught:
        result(reason).raise_for_outcome()

    assert kinds[reason.outcome] is caught.type
    assert result(reason) == caught.value.result


@pytest.mark.parametrize("reason", Reason)
def test_a_send_error_names_everything_but_number_and_text(reason: Reason) -> None:
    """The message of the error has backend, outcome, reason and detail, in one line."""
    with pytest.raises(SendError) as caught:
        result(reason).raise_for_outcome()

    assert f"sumotext: {reason.outcome} ({reason}): why" == str(caught.value)


def test_a_send_error_survives_pickle() -> None:
    """An error that comes back from a worker still has its result."""
    with pytest.raises(SendError) as caught:
        result(Reason.TLS).raise_for_outcome()

    again = pickle.loads(pickle.dumps(caught.value))

    assert NotSentError is type(again)
    assert caught.value.result == again.result


def test_a_report_reads_its_status_by_name() -> None:
    """A delivery report's status may be given as a word."""
    report = DeliveryReport(alias="b", provider_id="1", status="DELIVERED")  # type: ignore[arg-type]

    assert DeliveryStatus.DELIVERED is report.status


def test_the_documented_table_of_reasons_is_true() -> None:
    """docs/reference/outcomes.md lists every reason with its outcome, in their order."""
    page = Path(__file__).parents[1] / "docs" / "reference" / "outcomes.md"
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", page.read_text("utf-8"), re.MULTILINE)

    assert [(reason.name, reason.outcome.name) for reason in Reason] == rows


@pytest.mark.parametrize(
    ("wait", "seconds"),
    [(None, None), (0, 0.0), (7, 7.0), (1e9, 300.0), (float("inf"), 300.0)]
    + [(bad, None) for bad in (float("nan"), -1, float("-inf"), "soon")],
)
def test_a_wait_is_a_time_that_can_be_waited(wait: object, seconds: float | None) -> None:
    """Whatever a stranger's backend says, `retry_after` is None or 0 to 300 seconds."""
    assert seconds == result(Reason.THROTTLED, retry_after=wait).retry_after
    assert seconds == Verdict(retry_after=wait).retry_after  # type: ignore[arg-type]


@pytest.mark.parametrize("options", [None, {"sumotext": None}, {"sumotext": "carrier"}, "carrier"])
def test_options_are_mappings_by_backend(options: object) -> None:
    """Anything else is a programming error, said at once."""
    with pytest.raises(TypeError, match="options"):
        Message("5015551234", "hello", options=options)  # type: ignore[arg-type]


def test_nobody_writes_into_the_options_of_a_message() -> None:
    """Neither a hook nor the caller who made it, at any depth; a copy by pickle is as closed."""
    given: dict[str, Any] = {"b": {"list": [1, {"deep": {"x"}}]}}
    message = Message("5015551234", "hello", options=given)
    given["b"]["list"].append(2)

    for each in (message, pickle.loads(pickle.dumps(message)), copy.deepcopy(message)):
        options: Any = each.options
        assert {"b": {"list": (1, {"deep": {"x"}})}} == options
        for holder, key in (
            (options, "b"),
            (options["b"], "list"),
            (options["b"]["list"][1], "deep"),
        ):
            with pytest.raises(TypeError):
                holder[key] = "changed"


@pytest.mark.parametrize(
    "value", [result(Reason.TLS), MESSAGE], ids=lambda value: type(value).__name__
)
def test_what_another_version_pickled_is_whole_or_not_loaded(value: Any) -> None:
    """A field that was not there yet has its default, one that is gone is left out."""
    cls, fields = type(value), attrs.fields_dict(type(value))
    for name, field in fields.items():
        state = {key: each for key, each in value.__getstate__().items() if key != name}
        again = cls.__new__(cls)
        if field.default is attrs.NOTHING:
            with pytest.raises(TypeError):
                again.__setstate__(state)
        elif name != "reason":  # without it, the outcome that is there cannot be true
            again.__setstate__({**state, "gone": 1})
            assert (
                attrs.evolve(value, **{name: field.default if name != "options" else {}}) == again
            )
            assert repr(again)
            assert hash(again) == hash(again)


def test_an_error_of_these_values_shows_no_number_and_no_text() -> None:
    """Whatever is put where it does not belong."""
    secret = "5015551234 canary"
    wrong: list[Any] = [
        lambda: Message(5015551234, secret),  # type: ignore[arg-type]
        lambda: Message(secret, [secret]),  # type: ignore[arg-type]
        lambda: Message(secret, secret, sender=[secret]),  # type: ignore[arg-type]
        lambda: Message(secret, secret, options={secret: secret}),  # type: ignore[dict-item]
        lambda: SendResult(backend="b", to=secret, outcome="FAILED"),  # type: ignore[arg-type]
        lambda: SendResult.from_dict({"backend": "b", "to": secret, "outcome": "FAILED"}),
    ]
    for make in wrong:
        with pytest.raises((TypeError, ValueError)) as caught:
            make()
        assert "5015551234" not in str(caught.value)
        assert "canary" not in str(caught.value)


def test_an_amended_result_has_other_values_of_some_fields() -> None:
    """As attrs would make it; the one that it is made of stays as it was."""
    first = SendResult(backend="a", to="5015551234", outcome=Outcome.ACCEPTED, message_id="x")
    amended = amend(first, provider="main", duration=0.5)

    assert attrs.evolve(first, provider="main", duration=0.5) == amended
    assert ("", None) == (first.provider, first.duration)

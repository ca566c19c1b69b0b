"""Objects of django-sms's and django-sendsms's shape become messages, without Django."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest
from sumotext_django import messages_from

from sumotext_backend import Message

A, B = "+15015551234", "+15015551235"


def sms(**given: object) -> SimpleNamespace:
    """An object of django-sms's shape."""
    return SimpleNamespace(**{"body": "hi", "originator": "", "recipients": [A], **given})


def test_django_sms_shape() -> None:
    """One message for each recipient; a short code of 5 or 6 digits is the sender."""
    made = messages_from(sms(originator="74700", recipients=[A, B]))

    assert [Message(A, "hi", sender="74700"), Message(B, "hi", sender="74700")] == made


def test_django_sendsms_shape() -> None:
    """``from_phone`` and ``to`` are read alike, from attributes and from a mapping."""
    fields = {"body": "hi", "from_phone": "74700", "to": [A], "flash": False}
    expected = [Message(A, "hi", sender="74700")]

    assert expected == messages_from(SimpleNamespace(**fields))
    assert expected == messages_from(fields)


@pytest.mark.parametrize("originator", ["+15557122661", "5557122661", "ACME", "7470", "7470000"])
def test_another_originator_is_no_short_code(originator: str) -> None:
    """It stays an option of the backend ``django-sms``, which has a use for it."""
    [made] = messages_from(sms(originator=originator))

    assert made.sender is None
    assert {"django-sms": {"originator": originator}} == made.options


@pytest.mark.parametrize("originator", ["", None])
def test_no_originator_is_no_option(originator: str | None) -> None:
    """Nothing is made up."""
    assert [Message(A, "hi")] == messages_from(sms(originator=originator))


def test_a_key_of_another_spelling_is_the_numbers_own() -> None:
    """Without it the text would go without a key, and again the next time; options likewise."""
    other = "(501) 555-1234"
    carrier = {"sumotext": {"carrier": "ATTUS"}}
    [made] = messages_from(
        sms(recipients=[A, other], recipient_keys={other: "k"}, recipient_options={other: carrier})
    )

    assert (A, "k", carrier) == (made.to, made.key, made.options)


def test_a_key_for_all_is_the_same_for_each_spelling() -> None:
    """It is made with a hash of the number, not of its spelling; a recipient's own key wins."""
    keys = [
        [made.key for made in messages_from(sms(recipients=[to, B], sms_key="k", **own))]
        for to, own in ((A, {}), ("(501) 555-1234", {}), (A, {"recipient_keys": {A: "own"}}))
    ]

    assert keys[0] == keys[1]
    assert ["own", keys[0][1]] == keys[2]


def test_a_key_for_all_that_is_empty_stays_so() -> None:
    """It is refused when sent, and not taken for the key of each text that has none."""
    made = messages_from(sms(recipients=[A, B], sms_key="", recipient_keys={B: "own"}))

    assert ["", "own"] == [each.key for each in made]


def test_options_of_a_recipient_win() -> None:
    """Backend by backend, option by option."""
    made = messages_from(
        sms(
            recipients=[A, B],
            sms_options={"sumotext": {"carrier": "ATTUS", "keyword": "X"}, "other": {"a": 1}},
            recipient_options={B: {"sumotext": {"carrier": "VERIZONUS"}}},
        )
    )

    assert {"sumotext": {"carrier": "ATTUS", "keyword": "X"}, "other": {"a": 1}} == made[0].options
    assert {"carrier": "VERIZONUS", "keyword": "X"} == made[1].options["sumotext"]


def test_a_number_is_texted_once() -> None:
    """Another spelling of a number is the same number; what is not a number stays."""
    made = messages_from(sms(recipients=[A, "(501) 555-1234", "nobody", B, A]))

    assert [A, "nobody", B] == [each.to for each in made]


def test_words_of_other_types_become_text() -> None:
    """Translations and numbers of phone number fields are no ``str``, but say one."""

    class Lazy:
        def __init__(self, words: str) -> None:
            self.words = words

        def __str__(self) -> str:
            return self.words

    assert [Message(A, "hi")] == messages_from(sms(body=Lazy("hi"), recipients=(Lazy(A),)))


@pytest.mark.parametrize("recipients", [[], (), None])
def test_nobody_gives_nothing(recipients: object) -> None:
    """No recipients, no messages."""
    assert [] == messages_from(sms(recipients=recipients))


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"sms_options": {"carrier": "ATTUS"}}, TypeError, "under a backend's name"),
        ({"sms_options": ["carrier"]}, TypeError, "sms_options wants a mapping, not a list"),
        ({"recipient_options": {B: {}}}, ValueError, "a number that is not a recipient"),
        ({"recipient_options": {A: {"carrier": "X"}}}, TypeError, "under a backend's name"),
    ],
)
def test_options_of_another_shape_are_refused(
    given: dict[str, object], error: type[Exception], words: str
) -> None:
    """One line that names the attribute, and holds no number and no value."""
    with pytest.raises(error, match=words) as raised:
        messages_from(sms(**given))

    assert not any(secret in str(raised.value) for secret in (A, B, "15555"))


def test_another_shape_is_no_message() -> None:
    """A `TypeError` says what is wanted."""
    with pytest.raises(TypeError, match="a list has no body, originator, recipients or body"):
        messages_from([])


def test_django_is_not_needed() -> None:
    """Where Django cannot be imported the function works, and the rest says what to install."""
    code = (
        "import sys; sys.modules['django'] = None; import sumotext_django as s\n"
        "print(len(s.messages_from({'body': 'x', 'to': '5015551234', 'from_phone': ''})))\n"
        "try: s.send_text\n"
        "except ImportError as error: print(error)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ended.stdout == ("1\nDjango is not installed: pip install 'sumotext-backend[django]'\n")

"""Numbers as they are dialled in other countries, and those that surely get no texts."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from sumotext_backend import ConfigurationError, Message, Outcome, Reason, Sender
from sumotext_backend.backend import check
from sumotext_backend.local import MemoryBackend
from sumotext_backend.models import Verdict
from sumotext_backend.msisdn import InvalidNumberError, Msisdn, parse
from sumotext_backend.numbering import (
    PLUS_ONE,
    ZERO_FIRST,
    check_region,
    find_fault,
    has_trunk_zero,
)

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
ABROAD = [region for region in REGIONS if region not in PLUS_ONE]
WITHOUT_EXTRA = "import sys; sys.modules['phonenumbers'] = None\n"


def example(region: str, kind: int = PhoneNumberType.MOBILE) -> phonenumbers.PhoneNumber | None:
    """A number of ``region`` as phonenumbers has it; None where it has none of that kind."""
    return phonenumbers.example_number_for_type(region, kind)


def e164(number: phonenumbers.PhoneNumber) -> str:
    """What phonenumbers makes of ``number``."""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def test_the_countries_of_plus_one() -> None:
    """They are those of phonenumbers."""
    assert {*phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1]} == PLUS_ONE


@pytest.mark.parametrize("region", REGIONS)
def test_a_number_is_read_as_it_is_dialled_at_home(region: str) -> None:
    """Each country's example, written without country code, with it, and as abroad."""
    number = example(region)
    if number is None:
        pytest.skip("phonenumbers has no example")
    forms = (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL)
    texts = [phonenumbers.format_number(number, form) for form in forms]

    assert {e164(number)} == {parse(text, region).e164 for text in texts}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+44 07911 123456", "+447911123456"),
        ("+33 06 12 34 56 78", "+33612345678"),
        ("+7 8 916 123-45-67", "+79161234567"),
        ("+39 06 698 12345", "+390669812345"),
    ],
)
def test_a_prefix_behind_a_country_code_makes_no_other_person(text: str, expected: str) -> None:
    """Who said no to one spelling is not texted by the other; Italy's 0 is part of a number."""
    assert expected == parse(text).e164


@given(st.sampled_from(ABROAD), st.from_regex(r"[0-9]{5,12}", fullmatch=True))
def test_no_other_number_is_made_of_digits(region: str, digits: str) -> None:
    """What is understood is what phonenumbers reads, and has an area code."""
    try:
        number = parse(digits, region)
    except InvalidNumberError:
        return
    read = phonenumbers.parse(digits, region)

    assert e164(read) == number.e164
    possible = phonenumbers.is_possible_number_with_reason(read)
    assert phonenumbers.ValidationResult.IS_POSSIBLE == possible


@pytest.mark.parametrize(("region", "digits"), [("JE", "0407191040"), ("AE", "00005140610")])
def test_a_number_that_has_two_readings_is_none(region: str, digits: str) -> None:
    """With its country code phonenumbers reads it as another: who says no to one gets the other."""
    with pytest.raises(InvalidNumberError):
        parse(digits, region)


def test_a_number_of_another_country_is_not_taken_for_one_of_the_us() -> None:
    """Ten digits of India would be a number of Idaho."""
    assert Msisdn("+919123456789") == parse("9123456789", "IN")
    assert Msisdn("+19123456789") == parse("9123456789")


@pytest.mark.parametrize("text", ["0171", "0171 234567890123", "112"])
def test_what_is_not_whole_is_refused_without_its_digits(text: str) -> None:
    """Too short, too long, an emergency number."""
    with pytest.raises(InvalidNumberError) as caught:
        parse(text, "DE")

    assert text[:4] not in str(caught.value)


def test_what_lacks_its_area_code_is_refused() -> None:
    """Eight digits are enough to dial inside London, and nowhere else."""
    with pytest.raises(InvalidNumberError, match="not a whole number"):
        parse("7946 0958", "GB")


@pytest.mark.parametrize("region", ["us", "USA", "XX", "UK", "", "49", "DE "])
def test_a_region_is_a_countrys_two_letters(region: str) -> None:
    """Otherwise it is an error of one line, wherever it is given."""
    with pytest.raises(ConfigurationError, match=r"^'region' (wants a|is no) country"):
        check_region(region)
    verdict = check(Message("0171 2345678", "hello", region=region or "x"))

    assert isinstance(verdict, Verdict)
    assert Reason.CONFIGURATION is verdict.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("+442079460958", Reason.INVALID_RECIPIENT),  # a fixed line of London
        ("+4930123456", Reason.INVALID_RECIPIENT),  # one of Berlin
        ("+19005551234", Reason.INVALID_RECIPIENT),  # premium rate
        ("+44163296", Reason.INVALID_RECIPIENT),  # too short
        ("+999123456789", Reason.INVALID_RECIPIENT),  # nobody's country code
        ("+447700900958", None),  # kept for fiction: of no kind that is known
        ("+491711234567", None),
        ("+15015551234", None),  # fixed or mobile, nobody can tell
        ("+18005551234", None),  # toll-free, which gets texts
    ],
)
def test_what_surely_gets_no_text_is_refused(text: str, reason: Reason | None) -> None:
    """A fixed line, premium rate, another length; what is not known passes."""
    said = check(Message(text, "hello"))

    assert reason is (said.reason if isinstance(said, Verdict) else None)
    if isinstance(said, Verdict):
        assert not any(each.isdigit() for each in said.detail.replace("+1", ""))


@pytest.mark.parametrize("kind", ["FIXED_LINE", "PREMIUM_RATE", "SHARED_COST"])
def test_each_kind_that_gets_none_is_refused_in_every_country(kind: str) -> None:
    """Where phonenumbers is sure of the kind."""
    code = getattr(PhoneNumberType, kind)
    numbers = [number for region in REGIONS if (number := example(region, code))]
    sure = [e164(each) for each in numbers if phonenumbers.number_type(each) == code]

    assert sure
    assert [] == [each for each in sure if not find_fault(each)]


@given(st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True))
def test_a_number_of_plus_one_is_judged_as_the_library_reads_it(national: str) -> None:
    """The short way for +1 says what the long one says."""
    kind = phonenumbers.number_type(phonenumbers.parse(f"+1{national}"))
    refused = kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.PREMIUM_RATE)

    assert refused == bool(find_fault(f"+1{national}"))


@pytest.mark.parametrize("region", REGIONS)
def test_a_mobile_is_never_refused(region: str) -> None:
    """The control, in every country."""
    number = example(region)

    assert number is None or "" == find_fault(e164(number))


def test_a_sender_tells_its_region() -> None:
    """To messages that have none; the result keeps the number as it was written."""
    backend = MemoryBackend()
    sender = Sender(backend, region="DE")
    results = [
        sender.send(Message("0171 2345678", "hello")),
        sender.send(Message("06 12 34 56 78", "hello", region="FR")),
        sender.send(Message("0171", "hello")),
    ]

    assert ["0171 2345678", "06 12 34 56 78"] == [result.to for result in results[:2]]
    assert ["ACCEPTED", "ACCEPTED", "REJECTED"] == [result.outcome for result in results]
    assert {"DE", "FR"} == {message.region for message in backend.outbox}


def _read_without_the_extra(*texts: str) -> list[str]:
    """What each of ``texts`` is read as where phonenumbers is missing, or why it is not."""
    code = WITHOUT_EXTRA + (
        "from sumotext_backend.msisdn import InvalidNumberError, parse\n"
        "for text in sys.argv[1:]:\n"
        "    try:\n"
        "        print(parse(text).e164)\n"
        "    except InvalidNumberError as error:\n"
        "        print(error)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, *texts], capture_output=True, text=True, timeout=60, check=True
    )
    return ended.stdout.splitlines()


def test_without_the_extra_a_prefix_behind_a_country_code_is_refused() -> None:
    """Nobody is two people: with a 0 that is not dialled from abroad there is no number."""
    texts = ["+44 07911 123456", "+447911123456", "00 49 0171 2345678", "011 44 07911 123456"]
    told = _read_without_the_extra(*texts, "+36 06 20 123 4567", "+39 06 12345678")
    refused = "a 0 after this country code is not dialled from abroad; leave it out"

    assert [refused, "+447911123456", *[refused] * 3, "+390612345678"] == told


def test_without_the_extra_every_countrys_example_is_read() -> None:
    """With its country code, as it is written in the world."""
    known = [each for region in REGIONS if (each := example(region))]

    assert [*map(e164, known)] == _read_without_the_extra(*map(e164, known))


def test_with_the_extra_no_0_is_left_behind_a_country_code() -> None:
    """Of two, one would be left, and the number would be read as another one the next time."""
    with pytest.raises(InvalidNumberError, match="a 0 after this country code"):
        parse("+53 00 000000")


KINDS = ("fixed_line", "mobile", "voip", "pager", "personal_number", "uan", "voicemail")


def _may_begin_with_0(sequence: Iterable[tuple[object, Any]]) -> bool:
    """Whether what the parsed regular expression matches may begin with 0."""
    for op, value in sequence:
        match str(op):
            case "LITERAL":
                return bool(value == ord("0"))
            case "IN":
                return any(str(kind) == "CATEGORY" or _holds_0(kind, of) for kind, of in value)
            case "BRANCH":
                return any(map(_may_begin_with_0, value[1]))
            case "SUBPATTERN":
                return _may_begin_with_0(value[3])
            case _:  # a repetition
                if value[0] or _may_begin_with_0(value[2]):
                    return _may_begin_with_0(value[2])
    return False


def _holds_0(kind: object, of: Any) -> bool:
    first, last = of if str(kind) == "RANGE" else (of, of)
    return bool(first <= ord("0") <= last)


def test_the_countries_whose_numbers_may_begin_with_0() -> None:
    """They are those of phonenumbers: those in which no 0 is dialled before all numbers."""
    found = {
        code
        for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()
        for metadata in map(functools.partial(_find_metadata, code), regions)
        for kind in map(functools.partial(getattr, metadata), KINDS)
        if metadata.national_prefix != "0" and kind and kind.national_number_pattern
        if _may_begin_with_0(re._parser.parse(kind.national_number_pattern))
    }
    newer = {229}  # Benin's numbers begin with 01 since the end of 2024

    assert found - newer == {*map(int, ZERO_FIRST)} - newer


def _find_metadata(code: int, region: str) -> Any:
    if region == "001":
        return phonenumbers.PhoneMetadata.metadata_for_nongeo_region(code)
    return phonenumbers.PhoneMetadata.metadata_for_region(region)


@pytest.mark.parametrize("code", sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
def test_a_country_code_is_taken_off_whole(code: int) -> None:
    """A 0 behind each is seen, and none that stands further back."""
    assert (str(code) not in ZERO_FIRST) == has_trunk_zero(f"{code}0234567")
    assert not has_trunk_zero(f"{code}2034567")


def test_without_the_extra_numbers_are_as_they_were() -> None:
    """Those of +1 are read, and a fixed line passes; another region says what to install."""
    code = WITHOUT_EXTRA + (
        "from sumotext_backend import Message, Sender\n"
        "from sumotext_backend.local import MemoryBackend\n"
        "backend = MemoryBackend()\n"
        "texts = ['501-555-1234', '+442079460958', '0171 2345678']\n"
        "results = [Sender(backend, region='CA').send(Message(each, 'hi')) for each in texts]\n"
        "print(*[result.outcome for result in results])\n"
        "print(Sender(backend).send(Message('0171 2345678', 'hi', region='DE')).detail)\n"
        "Sender(backend, region='DE')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    outcomes, detail = ended.stdout.splitlines()
    error = ended.stderr.strip().splitlines()[-1]

    assert [Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.REJECTED] == outcomes.split()
    for line in (detail, error):
        assert line.endswith("needs phonenumbers: pip install 'sumotext-backend[phonenumbers]'")

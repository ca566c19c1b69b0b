"""Which writings of a phone number are understood, and as what."""

import pickle
import re

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

from sumotext_backend.msisdn import InvalidNumberError, Msisdn, parse

FORMATS = [
    PhoneNumberFormat.E164,
    PhoneNumberFormat.INTERNATIONAL,
    PhoneNumberFormat.NATIONAL,
    PhoneNumberFormat.RFC3966,
]
WIDE = {ord(each): chr(ord(each) + 0xFEE0) for each in "0123456789+()-."}
TYPOGRAPHIES = [
    str.maketrans({}),
    str.maketrans({" ": "\xa0", "-": "\N{NON-BREAKING HYPHEN}"}),
    str.maketrans({" ": "\N{THIN SPACE}", "-": "\N{EN DASH}"}),
    str.maketrans({" ": "\N{NARROW NO-BREAK SPACE}", "-": "\N{MINUS SIGN}"}),
    str.maketrans({" ": "\N{ZERO WIDTH SPACE}", "-": "."}),
    WIDE,
]

area_codes = st.integers(200, 999).filter(lambda code: code % 100 != 11)
exchanges = st.integers(200, 999)


@st.composite
def north_american(draw: st.DrawFn) -> phonenumbers.PhoneNumber:
    """Draw a +1 number that is well-formed: area code, exchange, line."""
    area, exchange = draw(area_codes), draw(exchanges)
    line = draw(st.integers(0, 9999))
    return phonenumbers.PhoneNumber(
        country_code=1, national_number=area * 10**7 + exchange * 10**4 + line
    )


def e164(number: phonenumbers.PhoneNumber) -> str:
    """Return what phonenumbers makes of `number`."""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@pytest.mark.parametrize(
    "text",
    [
        "5015551234",
        "15015551234",
        "+15015551234",
        "+1 (501) 555-1234",
        "(501) 555-1234",
        "(501)555-1234",
        "1-501-555-1234",
        "501.555.1234",
        "501/555-1234",
        "501·555·1234",
        "501 555 12 34",
        "+1 501 555 1234",
        "(+1) 501 555 1234",
        "+(1) 501 555 1234",
        "tel:+1-501-555-1234",
        "TEL:5015551234",
        "tel://5015551234",
        "sms:+15015551234",
        "smsto:+15015551234",
        "0015015551234",
        "01115015551234",
        "011 1 501 555 1234",
        "  501-555-1234\r\n",
        "\ufeff5015551234",
        "\u202a+1 501\u2011555\u20111234\u202c",
        "+1\u2009501\u2009555\u20131234",
        "5015551234".translate(WIDE),
        "٥٠١٥٥٥١٢٣٤",
    ],
)
def test_common_writings_of_one_number(text: str) -> None:
    """However it is written, it is the same number."""
    assert Msisdn("+15015551234") == parse(text)
    assert "5015551234" == parse(text).national


@pytest.mark.parametrize("text", ["5015551234", "2125551212", "501-555-0100", "501-555-0199"])
def test_made_up_numbers_are_valid(text: str) -> None:
    """The numbers that documentation and tests use have the right form."""
    assert parse(text).e164.startswith("+1")


@given(north_american(), st.sampled_from(FORMATS), st.sampled_from(TYPOGRAPHIES))
def test_every_format_of_phonenumbers_is_understood(
    number: phonenumbers.PhoneNumber, form: int, typography: dict[int, str]
) -> None:
    """A possible +1 number is read alike from each format, in ASCII and in fine typography."""
    assert phonenumbers.is_possible_number(number)

    text = phonenumbers.format_number(number, form).translate(typography)

    assert e164(number) == parse(text).e164


@given(area_codes, st.integers(0, 9999), st.integers(2, 9))
def test_an_exchange_may_be_n11(area: int, line: int, hundreds: int) -> None:
    """Such numbers are possible, and in many area codes valid, for phonenumbers."""
    text = f"{area}{hundreds}11{line:04}"

    assert phonenumbers.is_possible_number(phonenumbers.parse(text, "US"))
    assert f"+1{text}" == parse(text).e164


@given(st.integers(200, 999), exchanges, st.integers(0, 9999))
def test_what_phonenumbers_deems_valid_is_valid(area: int, exchange: int, line: int) -> None:
    """No rule here is stricter than the numbering plan in use."""
    number = phonenumbers.parse(f"{area}{exchange}{line:04}", "US")
    assume(phonenumbers.is_valid_number(number))

    assert e164(number) == parse(str(number.national_number)).e164


@given(st.from_regex(r"(\+?1)?[-. (]{0,2}[2-9][0-9]{2}[-. )/]{0,2}[0-9]{2,8}", fullmatch=True))
def test_no_other_number_is_made_of_a_writing(text: str) -> None:
    """What is understood as a +1 number is the one that phonenumbers reads."""
    try:
        parsed = parse(text)
    except InvalidNumberError:
        return

    assert e164(phonenumbers.parse(text, "US")) == parsed.e164


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_numbers_of_other_countries_are_recognised(region: str) -> None:
    """With its country code, the example number of every region is read as phonenumbers does."""
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    number = number or phonenumbers.example_number(region)
    assert number is not None
    texts = [phonenumbers.format_number(number, form) for form in FORMATS if form != FORMATS[2]]

    assert {e164(number)} == {parse(text).e164 for text in texts}
    assert (number.country_code == 1) == (parse(texts[0]).national is not None)


@pytest.mark.parametrize("text", ["+442079460018", "00442079460018", "011 44 20 7946 0018"])
def test_another_country_is_dialled_with_plus_or_a_prefix(text: str) -> None:
    """`+`, 00 and 011 stand for the same."""
    assert Msisdn("+442079460018") == parse(text)
    assert parse(text).national is None


@pytest.mark.parametrize(
    "text", ["0113 496 0000", "011 2345 6789", "011 4123-4567", "011912345678"]
)
def test_an_area_code_is_not_taken_for_a_prefix(text: str) -> None:
    """Numbers of Leeds, Delhi and others as written at home are refused, not sent elsewhere."""
    with pytest.raises(InvalidNumberError, match="country code"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "empty"),
        (" \t\n", "empty"),
        ("tel:", "empty"),
        ("74700", "country code"),
        ("5551234", "country code"),
        ("25015551234", "country code"),
        ("0612345678", r"\+1 number"),
        ("442079460018", "country code"),
        ("4115551234", r"\+1 number"),
        ("1015551234", r"\+1 number"),
        ("5011551234", r"\+1 number"),
        ("+1501555123", r"\+1 number"),
        ("+150155512345", r"\+1 number"),
        ("+1 1 501 555 1234", r"\+1 number"),
        ("+441234", "7 to 15"),
        ("+4412345678901234", "7 to 15"),
        ("+05015551234", "7 to 15"),
        ("+0015015551234", "7 to 15"),
        ("+44 (0)20 7946 0018", "not dialled"),
        ("501-555-1234 x5", "extension"),
        ("501-555-1234 ext. 5", "extension"),
        ("501-555-1234#5", "extension"),
        ("tel:+1-501-555-1234;ext=5", "extension"),
        ("tel:501-555-1234;phone-context=+1", "extension"),
        ("1-800-FLOWERS", "not a phone number"),
        ("501-555-1234,2125551212", "not a phone number"),
        ("5015551234\n2125551212", "not a phone number"),
        ("sms:+15015551234?body=hi", "not a phone number"),
        ("++15015551234", "not a phone number"),
        ("501tel:5551234", "not a phone number"),
        ("501+5551234", "not a phone number"),
        ("-5015551234", "not a phone number"),
        ("501555123.0", "not a phone number"),
        ("15015551234.0", "not a phone number"),
        ("5.015551234e9", "not a phone number"),
        ("501555123⁴", "not a phone number"),
        ("5015551234²", "not a phone number"),
        ("\ud8005015551234", "not a phone number"),
        ("5" * 65, "at most 64"),
        ("1 " * 10_000_000, "at most 64"),
    ],
    ids=lambda value: value[:20].encode("unicode_escape").decode(),
)
def test_what_cannot_be_texted_is_refused(text: str, complaint: str) -> None:
    """Each refusal says what is wrong."""
    with pytest.raises(InvalidNumberError, match=complaint):
        parse(text)


@given(st.text(max_size=70) | st.text("+0123456789 ()-.x;tel:", max_size=40))
def test_a_refusal_never_holds_the_number(text: str) -> None:
    """Any string is a number in E.164 form, or refused in words that are the same for all."""
    try:
        parsed = parse(text)
    except InvalidNumberError as error:
        sentence, context = str(error), error.__context__
    else:
        assert re.fullmatch(r"\+[1-9][0-9]{6,14}", parsed.e164)
        return

    assert sentence in REFUSALS
    assert context is None


REFUSALS = {
    "a phone number has at most 64 characters",
    "the phone number is empty",
    "an extension or parameter cannot be texted; leave it out",
    "(0) is not dialled after a country code; leave it out",
    "not a phone number; write it as +15015551234",
    "neither 10 digits nor 11 that begin with 1; write it with + and the country code",
    (
        "not a +1 number, as area code, exchange or length is wrong; "
        "write one of another country with + and its code"
    ),
    "a country code and its number are 7 to 15 digits, no 0 first",
}


def test_a_refusal_is_a_value_error() -> None:
    """Those who know nothing of this package can catch it."""
    assert issubclass(InvalidNumberError, ValueError)


@given(north_american())
def test_a_number_is_read_from_its_own_form(number: phonenumbers.PhoneNumber) -> None:
    """Reading what was read changes nothing."""
    parsed = parse(e164(number))

    assert parsed == parse(parsed.e164) == parse(parsed.national or "")


def test_a_number_is_masked_in_its_repr() -> None:
    """A number can be logged."""
    parsed = parse("5015551234")

    assert "Msisdn(e164=•••1234)" == repr(parsed) == str(parsed)


def test_a_number_can_be_a_key_and_travel() -> None:
    """Equal numbers are one key, and a copy from another process is equal."""
    parsed = parse("5015551234")

    assert {parsed} == {parse("+1 501 555 1234"), pickle.loads(pickle.dumps(parsed))}

"""From an object of django-sms's or django-sendsms's shape to messages. Needs no Django."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sumotext_backend import Message
from sumotext_backend.providers import (
    DEFAULT_REGION,
    InvalidNumberError,
    hide_frames,
    parse_number,
)

Options = Mapping[str, Mapping[str, object]]
Get = Callable[[str], Any]

_ABSENT: Final = object()
_SHORT_CODE: Final = re.compile(r"[0-9]{5,6}")
_SHAPES: Final = (("originator", "recipients"), ("from_phone", "to"))


@hide_frames
def messages_from(obj: object, *, region: str | None = None) -> list[Message]:
    """One `Message` for each recipient of ``obj``.

    ``obj`` has ``body``, ``originator`` and ``recipients`` (django-sms), or ``body``,
    ``from_phone`` and ``to`` (django-sendsms), as attributes or as keys of a mapping. It may have
    ``sms_options`` (backend name → options), ``recipient_options`` (recipient → the same), and
    ``recipient_keys`` (recipient → `Message.key`) or ``sms_key``, of which each recipient's key is
    made with a hash of the number.
    An originator of 5 or 6 digits becomes the sender; another one is kept as the option
    ``originator`` of the backend ``django-sms``. A number that is there twice is texted once; what
    is not a number stays, to be REJECTED when sent. ``region`` is where numbers without country
    code are dialled: the `Message.region`.
    Raises `TypeError` for another shape, `ValueError` for options of nobody among the recipients.
    """
    get = _getter(obj)
    body, originator, recipients = _parts(obj, get)
    shared = _check(get("sms_options"), "sms_options")
    single = _mapping(get("recipient_options"), "recipient_options")
    if single and not set(single) <= set(recipients):
        raise ValueError("recipient_options holds options of a number that is not a recipient")
    single = _share(single, recipients, region)
    sender = originator if _SHORT_CODE.fullmatch(originator) else None
    if originator and not sender:
        shared = _join({"django-sms": {"originator": originator}}, shared)
    keys = _keys(get, recipients, region)
    options = {each: _join(shared, _check(single.get(each))) for each in recipients}
    return [
        Message(each, body, sender=sender, region=region, options=options[each], key=keys.get(each))
        for each in _distinct(recipients, region)
    ]


def _getter(obj: Any) -> Get:
    """What gives a part of ``obj`` by its name, `_ABSENT` for one that it does not have."""
    if isinstance(obj, Mapping):
        return lambda name: obj.get(name, _ABSENT)
    return lambda name: getattr(obj, name, _ABSENT)


def _keys(get: Get, recipients: list[str], region: str | None) -> Mapping[str, str]:
    """The key of each recipient that has one."""
    single = _mapping(get("recipient_keys"), "recipient_keys")
    if single and not set(single) <= set(recipients):
        raise ValueError("recipient_keys holds a key of a number that is no recipient")
    single = _share(single, recipients, region)
    shared = get("sms_key")
    if shared is _ABSENT or shared is None:
        return single
    if shared == "":  # is refused as an empty key is, for it would be everybody's
        return dict.fromkeys(recipients, "") | dict(single)
    return {each: f"{shared}:{_hash(_number(each, region))}" for each in recipients} | dict(single)


def _share(
    single: Mapping[Any, Any], recipients: list[str], region: str | None
) -> Mapping[Any, Any]:
    """``single``, in which each spelling of a number has what the first one with anything has."""
    if not single:
        return single
    found: dict[str, Any] = {}
    for each in recipients:
        if each in single:
            found.setdefault(_number(each, region), single[each])
    numbers = {each: _number(each, region) for each in recipients}
    return {each: found[number] for each, number in numbers.items() if number in found}


def _hash(number: str) -> str:
    return hashlib.sha256(number.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _parts(obj: object, get: Get) -> tuple[str, str, list[str]]:
    """Text, originator (empty where there is none) and recipients."""
    body = get("body")
    for origin, to in _SHAPES:
        originator, recipients = get(origin), get(to)
        if _ABSENT not in (body, originator, recipients):
            # str() makes text of what translations and phone number fields hand out.
            return str(body or ""), str(originator or ""), _write(recipients)
    shapes = " or ".join(", ".join(("body", *shape)) for shape in _SHAPES)
    raise TypeError(f"a {type(obj).__name__} has no {shapes}, so it is not a message")


def _write(recipients: Any) -> list[str]:
    if recipients is None:
        return []
    if isinstance(recipients, str) or not isinstance(recipients, Iterable):
        return [str(recipients)]
    return [str(each) for each in recipients]


def _distinct(recipients: list[str], region: str | None) -> Iterable[str]:
    """The recipients without those that are another spelling of an earlier one."""
    if len(recipients) < 2:
        return recipients
    first: dict[str, str] = {}
    for each in recipients:
        first.setdefault(_number(each, region), each)
    return first.values()


def _number(text: str, region: str | None) -> str:
    try:
        return parse_number(text, region or DEFAULT_REGION).e164
    except InvalidNumberError:
        return text


def _check(value: Any, name: str = "recipient_options") -> Options:
    options = _mapping(value, name)
    for backend, each in options.items():
        if not isinstance(each, Mapping):
            raise TypeError(
                f"{name} wants options under a backend's name, such as "
                f"{{'sumotext': {{'carrier': 'ATTUS'}}}}, not under {type(backend).__name__} alone"
            )
    return options


def _mapping(value: Any, name: str) -> Mapping[Any, Any]:
    if value is _ABSENT or value is None:
        return {}
    if isinstance(value, Mapping):
        return value
    raise TypeError(f"{name} wants a mapping, not a {type(value).__name__}")


def _join(low: Options, high: Options) -> Any:
    """Both, backend by backend; those of ``high`` win."""
    if not (low and high):
        return high or low
    return {name: {**low.get(name, {}), **high.get(name, {})} for name in {**low, **high}}

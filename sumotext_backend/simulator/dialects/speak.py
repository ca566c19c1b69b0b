"""Speaks a dialect: asks the simulation what is done with each text, and says it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from sumotext_backend.models import Reason
from sumotext_backend.msisdn import InvalidNumberError, parse
from sumotext_backend.simulator.behaviour import ACCEPT, MAGIC, OPTED_OUT, Behaviour, behaviour_of
from sumotext_backend.simulator.dialects import reading
from sumotext_backend.simulator.dialects.dialect import (
    Dialect,
    Parts,
    Question,
    Refusal,
    Result,
    Word,
)
from sumotext_backend.simulator.draft import Draft
from sumotext_backend.simulator.exchange import Answer, Received
from sumotext_backend.simulator.faults import answer_fault
from sumotext_backend.simulator.simulation import Simulation
from sumotext_backend.simulator.store import Text

_NAMES: Final = {
    "not-opted-in": "opted-out",
    "not-a-number": "not-found",
    "no-ip": "unauthorized",
    "error-no-ip": "unauthorized",
}
"""What SUMOTEXT tells apart and nobody else does."""

_ALL: Final = (*MAGIC, OPTED_OUT)
_NOT_FOUND: Final = next(each for each in MAGIC if each.name == "not-found")
_DUPLICATE: Final = Behaviour(name="duplicate", does="an id that was used before")
_OTHER_NUMBER: Final = "+12125551212"
_KEPT_OF_ID: Final = 6  # characters, where an answer is cut within the id


def speak(dialect: Dialect, received: Received, sim: Simulation) -> Answer | None:
    """What the provider answers; None for a path that it does not have."""
    for method, path in dialect.sends:
        if received.method == method and (found := re.fullmatch(path, received.path)):
            return _send(dialect, found.groupdict(), received, sim)
    for question in dialect.questions if received.method == "GET" else ():
        if found := re.fullmatch(question.path, received.path):
            return _show(dialect, question, found.groupdict(), received, sim)
    return None


def find_word(dialect: Dialect, name: str) -> Word | None:
    """How the provider refuses what the behaviour ``name`` stands for; None where it does not."""
    return dialect.words.get(_NAMES.get(name, name))


def list_reasons(dialect: Dialect) -> Mapping[str, Reason | None]:
    """What a client is told by this provider, by name of a behaviour; None where it accepts.

    A provider that has no word for something takes the text, and tells later.
    """
    later = {each.name: None for each in _ALL if each.is_worded and each.name != "cut-id"}
    words = {each.name: find_word(dialect, each.name) for each in _ALL}
    said = {name: word.reason for name, word in words.items() if word}
    return {**later, **{name: word.reason for name, word in dialect.words.items()}, **said}


def _send(dialect: Dialect, parts: Parts, received: Received, sim: Simulation) -> Answer:
    secret = dialect.login(received)
    drafts = "unauthorized" if secret is None else dialect.read(received, parts)
    if isinstance(drafts, str):
        return _refuse_form(dialect, drafts, received, sim)
    drafts = _choose_ids(dialect, drafts)
    if dialect.signs_by_login:
        sim.learn(drafts[0], secret or "")
    reasons = list_reasons(dialect)
    decided = [_decide(dialect, draft, reasons, sim) for draft in drafts]
    stop = _find_stop(dialect, decided, received)
    if stop is None:
        return _take(dialect, [*zip(drafts, decided, strict=True)], received, sim)
    for draft in drafts:
        sim.keep(received, draft, decided[stop])
    return _refuse(dialect, drafts[stop], decided[stop], received)


def _refuse_form(dialect: Dialect, name: str, received: Received, sim: Simulation) -> Answer:
    """The answer to a request of which no text could be made."""
    word = dialect.words[name]
    said = Behaviour(name=name, does=word.text, reason=word.reason)
    sim.keep(received, Draft(dialect=dialect.name, sender="", recipient="", body=""), said)
    return dialect.respond([Refusal(word)], received)


def _choose_ids(dialect: Dialect, drafts: Sequence[Draft]) -> list[Draft]:
    """``drafts`` under ids of the provider's, or of the client's where it may choose."""
    shared = dialect.make_id(uuid.uuid4().hex)
    ids = [shared if at == 0 else f"{shared}.{at}" for at in range(len(drafts))]
    if not dialect.shares_id:
        own = [draft.fields.get(dialect.id_field, "") for draft in drafts]
        ids = [each or dialect.make_id(uuid.uuid4().hex) for each in own]
    return [attrs.evolve(draft, id=each) for draft, each in zip(drafts, ids, strict=True)]


def _decide(
    dialect: Dialect, draft: Draft, reasons: Mapping[str, Reason | None], sim: Simulation
) -> Behaviour:
    if sim.store.get(draft.id):
        return attrs.evolve(_DUPLICATE, reason=reasons.get(_DUPLICATE.name))
    return sim.decide(draft, _find_wanted(dialect, draft), reasons)


def _find_wanted(dialect: Dialect, draft: Draft) -> Behaviour:
    """What the numbers of ``draft`` ask for; its recipient may be of any country."""
    if name := dialect.test(draft):
        return Behaviour(name=name, does="as the provider's own test number does")
    try:
        number = parse(reading.add_plus(draft.recipient))
    except InvalidNumberError:
        return _NOT_FOUND
    return behaviour_of(number.e164) if number.national else ACCEPT


def _find_stop(dialect: Dialect, decided: Sequence[Behaviour], received: Received) -> int | None:
    """Which of the texts stands for all, so that none is taken."""
    for at, behaviour in enumerate(decided):
        word = find_word(dialect, behaviour.name)
        if answer_fault(behaviour, received) if word is None else not dialect.each:
            return at
    return None


def _refuse(dialect: Dialect, draft: Draft, behaviour: Behaviour, received: Received) -> Answer:
    """The word for ``behaviour``, or the fault that it is."""
    if word := find_word(dialect, behaviour.name):
        said = dialect.respond([Refusal(word, draft)], received)
        return _add_retry_after(behaviour, said)
    return answer_fault(behaviour, received) or Answer(status=500)


def _add_retry_after(behaviour: Behaviour, said: Answer) -> Answer:
    if said.status < 429 or behaviour.retry_after is None:
        return said
    later = ("retry-after", str(behaviour.retry_after))
    return attrs.evolve(said, headers=(*said.headers, later))


def _take(
    dialect: Dialect,
    decided: Sequence[tuple[Draft, Behaviour]],
    received: Received,
    sim: Simulation,
) -> Answer:
    results = [_keep(dialect, draft, behaviour, received, sim) for draft, behaviour in decided]
    first = decided[0][1]
    said = _add_retry_after(first, dialect.respond(results, received))
    return _spoil(first, results[0], said)


def _keep(
    dialect: Dialect, draft: Draft, behaviour: Behaviour, received: Received, sim: Simulation
) -> Result:
    kept = sim.keep(received, draft, behaviour)
    if word := find_word(dialect, behaviour.name):
        return Refusal(word, draft)
    text = kept or sim.compose(draft)
    wrong = behaviour.name == "other-number"
    return attrs.evolve(text, recipient=_OTHER_NUMBER) if wrong else text


def _spoil(behaviour: Behaviour, result: Result, said: Answer) -> Answer:
    """``said``, late or cut where that was asked for."""
    body = said.body
    if behaviour.name == "cut-id" and isinstance(result, Text):
        at = body.find(result.id.encode())
        body = body[: at + _KEPT_OF_ID] if at >= 0 else body[: len(body) // 2]
    return attrs.evolve(said, body=body, wait=behaviour.wait)


def _show(
    dialect: Dialect, question: Question, parts: Parts, received: Received, sim: Simulation
) -> Answer:
    if dialect.login(received) is None:
        return dialect.respond([Refusal(dialect.words["unauthorized"])], received)
    if "id" not in parts:
        return question.show([*_list_texts(dialect, sim)], received)
    found = _find_texts(dialect, parts["id"], sim)
    if not found:
        return dialect.respond([Refusal(dialect.words["unknown-id"])], received)
    return question.show(found, received)


def _list_texts(dialect: Dialect, sim: Simulation) -> Iterator[Text]:
    own = (text for text in sim.store.texts if text.dialect == dialect.name)
    return (name_text(dialect, text) for text in own)


def _find_texts(dialect: Dialect, text_id: str, sim: Simulation) -> list[Text]:
    """The texts of that id: several where one request asked for them."""
    found: list[Text] = []
    while text := sim.find(f"{text_id}.{len(found)}" if found else text_id, dialect.name):
        found.append(text)
    # Those from handsets are kept under ids of ours.
    return found or [text for text in _list_texts(dialect, sim) if text.id == text_id]


def name_text(dialect: Dialect, text: Text) -> Text:
    """``text`` under an id of the provider's; those from handsets have one of ours."""
    if text.direction == "mt":
        return text
    return attrs.evolve(text, id=dialect.make_id(text.id.replace("-", "").lower()))

"""However much a ledger holds, nothing that a text or a callback asks of it reads a whole table."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest

from sumotext_backend.ledger import Ledger
from sumotext_backend.ledger.statements import SQLITE

QUESTIONS = (
    # before and after a text
    "find_consent claim_key reclaim_key find_key finish_send finish_late break_off "
    # of what comes back
    "find_names find_report find_send find_person settle note_no keep_report list_nos "
    "find_word_since list_newer_nos list_parts end_parts claim_inbound end_inbound "
    # of an export, page by page, and of a person's words
    "list_consent list_last_consent list_consent_of_person"
)


def plan(ledger: Ledger, statement: str) -> Iterator[str]:
    """How the database would run it, a step a line; PostgreSQL scans only where it must."""
    database = ledger.database
    sql = database._statements[statement]  # type: ignore[attr-defined]
    explain = "EXPLAIN QUERY PLAN" if database.dialect is SQLITE else "EXPLAIN"
    values = dict.fromkeys(re.findall(r"(?::|%\()(\w+)", sql), "1")
    if "alias" in values:
        values["alias"] = ""  # where any provider is meant
    with database._lend() as connection:  # type: ignore[attr-defined]
        if database.dialect is not SQLITE:
            connection.execute("SET enable_seqscan = off")
        yield from (str(row[-1]) for row in connection.execute(f"{explain} {sql}", values))


def find_scans(ledger: Ledger, statement: str) -> list[str]:
    """The steps that read all of a table, or all of an index."""
    steps = [*plan(ledger, statement), ""]
    whole = re.compile(r"SCAN (?!found)(?!.*INDEX)|Seq Scan")
    by_index = re.compile(r"Index (Only )?Scan")
    return [
        step
        for step, detail in itertools.pairwise(steps)
        if whole.search(step) or (by_index.search(step) and "Index Cond" not in detail)
    ]


@pytest.mark.parametrize("statement", QUESTIONS.split())
def test_no_question_reads_a_whole_table(statement: str, ledger: Ledger) -> None:
    """While a send ends, others wait, and after ten seconds its result is lost."""
    assert [] == find_scans(ledger, statement)


def test_a_whole_table_that_is_read_is_seen(ledger: Ledger) -> None:
    """Control: a count has to."""
    assert find_scans(ledger, "count_old_reports")

-- Every statement that the ledger runs, by name. :word is a parameter, {now} the database's clock,
-- {catalogue} the names of its tables.

-- name: find_schema
SELECT name FROM {catalogue} AS tables WHERE name = 'sumotext_meta';

-- name: find_consent
-- ``twin`` is the person under the other way to write the number, or the same again. Two look-ups
-- without an order take half the time of one for both with it, and most find nothing.
SELECT word, provider, reason, source, backend, programme, apart, seq FROM sumotext_consent
WHERE person = :person
UNION ALL
SELECT word, provider, reason, source, backend, programme, apart, seq FROM sumotext_consent
WHERE person = :twin AND :twin <> :person;

-- name: list_consent_of_person
SELECT seq, person, programme, word, provider, reason, source, note, at, number, backend,
    said_at, apart
FROM sumotext_consent
WHERE person IN (:person, :twin) ORDER BY seq;

-- name: list_consent
SELECT seq, person, programme, word, provider, reason, source, note, at, number, backend,
    said_at, apart
FROM sumotext_consent WHERE seq > :after ORDER BY seq LIMIT :limit;

-- name: list_last_consent
SELECT seq, person, programme, word, provider, reason, source, note, at, number, backend,
    said_at, apart
FROM sumotext_consent AS one
WHERE seq > :after AND NOT EXISTS (
    SELECT 1 FROM sumotext_consent AS later
    WHERE later.person = one.person AND later.programme = one.programme AND later.seq > one.seq)
ORDER BY seq LIMIT :limit;

-- name: add_consent
INSERT INTO sumotext_consent
    (programme, person, number, word, provider, backend, reason, source, note, at)
VALUES (:programme, :person, :number, :word, :provider, :backend, :reason, :source, :note, {now});

-- name: add_said_consent
INSERT INTO sumotext_consent
    (programme, person, number, word, provider, backend, reason, source, note, said_at, at)
VALUES (:programme, :person, :number, :word, :provider, :backend, :reason, :source, :note,
    :said_at, {now});

-- name: add_moved_consent
-- A word that was said elsewhere, or is written anew behind one that was.
INSERT INTO sumotext_consent
    (programme, person, number, word, provider, backend, reason, source, note, said_at, at, apart)
VALUES (:programme, :person, :number, :word, :provider, :backend, :reason, :source, :note,
    :said_at, :at, :apart);

-- name: remove_consent
DELETE FROM sumotext_consent WHERE seq = :seq;

-- name: find_last_word
SELECT coalesce(max(seq), 0) AS seq FROM sumotext_consent;

-- name: list_newer_nos
-- Nobody says anything after we were told: a provider's clock may be wrong.
SELECT word, provider, reason, source, backend, programme, apart, seq FROM sumotext_consent
WHERE person IN (:person, :twin) AND word IN ('OPTED_OUT', 'REFUSED')
    AND CASE WHEN said_at < at THEN said_at ELSE at END > :at;

-- name: find_word_since
-- Whether that no was written down, or a yes was said since: no later than now, as a clock that was
-- wrong wrote what is ahead, and not before the no, as a yes may come late.
SELECT 1 AS found FROM sumotext_consent AS said
JOIN sumotext_report AS report ON report.alias = :alias AND report.id = :id
WHERE said.person IN (:person, :twin) AND said.programme = :programme AND (
    (said.word = 'OPTED_OUT' AND said.source = 'report' AND said.provider = :alias
        AND said.at >= report.no_at)
    OR (said.word = 'OPTED_IN' AND said.at > report.no_at AND said.at <= {now}
        AND (said.said_at IS NULL OR said.said_at >= report.no_at OR said.said_at >= :said_at)))
LIMIT 1;

-- name: claim_key
INSERT INTO sumotext_send
    (ref, key, person, number, text, content, state, owner, lease_until, created_at, updated_at)
VALUES (:ref, :key, :person, :number, :text, :content, 'SENDING', :owner,
    {now} + :lease, {now}, {now})
ON CONFLICT (key) DO NOTHING
RETURNING ref;

-- name: reclaim_key
UPDATE sumotext_send
SET state = 'SENDING', owner = :owner, lease_until = {now} + :lease, updated_at = {now},
    outcome = '', reason = '', settled = '', text = :text, number = :number
WHERE key = :key AND content = :content AND state = 'DONE' AND outcome = 'FAILED'
RETURNING ref;

-- name: find_key
SELECT ref, content, state, owner, lease_until - {now} AS lease_left, result
FROM sumotext_send WHERE key = :key;

-- name: add_send
INSERT INTO sumotext_send
    (ref, key, person, number, text, content, state, created_at, updated_at,
     provider, outcome, reason, message_id, result)
VALUES (:ref, NULL, :person, :number, :text, :content, 'DONE', {now}, {now},
    :provider, :outcome, :reason, :message_id, :result);

-- name: finish_send
UPDATE sumotext_send
SET state = 'DONE', updated_at = {now}, provider = :provider, outcome = :outcome,
    reason = :reason, message_id = :message_id, result = :result,
    text = CASE WHEN :outcome = 'UNKNOWN' THEN text END
WHERE ref = :ref AND state = 'SENDING' AND owner = :owner
RETURNING ref;

-- name: finish_late
-- That it was accepted also undoes the word of somebody who took it for not sent.
UPDATE sumotext_send
SET updated_at = {now}, provider = :provider, outcome = :outcome, reason = :reason,
    message_id = :message_id, result = :result, settled = '',
    text = CASE WHEN :outcome = 'UNKNOWN' THEN text END
WHERE ref = :ref AND state = 'DONE' AND owner = :owner
    AND (reason = 'CRASHED' OR (settled <> '' AND :outcome = 'ACCEPTED'))
RETURNING ref;

-- name: find_text
SELECT text FROM sumotext_send WHERE ref = :ref;

-- name: break_off
UPDATE sumotext_send
SET state = 'DONE', updated_at = {now}, outcome = 'UNKNOWN', reason = 'CRASHED', result = :result
WHERE ref = :ref AND state = 'SENDING' AND owner = :owner
RETURNING ref;

-- name: list_open
SELECT ref, owner, lease_until - {now} AS lease_left FROM sumotext_send
WHERE state = 'SENDING';

-- name: list_doubts
SELECT ref, key, number, provider, outcome, reason, message_id, created_at, updated_at,
    state, settled, result
FROM sumotext_send WHERE outcome = 'UNKNOWN' AND created_at >= :since
ORDER BY created_at;

-- name: find_send
SELECT ref, key, number, provider, outcome, reason, message_id, created_at, updated_at,
    state, settled, result
FROM sumotext_send WHERE ref = :ref;

-- name: find_person
-- To whom the text went that a report is about. The answer that made a doubt may hold the id of
-- another one's text.
SELECT person, number FROM sumotext_send
WHERE ref = :ref OR (message_id = :id AND provider = :alias)
ORDER BY ref = :ref DESC, outcome = 'UNKNOWN', created_at DESC LIMIT 1;

-- name: list_ids_like
-- The ids of other sends to the same person.
SELECT other.message_id FROM sumotext_send AS other
JOIN sumotext_send AS one ON one.person = other.person
WHERE one.ref = :ref AND other.ref <> one.ref AND other.message_id IS NOT NULL;

-- name: count_twins
-- Other sends of the same text to the same person that may have left a record, whose id is unknown.
SELECT count(*) AS number FROM sumotext_send AS other
JOIN sumotext_send AS one ON one.person = other.person AND one.content = other.content
WHERE one.ref = :ref AND other.ref <> one.ref AND other.message_id IS NULL
    AND other.outcome NOT IN ('REJECTED', 'FAILED');

-- name: settle
-- A report also undoes the word of somebody who took the text for not sent, before it was tried
-- again in vain, or just now, when the row of the word cannot be seen yet.
UPDATE sumotext_send
SET outcome = :outcome, reason = :reason, message_id = coalesce(:message_id, message_id),
    settled = :settled, result = :result, updated_at = {now},
    text = NULL
WHERE ref = :ref AND (outcome = 'UNKNOWN' OR (outcome = 'FAILED' AND :source = 'report'
    AND (settled = 'NOT_SENT' OR EXISTS (
        SELECT 1 FROM sumotext_audit WHERE ref = :ref AND word = 'settled as not sent'))))
RETURNING ref;

-- name: add_audit
INSERT INTO sumotext_audit (ref, word, source, note, at)
VALUES (:ref, :word, :source, :note, {now});

-- name: list_audit
SELECT word, source, note, at FROM sumotext_audit WHERE ref = :ref ORDER BY seq;

-- name: list_sends
SELECT ref, key, number, provider, outcome, reason, message_id, created_at, updated_at,
    state, settled, result
FROM sumotext_send
WHERE created_at >= :since
    AND (:person = '' OR person = :person) AND (:outcome = '' OR outcome = :outcome)
ORDER BY created_at DESC LIMIT :limit;

-- name: export_sends
SELECT ref, key, number, provider, outcome, reason, message_id, created_at, updated_at,
    state, settled, result
FROM sumotext_send
WHERE created_at > :at OR (created_at = :at AND ref > :ref)
ORDER BY created_at, ref LIMIT :limit;

-- name: count_sends
SELECT outcome, count(*) AS number FROM sumotext_send GROUP BY outcome ORDER BY outcome;

-- name: count_consent
SELECT word, count(*) AS number FROM sumotext_consent GROUP BY word ORDER BY word;

-- name: count_old_texts
SELECT count(*) AS number FROM sumotext_send
WHERE text IS NOT NULL AND state = 'DONE' AND updated_at < {now} - :seconds;

-- name: count_old_sends
SELECT count(*) AS number FROM sumotext_send
WHERE state = 'DONE' AND outcome <> 'UNKNOWN' AND updated_at < {now} - :seconds;

-- name: purge_texts
UPDATE sumotext_send SET text = NULL
WHERE text IS NOT NULL AND state = 'DONE' AND updated_at < {now} - :seconds;

-- name: purge_sends
DELETE FROM sumotext_send
WHERE state = 'DONE' AND outcome <> 'UNKNOWN' AND updated_at < {now} - :seconds;

-- name: purge_audit
-- Who settled a doubt is told of as long as the send is.
DELETE FROM sumotext_audit WHERE ref <> '' AND ref NOT IN (SELECT ref FROM sumotext_send);

-- name: forget_sends
UPDATE sumotext_send SET number = NULL, text = NULL
WHERE person = :person AND number IS NOT NULL
RETURNING ref;

-- name: forget_notes
-- What somebody said of a doubt may name the person.
UPDATE sumotext_audit SET note = ''
WHERE ref IN (SELECT ref FROM sumotext_send WHERE person = :person) AND ref <> '';

-- name: forget_consent
UPDATE sumotext_consent SET number = NULL, note = '' WHERE person = :person;

-- name: find_meta
SELECT value FROM sumotext_meta WHERE name = :name;

-- name: list_programmes
SELECT substr(name, 11) AS programme, value FROM sumotext_meta
WHERE substr(name, 1, 10) = 'programme:';

-- name: add_programme
-- With the last row before it.
INSERT INTO sumotext_meta (name, value)
SELECT 'programme:' || :programme, CAST(coalesce(max(seq), 0) AS TEXT) FROM sumotext_consent
WHERE 1 = 1 -- or SQLite would take what follows for a join
ON CONFLICT (name) DO NOTHING;

-- name: add_inbound
INSERT INTO sumotext_inbound
    (alias, identity, kind, person, whole, event, state, created_at, updated_at)
VALUES (:alias, :identity, :kind, :person, :whole, :event, :state, {now}, {now})
ON CONFLICT (alias, identity) DO NOTHING
RETURNING seq;

-- name: list_parts
-- Its index has no row without a whole, and SQLite takes it only where the condition says so.
-- A part that was purged or forgotten says nothing.
SELECT event FROM sumotext_inbound
WHERE whole = :whole AND whole <> '' AND state = 'PART' AND event <> '{}' ORDER BY seq;

-- name: end_parts
UPDATE sumotext_inbound SET state = 'DONE', event = '{}', updated_at = {now}
WHERE whole = :whole AND whole <> '' AND state = 'PART';

-- name: claim_inbound
UPDATE sumotext_inbound
SET state = 'TELLING', owner = :owner, lease_until = {now} + :lease, tries = tries + 1,
    updated_at = {now}
WHERE seq = :seq AND state = :state AND owner = :before
RETURNING event, kind, tries;

-- name: end_inbound
-- What was forgotten meanwhile was kept for this one hook alone.
UPDATE sumotext_inbound
SET state = :state, why = :why, owner = '', updated_at = {now},
    event = CASE WHEN :state = 'DONE' AND person = 'forgotten' THEN '{}' ELSE event END
WHERE seq = :seq AND state = 'TELLING' AND owner = :owner
RETURNING seq;

-- name: list_open_inbound
SELECT seq, alias, kind, state, tries, why, owner, lease_until - {now} AS lease_left, created_at
FROM sumotext_inbound WHERE state IN ('WAITING', 'TELLING') AND seq > :after
ORDER BY seq LIMIT :limit;

-- name: list_inbound
SELECT seq, alias, kind, state, tries, why, owner, lease_until - {now} AS lease_left, created_at
FROM sumotext_inbound ORDER BY seq DESC LIMIT :limit;

-- name: keep_report
-- A no that came by our reference, before the id was known, is that of this text, too.
INSERT INTO sumotext_report
    (alias, id, reference, status, rank, final, reason, code, word, at, updated_at, no_at)
VALUES (:alias, :id, :reference, :status, :rank, :final, :reason, :code, :word, :at, {now},
    (SELECT no_at FROM sumotext_report WHERE alias = :alias AND id = 'ref:' || :reference))
ON CONFLICT (alias, id) DO UPDATE
SET reference = CASE WHEN excluded.reference <> '' THEN excluded.reference
        ELSE sumotext_report.reference END,
    status = excluded.status, rank = excluded.rank, final = excluded.final,
    reason = excluded.reason, code = excluded.code, word = excluded.word, at = excluded.at,
    updated_at = excluded.updated_at
WHERE excluded.rank > sumotext_report.rank;

-- name: find_names
-- Of a text that surely went: an answer of which nobody knows what it means may hold another's id.
SELECT ref, message_id FROM sumotext_send
WHERE (ref = :ref OR message_id = :id) AND provider = :alias AND outcome <> 'UNKNOWN'
ORDER BY created_at DESC LIMIT 1;

-- name: note_no
UPDATE sumotext_report SET no_at = {now} WHERE alias = :alias AND id = :id AND no_at IS NULL
RETURNING id;

-- name: find_report
-- By either name of its text, each with an index of its own; with OR between them none has one.
SELECT alias, id, reference, status, final, reason, code, word, at FROM (
    SELECT * FROM sumotext_report WHERE id = :id
    UNION ALL
    SELECT * FROM sumotext_report WHERE reference <> '' AND reference = :id
    UNION ALL
    SELECT report.* FROM sumotext_send AS sent JOIN sumotext_report AS report
        ON report.alias = sent.provider AND report.id = sent.message_id
    WHERE sent.ref = :id AND sent.outcome <> 'UNKNOWN'
    UNION ALL
    SELECT report.* FROM sumotext_send AS sent JOIN sumotext_report AS report
        ON report.alias = sent.provider AND report.id = 'ref:' || sent.ref
    WHERE sent.message_id = :id AND sent.outcome <> 'UNKNOWN'
) AS found
WHERE :alias = '' OR alias = :alias
ORDER BY rank DESC LIMIT 1;

-- name: list_nos
-- Of a text by our reference, or by its provider's id.
SELECT alias, id, reference, status, final, reason, code, word, at FROM sumotext_report
WHERE no_at IS NOT NULL AND reference <> '' AND reference = :ref
UNION
SELECT alias, id, reference, status, final, reason, code, word, at FROM sumotext_report
WHERE no_at IS NOT NULL AND alias = :alias AND id IN (:id, :ref);

-- name: count_inbound
SELECT state, count(*) AS number FROM sumotext_inbound GROUP BY state ORDER BY state;

-- name: count_old_inbound
SELECT count(*) AS number FROM sumotext_inbound
WHERE state IN ('DONE', 'PART') AND ((event <> '{}' AND updated_at < {now} - :texts)
    OR (kind <> 'OptIn' AND updated_at < {now} - :rows));

-- name: count_old_reports
SELECT count(*) AS number FROM sumotext_report WHERE updated_at < {now} - :seconds;

-- name: purge_inbound
UPDATE sumotext_inbound SET event = '{}'
WHERE event <> '{}' AND state IN ('DONE', 'PART') AND updated_at < {now} - :seconds;

-- name: delete_inbound
-- The mark that a yes came stays: else a request that somebody kept could say it again.
DELETE FROM sumotext_inbound
WHERE state IN ('DONE', 'PART') AND kind <> 'OptIn' AND updated_at < {now} - :seconds;

-- name: delete_reports
DELETE FROM sumotext_report WHERE updated_at < {now} - :seconds;

-- name: forget_inbound
UPDATE sumotext_inbound SET event = '{}', person = ''
WHERE person = :person AND state IN ('DONE', 'PART')
RETURNING seq;

-- name: forget_later
UPDATE sumotext_inbound SET person = 'forgotten'
WHERE person = :person AND state IN ('WAITING', 'TELLING');

-- name: find_lookup
-- What is further ahead than any look-up lasts, a clock that was wrong wrote.
SELECT state, carrier, owner, lease_until - {now} AS lease_left FROM sumotext_lookup
WHERE source = :source AND person = :person AND until > {now} AND until <= {now} + :longest;

-- name: lock_lookups
-- Claims come one after another, so that no two are of one number, or of the day's last look-up.
UPDATE sumotext_meta SET value = value WHERE name = 'version';

-- name: find_moment
SELECT {now} AS at;

-- name: find_spent
SELECT count FROM sumotext_spent WHERE account = :account AND day = :day;

-- name: add_lookup
INSERT INTO sumotext_lookup
    (source, person, state, owner, lease_until, until, updated_at)
VALUES (:source, :person, 'ASKED', :owner, {now} + :lease, {now} + :lasts, {now});

-- name: spend
INSERT INTO sumotext_spent (account, day, count) VALUES (:account, :day, 1)
ON CONFLICT (account, day) DO UPDATE SET count = sumotext_spent.count + 1;

-- name: settle_lookup
UPDATE sumotext_lookup
SET state = :state, carrier = :carrier, owner = '', until = {now} + :lasts, updated_at = {now}
WHERE source = :source AND person = :person AND owner = :owner
RETURNING person;

-- name: release_lookup
DELETE FROM sumotext_lookup WHERE source = :source AND person = :person AND owner = :owner
RETURNING person;

-- name: refund
UPDATE sumotext_spent SET count = count - 1 WHERE account = :account AND day = :day AND count > 0;

-- name: count_lookups
SELECT state, count(*) AS number FROM sumotext_lookup GROUP BY state ORDER BY state;

-- name: list_spent
SELECT account, count FROM sumotext_spent WHERE day = :day ORDER BY account;

-- name: export_lookups
SELECT source, person, state, carrier, until, updated_at FROM sumotext_lookup
WHERE source > :source OR (source = :source AND person > :person)
ORDER BY source, person LIMIT :limit;

-- name: count_old_lookups
SELECT count(*) AS number FROM sumotext_lookup
WHERE until <= {now} OR until > {now} + :longest
    OR (state IN ('FOUND', 'MISSING') AND updated_at < {now} - :seconds);

-- name: delete_lookups
-- What may have been paid for stays until it is out of date: else it would be paid for again.
DELETE FROM sumotext_lookup
WHERE until <= {now} OR until > {now} + :longest
    OR (state IN ('FOUND', 'MISSING') AND updated_at < {now} - :seconds);

-- name: delete_spent
DELETE FROM sumotext_spent WHERE day < :day;

-- name: forget_lookups
DELETE FROM sumotext_lookup WHERE person = :person AND state <> 'ASKED';

-- name: disown_lookups
-- What is being asked just now is not written down once it is told.
UPDATE sumotext_lookup SET owner = '' WHERE person = :person AND state = 'ASKED';

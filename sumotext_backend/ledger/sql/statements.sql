-- Every statement that the ledger runs, by name. :word is a parameter, {now} the database's clock.

-- name: find_consent
SELECT word, provider, reason, source FROM sumotext_consent
WHERE person = :person AND programme = :programme ORDER BY seq;

-- name: list_consent_of_person
SELECT programme, word, provider, reason, source, note, at, number FROM sumotext_consent
WHERE person = :person ORDER BY seq;

-- name: list_consent
SELECT seq, person, programme, word, provider, reason, source, note, at, number
FROM sumotext_consent WHERE seq > :after ORDER BY seq LIMIT :limit;

-- name: list_last_consent
SELECT seq, person, programme, word, provider, reason, source, note, at, number
FROM sumotext_consent AS one
WHERE seq > :after AND NOT EXISTS (
    SELECT 1 FROM sumotext_consent AS later
    WHERE later.person = one.person AND later.programme = one.programme AND later.seq > one.seq)
ORDER BY seq LIMIT :limit;

-- name: add_consent
INSERT INTO sumotext_consent
    (programme, person, number, word, provider, reason, source, note, at)
VALUES (:programme, :person, :number, :word, :provider, :reason, :source, :note, {now});

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
UPDATE sumotext_send
SET updated_at = {now}, provider = :provider, outcome = :outcome, reason = :reason,
    message_id = :message_id, result = :result, text = NULL
WHERE ref = :ref AND state = 'DONE' AND reason = 'CRASHED' AND owner = :owner
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

-- name: find_sends_by_message
SELECT ref FROM sumotext_send WHERE message_id = :message_id;

-- name: settle
UPDATE sumotext_send
SET outcome = :outcome, reason = :reason, message_id = coalesce(:message_id, message_id),
    settled = :settled, result = :result, updated_at = {now},
    text = NULL
WHERE ref = :ref AND outcome = 'UNKNOWN'
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

-- name: forget_sends
UPDATE sumotext_send SET number = NULL, text = NULL
WHERE person = :person AND number IS NOT NULL
RETURNING ref;

-- name: forget_consent
UPDATE sumotext_consent SET number = NULL, note = '' WHERE person = :person;

-- name: find_meta
SELECT value FROM sumotext_meta WHERE name = :name;

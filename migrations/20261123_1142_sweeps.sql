-- What runs out is removed by its time, in batches.
create index session_expires on session (expires_at);
create index sign_in_attempt_created on sign_in_attempt (created_at);
create index connect_attempt_time on connect_attempt (attempted_at);
create index failed_proof_failed on failed_proof (failed_at);

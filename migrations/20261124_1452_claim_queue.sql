-- The archive of decided claims, the last decided first.
create index connection_claim_decided on connection_claim (organisation_id, decided_at, claim_id) where state <> 'open';

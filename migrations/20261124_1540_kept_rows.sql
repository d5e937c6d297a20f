-- Which of the terms (dated rules keep.*) that rows of an erased person stay for have ended and were followed: those rows are gone.
alter table erasure add column released text[] not null default '{}';
create index erasure_finished on erasure (finished_at) where finished_at is not null;

-- Claims of erased people, found by the person when their term ends.
create index connection_claim_blanked on connection_claim (person_id) where claimant_name = 'Имя удалено';

-- An invitation opens several accounts at once: a home has five of them as a rule. Each keeps a share of its own; the code is one.
alter table account_share add column invitation_id uuid not null default gen_random_uuid();
create index account_share_of_invitation on account_share (person_id, invitation_id);
alter table share_code drop constraint share_code_pk, add constraint share_code_pk primary key (code_hash, share_id);

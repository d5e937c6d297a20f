-- A file that comes in pieces, before its form. Each piece is a file of the store; they are joined when the last one has come.
create table arriving_file (
  file_id uuid not null constraint arriving_file_pk primary key,
  begun_at timestamptz not null,
  -- Of the pieces that have come, in their order.
  size_bytes bigint not null default 0,
  pieces uuid[] not null default '{}'
);
create index arriving_file_begun on arriving_file (begun_at);

-- Whether the store still has what a row names, and has it unchanged.
alter table stored_file
  add column checked_at timestamptz,
  -- Null: there and unchanged when it was last looked at (or when it was put, until then).
  add column damage text constraint stored_file_damage check (damage in ('missing', 'changed')),
  add constraint stored_file_damage_checked check (damage is null or checked_at is not null);
-- What was put is as good as checked at that moment: new files do not keep old ones waiting.
create index stored_file_check on stored_file (coalesce(checked_at, created_at)) where damage is null;
create index stored_file_damaged on stored_file (checked_at) where damage is not null;

-- A sector of a disk that cannot be read is neither a lost file nor a changed one, and must not stop the look at all others.
alter table stored_file
  drop constraint stored_file_damage,
  add constraint stored_file_damage check (damage in ('missing', 'changed', 'unreadable'));

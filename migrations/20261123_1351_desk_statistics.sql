-- What a share in term and a median are made of: answers after the term, and the days of each answer.
alter table desk_statistics
  add column late integer not null default 0,
  add column partly integer not null default 0,
  add column spent integer[] not null default '{}';

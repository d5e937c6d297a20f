-- The search of a desk goes by spans of time, newest first, each wider than the one before. Weeks alone are too coarse: of a frequent
-- word one week of a large desk holds thousands.
drop index desk_appeal_words;
alter table desk_appeal drop column week;
-- The hour of the receipt, and the 16, 256 and 4096 hours around it, each a number of its own.
alter table desk_appeal add column spans integer[] not null;
create index desk_appeal_words on desk_appeal using gin (organisation_id, kind, spans, words);
create index desk_appeal_unassigned on desk_appeal (organisation_id, kind, due_on nulls last, desk_id) where is_open and performer_id is null;
create index desk_appeal_closed on desk_appeal (organisation_id, kind, closed_at desc, desk_id desc) where not is_open;

-- What an answer by the template decides, as a rule; empty: the clerk chooses.
alter table answer_template add column outcome text
  constraint answer_template_outcome check (outcome in ('satisfied', 'partial', 'refused', 'explained'));

-- The post that an employee signs answers with, as they wrote it last.
alter table employee add column post text not null default '' constraint employee_post check (length(post) <= 255);

-- When the clock has to look at a part next: to remind its addressee, or to mark that the term has passed. Null: never (closed, or done).
alter table appeal_part
  add column look_at timestamptz,
  -- From when the present term runs where that is not the receipt: an appeal that its author reopened.
  add column term_from timestamptz;
create index appeal_part_look on appeal_part (look_at) where look_at is not null;

-- A complaint to the body above goes with the files of the appeal that it follows: the same stored file in two appeals of one house.
alter table appeal_file drop constraint appeal_file_signs;
alter table appeal_file drop constraint appeal_file_pk;
alter table appeal_file add constraint appeal_file_pk primary key (house_id, appeal_id, file_id);
alter table appeal_file add constraint appeal_file_signs foreign key (house_id, appeal_id, signs_file_id) references appeal_file;
drop index appeal_file_signs_fk;
create index appeal_file_signs_fk on appeal_file (house_id, appeal_id, signs_file_id) where signs_file_id is not null;

-- One complaint to the body above for each appeal, whoever presses twice.
create unique index appeal_escalated_once on appeal (house_id, parent_id) where relation = 'escalation';

-- What became of a letter: how often it was tried, and what the mail server said when it refused it for good.
alter table mail_message
  add column attempts integer not null default 0,
  add column refused_at timestamptz,
  add column refusal text constraint mail_message_refusal check (length(refusal) <= 1000),
  add constraint mail_message_refused check (refused_at is null or (refusal is not null and sent_at is null));

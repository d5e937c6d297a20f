-- Appeals. House-keyed: what was sent and all that happened to it. Person-keyed: drafts and the author's own list.
-- Organisation-keyed: the desks' queues. One transaction writes all three.

-- Look-up: the house row that stands for the territory of a municipality. Appeals about a yard, a street or a house that is not there yet live in it.
create table territory (
  oktmo text not null constraint territory_pk primary key,
  house_id uuid not null
);

-- A body may serve one municipality only (ОМС); empty means the whole region.
alter table organisation_power add column oktmo text not null default '';
-- Answer templates, queues and escalations ask who has a power in a place.
create index organisation_power_place on organisation_power (power_code, region_code, oktmo);

create table appeal (
  house_id uuid not null constraint appeal_house references house,
  appeal_id uuid not null,
  -- What people read and say on the phone; unique by the look-up appeal_number.
  number text not null constraint appeal_number_length check (length(number) between 1 and 30),
  state text not null constraint appeal_state check (state in ('sent', 'in_work', 'executed', 'withdrawn')),
  author_id uuid not null,
  family_name text not null constraint appeal_family_name check (length(family_name) <= 100),
  given_name text not null constraint appeal_given_name check (length(given_name) <= 100),
  middle_name text not null default '' constraint appeal_middle_name check (length(middle_name) <= 100),
  phone text not null default '',
  email text not null default '',
  answer_email text not null constraint appeal_answer_email check (length(answer_email) between 3 and 254),
  -- The object: a house by its ФИАС GUID, or a territory. A house may be unknown to us: then house_id is the territory's.
  fias_guid uuid,
  address text not null,
  flat text not null default '' constraint appeal_flat check (length(flat) <= 100),
  region_code text not null,
  oktmo text not null,
  municipality text not null,
  zone text not null,
  -- НСИ 220, or the author's own topic where topic_code is '4'.
  topic_code text not null,
  topic_name text not null,
  own_topic text not null default '' constraint appeal_own_topic check (length(own_topic) <= 250),
  text text not null constraint appeal_text check (length(text) between 1 and 10000),
  emergency boolean not null default false,
  -- The appeal that this one continues: an escalation, or a new question after an answer. In the same house.
  parent_id uuid,
  relation text constraint appeal_relation check (relation in ('escalation', 'continuation')),
  joined integer not null default 0,
  extended boolean not null default false,
  redirected boolean not null default false,
  redirected_outside boolean not null default false,
  answer_not_required boolean not null default false,
  reopened integer not null default 0,
  assessment text constraint appeal_assessment check (assessment in ('full', 'partial', 'none')),
  withdrawn_comment text not null default '' constraint appeal_withdrawn check (length(withdrawn_comment) <= 1000),
  -- «Исправлено ли на самом деле»: asked once, four weeks after the answer.
  fixed_asked_at timestamptz,
  fixed boolean,
  created_at timestamptz not null,
  sent_at timestamptz not null,
  executed_at timestamptz,
  changed_at timestamptz not null,
  constraint appeal_pk primary key (house_id, appeal_id),
  constraint appeal_parent foreign key (house_id, parent_id) references appeal,
  constraint appeal_relation_whole check ((parent_id is null) = (relation is null)),
  constraint appeal_executed check ((state = 'executed') <= (executed_at is not null))
);
create index appeal_parent_fk on appeal (house_id, parent_id) where parent_id is not null;
-- Likely earlier appeals of the same house and topic.
create index appeal_topic on appeal (house_id, topic_code, sent_at desc);
-- The weekly question whether it is really fixed.
create index appeal_fixed on appeal (executed_at) where state = 'executed' and fixed_asked_at is null;

create table appeal_number (
  number text not null constraint appeal_number_pk primary key,
  house_id uuid not null,
  appeal_id uuid not null
);

-- One addressee's handling of an appeal, with its own term. Redirecting ends a part and begins others. An inspectorate's request to an
-- organisation is a part too: its answer goes to the inspectorate.
create table appeal_part (
  house_id uuid not null,
  appeal_id uuid not null,
  part_id uuid not null,
  kind text not null default 'appeal' constraint appeal_part_kind check (kind in ('appeal', 'request')),
  organisation_id uuid not null constraint appeal_part_org references organisation,
  -- The role by НСИ 20 in which the organisation is addressed: the term depends on it.
  power_code text not null,
  state text not null constraint appeal_part_state check (state in ('received', 'in_work', 'executed', 'redirected', 'withdrawn')),
  -- The part that it was redirected from, or that asks (requests).
  from_part_id uuid,
  request_text text not null default '',
  received_at timestamptz not null,
  registered_on date,
  registration_number text constraint appeal_part_number check (length(registration_number) between 1 and 30),
  performer_id uuid,
  performer_name text,
  planned_on date,
  -- Last day of the answer in the house's zone (inclusive); null where no law sets one.
  due_on date,
  -- Emergency topics: the moment of the first duty (inspection, localisation).
  due_at timestamptz,
  -- The rule's key and the act that the page names.
  term_key text not null,
  term_source text not null constraint appeal_part_source check (length(term_source) <= 500),
  extended_from date,
  extensions integer not null default 0,
  -- Share of the term, in percent, of the last reminder that went out; 0 none, 100 the term has passed.
  reminded integer not null default 0,
  overdue_at timestamptz,
  closed_at timestamptz,
  constraint appeal_part_pk primary key (house_id, part_id),
  constraint appeal_part_appeal foreign key (house_id, appeal_id) references appeal,
  constraint appeal_part_from foreign key (house_id, from_part_id) references appeal_part,
  constraint appeal_part_registered check ((state = 'in_work') <= (registered_on is not null and registration_number is not null)),
  constraint appeal_part_closed check ((state in ('executed', 'redirected', 'withdrawn')) = (closed_at is not null))
);
create index appeal_part_appeal_fk on appeal_part (house_id, appeal_id);
create index appeal_part_from_fk on appeal_part (house_id, from_part_id) where from_part_id is not null;
create index appeal_part_org_fk on appeal_part (organisation_id);
-- The job of reminders and overdue marks looks at what is open and has a term.
create index appeal_part_open on appeal_part (due_on) where closed_at is null and due_on is not null;

-- Everything that happened, in order; never changed.
create table appeal_event (
  house_id uuid not null,
  appeal_id uuid not null,
  event_id uuid not null,
  part_id uuid,
  kind text not null constraint appeal_event_kind check (kind in (
    'sent', 'joined', 'registered', 'assigned', 'answered', 'redirected', 'redirected_outside', 'extended', 'answer_not_required',
    'executed', 'withdrawn', 'assessed', 'reopened', 'escalated', 'requested', 'request_answered', 'overdue', 'fixed_asked', 'fixed')),
  at timestamptz not null,
  organisation_id uuid,
  -- Who did it, as shown: the performer's name for the organisation, nothing for the system.
  person_id uuid,
  person_name text not null default '',
  -- What staff alone may see (requests between bodies, assignments).
  internal boolean not null default false,
  details jsonb not null default '{}',
  constraint appeal_event_pk primary key (house_id, event_id),
  constraint appeal_event_appeal foreign key (house_id, appeal_id) references appeal,
  constraint appeal_event_part foreign key (house_id, part_id) references appeal_part
);
create index appeal_event_appeal_fk on appeal_event (house_id, appeal_id, event_id);
create index appeal_event_part_fk on appeal_event (house_id, part_id) where part_id is not null;

create table appeal_answer (
  house_id uuid not null,
  appeal_id uuid not null,
  answer_id uuid not null,
  part_id uuid not null,
  state text not null constraint appeal_answer_state check (state in ('draft', 'sent')),
  number text not null default '' constraint appeal_answer_number check (length(number) <= 35),
  answered_on date,
  outcome text constraint appeal_answer_outcome check (outcome in ('satisfied', 'partial', 'refused', 'explained')),
  performer_name text not null default '' constraint appeal_answer_performer check (length(performer_name) <= 256),
  performer_post text not null default '' constraint appeal_answer_post check (length(performer_post) <= 255),
  text text not null default '' constraint appeal_answer_text check (length(text) <= 10000),
  -- Sent, but more answers will follow: the part stays open.
  interim boolean not null default false,
  written_by uuid not null,
  sent_at timestamptz,
  changed_at timestamptz not null,
  constraint appeal_answer_pk primary key (house_id, answer_id),
  constraint appeal_answer_appeal foreign key (house_id, appeal_id) references appeal,
  constraint appeal_answer_part foreign key (house_id, part_id) references appeal_part,
  constraint appeal_answer_sent check ((state = 'sent') = (sent_at is not null and answered_on is not null and outcome is not null and text <> ''))
);
create index appeal_answer_appeal_fk on appeal_answer (house_id, appeal_id);
create index appeal_answer_part_fk on appeal_answer (house_id, part_id);

-- Files of the appeal itself, of an answer, of an event (redirect, extension). Bytes and verdict are of stored_file.
create table appeal_file (
  house_id uuid not null,
  appeal_id uuid not null,
  file_id uuid not null,
  answer_id uuid,
  event_id uuid,
  name text not null constraint appeal_file_name check (length(name) between 1 and 1024),
  description text not null default '' constraint appeal_file_description check (length(description) <= 500),
  media_type text not null,
  size_bytes bigint not null,
  -- A detached signature (.sig, .p7s) names the file that it signs.
  signs_file_id uuid,
  position integer not null,
  constraint appeal_file_pk primary key (house_id, file_id),
  constraint appeal_file_appeal foreign key (house_id, appeal_id) references appeal,
  constraint appeal_file_answer foreign key (house_id, answer_id) references appeal_answer,
  constraint appeal_file_event foreign key (house_id, event_id) references appeal_event,
  constraint appeal_file_signs foreign key (house_id, signs_file_id) references appeal_file
);
create index appeal_file_appeal_fk on appeal_file (house_id, appeal_id, position);
create index appeal_file_answer_fk on appeal_file (house_id, answer_id) where answer_id is not null;
create index appeal_file_event_fk on appeal_file (house_id, event_id) where event_id is not null;
create index appeal_file_signs_fk on appeal_file (house_id, signs_file_id) where signs_file_id is not null;

-- Neighbours who joined (collective).
create table appeal_joiner (
  house_id uuid not null,
  appeal_id uuid not null,
  person_id uuid not null,
  family_name text not null,
  given_name text not null,
  middle_name text not null default '',
  flat text not null default '',
  answer_email text not null,
  joined_at timestamptz not null,
  constraint appeal_joiner_pk primary key (house_id, appeal_id, person_id),
  constraint appeal_joiner_appeal foreign key (house_id, appeal_id) references appeal
);

-- Letters about an appeal, to show whether they went out. What became of them is in the person's mail_message.
create table appeal_letter (
  house_id uuid not null,
  appeal_id uuid not null,
  mail_id uuid not null,
  person_id uuid not null,
  answer_id uuid,
  constraint appeal_letter_pk primary key (house_id, mail_id),
  constraint appeal_letter_appeal foreign key (house_id, appeal_id) references appeal,
  constraint appeal_letter_answer foreign key (house_id, answer_id) references appeal_answer
);
create index appeal_letter_appeal_fk on appeal_letter (house_id, appeal_id);
create index appeal_letter_answer_fk on appeal_letter (house_id, answer_id) where answer_id is not null;

-- Notes of an organisation's staff among themselves. Apart from events, so that no page of the author can show them.
create table appeal_note (
  organisation_id uuid not null constraint appeal_note_org references organisation,
  note_id uuid not null,
  house_id uuid not null,
  appeal_id uuid not null,
  person_id uuid not null,
  person_name text not null,
  text text not null constraint appeal_note_text check (length(text) between 1 and 4000),
  at timestamptz not null,
  constraint appeal_note_pk primary key (organisation_id, note_id)
);
create index appeal_note_appeal on appeal_note (organisation_id, appeal_id, note_id);

create table answer_template (
  organisation_id uuid not null constraint answer_template_org references organisation,
  template_id uuid not null,
  title text not null constraint answer_template_title check (length(title) between 1 and 200),
  -- Topics that it is offered for; empty: for all.
  topic_code text not null default '',
  text text not null constraint answer_template_text check (length(text) between 1 and 10000),
  changed_at timestamptz not null,
  constraint answer_template_pk primary key (organisation_id, template_id),
  constraint answer_template_title_once unique (organisation_id, title)
);

-- A desk's queue: one row for each part of its own, and for the inspectorate one for each appeal of its territory.
create table desk_appeal (
  organisation_id uuid not null constraint desk_appeal_org references organisation,
  -- The part's id; for kind 'territory' the appeal's.
  desk_id uuid not null,
  kind text not null constraint desk_appeal_kind check (kind in ('appeal', 'request', 'territory')),
  house_id uuid not null,
  appeal_id uuid not null,
  number text not null,
  topic_code text not null,
  topic_name text not null,
  address text not null,
  author_name text not null,
  addressee_name text not null,
  -- As the part's; of a territory row as the appeal's.
  state text not null,
  is_open boolean not null,
  emergency boolean not null,
  escalated boolean not null,
  reopened boolean not null default false,
  joined integer not null default 0,
  received_at timestamptz not null,
  due_on date,
  overdue boolean not null default false,
  performer_id uuid,
  performer_name text,
  closed_at timestamptz,
  assessment text,
  -- Whole weeks since 1970-01-01 of the receipt: searches go week by week, newest first.
  week integer not null,
  -- Words of number, topic, address, author, text and answers, as the search finds them.
  words tsvector not null,
  constraint desk_appeal_pk primary key (organisation_id, desk_id)
);
create extension if not exists btree_gin;
create index desk_appeal_queue on desk_appeal (organisation_id, kind, due_on nulls last, desk_id) where is_open;
create index desk_appeal_received on desk_appeal (organisation_id, kind, received_at desc, desk_id desc);
create index desk_appeal_performer on desk_appeal (organisation_id, performer_id, due_on nulls last, desk_id) where is_open;
create index desk_appeal_topic on desk_appeal (organisation_id, kind, topic_code, received_at desc, desk_id desc);
create index desk_appeal_house on desk_appeal (organisation_id, house_id, topic_code, received_at desc, desk_id desc);
create index desk_appeal_appeal on desk_appeal (organisation_id, appeal_id);
create index desk_appeal_words on desk_appeal using gin (organisation_id, week, words);

-- Roll-up of a desk by month of receipt, topic and house, kept by a job.
create table desk_statistics (
  organisation_id uuid not null constraint desk_statistics_org references organisation,
  kind text not null,
  month text not null,
  topic_code text not null,
  house_id uuid not null,
  address text not null,
  received integer not null,
  open integer not null,
  executed integer not null,
  overdue integer not null,
  satisfied integer not null,
  unsatisfied integer not null,
  -- Sum of days from receipt to the answer of those executed.
  days integer not null,
  constraint desk_statistics_pk primary key (organisation_id, kind, month, topic_code, house_id)
);

create table appeal_draft (
  person_id uuid not null constraint appeal_draft_person references person,
  draft_id uuid not null,
  -- Raised by each save: a tab with older text does not overwrite newer text in silence.
  version integer not null default 1,
  fias_guid uuid,
  address text not null default '',
  -- A yard, a street: no house is meant.
  is_territory boolean not null default false,
  flat text not null default '',
  region_code text not null default '',
  oktmo text not null default '',
  municipality text not null default '',
  topic_code text not null default '',
  own_topic text not null default '',
  addressee_id uuid,
  answer_email text not null default '',
  phone text not null default '',
  text text not null default '',
  -- The appeal that it continues (the author's own).
  parent_house_id uuid,
  parent_id uuid,
  relation text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint appeal_draft_pk primary key (person_id, draft_id)
);
create index appeal_draft_updated on appeal_draft (person_id, updated_at desc, draft_id desc);

create table appeal_draft_file (
  person_id uuid not null,
  draft_id uuid not null,
  file_id uuid not null,
  name text not null,
  description text not null default '',
  media_type text not null,
  size_bytes bigint not null,
  position integer not null,
  constraint appeal_draft_file_pk primary key (person_id, draft_id, file_id),
  constraint appeal_draft_file_draft foreign key (person_id, draft_id) references appeal_draft on delete cascade
);

-- The author's list (and of those who joined): what the page of own appeals shows without asking each house.
create table own_appeal (
  person_id uuid not null constraint own_appeal_person references person,
  appeal_id uuid not null,
  house_id uuid not null,
  role text not null constraint own_appeal_role check (role in ('author', 'joined')),
  number text not null,
  topic_code text not null,
  topic_name text not null,
  address text not null,
  state text not null,
  due_on date,
  overdue boolean not null default false,
  -- An answer or another change that the person has not opened yet.
  unread boolean not null default false,
  sent_at timestamptz not null,
  changed_at timestamptz not null,
  constraint own_appeal_pk primary key (person_id, appeal_id)
);
create index own_appeal_sent on own_appeal (person_id, sent_at desc, appeal_id desc);

-- Requests to the support of the installation (НСИ 230). Look-up: keyed by themselves, for one desk serves everybody.
create table support_request (
  request_id uuid not null constraint support_request_pk primary key,
  number text not null constraint support_request_number unique,
  person_id uuid,
  name text not null,
  email text not null,
  kind_code text not null,
  -- Set when an organisation or a house was not found: what to look for.
  subject text not null constraint support_request_subject check (length(subject) between 1 and 250),
  text text not null constraint support_request_text check (length(text) between 1 and 10000),
  page text not null default '',
  state text not null constraint support_request_state check (state in ('new', 'in_work', 'answered', 'closed')),
  performer_id uuid,
  performer_name text,
  due_on date,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create index support_request_queue on support_request (due_on, request_id) where state in ('new', 'in_work');
create index support_request_person on support_request (person_id, created_at desc, request_id desc);
create index support_request_created on support_request (created_at desc, request_id desc);

create table support_message (
  request_id uuid not null,
  message_id uuid not null,
  from_support boolean not null,
  -- A note that only the desk sees.
  internal boolean not null default false,
  person_id uuid,
  person_name text not null,
  text text not null constraint support_message_text check (length(text) between 1 and 10000),
  at timestamptz not null,
  constraint support_message_pk primary key (request_id, message_id)
);

-- The support desk: for whom a person acted, when the first answer went out and what its term was, and texts to answer with.
alter table support_request add column organisation_id uuid;
alter table support_request add column answered_at timestamptz;
alter table support_request add column promised_on date;
-- How many requests an address has sent today.
create index support_request_email on support_request (lower(email), created_at);

create table support_template (
  template_id uuid not null constraint support_template_pk primary key,
  title text not null constraint support_template_title unique,
  text text not null,
  changed_at timestamptz not null,
  constraint support_template_title_length check (length(title) between 1 and 200),
  constraint support_template_text check (length(text) between 1 and 10000)
);

alter table appeal_draft
  -- The author's own e-mail, beside the one that the answer goes to.
  add column email text not null default '',
  -- The role by НСИ 20 in which the addressee is addressed: the term and the law depend on it.
  add column addressee_power text not null default '',
  -- The author has chosen the addressee; else it follows the address and the topic.
  add column addressee_chosen boolean not null default false;

-- The limit of a day counts what the person has sent.
create index own_appeal_author on own_appeal (person_id, sent_at) where role = 'author';

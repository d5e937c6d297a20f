-- Whose file it is: of an employee who is limited to these houses (null: to none), and of which settlement centre (null: the organisation's own).
alter table upload
  add column house_ids uuid[],
  add column through_id uuid;

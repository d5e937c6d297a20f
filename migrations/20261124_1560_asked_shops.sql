-- Another shop of an organisation takes its payers' money elsewhere, as another bank account does: it waits for a second person.
alter table shop
  add column asked_by uuid,
  add column asked_at timestamptz,
  add constraint shop_asked check ((asked_by is null) = (asked_at is null) and (asked_by is null or not active));
create unique index shop_one_asked on shop (organisation_id) where asked_by is not null;

-- A helper's look at devices and consumption is in the owner's log too.
alter table share_use
  drop constraint share_use_kind,
  add constraint share_use_kind check (kind in ('bill', 'bills', 'meters', 'reading', 'payment'));

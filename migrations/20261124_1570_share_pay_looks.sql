-- Who opens the page of paying sees the debts of the accounts that are shared with them: the owners read of it.
alter table share_use
  drop constraint share_use_kind,
  add constraint share_use_kind check (kind in ('bill', 'bills', 'meters', 'debt', 'reading', 'payment'));

-- A complaint to the body above that its author has withdrawn is no bar to another one.
drop index appeal_escalated_once;
create unique index appeal_escalated_once on appeal (house_id, parent_id) where relation = 'escalation' and state <> 'withdrawn';

-- Organisations and houses set rules of their own (windows of readings): a key is asked for a few places among thousands.
create index dated_rule_place on dated_rule (key, (scope || ':' || scope_id));

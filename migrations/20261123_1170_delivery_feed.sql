-- What an organisation's system fetches: its deliveries of one state, the oldest change first. Serves the foreign key to the provider too.
create index reading_delivery_feed on reading_delivery (provider_id, state, changed_at, house_id, reading_id) include (period);
drop index reading_delivery_provider_fk;

-- Links that open something by themselves are kept no longer than until their letter has gone out: also those of letters that went before.
update mail_message set
  unsubscribe_url = null,
  body = regexp_replace(body, '/(invitations|accounts/shared|not-me|notices/address|support/by-link)[/?][^\s"]+', '/', 'g'),
  content = regexp_replace(content::text, '/(invitations|accounts/shared|not-me|notices/address|support/by-link)[/?][^\s"]+', '/', 'g')::jsonb
where sent_at is not null;

update push_message set path = '/settings' where path like '/not-me/%';

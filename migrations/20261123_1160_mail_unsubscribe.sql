-- Where one click ends letters of a kind (RFC 8058); null for letters that nobody can refuse.
alter table mail_message add column unsubscribe_url text;

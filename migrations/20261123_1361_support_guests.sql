-- Asked without signing in: whoever asked comes back by the link of a letter. The person is a guest, who has letters and nothing else.
alter table support_request add column by_guest boolean not null default false;

-- Who administers the installation is asked from the setting at each request: the person's row keeps the subject that the setting names.
alter table person add column subject text;
update person set subject = identity.subject from identity where identity.person_id = person.person_id;
alter table person drop column administrator;

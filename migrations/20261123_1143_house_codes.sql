-- «Уникальный номер дома»: the state system's own code of a house, uploaded beside its ФИАС GUID or instead of it.
alter table house add column unique_number text
  constraint house_unique_number check (unique_number ~ '^[0-9]{25}-[0-9]{5}$');

-- Look-up: the address of a house by a code of the house as a whole that is open to everybody: our id, the state system's unique number,
-- the cadastral number of the building. A cadastral number may be said of several houses.
create table house_code (
  code text not null,
  fias_guid uuid not null,
  constraint house_code_pk primary key (code, fias_guid)
);
insert into house_code (code, fias_guid)
  select house_id::text, fias_guid from house
  union select lower(btrim(cadastral_number)), fias_guid from house where btrim(cadastral_number) <> '';

create index address_object_oktmo on address_object (oktmo) where oktmo is not null;

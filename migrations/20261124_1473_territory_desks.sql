-- At whose desk the appeals of a region stand as those of a territory, and how far they have been brought there: the power of an
-- inspectorate moves from one organisation to another, the rows follow by a job. No organisation: nobody oversees the region.
create table territory_desk (
  region_code text not null constraint territory_desk_pk primary key,
  organisation_id uuid,
  -- The last appeal that was brought over; none: the walk begins.
  after_house_id uuid,
  after_appeal_id uuid,
  is_done boolean not null
);

create index appeal_region on appeal (region_code, house_id, appeal_id);

-- Where every row stands at a desk that still has the power, nothing is to be brought anywhere.
insert into territory_desk (region_code, organisation_id, is_done)
select region_code, (array_agg(organisation_id order by organisation_id))[1], true
from organisation_power
where power_code = '4' and not exists (
  select from desk_appeal desk
  where desk.kind = 'territory' and not exists (
    select from organisation_power power where power.organisation_id = desk.organisation_id and power.power_code = '4'))
group by region_code;

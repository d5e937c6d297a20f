import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { HouseId, MeterId, OrganisationId, PremisesId, ReadingId, RoomId } from '../../../platform/ids.ts';
import { type Day, firstDay, type Month, monthOf } from '../../../platform/month.ts';
import type { DeliveryState, MeterKind, MeterState, Reading, Resource } from '../meter.ts';
import '../tables.ts';

/** Which devices of a house are listed; without one all that are not in the archive. */
export const REGISTER_STATES = ['missing', 'sent', 'due', 'broken', 'archived'] as const;
export type RegisterState = (typeof REGISTER_STATES)[number];

/** The last value of one resource of a device, with what became of it at the organisation that asks. */
export interface LastValue {
  resource: Resource;
  readingId: ReadingId;
  kind: Reading['kind'];
  period: Month;
  takenOn: Day;
  t1: string;
  t2: string | null;
  t3: string | null;
  source: Reading['source'];
  organisationId: OrganisationId | null;
  delivery: DeliveryState | null;
}

export interface MeterLine {
  meterId: MeterId;
  kind: MeterKind;
  serial: string;
  brand: string;
  place: string;
  tariffs: number;
  digits: number | null;
  state: MeterState;
  remote: boolean;
  verifyBy: Day | null;
  archivedOn: Day | null;
  premisesId: PremisesId | null;
  category: 'residential' | 'non_residential' | 'block' | 'whole_house' | null;
  premisesNumber: string | null;
  /** The organisation's own accounts that it charges. */
  accounts: string[];
  resources: { resource: Resource; unit: string }[];
  isSent: boolean;
  last: LastValue[];
}

export interface RegisterQuery {
  houseId: HouseId;
  organisationId: OrganisationId;
  /** The month that counts for «sent». */
  period: Month;
  /** A verification that ends on this day or before counts as due. */
  dueBy: Day;
  search: string;
  resource: Resource | null;
  state: RegisterState | null;
  after: MeterId | null;
  limit: number;
}

/** Premises as people count them; the house's own devices first. */
const order = (meter: string, premises: string) =>
  sql`length(coalesce(${sql.ref(`${premises}.number`)}, '')), coalesce(${sql.ref(`${premises}.number`)}, ''), ${sql.ref(`${meter}.meter_id`)}`;

const isSeen = ({
  houseId,
  organisationId,
}: RegisterQuery) => sql`(meter.kind = 'house' or exists (select from meter_account own
  where own.house_id = ${houseId}::uuid and own.meter_id = meter.meter_id and own.provider_id = ${organisationId}::uuid))`;

/** A value of the month came to the organisation and was not declined; a house device has nobody to deliver to. */
const isSent = ({ houseId, organisationId, period }: RegisterQuery) => sql<boolean>`(case when meter.kind = 'house'
  then exists (select from reading where reading.house_id = ${houseId}::uuid and reading.meter_id = meter.meter_id
    and reading.period = ${firstDay(period)}::date and reading.kind = 'current' and reading.state = 'active')
  else meter.meter_id in (select sent.meter_id from reading_delivery sent where sent.house_id = ${houseId}::uuid
    and sent.provider_id = ${organisationId}::uuid and sent.period = ${firstDay(period)}::date
    and sent.state in ('received', 'fetched', 'accepted')) end)`;

function inState(query: RegisterQuery): RawBuilder<unknown> {
  const working = sql`meter.state <> 'archived'`;
  switch (query.state) {
    case 'archived':
      return sql`meter.state = 'archived'`;
    case 'broken':
      return sql`meter.state = 'broken'`;
    case 'due':
      return sql`${working} and meter.verify_by <= ${query.dueBy}::date`;
    case 'missing':
      return sql`${working} and not ${isSent(query)}`;
    case 'sent':
      return sql`${working} and ${isSent(query)}`;
    default:
      return working;
  }
}

/** A flat's number, a part of a serial number, an account: a short number is a flat, or half of the house would answer. */
function matches({ houseId, organisationId, search }: RegisterQuery): RawBuilder<unknown> {
  const text = search
    .toLowerCase()
    .replace(/^(кв\.?|квартира|помещение|№|лс)\s*/u, '')
    .trim();
  if (!text) return sql`true`;
  const like = `%${text.replace(/[%_\\]/g, '\\$&')}%`;
  const isShort = text.length < 4;
  return sql`(lower(premises.number collate "ru-x-icu") = ${text}
    or ${isShort ? sql`lower(meter.serial collate "ru-x-icu") = ${text}` : sql`lower(meter.serial collate "ru-x-icu") like ${like}`}
    or exists (select from meter_account own
      join account on account.house_id = ${houseId}::uuid and account.account_id = own.account_id
      where own.house_id = ${houseId}::uuid and own.meter_id = meter.meter_id and own.provider_id = ${organisationId}::uuid
        and (lower(account.number collate "ru-x-icu") = ${text} or lower(account.els collate "ru-x-icu") = ${text}
          or lower(account.service_id collate "ru-x-icu") = ${text})))`;
}

/** A page of the devices of one house that an organisation sees, by flat, after the one last shown. */
export async function selectRegister(db: Db, query: RegisterQuery): Promise<MeterLine[]> {
  const { houseId, organisationId, resource, after, limit } = query;
  const { rows } = await sql<Omit<MeterLine, 'last'> & { last: (Omit<LastValue, 'period'> & { period: Day })[] }>`
    with page as (
      select meter.*, premises.category, premises.number as premises_number, ${isSent(query)} as is_sent
      from meter
      left join premises on premises.house_id = ${houseId}::uuid and premises.premises_id = meter.premises_id
      where meter.house_id = ${houseId}::uuid and ${isSeen(query)} and ${inState(query)} and ${matches(query)}
        ${
          resource
            ? sql`and exists (select from meter_resource own where own.house_id = ${houseId}::uuid
                and own.meter_id = meter.meter_id and own.resource = ${resource})`
            : sql``
        }
        ${
          after
            ? sql`and (${order('meter', 'premises')}) > (select ${order('shown', 'place')} from meter shown
                left join premises place on place.house_id = ${houseId}::uuid and place.premises_id = shown.premises_id
                where shown.house_id = ${houseId}::uuid and shown.meter_id = ${after}::uuid)`
            : sql``
        }
      order by ${order('meter', 'premises')} limit ${limit})
    select page.meter_id as "meterId", page.kind, page.serial, page.brand, page.place, page.tariffs, page.digits, page.state,
      page.remote, page.verify_by::text as "verifyBy", page.archived_on::text as "archivedOn", page.premises_id as "premisesId",
      page.category, page.premises_number as "premisesNumber", page.is_sent as "isSent",
      (select coalesce(json_agg(account.number order by account.number), '[]') from meter_account own
        join account on account.house_id = ${houseId}::uuid and account.account_id = own.account_id
        where own.house_id = ${houseId}::uuid and own.meter_id = page.meter_id and own.provider_id = ${organisationId}::uuid)
        as accounts,
      (select coalesce(json_agg(json_build_object('resource', resource, 'unit', unit) order by resource), '[]')
        from meter_resource where house_id = ${houseId}::uuid and meter_id = page.meter_id) as resources,
      (select coalesce(json_agg(json_build_object('resource', own.resource, 'readingId', last.reading_id, 'kind', last.kind,
          'period', last.period, 'takenOn', last.taken_on, 't1', trim_scale(last.t1)::text, 't2', trim_scale(last.t2)::text,
          't3', trim_scale(last.t3)::text, 'source', last.source, 'organisationId', last.organisation_id,
          'delivery', delivery.state) order by own.resource), '[]')
        from meter_resource own
        cross join lateral (select * from reading where reading.house_id = ${houseId}::uuid
          and reading.meter_id = page.meter_id and reading.resource = own.resource and reading.state = 'active'
          order by period desc, taken_on desc, (kind = 'control') desc, entered_at desc limit 1) last
        left join reading_delivery delivery on delivery.house_id = ${houseId}::uuid and delivery.reading_id = last.reading_id
          and delivery.provider_id = ${organisationId}::uuid
        where own.house_id = ${houseId}::uuid and own.meter_id = page.meter_id) as last
    from page order by length(coalesce(page.premises_number, '')), coalesce(page.premises_number, ''), page.meter_id`.execute(
    db,
  );
  return rows.map((row) => ({
    ...row,
    last: row.last.map((value) => ({ ...value, period: monthOf(value.period as Day) })),
  }));
}

/** Premises and room of a house by the numbers that people know them by; null for what is not there. */
export async function findPlace(
  db: Db,
  houseId: HouseId,
  place: { premises: string; room: string | null },
): Promise<{ premisesId: PremisesId; roomId: RoomId | null } | null> {
  const { rows } = await sql<{ premisesId: PremisesId; roomId: RoomId | null }>`
    select premises.premises_id as "premisesId", room.room_id as "roomId" from premises
    left join room on room.house_id = ${houseId}::uuid and room.premises_id = premises.premises_id
      and lower(room.number collate "ru-x-icu") = ${(place.room ?? '').toLowerCase()}
    where premises.house_id = ${houseId}::uuid and lower(premises.number collate "ru-x-icu") = ${place.premises.toLowerCase()}
      and premises.closed_on is null
    order by premises.category = 'residential' desc, premises.premises_id limit 1`.execute(db);
  return rows[0] ?? null;
}

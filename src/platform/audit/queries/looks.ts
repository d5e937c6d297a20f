import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { type AccountId, type HouseId, newId, type OrganisationId, type PersonId, type PremisesId } from '../../ids.ts';
import type { Day } from '../../month.ts';
import '../tables.ts';

export interface LookRow {
  viewerId: PersonId;
  viewerName: string;
  viewerRole: string;
  organisationId: OrganisationId | null;
  day: Day;
  thingId: string;
  what: string;
  masked: boolean;
  purpose: string;
  at: Date;
}

/** What at a house a line is of. */
export interface HomeOfRow {
  houseId: HouseId;
  aboutId: HouseId | AccountId | PremisesId;
  providerId: OrganisationId | null;
}

const sameLook = (row: LookRow) => sql`look.day = ${row.day} and look.viewer_id = ${row.viewerId}
  and look.thing_id = ${row.thingId} and look.what = ${row.what}
  and look.organisation_id is not distinct from ${row.organisationId} and look.masked = ${row.masked}
  and look.purpose = ${row.purpose}`;

const valuesOf = (row: LookRow) => sql`${row.day}::date, ${row.viewerId}::uuid, ${row.viewerName}, ${row.viewerRole},
  ${row.organisationId}::uuid, ${row.thingId}::uuid, ${row.what}, ${row.masked}::boolean, ${row.purpose},
  ${row.at}::timestamptz, ${row.at}::timestamptz, 1`;
const NAMES = sql.raw(
  'day, viewer_id, viewer_name, viewer_role, organisation_id, thing_id, what, masked, purpose, first_at, last_at, times',
);

/** Adds a look to the person's line of its day, or begins the line. Two first looks of one moment are told of by one line. */
export async function writePersonLook(db: Db, personId: PersonId, row: LookRow): Promise<void> {
  const { numAffectedRows = 0n } = await sql`
    update person_look look set last_at = ${row.at}, times = times + 1
    where look.person_id = ${personId} and ${sameLook(row)}`.execute(db);
  if (numAffectedRows > 0n) return;
  await sql`insert into person_look (person_id, look_id, ${NAMES}) select ${personId}::uuid, ${newId()}::uuid, ${valuesOf(row)}
    on conflict do nothing`.execute(db);
}

/** The same at houses, many in one statement: a file for billing is a look at all houses of an organisation. */
export async function writeHomeLooks(db: Db, homes: readonly HomeOfRow[], row: LookRow): Promise<void> {
  const own = sql`unnest(${homes.map(({ houseId }) => houseId)}::uuid[], ${homes.map(({ aboutId }) => aboutId)}::uuid[],
    ${homes.map(({ providerId }) => providerId)}::uuid[], ${homes.map(() => newId())}::uuid[])
    as own (house_id, about_id, provider_id, look_id)`;
  const { numAffectedRows = 0n } = await sql`
    update home_look look set last_at = ${row.at}, times = times + 1 from ${own}
    where look.house_id = own.house_id and look.about_id = own.about_id
      and look.provider_id is not distinct from own.provider_id and ${sameLook(row)}`.execute(db);
  if (Number(numAffectedRows) >= homes.length) return;
  await sql`insert into home_look (house_id, look_id, about_id, provider_id, ${NAMES})
    select own.house_id, own.look_id, own.about_id, own.provider_id, ${valuesOf(row)} from ${own}
    on conflict do nothing`.execute(db);
}

export interface Looked {
  lookId: string;
  viewerName: string;
  viewerRole: string;
  organisationId: OrganisationId | null;
  what: string;
  masked: boolean;
  purpose: string;
  firstAt: Date;
  lastAt: Date;
  times: number;
}

export interface LookFilter {
  organisationId: OrganisationId | null;
  /** Both included. */
  from: Day;
  to: Day;
  /** The last line shown: the page begins after it. */
  after: string | null;
  limit: number;
}

const COLUMNS = sql`look_id as "lookId", viewer_name as "viewerName", viewer_role as "viewerRole", organisation_id as "organisationId",
  what, masked, purpose, first_at as "firstAt", last_at as "lastAt", times`;

const filtered = ({ organisationId, from, to, after }: LookFilter) => sql`day between ${from} and ${to}
  and (${after}::uuid is null or look_id < ${after}::uuid)
  and (${organisationId}::uuid is null or organisation_id = ${organisationId}::uuid)`;

/** Looks at what is the person's own, newest first. */
export async function selectPersonLooks(db: Db, personId: PersonId, filter: LookFilter): Promise<Looked[]> {
  const { rows } = await sql<Looked>`
    select ${COLUMNS} from person_look where person_id = ${personId} and ${filtered(filter)}
    order by look_id desc limit ${filter.limit}`.execute(db);
  return rows;
}

/** What at one house is whose, since when. */
export interface MineAtHouse {
  houseId: HouseId;
  /** Accounts, premises and the house itself, each with the moments between which looks are told of (both included). */
  mine: readonly { aboutId: string; since: Date; until: Date | null }[];
  /** Whose accounts the person has there: of lists of an organisation's accounts those of others are not told. */
  providers: readonly OrganisationId[];
}

const mineOf = ({ mine }: MineAtHouse) => sql`
  unnest(${mine.map(({ aboutId }) => aboutId)}::uuid[], ${mine.map(({ since }) => since)}::timestamptz[],
    ${mine.map(({ until }) => until)}::timestamptz[]) as own (id, since, until)`;

/** Looks at one house, newest first. Each account and premises is asked by its own index entries, so that none is read through. */
export async function selectHomeLooks(db: Db, at: MineAtHouse, filter: LookFilter): Promise<Looked[]> {
  const { rows } = await sql<Looked>`
    select look.* from ${mineOf(at)} cross join lateral (
      select ${COLUMNS} from home_look
      where house_id = ${at.houseId} and about_id = own.id and ${filtered(filter)}
        and last_at >= own.since and (own.until is null or first_at <= own.until)
        and (provider_id is null or provider_id = any(${[...at.providers]}::uuid[]))
      order by look_id desc limit ${filter.limit}) look
    order by "lookId" desc limit ${filter.limit}`.execute(db);
  return rows;
}

/** From which organisations the person's own data were looked at. */
export async function selectPersonViewers(db: Db, personId: PersonId): Promise<OrganisationId[]> {
  const { rows } = await sql<{ id: OrganisationId }>`
    select distinct organisation_id as id from person_look
    where person_id = ${personId} and organisation_id is not null`.execute(db);
  return rows.map(({ id }) => id);
}

/** From which organisations one house was looked at. */
export async function selectHomeViewers(db: Db, at: MineAtHouse): Promise<OrganisationId[]> {
  const { rows } = await sql<{ id: OrganisationId }>`
    select distinct look.organisation_id as id from ${mineOf(at)} cross join lateral (
      select distinct organisation_id from home_look
      where house_id = ${at.houseId} and about_id = own.id and organisation_id is not null
        and last_at >= own.since and (own.until is null or first_at <= own.until)
        and (provider_id is null or provider_id = any(${[...at.providers]}::uuid[]))) look`.execute(db);
  return rows.map(({ id }) => id);
}

export async function deletePersonLooksBefore(db: Db, moment: Date, limit: number): Promise<number> {
  const removed = await sql`
    delete from person_look where (person_id, look_id) in (
      select person_id, look_id from person_look where day < ${moment}::date order by day limit ${limit})`.execute(db);
  return Number(removed.numAffectedRows ?? 0);
}

export async function deleteHomeLooksBefore(db: Db, moment: Date, limit: number): Promise<number> {
  const removed = await sql`
    delete from home_look where (house_id, look_id) in (
      select house_id, look_id from home_look where day < ${moment}::date order by day limit ${limit})`.execute(db);
  return Number(removed.numAffectedRows ?? 0);
}

/** The lines of an erased person's own: nobody can read them any more. The journal keeps the looks themselves. */
export async function deleteLooksOfPerson(db: Db, personId: PersonId): Promise<void> {
  await db.deleteFrom('person_look').where('person_id', '=', personId).execute();
}

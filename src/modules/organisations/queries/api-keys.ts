import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { ApiKeyId, OrganisationId, PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import { worksOn } from './employment.ts';
import '../tables.ts';

export interface ApiKeyRow {
  keyId: ApiKeyId;
  name: string;
  madeBy: PersonId;
  madeAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  /** Whoever made it heads the organisation still. */
  answered: boolean;
}

/** What is asked of a key, with whether somebody answers for it on the day. */
const fields = (on: Day) => sql`
  key_id as "keyId", name, made_by as "madeBy", made_at as "madeAt", expires_at as "expiresAt", revoked_at as "revokedAt",
  last_used_at as "lastUsedAt", exists (select from employee
    where employee.organisation_id = api_key.organisation_id and employee.person_id = api_key.made_by and employee.role = 'head'
      and ${worksOn(on)}) as answered`;

/** Each call of a system asks it: one row by its key. */
export async function selectApiKey(
  db: Db,
  organisationId: OrganisationId,
  keyId: ApiKeyId,
  on: Day,
): Promise<(ApiKeyRow & { secretHash: Buffer }) | undefined> {
  const { rows } = await sql<ApiKeyRow & { secretHash: Buffer }>`
    select ${fields(on)}, secret_hash as "secretHash" from api_key
    where organisation_id = ${organisationId} and key_id = ${keyId}`.execute(db);
  return rows[0];
}

/** The newest first. */
export async function selectApiKeys(db: Db, organisationId: OrganisationId, on: Day): Promise<ApiKeyRow[]> {
  const { rows } = await sql<ApiKeyRow>`
    select ${fields(on)} from api_key where organisation_id = ${organisationId} order by key_id desc limit 100`.execute(
    db,
  );
  return rows;
}

export async function insertApiKey(
  db: Db,
  key: {
    organisationId: OrganisationId;
    keyId: ApiKeyId;
    name: string;
    secretHash: Buffer;
    madeBy: PersonId;
    at: Date;
    expiresAt: Date;
  },
): Promise<void> {
  await db
    .insertInto('api_key')
    .values({
      organisation_id: key.organisationId,
      key_id: key.keyId,
      name: key.name,
      secret_hash: key.secretHash,
      made_by: key.madeBy,
      made_at: key.at,
      expires_at: key.expiresAt,
      revoked_at: null,
      last_used_at: null,
    })
    .execute();
}

/** @returns its name, or null when there is no such key that works */
export async function revokeApiKey(
  db: Db,
  organisationId: OrganisationId,
  keyId: ApiKeyId,
  at: Date,
): Promise<string | null> {
  const row = await db
    .updateTable('api_key')
    .set({ revoked_at: at })
    .where('organisation_id', '=', organisationId)
    .where('key_id', '=', keyId)
    .where('revoked_at', 'is', null)
    .returning('name')
    .executeTakeFirst();
  return row?.name ?? null;
}

/** Of many calls at once one writes. */
export async function touchApiKey(
  db: Db,
  organisationId: OrganisationId,
  keyId: ApiKeyId,
  at: Date,
  unlessSince: Date,
): Promise<void> {
  await db
    .updateTable('api_key')
    .set({ last_used_at: at })
    .where('organisation_id', '=', organisationId)
    .where('key_id', '=', keyId)
    .where((where) => where.or([where('last_used_at', 'is', null), where('last_used_at', '<=', unlessSince)]))
    .execute();
}

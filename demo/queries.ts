import { once } from 'node:events';
import { sql } from 'kysely';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Db } from '../src/platform/database/database.ts';
import { FAMILIES } from '../src/platform/database/families.ts';
import type { AccountId, ClaimId, HouseId, Id, OrganisationId, PersonId } from '../src/platform/ids.ts';
import '../src/modules/accounts/index.ts';
import '../src/modules/connections/index.ts';
import '../src/modules/identity/index.ts';
import type { Employment } from './people.ts';
import { idsOf } from './random.ts';
import { COLUMNS, DEMO_TABLES, type DemoTable, type Rows } from './rows.ts';
import type { DemoRunTable } from './tables.ts';
import './tables.ts';

/** Any number: all makers of demonstration data of one database wait at it. */
const LOCK = 7_402_231;

/** False when another process makes the data now. Held until the connection ends. */
export async function takeLock(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [LOCK]);
  return rows[0]!.taken;
}

export async function selectRun(db: Db): Promise<DemoRunTable | null> {
  return (await db.selectFrom('demo_run').selectAll().executeTakeFirst()) ?? null;
}

/** Is there a house, an organisation or a person? Then somebody uses the database. */
export async function holdsData(db: Db): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`
    select exists (select from house) or exists (select from organisation) or exists (select from person) as used`.execute(
    db,
  );
  return rows[0]!.used;
}

/** Empties everything but what every installation has: classifiers, rules, legal texts, addresses. */
export async function clearDemo(db: Db): Promise<void> {
  const tables = [...FAMILIES.house, ...FAMILIES.person, ...FAMILIES.organisation, ...FAMILIES['look-up']];
  const all = [...tables, 'organisation_power', 'requisite', 'organisation'];
  await sql`truncate ${sql.join(all.map((name) => sql.table(name)))}`.execute(db);
}

export async function beginRun(
  db: Db,
  run: Pick<DemoRunTable, 'seed' | 'accounts' | 'months'>,
  at: Date,
): Promise<void> {
  await db
    .insertInto('demo_run')
    .values({ demo_key: 'demo', ...run, started_at: at, finished_at: null })
    .execute();
}

export async function finishRun(db: Db, at: Date): Promise<void> {
  await db.updateTable('demo_run').set({ finished_at: at }).execute();
}

/**
 * Connects as often as rows are written at once. Rows are made in long turns, in which a connection that is only being opened would
 * run into its timeout on a busy machine.
 */
export async function openConnections(pool: pg.Pool, count: number): Promise<void> {
  const clients = await Promise.all(Array.from({ length: count }, () => pool.connect()));
  for (const client of clients) client.release();
}

/**
 * Writes rows table after table, on a connection of the pool, in one transaction.
 * @param keys 'later' leaves foreign keys to `brokenKeys`: a check for each row costs a third of a bulk load
 */
export async function writeRows(pool: pg.Pool, rows: Rows, keys: 'now' | 'later' = 'now'): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('set local synchronous_commit to off');
    if (keys === 'later') await client.query('set local session_replication_role to replica');
    for (const table of DEMO_TABLES) {
      await copyTable(client, table, rows.get(table) ?? []);
      rows.delete(table);
    }
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function copyTable(client: pg.PoolClient, table: DemoTable, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const columns = COLUMNS[table].replaceAll(' ', ', ');
  const stream = client.query(copyFrom(`copy ${table} (${columns}) from stdin`));
  stream.end(`${lines.join('\n')}\n`);
  await once(stream, 'finish');
}

/** Only a superuser, such as the one of the embedded server, may leave keys for later. */
export async function mayCheckKeysLater(db: Db): Promise<boolean> {
  const { rows } = await sql<{
    may: boolean;
  }>`select rolsuper as may from pg_roles where rolname = current_user`.execute(db);
  return rows[0]?.may ?? false;
}

interface ForeignKey {
  name: string;
  child: string;
  parent: string;
  /** Columns of the child and of the parent, side by side. */
  columns: [string, string][];
}

/** Names of foreign keys of the filled tables that some row breaks: each key is checked once, over its whole table. */
export async function brokenKeys(db: Db): Promise<string[]> {
  const { rows: keys } = await sql<ForeignKey>`
    select c.conname as name, c.conrelid::regclass::text as child, c.confrelid::regclass::text as parent,
      (select json_agg(json_build_array(a.attname, b.attname) order by k.position)
        from unnest(c.conkey, c.confkey) with ordinality as k(mine, theirs, position)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.mine
        join pg_attribute b on b.attrelid = c.confrelid and b.attnum = k.theirs) as columns
    from pg_constraint c where c.contype = 'f' and c.conrelid::regclass::text = any(${DEMO_TABLES as string[]})`.execute(
    db,
  );
  const broken: string[] = [];
  for (const { name, child, parent, columns } of keys) {
    const same = columns.map(([mine, theirs]) => sql`p.${sql.ref(theirs)} = c.${sql.ref(mine)}`);
    const present = columns.map(([mine]) => sql`c.${sql.ref(mine)} is not null`);
    const { rows } = await sql`select 1 from ${sql.table(child)} c where ${sql.join(present, sql` and `)}
      and not exists (select from ${sql.table(parent)} p where ${sql.join(same, sql` and `)}) limit 1`.execute(db);
    if (rows.length > 0) broken.push(name);
  }
  return broken;
}

/** After a bulk load: without figures the planner would guess. */
export async function analyse(db: Db): Promise<void> {
  for (const table of DEMO_TABLES) await sql`analyze ${sql.table(table)}`.execute(db);
}

/** The people of the identity provider that is configured now: its address may have changed since the data were made. */
export async function bindIdentities(
  db: Db,
  issuer: string,
  people: readonly { subject: string; personId: PersonId }[],
  at: Date,
): Promise<void> {
  await db
    .insertInto('identity')
    .values(people.map(({ subject, personId }) => ({ issuer, subject, person_id: personId, created_at: at })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function insertEmployees(db: Db, employments: readonly Employment[]): Promise<void> {
  await db
    .insertInto('employee')
    .values(
      employments.map((one) => ({
        organisation_id: one.organisationId,
        employee_id: one.employeeId as never,
        person_id: one.personId,
        role: one.role,
        valid_from: '2024-03-01',
        invited: one.invited,
        given_role: one.invited ? one.role : null,
        limited: one.houses !== null,
      })),
    )
    .execute();
  for (const { organisationId, employeeId, houses } of employments)
    if (houses !== null)
      await sql`insert into employee_house (organisation_id, employee_id, house_id)
        select organisation_id, ${employeeId}::uuid, house_id from organisation_house
        where organisation_id = ${organisationId} and manages order by accounts desc, address, house_id limit ${houses}`.execute(
        db,
      );
}

/** A settlement centre works for an organisation during the year of `at` and the next. */
export async function insertDelegation(
  db: Db,
  given: { organisationId: OrganisationId; centreId: OrganisationId; delegationId: string; by: PersonId },
  at: Date,
): Promise<void> {
  const year = at.getUTCFullYear();
  await db
    .insertInto('delegation')
    .values({
      organisation_id: given.organisationId,
      delegation_id: given.delegationId as never,
      centre_id: given.centreId,
      works: ['accounts', 'bills', 'readings', 'claims'],
      valid_from: `${year}-01-01`,
      valid_to: `${year + 1}-12-31`,
      given_by: given.by,
      given_at: at,
      revoked_at: null,
      revoked_by: null,
      revocation: null,
    })
    .execute();
}

/** The texts in force, as accepted by people on their own behalf. Ids are in the order of time: a withdrawal that comes later undoes them. */
export async function acceptTexts(db: Db, people: readonly PersonId[], at: Date): Promise<void> {
  const given = people.flatMap((personId) => {
    const makeId = idsOf('accepts', personId);
    return ['agreement', 'consent'].map((kind) => ({ personId, kind, id: makeId<Id<'acceptance'>>(at) }));
  });
  await sql`
    insert into acceptance (person_id, acceptance_id, kind, version, accepted_at, way)
    select given.person_id, given.id, kind, text.version, ${at}, 'first entry'
    from unnest(${given.map(({ personId }) => personId)}::uuid[], ${given.map(({ id }) => id)}::uuid[],
      ${given.map(({ kind }) => kind)}::text[]) as given (person_id, id, kind)
    join (select kind, max(version) as version from legal_text group by kind) as text using (kind)`.execute(db);
}

export interface SampleAccount {
  houseId: HouseId;
  accountId: AccountId;
  providerId: OrganisationId;
}

/** The ЕЛС of a payer's first account; null when there is none, as in a database of the bulk alone. */
export async function selectNumberOfPayer(db: Db, snils: string): Promise<string | null> {
  const row = await db
    .selectFrom('account')
    .select('els')
    .where('snils', '=', snils)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();
  return row?.els ?? null;
}

/** Of an organisation's accounts of flats in the house where the person has one, one that others pay for. */
export async function selectNumberOfAnother(
  db: Db,
  { personId, snils }: { personId: PersonId; snils: string | null },
  organisationId: OrganisationId,
  skip: number,
): Promise<string> {
  const row = await db
    .selectFrom('account_link as link')
    .innerJoin('account', 'account.house_id', 'link.house_id')
    .select('account.number')
    .where('link.person_id', '=', personId)
    .where('account.provider_id', '=', organisationId)
    .where('account.payer', '=', 'person')
    .where('account.closed_on', 'is', null)
    .where('account.snils', 'is distinct from', snils)
    .orderBy('account.number', 'desc')
    .offset(skip)
    .limit(1)
    .executeTakeFirstOrThrow();
  return row.number;
}

export async function selectClaimId(db: Db, personId: PersonId): Promise<ClaimId> {
  const row = await db
    .selectFrom('connection_claim')
    .select('claim_id')
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow();
  return row.claim_id;
}

/** Accounts from all over the houses, the same ones each time. */
export async function selectSampleAccounts(db: Db, count: number): Promise<SampleAccount[]> {
  const { rows } = await sql<SampleAccount>`
    select house_id as "houseId", account_id as "accountId", provider_id as "providerId" from account
    where closed_on is null order by md5(account_id::text) limit ${count}`.execute(db);
  return rows;
}

export interface SampleResident {
  personId: PersonId;
  familyName: string;
  givenName: string;
  middleName: string;
  snils: string;
  accounts: readonly (SampleAccount & { linkId: string })[];
}

export async function insertResidents(db: Db, residents: readonly SampleResident[], at: Date): Promise<void> {
  await db
    .insertInto('person')
    .values(
      residents.map((one) => ({
        person_id: one.personId,
        kind: 'citizen' as const,
        family_name: one.familyName,
        given_name: one.givenName,
        middle_name: one.middleName,
        snils: one.snils,
        confirmed: true,
        created_at: at,
      })),
    )
    .execute();
  await db
    .insertInto('account_link')
    .values(
      residents.flatMap(({ personId, accounts }) =>
        accounts.map((account) => ({
          person_id: personId,
          link_id: account.linkId as never,
          house_id: account.houseId,
          account_id: account.accountId,
          provider_id: account.providerId,
          state: 'connected' as const,
          proof: 'payer' as const,
          created_at: at,
          changed_at: at,
          connected_at: at,
        })),
      ),
    )
    .execute();
}

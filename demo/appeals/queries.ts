import { sql } from 'kysely';
import type { PartKey } from '../../src/modules/appeals/index.ts';
import type { Db } from '../../src/platform/database/database.ts';
import type { AccountId, AppealId, FileId, HouseId, OrganisationId } from '../../src/platform/ids.ts';
import type { Day, Month } from '../../src/platform/month.ts';

export interface PartAtDesk extends PartKey {
  dueOn: Day | null;
}

/** The handling of an appeal by an organisation, the newest where there are several. */
export async function selectPart(
  db: Db,
  { houseId, appealId }: { houseId: HouseId; appealId: AppealId },
  organisationId: OrganisationId,
): Promise<PartAtDesk> {
  const row = await db
    .selectFrom('appeal_part')
    .select(['part_id as partId', 'due_on as dueOn'])
    .where('house_id', '=', houseId)
    .where('appeal_id', '=', appealId)
    .where('organisation_id', '=', organisationId)
    .orderBy('part_id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return { houseId, appealId, partId: row.partId as PartKey['partId'], dueOn: row.dueOn as Day | null };
}

export interface Payer {
  houseId: HouseId;
  accountId: AccountId;
  providerId: OrganisationId;
  flat: string;
  familyName: string;
  givenName: string;
  middleName: string;
  snils: string;
}

/** Who pays for a flat, one of each flat of the houses, in the order of houses and flats. */
export async function selectPayers(db: Db, houseIds: readonly HouseId[]): Promise<Payer[]> {
  const { rows } = await sql<Payer>`
    select distinct on (account.house_id, premises.number) account.house_id as "houseId", account.account_id as "accountId",
      account.provider_id as "providerId", premises.number as flat,
      account.family_name as "familyName", account.given_name as "givenName", account.middle_name as "middleName", account.snils
    from account
    join account_place place on place.house_id = account.house_id and place.account_id = account.account_id
    join premises on premises.house_id = account.house_id and premises.premises_id = place.premises_id
    where account.house_id = any(${houseIds as HouseId[]}::uuid[]) and account.payer = 'person' and account.snils is not null
      and account.closed_on is null
    order by account.house_id, premises.number, account.snils, account.number`.execute(db);
  return rows;
}

export async function selectUnjudged(db: Db): Promise<FileId[]> {
  const { rows } = await sql<{ fileId: FileId }>`
    select file_id as "fileId" from stored_file where verdict = 'waiting' order by file_id`.execute(db);
  return rows.map(({ fileId }) => fileId);
}

/** Letters of the past went out in the past: nobody gets a hundred of them on the day when the demonstration is made. */
export async function markLettersSent(db: Db): Promise<void> {
  await sql`update mail_message set sent_at = created_at, attempts = 1 where sent_at is null`.execute(db);
}

/** Months of desks that have rows: their statistics are to be counted. */
export async function selectDeskMonths(db: Db): Promise<{ organisationId: OrganisationId; month: Month }[]> {
  const { rows } = await sql<{ organisationId: OrganisationId; month: Month }>`
    select distinct organisation_id as "organisationId", to_char(received_at at time zone 'Europe/Moscow', 'YYYY-MM') as month
    from desk_appeal order by 1, 2`.execute(db);
  return rows;
}

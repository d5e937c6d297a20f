import { sql } from 'kysely';
import '../tables.ts';
import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, DocumentId, HouseId, OrganisationId, PersonId, UploadId } from '../../../platform/ids.ts';
import type { Kopecks } from '../../../platform/money.ts';
import { type Day, type Month, monthOf } from '../../../platform/month.ts';

/** Houses to which an upload brought something. */
export async function selectHousesOfUpload(
  db: Db,
  organisationId: OrganisationId,
  uploadId: UploadId,
): Promise<HouseId[]> {
  const { rows } = await sql<{ houseId: HouseId }>`
    select distinct house_id as "houseId" from upload_document
    where organisation_id = ${organisationId} and upload_id = ${uploadId} and applied and house_id is not null
    order by 1`.execute(db);
  return rows.map(({ houseId }) => houseId);
}

export async function selectAccountsOfUpload(db: Db, houseId: HouseId, uploadId: UploadId): Promise<AccountId[]> {
  const { rows } = await sql<{ accountId: AccountId }>`
    select distinct account_id as "accountId" from payment_document
    where house_id = ${houseId} and upload_id = ${uploadId} and state = 'exposed'`.execute(db);
  return rows.map(({ accountId }) => accountId);
}

/** The accounts that a person has connected now, and those shared with them to pay for. */
export async function selectConnected(
  db: Db,
  personId: PersonId,
  at: Date,
): Promise<{ houseId: HouseId; accountId: AccountId }[]> {
  const { rows } = await sql<{ houseId: HouseId; accountId: AccountId }>`
    select house_id as "houseId", account_id as "accountId" from account_link
    where person_id = ${personId} and ${hearsOfBills(at)} order by link_id`.execute(db);
  return rows;
}

/** A helper who only looks is not told of each bill: it is not theirs to pay. */
const hearsOfBills = (at: Date) => sql`(state = 'connected'
  or state = 'shared' and 'pay' = any(rights) and (ends_at is null or ends_at > ${at}::timestamptz))`;

/** Whoever a new bill of some accounts is told to. For jobs alone: it asks all people. */
export async function selectToldOf(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
  at: Date,
): Promise<PersonId[]> {
  const { rows } = await sql<{ personId: PersonId }>`
    select distinct person_id as "personId" from account_link
    where house_id = ${houseId} and account_id = any(${accountIds}::uuid[]) and state in ('connected', 'shared')
      and ${hearsOfBills(at)} order by 1`.execute(db);
  return rows.map(({ personId }) => personId);
}

export interface NewBill {
  houseId: HouseId;
  documentId: DocumentId;
  providerId: OrganisationId;
  period: Month;
  /** «Итого к оплате», as its issuer printed it. */
  total: Kopecks;
  /** Somebody has been quicker than the letter. */
  isPaid: boolean;
  /** It stands for an earlier version. */
  corrects: boolean;
  address: string;
  regionCode: string;
  oktmo: string | null;
  zone: string;
  issuer: string;
}

/** Documents of an upload that stand, of some accounts of a house. One that stands again after a correction was taken back is not new. */
export async function selectNewBills(
  db: Db,
  houseId: HouseId,
  accounts: readonly AccountId[],
  uploadId: UploadId,
): Promise<NewBill[]> {
  const { rows } = await sql<Omit<NewBill, 'period'> & { period: Day }>`
    select document.house_id as "houseId", document.document_id as "documentId", document.provider_id as "providerId", document.period,
      coalesce(document.stated, document.charged + document.penalty) as total,
      coalesce((select sum(due.due) > 0 and sum(due.settled) >= sum(due.due) from document_due due
        where due.house_id = document.house_id and due.document_id = document.document_id), false) as "isPaid",
      document.replaces_id is not null as corrects,
      house.short_address as address, house.region_code as "regionCode", house.oktmo, house.zone, issuer.short_name as issuer
    from payment_document document
    join house on house.house_id = document.house_id
    join organisation issuer on issuer.organisation_id = document.provider_id
    where document.house_id = ${houseId} and document.account_id = any(${accounts}::uuid[]) and document.upload_id = ${uploadId}
      and document.state = 'exposed' and document.restores_id is null
    order by document.period desc, document.document_id`.execute(db);
  return rows.map((row) => ({ ...row, period: monthOf(row.period) }));
}

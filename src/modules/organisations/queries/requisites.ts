import type { Db } from '../../../platform/database/database.ts';
import { newId, type OrganisationId, type RequisiteId } from '../../../platform/ids.ts';
import '../tables.ts';

export async function upsertRequisite(
  db: Db,
  requisite: {
    organisationId: OrganisationId;
    bik: string;
    bankAccount: string;
    bankName?: string | null;
    correspondentAccount?: string | null;
  },
): Promise<RequisiteId> {
  await db
    .insertInto('requisite')
    .values({
      requisite_id: newId<RequisiteId>(),
      organisation_id: requisite.organisationId,
      bik: requisite.bik,
      bank_account: requisite.bankAccount,
      bank_name: requisite.bankName ?? null,
      correspondent_account: requisite.correspondentAccount ?? null,
    })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'bik', 'bank_account']).doNothing())
    .execute();
  const row = await db
    .selectFrom('requisite')
    .select('requisite_id')
    .where('organisation_id', '=', requisite.organisationId)
    .where('bik', '=', requisite.bik)
    .where('bank_account', '=', requisite.bankAccount)
    .executeTakeFirstOrThrow();
  return row.requisite_id;
}

/** Sets of requisites with their recipients, as a payer sees them. */
export async function selectRequisites(db: Db, ids: readonly RequisiteId[]) {
  if (ids.length === 0) return [];
  return db
    .selectFrom('requisite')
    .innerJoin('organisation', 'organisation.organisation_id', 'requisite.organisation_id')
    .select([
      'requisite.requisite_id as requisiteId',
      'requisite.organisation_id as organisationId',
      'organisation.short_name as recipient',
      'organisation.full_name as recipientFullName',
      'organisation.inn',
      'organisation.kpp',
      'organisation.split_account as splitAccount',
      'requisite.bik',
      'requisite.bank_account as bankAccount',
      'requisite.bank_name as bankName',
      'requisite.correspondent_account as correspondentAccount',
    ])
    .where((where) => where('requisite.requisite_id', '=', where.fn.any(where.val(ids as RequisiteId[]))))
    .execute();
}

export async function selectRequisitesOf(db: Db, organisationId: OrganisationId) {
  return db
    .selectFrom('requisite')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .orderBy('requisite_id')
    .execute();
}

/** Payers are told of it for a while. */
export async function noteRequisitesChanged(db: Db, organisationId: OrganisationId, at: Date): Promise<void> {
  await db
    .updateTable('organisation')
    .set({ requisites_changed_at: at })
    .where('organisation_id', '=', organisationId)
    .execute();
}

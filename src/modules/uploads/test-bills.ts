import { buildAccount, buildHouse } from '../../../tests/support/rows.ts';
import type { AccountId, HouseId, OrganisationId } from '../../platform/ids.ts';
import { upsertRequisite } from '../organisations/index.ts';
import type { Clerk, Desk } from './test-desk.ts';

export interface Home {
  clerk: Clerk;
  houseId: HouseId;
  accountId: AccountId;
  serviceId: string;
  els: string;
}

/** A clerk whose organisation manages a house with one account. */
export async function aHome(desk: Desk, number = 'ЛС-1'): Promise<Home> {
  const clerk = await desk.clerk();
  await haveBank(desk, clerk.organisationId);
  const houseId = await buildHouse(desk.context, { managerId: clerk.organisationId });
  return { clerk, houseId, ...(await anAccount(desk, clerk.organisationId, houseId, number)) };
}

/** An account whose unified numbers are in the look-up, as loading it would have put them there. */
export async function anAccount({ context }: Desk, providerId: OrganisationId, houseId: HouseId, number: string) {
  const accountId = await buildAccount(context, { houseId, providerId, number });
  const { els, service_id } = await context.db
    .selectFrom('account')
    .select(['els', 'service_id'])
    .where('house_id', '=', houseId)
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  await context.db
    .insertInto('unified_number')
    .values([
      { value: els, kind: 'els', house_id: houseId, account_id: null, document_id: null },
      { value: service_id, kind: 'service', house_id: houseId, account_id: accountId, document_id: null },
    ])
    .execute();
  return { accountId, serviceId: service_id, els };
}

export const BANK = { bik: '044525225', bankAccount: '40702810438000060473' };
export const OTHER_BANK = { ...BANK, bankAccount: '40702810938000060474' };

/** Accounts that a second person has confirmed: bills name no others. */
export async function haveBank({ context }: Desk, organisationId: OrganisationId): Promise<void> {
  for (const set of [BANK, OTHER_BANK]) await upsertRequisite(context.db, { organisationId, ...set });
}

/** Rows of the sheets «Разделы 1-2» and «Разделы 3-6». */
export const head = (more: Record<string, string> = {}) => ({ document: '1', period: '10.2026', ...BANK, ...more });
export const line = (more: Record<string, string> = {}) => ({
  document: '1',
  service: 'Отопление',
  payable: '100,50',
  ...more,
});

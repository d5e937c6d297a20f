import { sql } from 'kysely';
import './tables.ts';
import type { Database } from '../../platform/database/database.ts';
import { type AccountId, type HouseId, newId, type OrganisationId, type RequisiteId } from '../../platform/ids.ts';
import { month } from '../../platform/month.ts';
import type { DocumentBodyInput, NewDocument } from './payment-document.ts';

let counter = 0;

/** A provider with sets of requisites, a house in Moscow and accounts in it: rows for tests of this module. */
export async function buildHouse(db: Database, { accounts = 1, requisites = 1 } = {}) {
  counter += 1;
  const houseId = newId<HouseId>();
  const providerId = newId<OrganisationId>();
  const at = new Date('2026-01-01T00:00:00Z');
  await sql`insert into organisation (organisation_id, ogrn, inn, kind, full_name, short_name, updated_at)
    values (${providerId}, ${`10277${String(counter).padStart(8, '0')}`}, '7707083893', 'legal', 'ООО «Тёплый дом»', 'ООО «Тёплый дом»', ${at})`.execute(
    db,
  );
  const requisiteIds: RequisiteId[] = [];
  for (let index = 0; index < requisites; index += 1) {
    const id = newId<RequisiteId>();
    requisiteIds.push(id);
    await sql`insert into requisite (requisite_id, organisation_id, bik, bank_account)
      values (${id}, ${providerId}, '044525225', ${String(index).padStart(20, '4')})`.execute(db);
  }
  await sql`insert into house (house_id, fias_guid, region_code, zone, address, short_address, updated_at)
    values (${houseId}, ${newId()}, '77', 'Europe/Moscow', 'г. Москва, ул. Тихая, д. 1', 'ул. Тихая, д. 1', ${at})`.execute(
    db,
  );
  const accountIds: AccountId[] = [];
  for (let index = 0; index < accounts; index += 1) {
    const id = newId<AccountId>();
    accountIds.push(id);
    const els = `77АВ${String(counter * 1000 + index).padStart(6, '0')}`;
    await sql`insert into account (house_id, account_id, provider_id, number, kind, els, service_id, updated_at)
      values (${houseId}, ${id}, ${providerId}, ${`${counter}-${index}`}, 'uo', ${els}, ${`${els}-01`}, ${at})`.execute(
      db,
    );
  }
  return { houseId, providerId, requisiteIds, accountIds, accountId: accountIds[0]!, requisiteId: requisiteIds[0]! };
}
export type BuiltHouse = Awaited<ReturnType<typeof buildHouse>>;

interface LineSketch {
  payable: number;
  requisiteId?: RequisiteId;
  [column: string]: unknown;
}

/** Sums are kopecks. `lines` as numbers are column 11 of plain lines. */
export function buildDocument(
  house: BuiltHouse,
  sketch: {
    period?: string;
    number?: string;
    kind?: 'current' | 'debt';
    lines?: (number | LineSketch)[];
    stated?: number;
    body?: Partial<DocumentBodyInput>;
    totals?: DocumentBodyInput['totals'];
  } & Partial<Pick<NewDocument, 'accountId' | 'replacesId' | 'issuedAt' | 'uid'>> = {},
): NewDocument {
  const { period = '2026-10', number = `A-${period}`, lines = [100_000], kind = 'current' } = sketch;
  return {
    accountId: sketch.accountId ?? house.accountId,
    providerId: house.providerId,
    number,
    uid: sketch.uid ?? null,
    kind,
    period: month(period),
    replacesId: sketch.replacesId ?? null,
    issuedAt: sketch.issuedAt ?? new Date(`${period}-28T09:00:00Z`),
    body: {
      payer: {},
      totals: { ...(sketch.stated === undefined ? {} : { stated: sketch.stated }), ...sketch.totals },
      requisites: house.requisiteIds.map((requisiteId, index) => ({
        requisiteId,
        recipient: 'ООО «Тёплый дом»',
        bik: '044525225',
        bankAccount: String(index).padStart(20, '4'),
      })),
      lines: lines.map((line, index) => {
        const { payable, ...rest } = typeof line === 'number' ? { payable: line } : line;
        return {
          position: index + 1,
          group: 'housing' as const,
          service: `Услуга ${index + 1}`,
          accrued: payable,
          payable,
          requisiteId: house.requisiteId,
          ...rest,
        };
      }),
      ...sketch.body,
    },
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { startBank } from '../../../sandbox/bank/start.tsx';
import type { Running } from '../../../sandbox/http.ts';
import { type ManualSchedule, manualSchedule } from '../../../sandbox/schedule.ts';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import type { SignedIn } from '../../platform/access.ts';
import { deriveKey } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import {
  type AccountId,
  type HouseId,
  newId,
  type OrganisationId,
  type PaymentId,
  type PersonId,
  type RequisiteId,
  type SessionId,
} from '../../platform/ids.ts';
import { kopecks } from '../../platform/money.ts';
import { month } from '../../platform/month.ts';
import { loadRules } from '../../platform/rules/load.ts';
import { seal } from '../../platform/sealing.ts';
import { exposeDocuments } from '../billing/index.ts';
import { advancePayment, inquire } from './jobs.ts';
import './tables.ts';

const SECRET = 'secret-of-the-shop';
const SHOPS = ['100', '200', '900'];

/** A test's own world: a database, a bank on a clock moved by hand, and the words to act in it. Rows for tests of this module. */
export interface World {
  context: TestContext;
  bank: Running;
  schedule: ManualSchedule;
  /** Moves both clocks. */
  advance(milliseconds: number): Promise<void>;
  /** Presses a button of the bank's page. */
  choose(externalId: string, outcome: string): Promise<void>;
  /** How the shop's next operations go wrong. */
  spoil(shopId: string, wish: object): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld(webhookUrl?: string): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bank-'));
  const start = new Date('2026-11-10T09:00:00Z');
  const schedule = manualSchedule(start);
  const shops = SHOPS.map((shopId) => ({
    shopId,
    secretKey: SECRET,
    name: `Магазин ${shopId}`,
    ...(webhookUrl ? { webhookUrl } : {}),
  }));
  const bank = await startBank({ host: '127.0.0.1', port: 0, dataDir, shops }, schedule);
  const context = await createTestContext({ ACQUIRER_API_URL: `${bank.url}/v3` });
  context.now = start;
  await loadRules(context.db);
  return {
    context,
    bank,
    schedule,
    async advance(milliseconds) {
      context.now = new Date(context.now.getTime() + milliseconds);
      await schedule.advance(milliseconds);
    },
    async choose(externalId, outcome) {
      const body = new URLSearchParams({ outcome });
      await fetch(`${bank.url}/pay/${externalId}`, { method: 'POST', body, redirect: 'manual' });
    },
    async spoil(shopId, wish) {
      const headers = { 'content-type': 'application/json' };
      await fetch(`${bank.url}/control`, { method: 'POST', headers, body: JSON.stringify({ shopId, ...wish }) });
    },
    async close() {
      await bank.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** Where rows are made. */
export interface Place {
  context: Context;
}

let counter = 0;

export interface Recipient {
  organisationId: OrganisationId;
  requisiteId: RequisiteId;
  houseId: HouseId;
  accountId: AccountId;
  number: string;
}

/** An organisation with a house, an account in it and, when named, a shop. */
export async function buildRecipient(
  { context }: Place,
  { shopId, splitAccount }: { shopId?: string; splitAccount?: string } = {},
): Promise<Recipient> {
  counter += 1;
  const { db } = context;
  const at = context.clock();
  const [organisationId, requisiteId] = [newId<OrganisationId>(), newId<RequisiteId>()];
  const [houseId, accountId] = [newId<HouseId>(), newId<AccountId>()];
  const number = `90${String(counter).padStart(6, '0')}`;
  const els = `77АВ${String(counter).padStart(6, '0')}`;
  await sql`insert into organisation (organisation_id, ogrn, inn, kind, full_name, short_name, split_account, updated_at)
    values (${organisationId}, ${`10377${String(counter).padStart(8, '0')}`}, '7707083893', 'legal', 'ООО «Свет»',
      ${`ООО «Свет ${counter}»`}, ${splitAccount ?? null}, ${at})`.execute(db);
  await sql`insert into requisite (requisite_id, organisation_id, bik, bank_account)
    values (${requisiteId}, ${organisationId}, '044525225', ${String(counter).padStart(20, '4')})`.execute(db);
  await sql`insert into house (house_id, fias_guid, region_code, zone, address, short_address, updated_at)
    values (${houseId}, ${newId()}, '77', 'Europe/Moscow', 'г. Москва, ул. Тихая, д. 1', 'ул. Тихая, д. 1', ${at})`.execute(
    db,
  );
  await sql`insert into account (house_id, account_id, provider_id, number, kind, els, service_id, family_name, updated_at)
    values (${houseId}, ${accountId}, ${organisationId}, ${number}, 'uo', ${els}, ${`${els}-01`}, 'Тайнова', ${at})`.execute(
    db,
  );
  await sql`insert into unified_number (value, kind, house_id, account_id)
    values (${els}, 'els', ${houseId}, null), (${`${els}-01`}, 'service', ${houseId}, ${accountId})`.execute(db);
  await sql`insert into provider_account (provider_id, number, house_id, account_id)
    values (${organisationId}, ${number}, ${houseId}, ${accountId})`.execute(db);
  if (shopId) await buildShop({ context }, organisationId, shopId, 'own');
  return { organisationId, requisiteId, houseId, accountId, number };
}

export async function buildShop(
  { context }: Place,
  organisationId: OrganisationId,
  shopId: string,
  mode: 'own' | 'split',
): Promise<void> {
  const sealed = seal(deriveKey(context.config, 'shop secrets'), SECRET);
  await sql`insert into shop (organisation_id, shop_id, secret_sealed, mode, active, changed_at)
    values (${organisationId}, ${shopId}, ${sealed}, ${mode}, true, ${context.clock()})`.execute(context.db);
}

/** A bill of one line, so that the account owes the sum. */
export async function buildDebt({ context }: Place, recipient: Recipient, amount: number): Promise<void> {
  counter += 1;
  await transaction(context.db, (trx) =>
    exposeDocuments(trx, context, recipient.houseId, [
      {
        accountId: recipient.accountId,
        providerId: recipient.organisationId,
        number: `B-${counter}`,
        uid: null,
        kind: 'current',
        period: month('2026-10'),
        replacesId: null,
        issuedAt: context.clock(),
        body: {
          payer: {},
          totals: {},
          requisites: [
            {
              requisiteId: recipient.requisiteId,
              recipient: 'ООО «Свет»',
              bik: '044525225',
              bankAccount: '40702810000000000001',
            },
          ],
          lines: [
            {
              position: 1,
              group: 'housing',
              service: 'Содержание',
              accrued: amount,
              payable: amount,
              requisiteId: recipient.requisiteId,
            },
          ],
        },
      },
    ]),
  );
}

/** A resident with connected accounts. */
export async function buildResident({ context }: Place, ...accounts: Recipient[]): Promise<SignedIn> {
  const personId = newId<PersonId>();
  const at = context.clock();
  await sql`insert into person (person_id, kind, family_name, given_name, email, confirmed, created_at)
    values (${personId}, 'citizen', 'Жильцова', 'Анна', 'anna@example.test', true, ${at})`.execute(context.db);
  for (const { houseId, accountId, organisationId } of accounts)
    await sql`insert into account_link (person_id, link_id, house_id, account_id, provider_id, state, proof, created_at, changed_at)
      values (${personId}, ${newId()}, ${houseId}, ${accountId}, ${organisationId}, 'connected', 'payer', ${at}, ${at})`.execute(
      context.db,
    );
  return {
    kind: 'person',
    personId,
    sessionId: newId<SessionId>(),
    name: 'Жильцова Анна',
    snils: null,
    confirmed: true,
    administrator: false,
    connected: accounts.length > 0,
    accepted: true,
    acting: null,
  };
}

export const pay = (recipient: Recipient, amount: number) => ({
  accountId: recipient.accountId,
  requisiteId: recipient.requisiteId,
  amount: kopecks(amount),
});

/** The truth of the database about payments of a person: state, what is posted, receipts of the houses. */
export async function readTruth({ context }: Place, personId: PersonId) {
  const payments = await context.db
    .selectFrom('payment')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('position')
    .orderBy('payment_id')
    .execute();
  const receipts = await sql<{ amount: bigint; part_id: string; reversed_at: Date | null }>`
    select amount, part_id, reversed_at from receipt where person_id = ${personId} order by receipt_id`.execute(
    context.db,
  );
  const letters = await sql<{ subject: string }>`
    select subject from mail_message where person_id = ${personId} order by mail_id`.execute(context.db);
  const jobs = await sql<{ key: string; task: string }>`
    select key, task_identifier as task from graphile_worker.jobs`.execute(context.db);
  return {
    payments,
    receipts: receipts.rows,
    letters: letters.rows.map(({ subject }) => subject),
    jobs: jobs.rows,
    states: payments.map(({ state }) => state),
  };
}

export const keyOf = (payment: { person_id: PersonId; payment_id: PaymentId }) => ({
  personId: payment.person_id,
  paymentId: payment.payment_id,
});

/** Does the jobs of payments as the worker would: those due by the clock of the test, and those added for at once (by the real clock). */
export async function runJobs({ context }: Place): Promise<void> {
  for (let rounds = 0; rounds < 50; rounds += 1) {
    const { rows } = await sql<{ id: string; task: string; payload: unknown }>`
      delete from graphile_worker._private_jobs where id in (
        select j.id from graphile_worker._private_jobs j
        join graphile_worker._private_tasks t on t.id = j.task_id
        where t.identifier like 'payments.%'
          and (j.run_at <= ${context.clock()} or j.run_at > now() - interval '10 minutes'))
      returning id, (select identifier from graphile_worker._private_tasks t where t.id = task_id) as task, payload`.execute(
      context.db,
    );
    if (rows.length === 0) return;
    for (const { task, payload } of rows) {
      const kind = task === inquire.name ? inquire : advancePayment;
      await kind.run(context, kind.payload.parse(payload), context.log);
    }
  }
  throw new Error('jobs make each other without end');
}

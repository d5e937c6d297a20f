import { sql } from 'kysely';
import { checkINN, checkOgrn, checkSnilsOnlyChecksum } from 'ru-validation-codes';
import { beforeAll, describe, expect, test } from 'vitest';
import { UNREGISTERED } from '../sandbox/organisations.ts';
import { PEOPLE } from '../sandbox/people.ts';
import { loadReference } from '../src/cli/reference.ts';
import { connectedAccounts, findAccounts, isPayer, readAccounts } from '../src/modules/accounts/index.ts';
import {
  type DocumentBody,
  findImbalances,
  findUnevenDues,
  listDocuments,
  listReceipts,
  planDocuments,
  readAccountsOwed,
} from '../src/modules/billing/index.ts';
import { ownersOf } from '../src/modules/houses/index.ts';
import { readPerson } from '../src/modules/identity/index.ts';
import {
  isBankAccount,
  isCorrespondentAccount,
  listCapacities,
  readActing,
} from '../src/modules/organisations/index.ts';
import { transaction } from '../src/platform/database/database.ts';
import type { AccountId, DocumentId, HouseId, OrganisationId } from '../src/platform/ids.ts';
import type { Month } from '../src/platform/month.ts';
import { createTestContext, type TestContext } from '../tests/support/context.ts';
import { DemoRefused, makeDemo } from './make-demo.ts';
import { providerOf } from './organisations.ts';
import { personIdOf } from './people.ts';
import { peopleTable } from './people-table.ts';
import { pickResidents } from './pick-residents.ts';
import { brokenKeys } from './queries.ts';

const BULK = 2000;
let context: TestContext;
const lines: string[] = [];

interface Head {
  house_id: HouseId;
  account_id: AccountId;
}

beforeAll(async () => {
  context = await createTestContext();
  context.now = new Date('2026-11-23T09:00:00Z');
  await loadReference(context.db);
  // What a run that was killed leaves behind: it is cleared, and its row says that it may be.
  await sql`insert into demo_run values ('demo', 'domovoy', 0, 2, now(), null)`.execute(context.db);
  await sql`insert into person (person_id, kind, family_name, created_at) values (gen_random_uuid(), 'guest', 'Забытый', now())`.execute(
    context.db,
  );
  await makeDemo(context, { accounts: BULK, months: 2, onProgress: (line) => lines.push(line) });
});

const houses = async (): Promise<HouseId[]> =>
  (await sql<Head>`select distinct house_id from account`.execute(context.db)).rows.map((row) => row.house_id);

describe('making', () => {
  test('is refused on a database with data of somebody else', async () => {
    const other = await createTestContext();
    await sql`insert into person (person_id, kind, created_at) values (gen_random_uuid(), 'citizen', now())`.execute(
      other.db,
    );
    await expect(makeDemo(other)).rejects.toThrow(DemoRefused);
    await expect(makeDemo(other)).rejects.toThrow('не демонстрационные');
  });

  test('clears what a killed run left, and says how far it is', async () => {
    const forgotten = await sql`select from person where family_name = 'Забытый'`.execute(context.db);
    expect(forgotten.rows).toHaveLength(0);
    expect(lines[0]).toContain('Незаконченные');
    expect(lines).toContainEqual(expect.stringMatching(/^Лицевые счета: 100 %/));
  });

  test('is content with what is there, also under another address of the identity provider', async () => {
    const moved = {
      ...context,
      clock: context.clock,
      config: { ...context.config, OIDC_ISSUER: 'http://192.168.0.7:3001' },
    };
    await makeDemo(moved);
    const { rows } = await sql<{ person_id: string }>`
      select person_id from identity where subject = '1000000001'`.execute(context.db);
    expect(rows.map((row) => row.person_id)).toEqual([personIdOf('domovitova'), personIdOf('domovitova')]);
  });
});

describe('the money', () => {
  test('balances, ledger, dues and receipts of every house agree', async () => {
    const all = await houses();
    expect(all).toHaveLength(3 + BULK / 100);
    for (const houseId of all) {
      expect(await findImbalances(context.db, houseId)).toEqual([]);
      expect(await findUnevenDues(context.db, houseId)).toEqual([]);
    }
  });

  test('every exposed document is what its upload would be, and no figure of it is warned of', async () => {
    for (const houseId of await houses()) {
      const { rows } = await sql<{
        account_id: AccountId;
        provider_id: OrganisationId;
        number: string;
        uid: string;
        period: string;
        replaces_id: DocumentId | null;
        issued_at: Date;
        body: DocumentBody;
      }>`select * from payment_document where house_id = ${houseId} and state = 'exposed' order by md5(document_id::text) limit 400`.execute(
        context.db,
      );
      const documents = rows.map((row) => ({
        accountId: row.account_id,
        providerId: row.provider_id,
        number: row.number,
        uid: row.uid,
        kind: 'current' as const,
        period: row.period.slice(0, 7) as Month,
        issuedAt: row.issued_at,
        body: row.body,
      }));
      const same = await planDocuments(context.db, context, houseId, documents);
      expect(new Set(same.map(({ verdict }) => verdict))).toEqual(new Set(['same']));
      const renamed = documents.map((document) => ({ ...document, number: `${document.number}x`, uid: null }));
      const again = await planDocuments(context.db, context, houseId, renamed);
      expect(
        again.flatMap(({ messages }) => messages).filter((message) => !message.includes('с другим номером')),
      ).toEqual([]);
    }
  });

  test('volume × tariff is the charge of each line, half up', async () => {
    const { rows } = await sql<{ wrong: bigint }>`
      select count(*) as wrong from payment_document, jsonb_array_elements(body->'lines') as line
      where (line->>'accrued')::numeric <> round(coalesce(line->'individual'->>'amount', line->'common'->>'amount')::numeric
        * (line->>'tariff')::numeric * 100)`.execute(context.db);
    expect(rows[0]!.wrong).toBe(0n);
  });

  test('a meter goes on from where it stood', async () => {
    const { rows } = await sql<{ wrong: bigint; all: bigint }>`
      with reading as (
        select account_id, period, meter->>'serial' as serial, meter->>'service' as service, (meter->>'previous')::numeric as previous,
          (meter->>'current')::numeric as current, (meter->>'consumption')::numeric as consumption
        from payment_document, jsonb_array_elements(body->'meters') as meter where state = 'exposed'
      ), followed as (
        select *, lag(current) over (partition by account_id, serial, service order by period) as before from reading)
      select count(*) filter (where current - previous <> consumption or before <> previous) as wrong, count(*) as all from followed`.execute(
      context.db,
    );
    expect(rows[0]!.all).toBeGreaterThan(1000n);
    expect(rows[0]!.wrong).toBe(0n);
  });
});

test('a row that refers to nothing is found, when keys were left for later', async () => {
  expect(await brokenKeys(context.db)).toEqual([]);
  const broken = transaction(context.db, async (trx) => {
    await sql`set local session_replication_role to replica`.execute(trx);
    await sql`update account_place set premises_id = gen_random_uuid() where account_id = (select min(account_id::text)::uuid from account)`.execute(
      trx,
    );
    throw new Error(String(await brokenKeys(trx)));
  });
  await expect(broken).rejects.toThrow('account_place_premises');
});

describe('numbers', () => {
  test('check digits of organisations agree by another reckoning', async () => {
    const { rows } = await sql<{ inn: string; ogrn: string }>`select inn, ogrn from organisation`.execute(context.db);
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ inn, ogrn }) => !checkINN(inn) || !checkOgrn(ogrn))).toEqual([]);
  });

  test('check digits of residents agree by another reckoning, and no СНИЛС is given twice', async () => {
    const { rows } = await sql<{ snils: string; people: bigint }>`
      select snils, count(distinct family_name || given_name) as people from account where snils is not null group by 1`.execute(
      context.db,
    );
    expect(rows.filter(({ snils }) => !checkSnilsOnlyChecksum(snils))).toEqual([]);
    expect(rows.filter(({ people }) => people !== 1n)).toEqual([]);
  });

  test('bank accounts agree with their bank', async () => {
    const { rows } = await sql<{
      bik: string;
      bank_account: string;
      correspondent_account: string;
    }>`select * from requisite`.execute(context.db);
    for (const row of rows) {
      expect(isBankAccount(row.bank_account, row.bik)).toBe(true);
      expect(isCorrespondentAccount(row.correspondent_account, row.bik)).toBe(true);
    }
  });

  test('each account is found by its own number and by its ЖКУ id', async () => {
    const { rows } = await sql<Head & { number: string; provider_id: OrganisationId; service_id: string }>`
      select * from account order by md5(account_id::text) limit 30`.execute(context.db);
    for (const row of rows) {
      const here = [{ houseId: row.house_id, accountId: row.account_id }];
      expect(await findAccounts(context.db, { number: row.service_id, providerId: null })).toEqual(here);
      expect(await findAccounts(context.db, { number: row.number, providerId: row.provider_id })).toEqual(here);
    }
  });
});

describe('the district', () => {
  test('has accounts of all six kinds, divided ones, closed ones, one of two premises and one without a bill', async () => {
    const { rows } = await sql<{ kinds: string[]; divided: bigint; closed: bigint }>`
      select array_agg(distinct kind order by kind) as kinds, count(*) filter (where divided) as divided,
        count(*) filter (where closed_on is not null) as closed from account`.execute(context.db);
    expect(rows[0]!.kinds).toEqual(['authority', 'capital_repair', 'rso', 'settlement_centre', 'tko', 'uo']);
    expect(rows[0]!.divided).toBe(14n);
    expect(rows[0]!.closed).toBe(4n);
    const several =
      await sql`select account_id from account_place group by house_id, account_id having count(*) > 1`.execute(
        context.db,
      );
    expect(several.rows).toHaveLength(4);
    const unbilled = await sql`
      select from account a where not exists (select from payment_document p where p.house_id = a.house_id and p.account_id = a.account_id)`.execute(
      context.db,
    );
    expect(unbilled.rows).toHaveLength(4);
  });

  test('has bills of 24 months, a negative one, penalties, insurance, benefits, multipliers, an instalment', async () => {
    const { rows } = await sql<Record<string, bigint>>`
      select count(distinct period) as months, count(*) filter (where charged < 0) as negative, count(*) filter (where penalty > 0) as penalties,
        count(*) filter (where state = 'withdrawn') as withdrawn, count(*) filter (where replaces_id is not null) as corrected,
        count(*) filter (where jsonb_array_length(body->'requisites') = 3) as several,
        count(*) filter (where body @@ '$.lines[*].benefit > 0') as benefits, count(*) filter (where body @@ '$.lines[*].excess > 0') as excess,
        count(*) filter (where jsonb_array_length(body->'instalments') > 0) as instalments,
        (select count(*) from receipt where voluntary > 0) as insured
      from payment_document`.execute(context.db);
    const counts = rows[0]!;
    expect(counts.months).toBe(24n);
    for (const name of ['negative', 'penalties', 'withdrawn', 'corrected', 'several', 'benefits', 'excess', 'insured'])
      expect(counts[name], name).toBeGreaterThan(0n);
    expect(counts.instalments).toBe(1n);
  });
});

describe('promises of the table of people', () => {
  test('everybody whom the sandbox lets in is in it', async () => {
    const table = await peopleTable(context.db);
    expect(table.map(({ login }) => login)).toEqual(PEOPLE.map(({ login }) => login));
  });

  test('the number printed for the newcomer finds all accounts in that name', async () => {
    const newcomer = (await peopleTable(context.db)).find(({ login }) => login === 'pervovhodov')!;
    const [, number] = /номер для подключения: (\S+)$/.exec(newcomer.shows)!;
    expect(await findAccounts(context.db, { number: number!, providerId: null })).toHaveLength(4);
  });

  test('the owner: two homes, nine accounts, something to pay, an overdue debt, an advance, a correction, a recalculation', async () => {
    const links = await connectedAccounts(context.db, personIdOf('domovitova'));
    expect(links).toHaveLength(9);
    expect(new Set(links.map(({ houseId }) => houseId)).size).toBe(2);
    const owed = await readAccountsOwed(context.db, links, context.now);
    expect(owed.filter((one) => one.overdue && one.owed > 0n)).not.toEqual([]);
    expect(owed.filter((one) => one.owed < 0n)).toHaveLength(1);
    const documents = (
      await Promise.all(
        links.map((link) => listDocuments(context.db, link.houseId, link.accountId, { after: null, limit: 100 })),
      )
    ).flat();
    expect(documents.some(({ replacesId }) => replacesId !== null)).toBe(true);
    expect(documents.some(({ penalty, state }) => penalty > 0n && state === 'exposed')).toBe(true);
    expect(new Set(documents.map(({ period }) => period)).size).toBe(24);
    const { rows } = await sql<{
      count: bigint;
    }>`select count(*) from payment_order where person_id = ${personIdOf('domovitova')}`.execute(context.db);
    const receipts = await listReceipts(context.db, links[0]!.houseId, links[0]!.accountId, { after: null, limit: 50 });
    expect(rows[0]!.count).toBeGreaterThan(100n);
    expect(receipts.every(({ personId }) => personId === personIdOf('domovitova'))).toBe(true);
  });

  test('the newcomer: accounts in the right name, none connected', async () => {
    const person = (await readPerson(context.db, personIdOf('pervovhodov')))!;
    expect(await connectedAccounts(context.db, person.personId)).toEqual([]);
    const { rows } = await sql<Head>`select house_id, account_id from account where snils = ${person.snils}`.execute(
      context.db,
    );
    const cards = await readAccounts(
      context.db,
      rows[0]!.house_id,
      rows.map((row) => row.account_id),
    );
    expect(cards).toHaveLength(4);
    expect(cards.every((card) => isPayer(person, card))).toBe(true);
  });

  test('the tenant: a municipal flat with a charge for hire', async () => {
    const links = await connectedAccounts(context.db, personIdOf('kvartirosyomova'));
    const cards = await readAccounts(
      context.db,
      links[0]!.houseId,
      links.map(({ accountId }) => accountId),
    );
    expect(cards.map(({ kind }) => kind).toSorted()).toEqual(['authority', 'rso', 'rso', 'uo']);
    expect(cards.every(({ isTenant }) => isTenant)).toBe(true);
    const [owner] = await ownersOf(context.db, cards[0]!.houseId, cards[0]!.places[0]!.premisesId);
    expect(owner).toMatchObject({ holder: 'organisation', kindCode: '3' });
  });

  test('staff work where the table says, and have houses there', async () => {
    const invited = { raschyotova: 'accountant', dispetcherova: 'dispatcher', domosmotrelov: 'viewer' } as const;
    for (const { login, organizations } of PEOPLE) {
      const capacities = await listCapacities(context.db, personIdOf(login), context.now);
      const named = organizations.filter(({ ogrn }) => ogrn !== UNREGISTERED.ogrn).map(({ role }) => role);
      const own = capacities.filter((one) => one.for === null).map(({ role }) => role);
      expect([login, own]).toEqual([login, login in invited ? [invited[login as keyof typeof invited]] : named]);
    }
    const centre = await listCapacities(context.db, personIdOf('kopeykina'), context.now);
    expect(centre.map((one) => one.for?.name ?? '')).toEqual(['', 'ООО «УК „Дубравушка“»']);
    const { organisationId } = providerOf('dubravushka');
    const limited = await readActing(context.db, organisationId, personIdOf('dispetcherova'), '2026-11-23' as never);
    expect(limited?.houses).toHaveLength(2);
    for (const key of ['dubravushka', 'tikhiy-dvor', 'teplorodnik', 'krepkie-steny'] as const) {
      const { rows } =
        await sql`select from organisation_house where organisation_id = ${providerOf(key).organisationId}`.execute(
          context.db,
        );
      expect(rows.length, key).toBeGreaterThan(1);
    }
    const inspector = await readActing(
      context.db,
      providerOf('inspektsiya').organisationId,
      personIdOf('proveryalova'),
      '2026-11-23' as never,
    );
    expect(inspector?.powers).toEqual(['4']);
  });
});

test('residents for measuring have accounts and sessions', async () => {
  const [first, second] = await pickResidents(context, 2);
  expect(await connectedAccounts(context.db, first!.personId)).toHaveLength(2);
  expect(second!.cookie).toMatch(/^domovoy_session=[\w.-]+$/);
});

import { beforeAll, expect, test } from 'vitest';
import { buildHouse } from '../../../tests/support/rows.ts';
import { HEADS, LINES } from './layouts/bills.ts';
import { aHome, anAccount, type Home, head, line } from './test-bills.ts';
import { Desk } from './test-desk.ts';
import { xlsxOf } from './test-workbooks.ts';
import type { Upload } from './upload.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});

interface Bill {
  account: string;
  payable: string;
  stated?: string;
  document?: string;
  period?: string;
}

const fileOf = (bills: readonly Bill[]) =>
  xlsxOf(
    [
      HEADS,
      bills.map(({ account, stated = '', document = account, period = '10.2026' }) =>
        head({ account, document, period, stated }),
      ),
    ],
    [LINES, bills.map(({ account, payable, document = account }) => line({ document, payable }))],
  );
const check = async ({ clerk }: Home, bills: readonly Bill[]) => desk.upload(clerk, 'bills', await fileOf(bills));
const load = async (home: Home, bills: readonly Bill[]) => desk.apply(home.clerk, await check(home, bills));

/** The page as it is read: without its tags and with plain spaces. */
async function textOf({ clerk }: Home, { uploadId }: Upload): Promise<string> {
  const { body } = await clerk.get(`/work/uploads/${uploadId}`);
  return body.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ');
}

/** What the ledger has supposed to be paid by what an upload states. */
async function supposed({ uploadId }: Upload): Promise<bigint[]> {
  const rows = await desk.context.db
    .selectFrom('receipt')
    .innerJoin('payment_document', (join) =>
      join
        .onRef('payment_document.house_id', '=', 'receipt.house_id')
        .onRef('payment_document.document_id', '=', 'receipt.document_id'),
    )
    .select('receipt.amount')
    .where('payment_document.upload_id', '=', uploadId)
    .where('receipt.source', '=', 'statement')
    .where('receipt.reversed_at', 'is', null)
    .orderBy('receipt.amount', 'desc')
    .execute();
  return rows.map(({ amount }) => amount);
}

test('an account whose total is lower than the known debt is told of before loading, and loading does just that', async () => {
  const home = await aHome(desk, 'Л-ниже');
  const { clerk, houseId } = home;
  for (const number of ['Л-равно', 'Л-выше', 'Л-пусто', 'Л-аванс', 'Л-аванс-ниже', 'Л-новый'])
    await anAccount(desk, clerk.organisationId, houseId, number);
  const far = await buildHouse(desk.context, { managerId: clerk.organisationId });
  await anAccount(desk, clerk.organisationId, far, 'Д-ниже');
  const september = { payable: '1000', period: '09.2026' };
  const first = await load(home, [
    ...['Л-ниже', 'Л-равно', 'Л-выше', 'Л-пусто', 'Д-ниже'].map((account) => ({ account, ...september })),
    ...['Л-аванс', 'Л-аванс-ниже'].map((account) => ({ account, payable: '-300', period: '09.2026' })),
  ]);
  expect(first).toMatchObject({ state: 'applied', documents: { applied: 7 } });
  expect(first.details).not.toHaveProperty('lowered');

  const upload = await check(home, [
    { account: 'Л-ниже', payable: '500', stated: '500' },
    { account: 'Л-равно', payable: '500', stated: '1500' },
    { account: 'Л-выше', payable: '500', stated: '1700' },
    { account: 'Л-пусто', payable: '500' },
    { account: 'Л-аванс', payable: '500', stated: '200' },
    { account: 'Л-аванс-ниже', payable: '500', stated: '150' },
    { account: 'Л-новый', payable: '500', stated: '500' },
    { account: 'Д-ниже', payable: '500', stated: '1499,99' },
  ]);
  expect(upload).toMatchObject({ state: 'checked', documents: { new: 8, bad: 0 } });
  expect(upload.details.lowered).toEqual({
    accounts: 3,
    amount: '105001',
    first: [
      { account: 'Л-ниже', amount: '100000' },
      { account: 'Л-аванс-ниже', amount: '5000' },
      { account: 'Д-ниже', amount: '1' },
    ],
  });
  expect(await desk.notes(upload)).toEqual([]);
  const page = await textOf(home, upload);
  expect(page).toContain('Ошибок нет, можно загрузить: 8 документов');
  expect(page).toContain('У 3 лицевых счетов «Итого к оплате» меньше известного долга, всего на 1 050,01 ₽');
  expect(page).toContain('Долг будет уменьшен как оплаченный по данным организации, и жители увидят эту оплату.');
  expect(page).toContain('Счёт Л-ниже: на 1 000,00 ₽ Счёт Л-аванс-ниже: на 50,00 ₽ Счёт Д-ниже: на 0,01 ₽');

  const applied = await desk.apply(clerk, upload);
  expect(await supposed(applied)).toEqual([100_000n, 5_000n, 1n]);
  expect(await textOf(home, applied)).not.toContain('меньше известного долга');
});

test('a first bill that states less than it charges is told of too; two bills of an account count once', async () => {
  const home = await aHome(desk, 'П-1');
  const one = await check(home, [{ account: 'П-1', payable: '500', stated: '400' }]);
  expect(await textOf(home, one)).toContain(
    'У 1 лицевого счёта «Итого к оплате» меньше известного долга, всего на 100,00 ₽',
  );
  const two = await check(home, [
    { account: 'П-1', document: 'октябрь', payable: '500', stated: '400' },
    { account: 'П-1', document: 'ноябрь', payable: '500', stated: '500', period: '11.2026' },
  ]);
  expect(two.details.lowered).toMatchObject({ accounts: 1, amount: '50000' });
  expect(await supposed(await desk.apply(home.clerk, two))).toEqual([40_000n, 10_000n]);
});

test('a corrected bill tells only of what counts as paid beyond the former one', async () => {
  const home = await aHome(desk, 'И-1');
  await load(home, [{ account: 'И-1', payable: '500', stated: '400' }]);
  const same = await check(home, [{ account: 'И-1', payable: '600', stated: '500' }]);
  expect(same).toMatchObject({ documents: { changed: 1 } });
  expect(same.details).not.toHaveProperty('lowered');
  const more = await check(home, [{ account: 'И-1', payable: '500', stated: '370' }]);
  expect(more.details.lowered).toMatchObject({ accounts: 1, amount: '3000' });
  expect(await supposed(await desk.apply(home.clerk, more))).toEqual([13_000n]);
});

test('of many accounts those that lose most are named', async () => {
  const home = await aHome(desk, 'М-1');
  const bills = [{ account: 'М-1', payable: '500', stated: '499' }];
  for (let index = 2; index <= 12; index += 1) {
    await anAccount(desk, home.clerk.organisationId, home.houseId, `М-${index}`);
    bills.push({ account: `М-${index}`, payable: '500', stated: String(500 - index) });
  }
  const page = await textOf(home, await check(home, bills));
  expect(page).toContain('У 12 лицевых счетов');
  expect(page).toContain('всего на 78,00 ₽');
  expect(page).toContain('Счёт М-12: на 12,00 ₽');
  expect(page).not.toContain('Счёт М-7: на');
  expect(page).toContain('и ещё 7 счетов');
});

test('the sums of new, changed and known bills stand beside their counts, before loading and after', async () => {
  const home = await aHome(desk, 'С-1');
  for (const number of ['С-2', 'С-3', 'С-4']) await anAccount(desk, home.clerk.organisationId, home.houseId, number);
  const known = [
    { account: 'С-1', payable: '100,50' },
    { account: 'С-2', payable: '200' },
  ];
  await load(home, known);
  const upload = await check(home, [
    known[0]!,
    { account: 'С-2', payable: '250' },
    { account: 'С-3', payable: '4000,01' },
    { account: 'С-4', payable: '-10' },
    { account: 'С-нет', payable: '99' },
  ]);
  expect(upload.documents).toMatchObject({ new: 2, changed: 1, same: 1, bad: 1 });
  const before = await textOf(home, upload);
  expect(before).toMatch(/Новых 2 на сумму 3 990,01 ₽ Изменится 1 на сумму 250,00 ₽ Без изменений 1 на сумму 100,50 ₽/);
  expect(before).toMatch(/С ошибками 1 Строк в файле/);
  const after = await textOf(home, await desk.apply(home.clerk, upload, 'good_ones'));
  expect(after).toContain('Новых 2 на сумму 3 990,01 ₽ Изменено 1 на сумму 250,00 ₽');
});

import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildAccount } from '../../../tests/support/rows.ts';
import type { AccountId } from '../../platform/ids.ts';
import { findImbalances } from '../billing/index.ts';
import { listRequisites, upsertRequisite } from '../organisations/index.ts';
import { DEBTS, HEADS, LINES, PENALTIES, REPAIRS, REQUISITES, SERVICES } from './layouts/bills.ts';
import { aHome, anAccount, BANK, type Home, haveBank, head, line } from './test-bills.ts';
import { Desk } from './test-desk.ts';
import { odsOf, xlsxOf } from './test-workbooks.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});

const documentsOf = async (accountId: AccountId) =>
  desk.context.db
    .selectFrom('payment_document')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('issued_at')
    .orderBy('document_id')
    .execute();

describe('refused documents', () => {
  test('what is wrong is told by sheet, row and column, with what to type', async () => {
    const { clerk, serviceId } = await aHome(desk);
    const upload = await desk.upload(
      clerk,
      'bills',
      await xlsxOf(
        [
          HEADS,
          [
            head({ serviceId, document: '1', period: '2026-13', stated: '100.5' }),
            head({ serviceId: '', document: '2' }),
            head({ serviceId, document: '3', bik: '', kind: 'Вчерашний' }),
            head({ serviceId, document: '3' }),
          ],
        ],
        [
          LINES,
          [
            line({ payable: '100.505' }),
            line({ document: '2', payable: '' }),
            line({ document: '3', benefit: '-1' }),
            line({ document: '7' }),
            line({ document: '' }),
          ],
        ],
      ),
    );
    expect(upload).toMatchObject({ state: 'checked', documents: { total: 5, bad: 5, new: 0 } });
    expect(
      (await desk.notes(upload)).map(({ sheet, row, column, message }) => `${sheet}:${row}:${column} ${message}`),
    ).toEqual([
      '0:2:3 укажите месяц: ММ.ГГГГ, например 10.2026 (ячейка должна быть текстовой) (сейчас «2026-13»)',
      '0:3:0 укажите идентификатор ЖКУ, ЕЛС или номер лицевого счёта',
      '0:4:1 укажите одно из: «Текущий», «Долговой» (сейчас «Вчерашний»)',
      '0:4:5 укажите и БИК, и расчётный счёт',
      '0:5:2 документ с этим номером уже есть в строке 4',
      '1:3:3 укажите сумму с копейками, округлённую до двух знаков (сейчас «100.505»)',
      '1:4:3 укажите сумму к оплате, хотя бы 0',
      '1:5:2 укажите сумму без минуса (сейчас «-1»)',
      '1:6:0 на листе «Разделы 1-2» нет документа с этим номером',
      '1:7:0 заполните ячейку',
    ]);
  });

  test("another provider's account is not found by any of its numbers", async () => {
    const theirs = await aHome(desk, 'ЛС-чужой');
    const clerk = await desk.clerk();
    await haveBank(desk, clerk.organisationId);
    for (const name of [{ serviceId: theirs.serviceId }, { serviceId: theirs.els }, { account: 'ЛС-чужой' }]) {
      const upload = await desk.upload(clerk, 'bills', await xlsxOf([HEADS, [head(name)]], [LINES, [line()]]));
      expect(upload.documents).toMatchObject({ bad: 1 });
      expect((await desk.notes(upload)).map(({ message }) => message)).toEqual([
        'лицевой счёт не найден среди счетов вашей организации: проверьте номер или сначала загрузите счёт',
      ]);
    }
  });
});

test('everyday names find their service; an unknown one is told once', async () => {
  const { clerk, accountId, serviceId } = await aHome(desk);
  const upload = await desk.upload(
    clerk,
    'bills',
    await xlsxOf(
      [HEADS, [head({ serviceId }), head({ serviceId, document: '2' })]],
      [
        LINES,
        [
          line({ service: 'Содержание жилого помещения' }),
          line({ service: 'Водоотведение' }),
          line({ service: 'Полёты на Луну' }),
          line({ document: '2', service: 'Полёты на Луну' }),
        ],
      ],
    ),
  );
  const messages = (await desk.notes(upload)).filter(({ sheet }) => sheet === 1);
  expect(messages).toMatchObject([{ row: 5, wrong: false }]);
  expect(messages[0]!.message).toContain('Полёты на Луну');
  await desk.apply(clerk, upload);
  const [document] = await documentsOf(accountId);
  expect(document!.body).toMatchObject({
    lines: [{ group: 'housing' }, { group: 'communal' }, { group: 'additional' }],
  });
});

test('every sheet of the form lands in the document, by the right recipient', async () => {
  const { clerk, houseId, accountId, serviceId } = await aHome(desk);
  const upload = await desk.upload(
    clerk,
    'bills',
    await xlsxOf(
      [
        HEADS,
        [
          head({
            serviceId,
            stated: '1660,50',
            debt: '50',
            advance: '',
            totalArea: '45,6',
            residents: '2',
            repairAccrued: '500',
            repairPayable: '500',
            requisite: '',
          }),
        ],
      ],
      [
        LINES,
        [
          line({ service: 'Содержание помещения', unit: 'кв.м', tariff: '25,5', payable: '1000', requisite: '1' }),
          line({
            individual: '0.5',
            individualMethod: 'Прибор учета',
            recalculationSum: '-10,00',
            recalculationReason: 'Недопоставка',
            recalculation: '-10',
            normIndividual: '0,02',
            requisite: '1',
          }),
          line({ service: 'Домофон', payable: '60', requisite: '2' }),
          line({ service: 'Добровольное страхование', payable: '90', requisite: '2' }),
        ],
      ],
      [PENALTIES, [{ document: '1', kind: 'Пени', cause: 'Просрочка', amount: '5', requisite: '1' }]],
      [
        REQUISITES,
        [
          { document: '1', requisite: '1', ...BANK },
          { document: '1', requisite: '2', bik: '044525225', bankAccount: '40702810938000060474' },
        ],
      ],
      [
        SERVICES,
        [
          { list: 'Вид дополнительной услуги', registry: '1', name: 'Домофон', code: '3' },
          { list: 'Вид жилищной услуги', registry: '50', name: 'Добровольное страхование', code: '11' },
        ],
      ],
    ),
  );
  expect((await desk.notes(upload)).filter(({ wrong }) => wrong)).toEqual([]);
  expect(upload.documents).toMatchObject({ new: 1, bad: 0 });
  const applied = await desk.apply(clerk, upload);
  expect(applied).toMatchObject({ state: 'applied', documents: { applied: 1 } });
  const [document] = await documentsOf(accountId);
  const body = document!.body as Record<string, unknown[]> & { payer: unknown; totals: unknown };
  expect(document).toMatchObject({ number: '1', period: '2026-10-01', state: 'exposed', upload_id: upload.uploadId });
  expect(body.requisites).toHaveLength(2);
  expect(body.payer).toEqual({ totalArea: '45.6', residents: 2 });
  expect(body.totals).toMatchObject({ stated: 166_050, opening: 5000 });
  expect(body.lines).toMatchObject([
    { group: 'housing', payable: 100_000, tariff: '25.5' },
    {
      group: 'communal',
      payable: 10_050,
      individual: { amount: '0.5', method: 'M' },
      recalculation: -1000,
      accrued: 11_050,
    },
    { group: 'additional', payable: 6000, serviceCode: '3' },
    { group: 'insurance', payable: 9000, voluntary: true },
    { group: 'capital_repair', payable: 50_000 },
  ]);
  expect(body.penalties).toMatchObject([{ kind: '1', cause: 'Просрочка', amount: 500 }]);
  expect(body.reference).toMatchObject([{ service: 'Отопление', normIndividual: '0.02' }]);
  expect(body.recalculations).toEqual([{ service: 'Отопление', reason: 'Недопоставка', amount: -1000 }]);
  expect(await findImbalances(desk.context.db, houseId)).toEqual([]);
});

test('a debt document takes its months and the contributions to capital repair', async () => {
  const { clerk, accountId, serviceId } = await aHome(desk);
  const upload = await desk.upload(
    clerk,
    'bills',
    await xlsxOf(
      [HEADS, [head({ serviceId, kind: 'Долговой' })]],
      [DEBTS, [{ document: '1', service: 'Отопление', month: '08.2026', amount: '300' }]],
      [REPAIRS, [{ document: '1', payable: '40', month: '07.2026' }]],
    ),
  );
  await desk.apply(clerk, upload);
  const [document] = await documentsOf(accountId);
  expect((document!.body as { debts: unknown }).debts).toMatchObject([
    { service: 'Отопление', month: '2026-08', amount: 30_000 },
    { service: 'Взнос на капитальный ремонт', month: '2026-07', amount: 4000 },
  ]);
});

test.each([
  ['ЖКУ id with Latin letters', (home: Home) => ({ serviceId: home.serviceId.replace('АВ', 'AB').toLowerCase() })],
  ['ЕЛС', (home: Home) => ({ serviceId: home.els })],
  ["the provider's own number", () => ({ account: 'ЛС-1' })],
  ["the provider's own number in the column of the ЖКУ id", () => ({ serviceId: 'ЛС-1' })],
])('the account is found by %s', async (_name, nameOf) => {
  const home = await aHome(desk);
  const upload = await desk.upload(home.clerk, 'bills', await xlsxOf([HEADS, [head(nameOf(home))]], [LINES, [line()]]));
  expect(upload.documents).toMatchObject({ new: 1, bad: 0 });
  await desk.apply(home.clerk, upload);
  expect(await documentsOf(home.accountId)).toHaveLength(1);
});

test('under one ЕЛС two accounts of the provider cannot be told apart without more', async () => {
  const home = await aHome(desk);
  const second = await buildAccount(desk.context, {
    houseId: home.houseId,
    providerId: home.clerk.organisationId,
    number: 'ЛС-2',
    kind: 'capital_repair',
  });
  await desk.context.db.updateTable('account').set({ els: home.els }).where('account_id', '=', second).execute();
  const vague = await desk.upload(
    home.clerk,
    'bills',
    await xlsxOf([HEADS, [head({ serviceId: home.els })]], [LINES, [line()]]),
  );
  expect((await desk.notes(vague)).map(({ message }) => message)).toEqual([
    expect.stringContaining('у вас несколько счетов'),
  ]);
  const clear = await desk.upload(
    home.clerk,
    'bills',
    await xlsxOf([HEADS, [head({ serviceId: home.els, account: 'ЛС-2' })]], [LINES, [line()]]),
  );
  await desk.apply(home.clerk, clear);
  expect(await documentsOf(second)).toHaveLength(1);
});

test.each(['xlsx', 'ods'])(
  'the answer (%s) brings the id of the document; loaded again it changes nothing',
  async (format) => {
    const { clerk, accountId, serviceId } = await aHome(desk);
    const filled = [
      [HEADS, [head({ serviceId, uid: '', stated: '100,50' })]],
      [LINES, [line()]],
    ] as const;
    const upload = await desk.upload(
      clerk,
      'bills',
      await (format === 'ods' ? odsOf : xlsxOf)(...filled),
      `пд.${format}`,
    );
    const applied = await desk.apply(clerk, upload);
    const [document] = await documentsOf(accountId);
    const answer = await desk.answer(clerk, applied);
    expect(answer['Разделы 1-2']![2]).toContain(document!.uid);
    expect(answer['Разделы 1-2']![2]!.at(-1)).toBe('Загружено');
    expect(answer['Разделы 3-6']![3]!.at(-1)).toBe('Загружено');
    const again = await desk.upload(
      clerk,
      'bills',
      await readFile(await desk.answerPath(clerk, applied)),
      'ответ.xlsx',
    );
    expect(again.documents).toMatchObject({ same: 1, new: 0, changed: 0, bad: 0 });
    expect(await documentsOf(accountId)).toHaveLength(1);
  },
);

test('a corrected document is told in words, replaces the old one and keeps its id', async () => {
  const { clerk, houseId, accountId, serviceId } = await aHome(desk);
  const load = async (payable: string) => {
    const upload = await desk.upload(
      clerk,
      'bills',
      await xlsxOf([HEADS, [head({ serviceId, stated: payable })]], [LINES, [line({ payable })]]),
    );
    return [upload, await desk.apply(clerk, upload)] as const;
  };
  await load('100');
  const [checked] = await load('120');
  expect(checked.documents).toMatchObject({ changed: 1 });
  const plain = (text: string) => text.replace(/\s/g, ' ');
  expect(
    checked.details.differences!.map(({ what, before, after }) => `${what}: ${plain(before)} → ${plain(after)}`),
  ).toEqual(['Итого к оплате: 100,00 ₽ → 120,00 ₽', '«Отопление»: 100,00 ₽ → 120,00 ₽']);
  const [old, fresh] = await documentsOf(accountId);
  expect(old).toMatchObject({ state: 'withdrawn' });
  expect(fresh).toMatchObject({ state: 'exposed', replaces_id: old!.document_id, uid: old!.uid });
  expect(await findImbalances(desk.context.db, houseId)).toEqual([]);
});

describe('a file with a bad document', () => {
  const file = (serviceId: string) =>
    xlsxOf(
      [HEADS, [head({ serviceId }), head({ serviceId, document: '2', period: '11.2026' })]],
      [LINES, [line(), line({ document: '2', payable: 'сто' })]],
    );

  test('«only the good ones» loads the others', async () => {
    const { clerk, accountId, serviceId } = await aHome(desk);
    const upload = await desk.upload(clerk, 'bills', await file(serviceId));
    expect(upload.documents).toMatchObject({ new: 1, bad: 1 });
    const applied = await desk.apply(clerk, upload, 'good_ones');
    expect(applied).toMatchObject({ state: 'applied', documents: { applied: 1, bad: 1 } });
    expect((await documentsOf(accountId)).map(({ number }) => number)).toEqual(['1']);
  });

  test('«nothing if any is bad» loads nothing and is over', async () => {
    const { clerk, accountId, serviceId } = await aHome(desk);
    const upload = await desk.upload(clerk, 'bills', await file(serviceId));
    const over = await desk.apply(clerk, upload, 'all_or_nothing');
    expect(over.state).toBe('cancelled');
    expect(over.problem).toContain('ничего не загружено');
    expect(await documentsOf(accountId)).toEqual([]);
  });
});

test('what has become bad since the dry run stops the whole upload, or only itself, as the clerk chose', async () => {
  const home = await aHome(desk);
  const other = await anAccount(desk, home.clerk.organisationId, home.houseId, 'ЛС-2');
  const file = await xlsxOf(
    [HEADS, [head({ serviceId: home.serviceId }), head({ serviceId: other.serviceId, document: '2' })]],
    [LINES, [line(), line({ document: '2' })]],
  );
  const upload = await desk.upload(home.clerk, 'bills', file);
  expect(upload.documents).toMatchObject({ new: 2 });
  // Meanwhile the second account has moved to another provider.
  const stranger = await desk.clerk();
  await desk.context.db
    .updateTable('account')
    .set({ provider_id: stranger.organisationId })
    .where('account_id', '=', other.accountId)
    .execute();
  const back = await desk.apply(home.clerk, upload, 'all_or_nothing');
  expect(back).toMatchObject({ state: 'checked', documents: { bad: 1, applied: 0 } });
  expect(back.problem).toContain('данные изменились');
  expect(await documentsOf(home.accountId)).toEqual([]);
  const done = await desk.apply(home.clerk, back, 'good_ones');
  expect(done).toMatchObject({ state: 'applied', documents: { applied: 1 } });
  expect(await documentsOf(home.accountId)).toHaveLength(1);
  expect(await documentsOf(other.accountId)).toEqual([]);
});

test('numbers that Excel has spoiled, formulas that nobody calculated and errors are refused', async () => {
  const { clerk, serviceId } = await aHome(desk);
  const upload = await desk.upload(
    clerk,
    'bills',
    await xlsxOf(
      [HEADS, [{ ...head({ serviceId }), bankAccount: { text: '40702810438000060000', kind: 'number' } }]],
      [LINES, [{ ...line(), payable: { text: '#ЗНАЧ!', kind: 'text' } }]],
    ),
  );
  expect((await desk.notes(upload)).map(({ message }) => message)).toEqual([
    expect.stringContaining('Excel сохранил только 15 цифр'),
    expect.stringContaining('укажите сумму в рублях'),
  ]);
});

test('an account that no second person has confirmed is refused, at the dry run and when it was confirmed no more', async () => {
  const { clerk, serviceId } = await aHome(desk);
  const bank = { bik: '044525201', bankAccount: '40802810700020000317' };
  const file = await xlsxOf([HEADS, [head({ serviceId, ...bank })]], [LINES, [line()]]);
  const upload = await desk.upload(clerk, 'bills', file);
  expect(upload.documents).toMatchObject({ bad: 1 });
  expect((await desk.notes(upload)).map(({ message }) => message)).toEqual([
    expect.stringContaining(`счёта ${bank.bankAccount} с БИК ${bank.bik} нет среди подтверждённых`),
  ]);
  const accounts = () => listRequisites(desk.context.db, clerk.organisationId);
  expect(await accounts()).toHaveLength(2);
  await upsertRequisite(desk.context.db, { organisationId: clerk.organisationId, ...bank });
  expect((await desk.upload(clerk, 'bills', file)).documents).toMatchObject({ new: 1, bad: 0 });
});

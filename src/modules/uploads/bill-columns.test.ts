import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { findImbalances } from '../billing/index.ts';
import { HEADS, LINES, PENALTIES, REPAIRS } from './layouts/bills.ts';
import { aHome, type Home, head, line } from './test-bills.ts';
import { Desk } from './test-desk.ts';
import { odsOf, xlsxOf, xlsxOfRows } from './test-workbooks.ts';
import type { Upload } from './upload.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});

type Cells = Record<string, string>;
const upload = async (
  { clerk, serviceId }: Home,
  top: Cells,
  lines: Cells[],
  penalties: Cells[] = [],
  repairs: Cells[] = [],
) =>
  desk.upload(
    clerk,
    'bills',
    await xlsxOf(
      [HEADS, [head({ serviceId, ...top })]],
      [LINES, lines.map(line)],
      ...(penalties.length > 0 ? [[PENALTIES, penalties] as const] : []),
      ...(repairs.length > 0 ? [[REPAIRS, repairs] as const] : []),
    ),
  );
const plain = (text: string) => text.replace(/\s/g, ' ');
const told = async (of: Upload, wrong = true) =>
  (await desk.notes(of))
    .filter((note) => note.wrong === wrong)
    .map(({ sheet, row, column, message }) => `${of.details.sheets![sheet]!.name}:${row}:${column} ${plain(message)}`);
const bodiesOf = async ({ accountId }: Home) =>
  (
    await desk.context.db
      .selectFrom('payment_document')
      .select('body')
      .where('account_id', '=', accountId)
      .where('state', '=', 'exposed')
      .execute()
  ).map(({ body }) => body as { lines: Record<string, unknown>[]; totals: Record<string, unknown> });
const balanceOf = async ({ accountId }: Home) =>
  desk.context.db
    .selectFrom('account_balance')
    .select(['receivable', 'advance'])
    .where('account_id', '=', accountId)
    .executeTakeFirst();

describe('sums that disagree are refused by row and column', () => {
  test('the total of a line', async () => {
    const home = await aHome(desk);
    const checked = await upload(home, {}, [
      { opening: '50', penalty: '2', total: '152,50' },
      { service: 'Газоснабжение', opening: '50', penalty: '2', total: '102,50' },
      { service: 'Водоотведение', opening: '-300', penalty: '', total: '-99,50' },
    ]);
    expect(checked.documents).toMatchObject({ bad: 1, new: 0 });
    expect(await told(checked)).toEqual([
      'Разделы 3-6:4:5 итого 102,50 ₽, а по строке получается 152,50 ₽ (к оплате за период 100,50 ₽, долг 50,00 ₽, пени и издержки 2,00 ₽): исправьте одну из сумм',
      'Разделы 3-6:5:5 итого −99,50 ₽, а по строке получается −199,50 ₽ (к оплате за период 100,50 ₽, аванс 300,00 ₽): исправьте одну из сумм',
    ]);
    const answer = await desk.answer(home.clerk, checked);
    expect(plain(String(answer['Разделы 3-6']![4]!.at(-1)))).toMatch(
      /^Ошибка: столбец F «Итого к оплате с учётом.*102,50 ₽/,
    );
  });

  test('an advance said twice, the debt of the head, its penalties, the sheet of penalties', async () => {
    const home = await aHome(desk);
    const twice = await upload(home, {}, [{ opening: '-5', advance: '5', total: '90,50' }]);
    expect(await told(twice)).toEqual([expect.stringMatching(/^Разделы 3-6:3:4 аванс указан дважды/)]);
    const debt = await upload(home, { debt: '70', advance: '' }, [
      { opening: '50' },
      { service: 'Газоснабжение', opening: '10' },
    ]);
    expect(await told(debt)).toEqual([
      'Разделы 1-2:2:3 долг 70,00 ₽, а по услугам на листе «Разделы 3-6» долг 60,00 ₽: суммы должны сходиться',
    ]);
    const advance = await upload(home, { advance: '70' }, [{ opening: '-60' }]);
    expect(await told(advance)).toEqual([
      expect.stringMatching(/^Разделы 1-2:2:3 аванс 70,00 ₽, а по услугам .* аванс 60,00 ₽/),
    ]);
    const whole = await upload(home, { penaltyTotal: '3' }, [{ penalty: '1', duty: '1' }]);
    expect(await told(whole)).toEqual([
      expect.stringMatching(/^Разделы 1-2:2:\d+ итого 3,00 ₽, а по услугам .* 2,00 ₽/),
    ]);
    const apart = await upload(home, {}, [{ penalty: '2' }], [{ document: '1', kind: 'Госпошлины', amount: '4' }]);
    expect(await told(apart)).toEqual([
      'Неустойки и судебные расходы:2:2 на этом листе у документа 4,00 ₽, а в строках услуг 2,00 ₽: укажите одно и то же или только в одном месте',
    ]);
    expect(await bodiesOf(home)).toEqual([]);
  });

  test('the total of the document is only worth a look', async () => {
    const home = await aHome(desk);
    const checked = await upload(home, { stated: '200' }, [{ opening: '50', total: '150,50' }]);
    expect(checked.documents).toMatchObject({ new: 1 });
    expect(await told(checked, false)).toEqual([
      expect.stringMatching(/^Разделы 1-2:2:\d+ итого по документу 200,00 ₽, а по услугам 150,50 ₽$/),
    ]);
  });
});

test('they are kept in the document and move the money that they name', async () => {
  const home = await aHome(desk);
  const checked = await upload(home, { debt: '50', stated: '253,50', penaltyTotal: '2,50' }, [
    { opening: '50', penalty: '1,5', fine: '-1', duty: '0', courtCosts: '2', total: '153,00' },
    { service: 'Газоснабжение', payable: '100,50', opening: '0', total: '100,50' },
  ]);
  expect(await told(checked)).toEqual([]);
  expect(await told(checked, false)).toEqual([]);
  await desk.apply(home.clerk, checked);
  const [body] = await bodiesOf(home);
  expect(body!.lines).toMatchObject([
    { payable: 10_050, opening: 5000, penalty: 150, fine: -100, duty: 0, courtCosts: 200, total: 15_300 },
    { payable: 10_050, opening: 0, penalty: 0, total: 10_050 },
  ]);
  expect(await balanceOf(home)).toEqual({ receivable: 25_350n, advance: 0n });
  expect(await findImbalances(desk.context.db, home.houseId)).toEqual([]);
});

test.each([
  [
    'an advance that covers everything, the total cut at zero',
    { opening: '-300' },
    '0',
    { opening: -30_000, total: 0 },
  ],
  ['an advance in a column of its own', { advance: '30' }, '70,50', { opening: -3000, total: 7050 }],
  ['debt and advance beside each other', { opening: '10', advance: '30' }, '80,50', { opening: -2000, total: 8050 }],
])('%s', async (_name, cells, total, expected) => {
  const home = await aHome(desk);
  const checked = await upload(home, {}, [{ ...cells, total }]);
  expect(await told(checked)).toEqual([]);
  await desk.apply(home.clerk, checked);
  expect((await bodiesOf(home))[0]!.lines).toMatchObject([{ payable: 10_050, ...expected }]);
});

test('where contributions to capital repair stand, their debt explains the difference from the head', async () => {
  const home = await aHome(desk);
  const checked = await upload(home, { debt: '70' }, [{ opening: '50' }], [], [{ document: '1', payable: '20' }]);
  expect(await told(checked)).toEqual([]);
});

describe('who writes only «Итого к оплате»', () => {
  const fileOf = ({ serviceId }: Home, headings: string[], cells: string[]) =>
    xlsxOfRows(
      {
        name: 'Разделы 1-2',
        rows: [
          ['Номер ПД', 'Расчетный период', 'Идентификатор ЖКУ', 'БИК', 'Расчетный счет'],
          ['1', '10.2026', serviceId, '044525225', '40702810438000060473'],
        ],
      },
      {
        name: 'Разделы 3-6',
        rows: [
          ['Номер ПД', 'Услуга', ...headings],
          ['1', 'Отопление', ...cells],
        ],
      },
    );

  test.each([
    [['Итого к оплате'], ['100,50'], { payable: 10_050, total: undefined }],
    [['Долг', 'Пени', 'Итого к оплате'], ['50', '2', '152,50'], { payable: 10_050, opening: 5000, total: 15_250 }],
    [
      ['К оплате за расчётный период', 'Долг/аванс', 'Пени', 'ИТОГО К ОПЛАТЕ'],
      ['100,50', '-50', '2', '52,50'],
      { payable: 10_050, opening: -5000, penalty: 200, total: 5250 },
    ],
    [
      ['Итого к оплате: всего', 'Задолженность', 'Всего к оплате'],
      ['100,50', '1', '101,50'],
      { payable: 10_050, opening: 100, total: 10_150 },
    ],
  ])('%j', async (headings, cells, expected) => {
    const home = await aHome(desk);
    const checked = await desk.upload(home.clerk, 'bills', await fileOf(home, headings, cells));
    expect(checked.state).toBe('checked');
    expect(await told(checked)).toEqual([]);
    await desk.apply(home.clerk, checked);
    const [read] = (await bodiesOf(home))[0]!.lines;
    expect(read).toMatchObject(expected.total === undefined ? { payable: expected.payable } : expected);
    expect(read!.total).toBe(expected.total);
  });
});

test.each([
  ['xlsx', xlsxOf],
  ['ods', odsOf],
] as const)(
  'the same file (%s) again, and its own answer, change nothing; a corrected debt is told in words',
  async (format, make) => {
    const home = await aHome(desk);
    const file = (opening: string, total: string) =>
      make(
        [HEADS, [head({ serviceId: home.serviceId, uid: '' })]],
        [
          LINES,
          [
            line({ opening, penalty: '2', total }),
            line({ service: 'Газоснабжение', opening: '', penalty: '', total: '' }),
          ],
        ],
      );
    const first = await file('50', '152,50');
    const applied = await desk.apply(home.clerk, await desk.upload(home.clerk, 'bills', first, `пд.${format}`));
    expect(applied.state).toBe('applied');
    for (const again of [first, await readFile(await desk.answerPath(home.clerk, applied))]) {
      const name = again === first ? `пд.${format}` : 'ответ.xlsx';
      expect((await desk.upload(home.clerk, 'bills', again, name)).documents).toMatchObject({
        same: 1,
        changed: 0,
        bad: 0,
      });
    }
    const corrected = await desk.upload(home.clerk, 'bills', await file('60', '162,50'), `пд.${format}`);
    expect(corrected.documents).toMatchObject({ changed: 1 });
    expect(
      corrected.details.differences!.map(({ what, before, after }) => plain(`${what}: ${before} → ${after}`)),
    ).toEqual(['«Отопление», долг или аванс: 50,00 ₽ → 60,00 ₽', '«Отопление», итого: 152,50 ₽ → 162,50 ₽']);
  },
);

test('a bill loaded without these columns stays the same bill; loaded with them it is a corrected one', async () => {
  const home = await aHome(desk);
  const before = await upload(home, {}, [{}]);
  await desk.apply(home.clerk, before);
  expect((await bodiesOf(home))[0]!.lines[0]).not.toHaveProperty('opening');
  expect((await upload(home, {}, [{}])).documents).toMatchObject({ same: 1 });
  expect((await upload(home, {}, [{ opening: '', penalty: '', total: '' }])).documents).toMatchObject({ same: 1 });
  expect((await upload(home, {}, [{ opening: '50', total: '150,50' }])).documents).toMatchObject({ changed: 1 });
});

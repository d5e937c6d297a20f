import { describe, expect, it } from 'vitest';
import { bareForm, firstClause } from './heading-text.ts';
import type { ColumnLayout, SheetLayout } from './layout.ts';
import { matchHeadings, matchSheets, pathKey } from './match-headings.ts';
import { fixture, readAll, text } from './test-files.ts';
import type { MergedRange, SheetRow } from './types.ts';

const rowsOf = (rows: (string | null)[][], from = 1): SheetRow[] =>
  rows
    .map((cells, at) => ({
      sheet: 'Лист',
      row: from + at,
      cells: cells.map((cell) => (cell === null ? null : text(cell))),
    }))
    .filter(({ cells }) => cells.some((cell) => cell !== null));
const column = (key: string, path: string | string[], more: Partial<ColumnLayout> = {}): ColumnLayout => ({
  key,
  path: typeof path === 'string' ? [path] : path,
  ...more,
});
const match = (
  rows: (string | null)[][],
  columns: ColumnLayout[],
  merges: MergedRange[] = [],
  saved?: Map<string, string | null>,
) => matchHeadings({ rows: rowsOf(rows), merges, layout: { name: 'Лист', columns }, ...(saved ? { saved } : {}) });
const keys = (result: ReturnType<typeof match>) => Object.fromEntries(result?.columns ?? []);

const ACCOUNT = [
  column('account', 'Номер ЛС', { required: true }),
  column('area', 'Общая площадь, кв. м', { required: true }),
];

describe('refusals', () => {
  it('a sheet without our headings is another sheet', () => {
    expect(match([['Как заполнять'], ['Номер ЛС пишите без пробелов']], ACCOUNT)).toBeNull();
    expect(match([], ACCOUNT)).toBeNull();
  });

  it('names required columns that are missing', () => {
    const result = match([['Номер ЛС', 'Фамилия']], [...ACCOUNT, column('surname', 'Фамилия')]);
    expect(result!.missing.map(({ path }) => path)).toEqual([['Общая площадь, кв. м']]);
  });

  it('takes neither of two columns with the same heading', () => {
    const result = match([['Номер ЛС', 'Общая площадь', 'ОБЩАЯ ПЛОЩАДЬ ']], ACCOUNT);
    expect(keys(result)).toEqual({ 0: 'account' });
    expect(result!.duplicates).toEqual([{ key: 'area', columns: [1, 2] }]);
    expect(result!.missing).toEqual([]);
  });

  it('does not guess between two keys that fit a heading equally', () => {
    const columns = [...ACCOUNT, column('doc', 'Номер документа'), column('date', 'Дата документа')];
    const result = match([['Номер ЛС', 'Общая площадь', 'Номер и дата документа']], columns);
    expect(result!.ambiguous).toEqual([{ column: 2, keys: ['doc', 'date'] }]);
    const bare = match(
      [['Номер ЛС', 'Общая площадь', 'Значение показания']],
      [
        ...ACCOUNT,
        column('t1', 'Значение показания (Т1)', { synonyms: [['Значение показания']] }),
        column('t2', 'Значение показания (Т2)', { synonyms: [['Значение показания']] }),
      ],
    );
    expect(bare!.ambiguous).toEqual([{ column: 2, keys: ['t1', 't2'] }]);
  });

  it('does not take one group for another, nor one common word for a heading', () => {
    const columns = [...ACCOUNT, column('hire', ['Договор социального найма', 'Номер']), column('address', 'Адрес')];
    const merges = [{ top: 1, bottom: 1, left: 2, right: 3 }];
    const rows = [
      ['Номер ЛС', 'Общая площадь', 'Договор ресурсоснабжения', null, 'Адрес электронной почты'],
      [null, null, 'Номер', 'Дата', null],
    ];
    const result = match(rows, columns, merges);
    expect(keys(result)).toEqual({ 0: 'account', 1: 'area' });
    expect(result!.unknown.map(({ path }) => path.join(' / '))).toEqual([
      'Договор ресурсоснабжения / Номер',
      'Договор ресурсоснабжения / Дата',
      'Адрес электронной почты',
    ]);
  });
});

describe('wordings', () => {
  it.each([
    ['  НОМЕР\nлс * ', 'Номер ЛС'],
    ['Номер ЛС (иной идентификатор потребителя)', 'Номер ЛС'],
    ['Учёт: тепло', 'Учет — тепло'],
    ['Сумма к оплате за расчетный период, руб.', 'Сумма к оплате за расчётный период'],
    ['Общая площадь, кв. м', 'Общая площадь, м2'],
    ['Тариф, руб./ед.', 'Тариф'],
    ['Расчетный период (ММ.ГГГГ)', 'Расчетный период, ММ.ГГГГ'],
    ['Значение показания (T1)', 'Значение показания Т1'],
  ])('%s = %s', (left, right) => expect(bareForm(left)).toBe(bareForm(right)));

  it('keeps apart what only the note in brackets tells', () => {
    expect(bareForm('Значение показания (Т1)')).not.toBe(bareForm('Значение показания (Т2)'));
  });

  it('goes by the unit where only that tells columns apart', () => {
    const columns = [column('rubles', 'Проценты, руб.'), column('percent', 'Проценты, %')];
    expect(keys(match([['Проценты, %', 'Проценты (руб)']], columns))).toEqual({ 0: 'percent', 1: 'rubles' });
    expect(match([['Номер', 'Проценты']], [...columns, column('number', 'Номер')])).toBeNull();
  });

  it('cuts instructions off', () => {
    expect(firstClause('Номер комнаты. Обязательно для заполнения, если Тип ПУ = Комнатный')).toBe('номер комнаты');
    expect(firstClause('Адрес ул. дом')).toBe(bareForm('Адрес ул. дом'));
  });

  it('goes from the exact wording to the loose one', () => {
    const columns = [
      column('serial', 'Заводской (серийный) номер ПУ', { required: true }),
      column('room', 'Номер комнаты'),
      column('flat', 'Номер помещения'),
      column('t1', 'Значение показания (Т1)', { synonyms: [['Последнее полученное показание (Т1)']] }),
      column('t2', 'Значение показания (Т2)'),
      column('remote', 'Наличие возможности дистанционного снятия'),
    ];
    const result = match(
      [
        [
          'Номер комнаты. Обязательно для заполнения, если Тип ПУ = Комнатный',
          'Заводской номер ПУ',
          'Номер помещения. Обязательно для заполнения, если Тип ПУ = Индивидуальный',
          'Последнее полученное показание (Т1). Не заполняется, если «Наличие технической возможности…»',
          'Значение показания (Т2), является обязательным для двух- и трехтарифного ПУ',
          'Наличие возможности дистанционного снятия показаний прибора',
        ],
      ],
      columns,
    );
    expect(keys(result)).toEqual({ 0: 'room', 1: 'serial', 2: 'flat', 3: 't1', 4: 't2', 5: 'remote' });
    expect(Object.fromEntries(result!.matchedBy)).toMatchObject({ 0: 'clause', 1: 'bare', 4: 'words' });
  });

  it('follows what a clerk mapped before, also to leave a column out', () => {
    const saved = new Map<string, string | null>([
      [pathKey(['Лицевой']), 'account'],
      [pathKey(['Общая площадь']), null],
      [pathKey(['Площадь по БТИ']), 'area'],
    ]);
    const result = match([['Лицевой', 'Общая площадь', 'Площадь по БТИ']], ACCOUNT, [], saved);
    expect(keys(result)).toEqual({ 0: 'account', 2: 'area' });
  });
});

describe('where the headings stand', () => {
  const grouped = [
    column('number', '№ записи', { required: true }),
    column('type', ['Договор социального найма', 'Тип']),
    column('hireNumber', ['Договор социального найма', 'Номер']),
    column('supplyNumber', ['Договор ресурсоснабжения', 'Номер']),
  ];
  const rows = [
    ['№ записи', 'Договор социального найма', null, 'Договор ресурсоснабжения', 'Статус обработки'],
    [null, 'Тип', 'Номер', 'Номер', null],
    ['1', 'Тип', '15', '16', null],
  ];

  it('reads groups from merged cells', () => {
    const merges = [
      { top: 1, bottom: 2, left: 0, right: 0 },
      { top: 1, bottom: 1, left: 1, right: 2 },
      { top: 1, bottom: 2, left: 4, right: 4 },
    ];
    const result = match(rows, grouped, merges)!;
    expect(keys(result)).toEqual({ 0: 'number', 1: 'type', 2: 'hireNumber', 3: 'supplyNumber' });
    expect(result).toMatchObject({
      headingRows: { top: 1, bottom: 2 },
      firstDataRow: 3,
      statusColumn: 4,
      lastColumn: 4,
    });
    expect(result.unknown).toEqual([]);
  });

  it('reads groups where nothing is merged, as in csv', () => {
    expect(keys(match(rows, grouped))).toEqual({ 0: 'number', 1: 'type', 2: 'hireNumber', 3: 'supplyNumber' });
  });

  it('passes over titles and rows of column numbers', () => {
    const headings = ['Номер ЛС', 'Общая площадь, кв. м', 'Фамилия'];
    const table = [['Сведения о лицевых счетах'], [null], headings, ['1', '2', '3'], ['17', '40.5', 'Иванов']];
    expect(match(table, ACCOUNT)).toMatchObject({ headingRows: { top: 3, bottom: 3 }, firstDataRow: 5 });
  });

  it('does not take first data for column numbers', () => {
    const result = match(
      [
        ['Номер ЛС', 'Общая площадь', 'Комнат'],
        ['1', '40', '2'],
      ],
      ACCOUNT,
    );
    expect(result!.firstDataRow).toBe(2);
  });

  it('finds all of it in a file', async () => {
    const layout: SheetLayout = {
      name: 'Сведения о ПУ',
      columns: [
        column('serial', 'Заводской (серийный) номер ПУ', { required: true }),
        column('house', ['Адрес дома, помещения, комнаты', 'Адрес дома']),
        column('premises', ['Адрес дома, помещения, комнаты', 'Номер помещения']),
        column('t1', ['Последнее полученное показание', 'Значение показания (Т1)']),
        column('t2', ['Последнее полученное показание', 'Значение показания (Т2)']),
        column('volume', 'Объем'),
        column('verified', 'Дата последней поверки', { required: true }),
      ],
    };
    const { sheets, rows } = await readAll(fixture('meters-libreoffice.xlsx'));
    expect([...matchSheets(sheets, [layout]).keys()]).toEqual(['Сведения о ПУ']);
    const result = matchHeadings({
      rows: rows.filter((row) => row.sheet === layout.name),
      merges: sheets[0]!.merges,
      layout,
    })!;
    expect(keys(result)).toEqual({ 0: 'serial', 1: 'house', 2: 'premises', 4: 't1', 5: 't2', 6: 'volume' });
    expect(result).toMatchObject({ firstDataRow: 5, statusColumn: 7, headingRows: { bottom: 3 } });
    expect(result.missing.map(({ key }) => key)).toEqual(['verified']);
    expect(result.unknown.map(({ column }) => column)).toEqual([3]);
  });
});

describe('where a person says that the headings stand', () => {
  const query = (rows: (string | null)[][], merges: MergedRange[] = []) => ({
    rows: rowsOf(rows),
    merges,
    layout: { name: 'Лист', columns: ACCOUNT },
  });
  const rows = [['Отчёт'], ['Код', 'Площадь'], ['внутренний', 'по БТИ'], ['1', '2', '3'], ['17', '40.5', 'x']];

  it('takes the row alone, or all rows above the data but those that number the columns', () => {
    const alone = matchHeadings({ ...query(rows), place: { top: 2, data: null } })!;
    expect(alone.unknown.map(({ path }) => path.join(' / '))).toEqual(['Код', 'Площадь']);
    expect(alone).toMatchObject({ headingRows: { top: 2, bottom: 2 }, firstDataRow: 3 });
    const both = matchHeadings({ ...query(rows), place: { top: 2, data: 5 } })!;
    expect(both.unknown.map(({ path }) => path.join(' / '))).toEqual(['Код / внутренний', 'Площадь / по БТИ']);
    expect(both).toMatchObject({ headingRows: { top: 2, bottom: 3 }, firstDataRow: 5 });
  });

  it('goes down with merged headings', () => {
    const merges = [{ top: 2, bottom: 3, left: 0, right: 0 }];
    const found = matchHeadings({
      ...query([['Отчёт'], ['Код', 'Площадь'], [null, 'по БТИ'], ['1']], merges),
      place: { top: 2, data: null },
    });
    expect(found).toMatchObject({ headingRows: { top: 2, bottom: 3 }, firstDataRow: 4 });
  });

  it('says nothing of an empty row', () => {
    expect(matchHeadings({ ...query(rows), place: { top: 9, data: null } })).toBeNull();
  });

  it('one heading is a guess, and enough when another of its row was mapped before', () => {
    const one = [
      ['Номер ЛС', 'Площадь по БТИ'],
      ['17', '40.5'],
    ];
    expect(matchHeadings(query(one))).toBeNull();
    expect(keys(matchHeadings({ ...query(one), least: 1 }))).toEqual({ 0: 'account' });
    const saved = new Map([[pathKey(['Площадь по БТИ']), null]]);
    expect(keys(matchHeadings({ ...query(one), saved }))).toEqual({ 0: 'account' });
  });
});

describe('matchSheets', () => {
  const layouts: SheetLayout[] = [
    { name: 'Разделы 1-2', columns: [], required: true },
    { name: 'Разделы 3-6', synonyms: ['Раздел 3'], columns: [] },
  ];
  it('goes by name and synonym, leaves hidden sheets and conf out', () => {
    const sheets = [
      { name: 'разделы 1–2 ', hidden: false },
      { name: 'Раздел 3', hidden: false },
      { name: 'conf', hidden: true },
    ];
    expect([...matchSheets(sheets, layouts)].map(([name, layout]) => [name, layout.name])).toEqual([
      ['разделы 1–2 ', 'Разделы 1-2'],
      ['Раздел 3', 'Разделы 3-6'],
    ]);
    expect(matchSheets([{ name: 'Разделы 1-2', hidden: true }], layouts).size).toBe(0);
  });

  it('takes the only visible sheet for the only required layout, and does not choose among several', () => {
    expect([...matchSheets([{ name: 'Лист1', hidden: false }], layouts).keys()]).toEqual(['Лист1']);
    const two = [
      { name: 'Лист1', hidden: false },
      { name: 'Лист2', hidden: false },
    ];
    expect(matchSheets(two, layouts).size).toBe(0);
  });
});

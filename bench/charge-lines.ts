/**
 * Charge lines as rows of a table against lines inside their document: size on disk, loading, a document's page, monthly totals.
 * The numbers behind docs/decisions/0003-charge-lines.md. Works in a schema of its own and drops it.
 */
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { v7 } from 'uuid';

const LINES = 12;
const ACCOUNTS_PER_HOUSE = 100;
const SERVICES = [
  'Содержание жилого помещения',
  'Отопление',
  'Холодное водоснабжение',
  'Горячее водоснабжение',
  'Электроснабжение',
];

export interface ChargeLinesResult {
  documents: number;
  lines: {
    seconds: number;
    linesPerSecond: number;
    bytes: number;
    pageMilliseconds: number;
    totalsMilliseconds: number;
  };
  body: {
    seconds: number;
    linesPerSecond: number;
    bytes: number;
    pageMilliseconds: number;
    totalsMilliseconds: number;
  };
}

const SCHEMA = `
  drop schema if exists bench_charge_lines cascade;
  create schema bench_charge_lines;
  set search_path to bench_charge_lines;
  create table head (house_id uuid not null, document_id uuid not null, account_id uuid not null, period date not null, stated bigint,
    primary key (house_id, document_id));
  create table line (house_id uuid not null, document_id uuid not null, position int not null, requisite_id uuid not null,
    service_group text not null, service text not null, service_code text, unit text, individual numeric, individual_method text,
    common numeric, common_method text, tariff numeric, individual_charge bigint, common_charge bigint, accrued bigint not null,
    multiplier numeric, excess bigint, recalculation bigint not null, benefit bigint not null, payable bigint not null,
    opening bigint, penalty bigint not null, fine bigint not null, duty bigint not null, court_costs bigint not null, total bigint,
    explanation text, supplier text, primary key (house_id, document_id, position));
  create table document (house_id uuid not null, document_id uuid not null, account_id uuid not null, period date not null,
    charged bigint not null, stated bigint, body jsonb not null, primary key (house_id, document_id));`;

function makeLine(seed: number, position: number) {
  const payable = 10_000 + ((seed * 7919 + position * 104_729) % 250_000);
  return {
    position,
    group: position < 4 ? 'housing' : 'communal',
    service: `${SERVICES[(position - 1) % SERVICES.length]}${position > SERVICES.length ? ' (общее имущество)' : ''}`,
    serviceCode: String(position),
    unit: position % 2 ? 'м³' : 'кв. м',
    individual: { amount: ((payable % 9973) / 1000).toFixed(3), method: 'M' },
    common: { amount: ((payable % 997) / 10_000).toFixed(4), method: 'N' },
    tariff: ((payable % 90_001) / 100 + 1).toFixed(2),
    individualCharge: payable - 300,
    commonCharge: 300,
    accrued: payable,
    recalculation: 0,
    benefit: 0,
    payable,
    opening: 0,
    penalty: 0,
    fine: 0,
    duty: 0,
    courtCosts: 0,
    total: payable,
    explanation: position % 4 ? null : 'Объём по показаниям прибора учёта × тариф',
    requisiteId: '01900000-0000-7000-8000-000000000001',
    supplier: position % 3 ? null : 'ООО «Ресурс»',
    voluntary: false,
  };
}

function* makeDocuments(count: number) {
  let houseId = v7();
  for (let index = 0; index < count; index += 1) {
    if (index % ACCOUNTS_PER_HOUSE === 0) houseId = v7();
    yield { index, houseId, documentId: v7(), accountId: v7() };
  }
}
/** Made anew for each use: all of them at once would not fit the memory. */
const linesOf = (index: number) => Array.from({ length: LINES }, (_, position) => makeLine(index, position + 1));
const chargedOf = (index: number) => linesOf(index).reduce((sum, line) => sum + line.payable, 0);
type MadeDocument = ReturnType<typeof makeDocuments> extends Generator<infer T> ? T : never;

const cell = (value: unknown) =>
  value === null || value === undefined
    ? '\\N'
    : String(value).replace(/\\/g, '\\\\').replace(/\t/g, '\\t').replace(/\n/g, '\\n');
const row = (...values: unknown[]) => `${values.map(cell).join('\t')}\n`;

const rowOfBody = ({ index, houseId, documentId, accountId }: MadeDocument) => {
  const [lines, charged] = [linesOf(index), chargedOf(index)];
  return row(
    houseId,
    documentId,
    accountId,
    '2026-10-01',
    charged,
    charged,
    JSON.stringify({ payer: {}, totals: {}, lines }),
  );
};
const rowOfHead = ({ index, houseId, documentId, accountId }: MadeDocument) =>
  row(houseId, documentId, accountId, '2026-10-01', chargedOf(index));
const rowsOfLines = ({ index, houseId, documentId }: MadeDocument) =>
  linesOf(index)
    .map((l) =>
      row(
        houseId,
        documentId,
        l.position,
        l.requisiteId,
        l.group,
        l.service,
        l.serviceCode,
        l.unit,
        l.individual.amount,
        l.individual.method,
        l.common.amount,
        l.common.method,
        l.tariff,
        l.individualCharge,
        l.commonCharge,
        l.accrued,
        null,
        null,
        l.recalculation,
        l.benefit,
        l.payable,
        l.opening,
        l.penalty,
        l.fine,
        l.duty,
        l.courtCosts,
        l.total,
        l.explanation,
        l.supplier,
      ),
    )
    .join('');

async function copy(
  client: pg.Client,
  table: string,
  documents: Iterable<MadeDocument>,
  write: (one: MadeDocument) => string,
) {
  const stream = client.query(copyFrom(`copy bench_charge_lines.${table} from stdin`));
  let text = '';
  for (const one of documents) {
    text += write(one);
    if (text.length < 1_000_000) continue;
    if (!stream.write(text)) await once(stream, 'drain');
    text = '';
  }
  stream.end(text);
  await finished(stream);
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

async function bytes(client: pg.Client, ...tables: string[]): Promise<number> {
  const { rows } = await client.query<{ size: bigint }>(
    `select sum(pg_total_relation_size(('bench_charge_lines.' || t)::regclass))::bigint as size from unnest($1::text[]) t`,
    [tables],
  );
  return Number(rows[0]!.size);
}

/** Median of many reads of one document, as a page does it. */
async function pageMilliseconds(client: pg.Client, keys: readonly [string, string][], statements: readonly string[]) {
  const times: number[] = [];
  for (const key of keys)
    times.push(
      (await seconds(() =>
        Promise.all(statements.map((text, i) => client.query({ name: `${i}${text.length}`, text, values: key }))),
      )) * 1000,
    );
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}

/** @param url of a database in which a schema may be made and dropped */
export async function benchChargeLines(url: string, documents = 200_000): Promise<ChargeLinesResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(SCHEMA);
    const all = [...makeDocuments(documents)];
    const bodySeconds = await seconds(() => copy(client, 'document', all, rowOfBody));
    const lineSeconds = await seconds(async () => {
      await copy(client, 'head', all, rowOfHead);
      await copy(client, 'line', all, rowsOfLines);
    });
    await client.query('analyze');
    const keys = Array.from({ length: 500 }, (_, index) => all[(index * 7919) % documents]!).map(
      ({ houseId, documentId }): [string, string] => [houseId, documentId],
    );
    const of = (table: string) => `select * from bench_charge_lines.${table} where house_id = $1 and document_id = $2`;
    const total = (text: string) => seconds(() => client.query(text)).then((taken) => taken * 1000);
    const rates = (taken: number) => ({ seconds: taken, linesPerSecond: Math.round((documents * LINES) / taken) });
    return {
      documents,
      lines: {
        ...rates(lineSeconds),
        bytes: await bytes(client, 'head', 'line'),
        pageMilliseconds: await pageMilliseconds(client, keys, [of('head'), `${of('line')} order by position`]),
        totalsMilliseconds: await total('select house_id, sum(payable) from bench_charge_lines.line group by house_id'),
      },
      body: {
        ...rates(bodySeconds),
        bytes: await bytes(client, 'document'),
        pageMilliseconds: await pageMilliseconds(client, keys, [of('document')]),
        totalsMilliseconds: await total(
          'select house_id, sum(charged) from bench_charge_lines.document group by house_id',
        ),
      },
    };
  } finally {
    await client.query('drop schema if exists bench_charge_lines cascade');
    await client.end();
  }
}

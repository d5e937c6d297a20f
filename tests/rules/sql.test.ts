import { expect, test } from 'vitest';
import { isTest, readSources } from './source-tree.ts';

const SQL = /\bsql(<[^`]*>)?`|\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto|executeTakeFirst)\(|\.query\(/;
/** The machinery of the database itself. */
const MACHINERY = ['src/platform/database/'];
const isQueries = (path: string) =>
  /(^|\/)queries(\.ts$|\/)/.test(path) || MACHINERY.some((folder) => path.startsWith(folder));

const product = readSources('src').filter((file) => !isTest(file.path));

test('SQL stands only in queries.ts, in a folder of queries, and in migrations', () => {
  expect(product.filter((file) => !isQueries(file.path) && SQL.test(file.text)).map((file) => file.path)).toEqual([]);
});

/** Where rows of an erased person go when the term ends that a law keeps them for (decision 15), each of one table. */
const ENDS_OF_TERMS: Readonly<Record<string, string>> = {
  'src/modules/identity/queries/consents.ts': "deleteFrom('acceptance')",
  'src/modules/personal-data/queries/journal.ts': "deleteFrom('audit_event')",
};

test('ledger entries, allocations and the journal are only added, until nobody may keep them', () => {
  const changing =
    /(updateTable|deleteFrom)\('(ledger_entry|allocation|payment_event|audit_event|acceptance)'\)|(update|delete from)\s+(ledger_entry|allocation|payment_event|audit_event|acceptance)\b/;
  const rest = ({ path, text }: { path: string; text: string }) => text.replace(ENDS_OF_TERMS[path] ?? '', '');
  expect(product.filter((file) => changing.test(rest(file))).map((file) => file.path)).toEqual([]);
});

test('no statement joins rows of a person with rows of a house', () => {
  const house =
    /(from|join)\s+(house|premises|account|payment_document|ledger_entry|receipt)\b|(selectFrom|innerJoin|leftJoin)\('(house|premises|account|payment_document|ledger_entry|receipt)\b/;
  const person =
    /(from|join)\s+(person|account_link|payment_order|payment_part|session)\b|(selectFrom|innerJoin|leftJoin)\('(person|account_link|payment_order|payment_part|session)\b/;
  const functions = product
    .filter((file) => isQueries(file.path))
    .flatMap((file) =>
      file.text
        .split(/\nexport (?:async )?function /)
        .slice(1)
        .map((text) => ({ path: file.path, text })),
    );
  expect(
    functions
      .filter(({ text }) => house.test(text) && person.test(text))
      .map(({ path, text }) => `${path}: ${text.slice(0, 40)}`),
  ).toEqual([]);
});

import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { buildHouse } from '../../../tests/support/rows.ts';
import { haveBank } from './test-bills.ts';
import { Desk } from './test-desk.ts';

/** The house that the fixtures name. */
const GUID = '6f1c2f0a-5d0e-4b7e-9a51-0c3b7f2d1e11';
const fixture = (name: string) => readFile(new URL(`fixtures/${name}`, import.meta.url));

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});

test('files saved by LibreOffice load accounts and then their bills; .ods after .xlsx changes nothing', async () => {
  const clerk = await desk.clerk();
  await haveBank(desk, clerk.organisationId);
  await buildHouse(desk.context, { fiasGuid: GUID, managerId: clerk.organisationId });
  const accounts = await desk.upload(clerk, 'accounts', await fixture('accounts-libreoffice.xlsx'));
  expect((await desk.notes(accounts)).map(({ message }) => message)).toEqual([]);
  expect(accounts.documents).toMatchObject({ new: 2, bad: 0 });
  await desk.apply(clerk, accounts);
  const { rows } = await sql<Record<string, unknown>>`
    select number, kind, payer, family_name, document_kind, document_on, total_area::text, opened_on, payer_ogrn from account
    where provider_id = ${clerk.organisationId} order by number`.execute(desk.context.db);
  expect(rows).toEqual([
    {
      number: '0001',
      kind: 'uo',
      payer: 'person',
      family_name: 'Орлова',
      document_kind: '1',
      document_on: '2015-04-30',
      total_area: '45.6000',
      opened_on: '2020-01-15',
      payer_ogrn: null,
    },
    expect.objectContaining({
      number: '0002',
      kind: 'capital_repair',
      payer: 'organisation',
      payer_ogrn: '1027700132195',
      total_area: '20.0500',
    }),
  ]);
  const again = await desk.upload(clerk, 'accounts', await fixture('accounts-libreoffice.ods'), 'счета.ods');
  expect(again.documents).toMatchObject({ same: 2, new: 0, changed: 0, bad: 0 });

  const bills = await desk.upload(clerk, 'bills', await fixture('bills-libreoffice.ods'), 'пд.ods');
  expect((await desk.notes(bills)).filter(({ wrong }) => wrong)).toEqual([]);
  await desk.apply(clerk, bills);
  const { rows: documents } = await sql<{ body: Record<string, unknown> }>`
    select body from payment_document where provider_id = ${clerk.organisationId}`.execute(desk.context.db);
  expect(documents).toHaveLength(1);
  expect(documents[0]!.body).toMatchObject({
    totals: { charged: 123_450, opening: 10_000, stated: 133_450, paidOn: '2026-10-15' },
    requisites: [{ bankAccount: '40702810438000060473', stated: 133_450 }],
    lines: [
      { service: 'Содержание помещения', tariff: '16.107456', payable: 73_450 },
      { service: 'Отопление', individual: { amount: '0.0123456', method: 'N' }, payable: 30 },
      { group: 'capital_repair', payable: 50_000 },
    ],
  });
  const same = await desk.upload(clerk, 'bills', await fixture('bills-libreoffice.xlsx'));
  expect(same.documents).toMatchObject({ same: 1, new: 0, changed: 0 });
});

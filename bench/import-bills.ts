import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { findImbalances } from '../src/modules/billing/index.ts';
import { upsertHouse } from '../src/modules/houses/index.ts';
import { upsertOrganisation, upsertRequisite } from '../src/modules/organisations/index.ts';
import { selectUpload, updateUpload } from '../src/modules/uploads/queries/uploads.ts';
import { readConfig } from '../src/platform/config.ts';
import type { Context } from '../src/platform/context.ts';
import { transaction } from '../src/platform/database/database.ts';
import { type HouseId, newId, type OrganisationId, type PersonId } from '../src/platform/ids.ts';
import { createContext } from '../src/process.ts';
import { writeBillsWorkbook } from './bills-workbook.ts';
import { copySeconds, runStep, storeUpload } from './upload-steps.ts';

/** 99,996 lines: one document more would not fit on a sheet. */
const DOCUMENTS = 8333;
const ACCOUNTS_A_HOUSE = 100;
/** The staged rows once more, into a table without an index. */
const STAGED = 'select document, sheet, row_number, content::text from upload_row';
const BUDGET = { linesPerSecond: 5000, megabytes: 400 };

export interface Import {
  /** Charge lines a second: reading, checking and applying together. */
  linesPerSecond: number;
  /** The same lines by a bare COPY of their bytes. */
  copiedPerSecond: number;
  /** Highest memory of the three processes, MiB. */
  megabytes: number;
  lines: string[];
}

/**
 * The import of 100,000 charge lines from a workbook with 300,000 unique shared strings, in its own processes.
 * @param environment of a migrated database with reference data
 */
export async function benchImportBills(environment: Record<string, string>, documents = DOCUMENTS): Promise<Import> {
  const folder = await mkdtemp(join(tmpdir(), 'domovoy-bills-'));
  const context = createContext(readConfig({ ...environment, FILES_DIR: join(folder, 'files') }), 'bench');
  try {
    const path = join(folder, 'bills.xlsx');
    const workbook = await writeBillsWorkbook(path, documents);
    const organisationId = await buildAccounts(context, documents);
    const bench = { context, organisationId, uploadId: await storeUpload(context, organisationId, 'bills', path) };
    await updateUpload(context.db, bench, { state: 'reading' }, new Date());
    const read = await runStep(bench, 'read');
    const copied = await copySeconds(context.config.DATABASE_URL, STAGED);
    const checked = (await selectUpload(context.db, organisationId, bench.uploadId))!;
    if (checked.documents.new !== documents) throw new Error(`checked wrongly: ${JSON.stringify(checked)}`);
    await updateUpload(context.db, bench, { state: 'applying', policy: 'all_or_nothing' }, new Date());
    const applied = await runStep(bench, 'apply');
    const done = (await selectUpload(context.db, organisationId, bench.uploadId))!;
    if (done.documents.applied !== documents) throw new Error(`applied wrongly: ${JSON.stringify(done)}`);
    const answered = await runStep(bench, 'answer');
    await verify(context);
    const seconds = read.seconds + applied.seconds;
    const linesPerSecond = Math.round(workbook.lines / seconds);
    const copiedPerSecond = Math.round(workbook.lines / copied);
    const megabytes = Math.max(read.megabytes, applied.megabytes, answered.megabytes);
    const verdict = (good: boolean) => (good ? 'в бюджете' : 'ВНЕ БЮДЖЕТА');
    return {
      linesPerSecond,
      copiedPerSecond,
      megabytes,
      lines: [
        `${workbook.lines} строк × ${workbook.columns} столбцов, ${workbook.strings} разных текстов`,
        `чтение и проверка ${read.seconds.toFixed(1)} с, загрузка ${applied.seconds.toFixed(1)} с, файл с ответом ${answered.seconds.toFixed(1)} с`,
        `из них процессор своих процессов: ${read.cpu.toFixed(1)}, ${applied.cpu.toFixed(1)} и ${answered.cpu.toFixed(1)} с`,
        `строк в секунду: ${linesPerSecond} (не меньше ${BUDGET.linesPerSecond}): ${verdict(linesPerSecond >= BUDGET.linesPerSecond)}`,
        `голый COPY тех же байтов: ${copiedPerSecond} строк в секунду, в ${(copiedPerSecond / linesPerSecond).toFixed(1)} раза быстрее`,
        `память: чтение ${read.megabytes}, загрузка ${applied.megabytes}, ответ ${answered.megabytes} МиБ (не больше ${BUDGET.megabytes}): ${verdict(megabytes <= BUDGET.megabytes)}`,
      ],
    };
  } finally {
    await context.db.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

async function buildAccounts(context: Context, documents: number): Promise<OrganisationId> {
  const at = new Date();
  const organisationId = await upsertOrganisation(
    context.db,
    { ogrn: '1027700132195', inn: '7707083893', kpp: '', kind: 'legal', full_name: 'УО', short_name: 'УО' },
    at,
  );
  for (let first = 1; first <= documents; first += ACCOUNTS_A_HOUSE) {
    const count = Math.min(ACCOUNTS_A_HOUSE, documents - first + 1);
    const houseId = await transaction(context.db, (trx) =>
      upsertHouse(
        trx,
        {
          fiasGuid: newId<never>(),
          regionCode: '77',
          zone: 'Europe/Moscow',
          address: `Дом ${first}`,
          shortAddress: `Дом ${first}`,
          managerId: organisationId,
        },
        newId<PersonId>(),
        at,
      ),
    );
    await sql`
      with made as (
        insert into account (house_id, account_id, provider_id, number, kind, els, service_id, updated_at)
        select ${houseId}::uuid, gen_random_uuid(), ${organisationId}::uuid, 'Л-' || n, 'uo', '77АВ' || lpad(n::text, 6, '0'),
          '77АВ' || lpad(n::text, 6, '0') || '-01', ${at}::timestamptz
        from generate_series(${first}::int, ${first + count - 1}::int) n
        returning house_id, account_id, provider_id, number)
      insert into provider_account (provider_id, number, house_id, account_id)
      select provider_id, number, house_id, account_id from made`.execute(context.db);
  }
  await sql`analyze`.execute(context.db);
  await upsertRequisite(context.db, { organisationId, bik: '044525225', bankAccount: '40702810438000060473' });
  return organisationId;
}

async function verify(context: Context): Promise<void> {
  const { rows } = await sql<{ house_id: HouseId }>`select house_id from house limit 3`.execute(context.db);
  for (const { house_id } of rows)
    if ((await findImbalances(context.db, house_id)).length > 0) throw new Error('balances do not agree');
}

import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sql } from 'kysely';
import { upsertHouse } from '../src/modules/houses/index.ts';
import { upsertOrganisation } from '../src/modules/organisations/index.ts';
import { READINGS } from '../src/modules/uploads/layouts/readings.ts';
import { selectUpload, updateUpload } from '../src/modules/uploads/queries/uploads.ts';
import { readConfig } from '../src/platform/config.ts';
import type { Context } from '../src/platform/context.ts';
import { transaction } from '../src/platform/database/database.ts';
import { type HouseId, newId, type OrganisationId, type PersonId } from '../src/platform/ids.ts';
import { addMonths, dayIn, firstDay, lastDay, type Month, monthOf } from '../src/platform/month.ts';
import { writeWorkbook } from '../src/platform/workbook/index.ts';
import { createContext } from '../src/process.ts';
import { copySeconds, runStep, storeUpload } from './upload-steps.ts';

const READINGS_IN_ALL = 100_000;
/** A hundred flats with cold and hot water. */
const FLATS_A_HOUSE = 100;
const DEVICES_A_HOUSE = 2 * FLATS_A_HOUSE;
const BUDGET = { minutes: 5, megabytes: 400 };
const ZONE = 'Europe/Moscow';

/**
 * 100,000 readings of one organisation by workbook, in its own processes: devices with three months behind them, so that every value
 * is compared with an average, and its months are counted.
 * @param environment of a migrated database with reference data
 */
export async function benchImportReadings(environment: Record<string, string>, count = READINGS_IN_ALL) {
  const folder = await mkdtemp(join(tmpdir(), 'domovoy-readings-'));
  const context = createContext(readConfig({ ...environment, FILES_DIR: join(folder, 'files') }), 'bench');
  try {
    const path = join(folder, 'readings.xlsx');
    const period = addMonths(monthOf(dayIn(ZONE, new Date())), -1);
    const organisationId = await buildDevices(context, count / DEVICES_A_HOUSE, period);
    await writeReadings(context, path, period);
    const bench = { context, organisationId, uploadId: await storeUpload(context, organisationId, 'readings', path) };
    await updateUpload(context.db, bench, { state: 'reading' }, new Date());
    const read = await runStep(bench, 'read');
    const checked = (await selectUpload(context.db, organisationId, bench.uploadId))!;
    if (checked.documents.new !== count) throw new Error(`checked wrongly: ${JSON.stringify(checked)}`);
    await updateUpload(context.db, bench, { state: 'applying', policy: 'all_or_nothing' }, new Date());
    const applied = await runStep(bench, 'apply');
    const done = (await selectUpload(context.db, organisationId, bench.uploadId))!;
    if (done.documents.applied !== count) throw new Error(`applied wrongly: ${JSON.stringify(done)}`);
    const answered = await runStep(bench, 'answer');
    const copied = await copySeconds(
      context.config.DATABASE_URL,
      `select * from reading where upload_id = '${bench.uploadId}'`,
    );
    const seconds = read.seconds + applied.seconds;
    const megabytes = Math.max(read.megabytes, applied.megabytes, answered.megabytes);
    const perSecond = Math.round(count / seconds);
    const copiedPerSecond = Math.round(count / copied);
    const verdict = (good: boolean) => (good ? 'в бюджете' : 'ВНЕ БЮДЖЕТА');
    return {
      perSecond,
      copiedPerSecond,
      megabytes,
      lines: [
        `${count} показаний в ${count / DEVICES_A_HOUSE} домах`,
        `чтение и проверка ${read.seconds.toFixed(1)} с, загрузка ${applied.seconds.toFixed(1)} с, файл с ответом ${answered.seconds.toFixed(1)} с`,
        `из них процессор своих процессов: ${read.cpu.toFixed(1)}, ${applied.cpu.toFixed(1)} и ${answered.cpu.toFixed(1)} с`,
        `показаний в секунду: ${perSecond}; всё за ${(seconds / 60).toFixed(1)} мин (не больше ${BUDGET.minutes}): ${verdict(seconds <= BUDGET.minutes * 60)}`,
        `голый COPY тех же строк: ${copiedPerSecond} в секунду, в ${(copiedPerSecond / perSecond).toFixed(1)} раза быстрее`,
        `память: чтение ${read.megabytes}, загрузка ${applied.megabytes}, ответ ${answered.megabytes} МиБ (не больше ${BUDGET.megabytes}): ${verdict(megabytes <= BUDGET.megabytes)}`,
      ],
    };
  } finally {
    await context.db.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

async function buildDevices(context: Context, houses: number, period: Month): Promise<OrganisationId> {
  const at = new Date();
  const organisationId = await upsertOrganisation(
    context.db,
    { ogrn: '1027700132195', inn: '7707083893', kpp: '', kind: 'legal', full_name: 'УО', short_name: 'УО' },
    at,
  );
  for (let house = 0; house < houses; house += 1) {
    const houseId = await transaction(context.db, (trx) =>
      upsertHouse(
        trx,
        {
          fiasGuid: newId<never>(),
          regionCode: '77',
          zone: ZONE,
          address: `Дом ${house}`,
          shortAddress: `Дом ${house}`,
          managerId: organisationId,
        },
        newId<PersonId>(),
        at,
      ),
    );
    await fillHouse(context, organisationId, houseId, house * FLATS_A_HOUSE, period, at);
  }
  await sql`analyze`.execute(context.db);
  return organisationId;
}

/** Flats with an account and two devices each, whose last value is of the month before, after three months of 5 m³. */
async function fillHouse(
  { db }: Context,
  organisationId: OrganisationId,
  houseId: HouseId,
  first: number,
  period: Month,
  at: Date,
): Promise<void> {
  const since = firstDay(addMonths(period, -4));
  await sql`
    with numbers as (select ${first}::int + n as n from generate_series(1, ${FLATS_A_HOUSE}::int) n),
    flat as (
      insert into premises (house_id, premises_id, category, number, updated_at)
      select ${houseId}::uuid, gen_random_uuid(), 'residential', n::text, ${at}::timestamptz from numbers
      returning premises_id, number::int as n),
    payer as (
      insert into account (house_id, account_id, provider_id, number, kind, els, service_id, updated_at)
      select ${houseId}::uuid, gen_random_uuid(), ${organisationId}::uuid, 'Л-' || n, 'uo', '77АВ' || lpad(n::text, 6, '0'),
        '77АВ' || lpad(n::text, 6, '0') || '-01', ${at}::timestamptz from numbers
      returning account_id, substr(number, 3)::int as n),
    device as (
      insert into meter (house_id, meter_id, version_id, number, kind, serial, premises_id, digits, used_from, state, source_id, updated_at)
      select ${houseId}::uuid, gen_random_uuid(), gen_random_uuid(), '77' || lpad((flat.n * 2 + resource)::text, 10, '0'), 'individual',
        'С-' || flat.n || '-' || resource, premises_id, 5, ${since}::date, 'working', ${organisationId}::uuid, ${at}::timestamptz
      from flat, generate_series(0, 1) resource
      returning meter_id, number, serial, premises_id),
    issued as (insert into meter_number select number, ${houseId}::uuid, meter_id from device),
    measured as (
      insert into meter_resource (house_id, meter_id, resource, unit)
      select ${houseId}::uuid, meter_id, (right(serial, 1)::int + 1)::text, '113' from device returning meter_id, resource),
    charged as (
      insert into meter_account (house_id, meter_id, account_id, provider_id)
      select ${houseId}::uuid, meter_id, account_id, ${organisationId}::uuid
      from device join payer on payer.n = split_part(serial, '-', 2)::int),
    value as (
      insert into reading (house_id, reading_id, meter_id, resource, kind, period, taken_on, t1, source, organisation_id, entered_at, state)
      select ${houseId}::uuid, gen_random_uuid(), meter_id, resource, case month when 0 then 'base' else 'current' end,
        ${since}::date + make_interval(months => month), ${since}::date + make_interval(months => month, days => 20),
        100 + 5 * month, 'organisation', ${organisationId}::uuid, ${at}::timestamptz, 'active'
      from measured, generate_series(0, 3) month)
    insert into consumption (house_id, meter_id, resource, period, premises_id, volume, t1, method, updated_at)
    select ${houseId}::uuid, measured.meter_id, resource, ${since}::date + make_interval(months => month), premises_id, 5, 5, 'reading',
      ${at}::timestamptz
    from measured join device using (meter_id), generate_series(1, 3) month`.execute(db);
}

/** One row a device, of which one in a hundred used nothing and one in two hundred five times as much as ever. */
async function writeReadings({ db }: Context, path: string, period: Month): Promise<void> {
  const { rows } = await sql<{ number: string; resource: string; address: string }>`
    select number, resource, house.address from meter join meter_resource using (house_id, meter_id) join house using (house_id)
    order by number`.execute(db);
  const columns = ['address', 'number', 'resource', 'period', 't1', 'takenOn'] as const;
  const taken = lastDay(period).split('-').reverse().join('.');
  const month = period.split('-').reverse().join('.');
  const used = (index: number) => (index % 100 === 0 ? 0 : index % 200 === 1 ? 26 : 4 + (index % 7) / 2);
  const cells = function* () {
    yield { cells: columns.map((key) => READINGS.columns[key].path.join(' / ')) };
    for (const [index, { number, resource, address }] of rows.entries()) {
      const value = String(115 + used(index)).replace('.', ',');
      yield { cells: [address, number, resource === '1' ? 'Холодная вода' : 'Горячая вода', month, value, taken] };
    }
  };
  await pipeline(writeWorkbook([{ name: READINGS.layout.name, rows: cells() }]), createWriteStream(path));
}

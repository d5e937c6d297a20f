import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import type pg from 'pg';
import { type Address, findAddresses } from '../src/modules/addresses/index.ts';
import type { Context } from '../src/platform/context.ts';
import { addBulkHouse, BULK_FLATS, type BulkHouse, HOUSES_OF_MANAGER } from './bulk-house.ts';
import { DISTRICT } from './district.ts';
import type { Making } from './make-district.ts';
import { addManagers, bulkManager } from './organisations.ts';
import { analyse, brokenKeys, mayCheckKeysLater, writeRows } from './queries.ts';
import type { Rows } from './rows.ts';

/** Connections that write at once. The server parses on one core what this process makes on the other. */
export const WRITERS = 3;
/** Houses of one transaction: some ten megabytes of rows, so memory does not grow with the number of accounts. */
const HOUSES_AT_ONCE = 5;

export interface BulkMaking extends Making {
  accounts: number;
}

/** Apartment houses of the address set that the district does not have. */
async function freeAddresses(context: Context): Promise<Address[]> {
  const text = await readFile('data/gar/demo-77/house-osm-link.csv', 'utf8');
  const rows = parse(text, { columns: true }) as { houseguid_synthetic: string; is_mkd: string }[];
  const taken = new Set(DISTRICT.map(({ fiasGuid }) => fiasGuid));
  const guids = rows.filter((row) => row.is_mkd === '1').map((row) => row.houseguid_synthetic);
  const found = await findAddresses(
    context.db,
    guids.filter((guid) => !taken.has(guid)),
  );
  return [...found.values()].toSorted((a, b) => (a.guid < b.guid ? -1 : 1));
}

/**
 * Houses with a hundred flats, an account a flat, with bills of twelve lines: for measuring. Any house is made from the seed and its
 * own number alone, so the data do not depend on the order in which they are written.
 */
export async function makeBulk(context: Context, pool: pg.Pool, making: BulkMaking): Promise<void> {
  const houses = Math.ceil(making.accounts / BULK_FLATS);
  const managers = Array.from({ length: Math.ceil(houses / HOUSES_OF_MANAGER) }, (_, index) => bulkManager(index));
  const addresses = await freeAddresses(context);
  const organisations: Rows = new Map();
  addManagers(organisations, making.now, managers);
  await writeRows(pool, organisations);
  const keys = (await mayCheckKeysLater(context.db)) ? 'later' : 'now';
  let [next, done, told] = [0, 0, -1];
  const work = async () => {
    while (next < houses) {
      const from = next;
      next += HOUSES_AT_ONCE;
      const rows: Rows = new Map();
      for (let index = from; index < Math.min(from + HOUSES_AT_ONCE, houses); index++) {
        const flats = Math.min(BULK_FLATS, making.accounts - index * BULK_FLATS);
        const manager = managers[Math.floor(index / HOUSES_OF_MANAGER)]!;
        const house: BulkHouse = { index, flats, manager, address: addresses[index] ?? null };
        addBulkHouse(rows, making, house);
        // Lets the other writers' rows go out while this one is still being made.
        await nextTurn();
      }
      await writeRows(pool, rows, keys);
      done = Math.min(done + HOUSES_AT_ONCE, houses);
      const percent = Math.floor((done * 100) / houses);
      if (percent > told) making.say(`Лицевые счета: ${percent} % (домов ${done} из ${houses})`);
      told = percent;
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, work));
  making.say('Статистика таблиц');
  await analyse(context.db);
  if (keys === 'now') return;
  making.say('Проверка ссылок');
  const broken = await brokenKeys(context.db);
  if (broken.length > 0) throw new Error(`rows refer to nothing by ${broken.join(', ')}`);
}

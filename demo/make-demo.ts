import type pg from 'pg';
import { PEOPLE } from '../sandbox/people.ts';
import { importGar } from '../src/modules/addresses/index.ts';
import { ConfigError } from '../src/platform/config.ts';
import type { Context } from '../src/platform/context.ts';
import { createPool, transaction } from '../src/platform/database/database.ts';
import { makeAppeals } from './appeals.ts';
import { lastBilledMonth, monthsUntil } from './calendar.ts';
import { makeBulk, WRITERS } from './make-bulk.ts';
import { makeDistrict } from './make-district.ts';
import { enterMeterRules, removeMeterRules } from './meter-rules.ts';
import { personIdOf } from './people.ts';
import {
  beginRun,
  bindIdentities,
  clearDemo,
  finishRun,
  holdsData,
  openConnections,
  selectRun,
  takeLock,
} from './queries.ts';

/** Demonstration data cannot be made here. The message says why, in Russian. */
export class DemoRefused extends ConfigError {}

export interface DemoOptions {
  /** Personal accounts made besides the district; 0 or absent: the district alone. */
  accounts?: number;
  /** Months of bills of those accounts. The district always has 24. */
  months?: number;
  /** The same seed and figures make the same data. */
  seed?: string;
  /** A line for the person at the terminal. */
  onProgress?: (line: string) => void;
}

export const DISTRICT_MONTHS = 24;
export const DEFAULT_SEED = 'domovoy';

/**
 * Makes the demonstration data of a database. Asked for nothing in particular, it is content with any that are there; asked for
 * other figures than those made, it makes them anew. What was made in part, by a run that was killed, is cleared first.
 * @throws DemoRefused when the database holds data of somebody else, or another process makes data now
 */
export async function makeDemo(context: Context, options: DemoOptions = {}): Promise<void> {
  const say = options.onProgress ?? (() => undefined);
  const pool = createPool({ url: context.config.DATABASE_URL, connections: 4, applicationName: 'domovoy demo' });
  try {
    const lock = await pool.connect();
    try {
      if (!(await takeLock(lock)))
        throw new DemoRefused('Демонстрационные данные уже создаёт другой процесс: дождитесь его конца.');
      await makeUnderLock(context, pool, options, say);
    } finally {
      // The lock belongs to the connection and ends with it.
      lock.release(true);
    }
  } finally {
    await pool.end();
  }
}

async function makeUnderLock(
  context: Context,
  pool: pg.Pool,
  options: DemoOptions,
  say: (line: string) => void,
): Promise<void> {
  const { db, config } = context;
  const now = context.clock();
  const wanted = { seed: options.seed ?? DEFAULT_SEED, accounts: options.accounts ?? 0, months: options.months ?? 2 };
  const made = await selectRun(db);
  const anything = options.accounts === undefined && options.months === undefined && options.seed === undefined;
  const same = made?.seed === wanted.seed && made.accounts === wanted.accounts && made.months === wanted.months;
  const people = PEOPLE.map(({ sub, login }) => ({ subject: sub, personId: personIdOf(login) }));
  if (made?.finished_at && (anything || same)) {
    await bindIdentities(db, config.OIDC_ISSUER, people, now);
    say('Демонстрационные данные уже есть.');
    return;
  }
  if (made) {
    say(
      made.finished_at
        ? 'Прежние демонстрационные данные удаляются'
        : 'Незаконченные демонстрационные данные удаляются',
    );
    await transaction(db, removeMeterRules);
    await clearDemo(db);
  } else if (await holdsData(db))
    throw new DemoRefused('В базе уже есть данные, и они не демонстрационные: укажите пустую базу.');
  await beginRun(db, wanted, now);
  say('Адреса: учебный район Москвы');
  await importGar(context, 'data/gar/demo-77', { regions: [77] });
  await transaction(db, enterMeterRules);
  const months = monthsUntil(lastBilledMonth(now), Math.max(DISTRICT_MONTHS, wanted.months));
  await openConnections(pool, WRITERS);
  await makeDistrict(context, pool, { ...wanted, now, months: months.slice(-DISTRICT_MONTHS), say });
  await bindIdentities(db, config.OIDC_ISSUER, people, now);
  await makeAppeals(context, pool, { ...wanted, now, say });
  if (wanted.accounts > 0) await makeBulk(context, pool, { ...wanted, now, months: months.slice(-wanted.months), say });
  await finishRun(db, context.clock());
  say('Демонстрационные данные готовы.');
}

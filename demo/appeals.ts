import type pg from 'pg';
import { findHousePlace, recountDesk } from '../src/modules/appeals/index.ts';
import { judgeFile } from '../src/platform/attachments/index.ts';
import type { Context } from '../src/platform/context.ts';
import { createDatabase, createPool } from '../src/platform/database/database.ts';
import { addDays, dayIn } from '../src/platform/month.ts';
import { loadCalendar } from '../src/platform/rules/rules.ts';
import { deskLife } from './appeals/desk-life.ts';
import { planDesk } from './appeals/desk-plan.ts';
import { drawFiles } from './appeals/files.ts';
import { inspectorateLives } from './appeals/inspectorate.ts';
import { liveAll } from './appeals/lives.ts';
import { neighbourLives } from './appeals/neighbours.ts';
import { newcomerLives } from './appeals/newcomers.ts';
import { ownerLives } from './appeals/owner.ts';
import { contextAt, type Past } from './appeals/past.ts';
import { type Author, gatherAuthors } from './appeals/people.ts';
import { markLettersSent, selectDeskMonths, selectUnjudged } from './appeals/queries.ts';
import { otherLives, supplierLives } from './appeals/suppliers.ts';
import { askQuestions } from './appeals/support.ts';
import { saveTemplates } from './appeals/templates.ts';
import { ZONE } from './calendar.ts';
import { claimLives } from './claims.ts';
import { DISTRICT, houseFacts } from './district.ts';
import { writeRows } from './queries.ts';
import type { Rows } from './rows.ts';
import { shareLives } from './shares.ts';

interface Making {
  seed: string;
  now: Date;
  say: (line: string) => void;
}

/**
 * Appeals of the district over a year, claims of accounts and shares of them, made by the use cases themselves under clocks of the past:
 * every number, term, event and letter is what it would have been. Texts, people and moments are the same for the same seed; what the use cases draw by lot (numbers, ids of
 * events) is not.
 */
export async function makeAppeals(context: Context, pool: pg.Pool, { seed, now, say }: Making): Promise<void> {
  const quick = createPool({ url: context.config.DATABASE_URL, connections: 8, applicationName: 'domovoy demo' });
  // Hundreds of small transactions: the one that ends the run makes all of them last.
  quick.on('connect', (client) => void client.query('set synchronous_commit to off'));
  const db = createDatabase(quick);
  try {
    const past = await beginPast({ ...context, db }, seed, now);
    const rows: Rows = new Map();
    const authors = await gatherAuthors(db, rows, seed, houseIds());
    await writeRows(pool, rows);
    const of = (house: number, index: number): Author => {
      const people = authors.get(house)!;
      return people[index % people.length]!;
    };
    const files = await drawFiles(now);
    await liveAll(past, [
      ...planDesk(past).map((plan) => deskLife(past, plan, of(plan.house, plan.author))),
      ...ownerLives(past, files),
      ...newcomerLives(past, of(6, 0)),
      ...neighbourLives(past, of),
      ...supplierLives(past, of),
      ...otherLives(past, of),
      ...inspectorateLives(past, of),
      ...claimLives(past, of),
      ...shareLives(past, of(0, 9)),
    ]);
    await saveTemplates(past);
    await askQuestions(past);
    await settle(past);
    say('Обращения жителей за год, заявки на подключение счетов, открытые доступы');
  } finally {
    await db.destroy();
  }
}

const houseIds = () =>
  DISTRICT.map((house, index) => houseFacts(house, index, { full: '', short: '', postalIndex: null } as never).houseId);

async function beginPast(context: Context, seed: string, now: Date): Promise<Past> {
  const today = dayIn(ZONE, now);
  const calendar = await loadCalendar(context.db, addDays(today, -400), addDays(today, 60));
  const places = await Promise.all(DISTRICT.map(({ fiasGuid }) => findHousePlace(context.db, fiasGuid)));
  return { context, seed, now, today, calendar, places: places.map((place) => place!) };
}

/** What the worker would have done meanwhile. */
async function settle(past: Past): Promise<void> {
  const context = contextAt(past, past.now);
  const { db, log } = context;
  for (const fileId of await selectUnjudged(db)) await judgeFile.run(context, { fileId }, log);
  await markLettersSent(db);
  for (const payload of await selectDeskMonths(db)) await recountDesk.run(context, payload, log);
}

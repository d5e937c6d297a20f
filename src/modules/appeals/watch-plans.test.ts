import { sql } from 'kysely';
import type pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { buildAppeal, buildDesk, createAppealContext } from '../../../tests/support/appeals.ts';
import type { TestContext } from '../../../tests/support/context.ts';
import { createDatabase, createPool, type Db } from '../../platform/database/database.ts';
import { type AppealPartId, newId } from '../../platform/ids.ts';
import { selectDueParts, selectUnasked } from './queries/watch.ts';

const APPEALS = 6_000;
let context: TestContext;

/** One appeal of many years: a few of six thousand are due, and a few were executed four weeks ago. */
beforeAll(async () => {
  context = await createAppealContext();
  const desk = await buildDesk(context);
  const { houseId, appealId } = await buildAppeal(context, { addressee: desk });
  const columns = sql`family_name, given_name, answer_email, address, region_code, oktmo, municipality, zone, topic_code, topic_name, text,
    created_at, changed_at`;
  await sql`
    insert into appeal (house_id, appeal_id, number, state, author_id, sent_at, executed_at, ${columns})
    select house_id, gen_random_uuid(), 'Н-' || n, 'executed', author_id, sent_at, sent_at - n * interval '1 hour', ${columns}
    from appeal, generate_series(1, ${APPEALS}::int) n where appeal_id = ${appealId}`.execute(context.db);
  await sql`
    insert into appeal_part (house_id, appeal_id, part_id, organisation_id, power_code, state, received_at, term_key, term_source, look_at,
      closed_at)
    select house_id, ${appealId}, gen_random_uuid(), organisation_id, power_code, case when n % 50 = 0 then 'received' else 'executed' end,
      received_at, term_key, term_source, case when n % 50 = 0 then received_at + n * interval '1 hour' end,
      case when n % 50 = 0 then null else received_at end
    from appeal_part, generate_series(1, ${APPEALS}::int) n where house_id = ${houseId}`.execute(context.db);
  await sql`
    insert into appeal_answer (house_id, appeal_id, answer_id, part_id, state, answered_on, outcome, text, written_by, sent_at, changed_at)
    select house_id, appeal.appeal_id, gen_random_uuid(), part_id, 'sent', sent_at::date, 'satisfied', 'Готово', author_id, sent_at, sent_at
    from appeal join appeal_part using (house_id) where part_id = (select part_id from appeal_part order by part_id desc limit 1)`.execute(
    context.db,
  );
  await sql`analyze appeal, appeal_part, appeal_answer`.execute(context.db);
});

/** How each statement of a query was really done, with the rows that it touched. */
async function plansOf(run: (db: Db) => Promise<unknown>): Promise<string> {
  const pool = createPool({ url: context.url, connections: 1 });
  const client = await pool.connect();
  const plans: string[] = [];
  const query = client.query.bind(client) as (text: string, values?: unknown[]) => Promise<pg.QueryResult>;
  const explain = async (text: string, values?: unknown[]) => {
    const { rows } = await query(`explain analyze ${text}`, values);
    plans.push(...rows.map((row) => String(row['QUERY PLAN'])));
    return query(text, values);
  };
  const proxy = { query: explain, release: () => undefined };
  const end = async () => undefined;
  await run(createDatabase({ connect: async () => proxy, end } as unknown as pg.Pool, { namedStatements: false }));
  client.release();
  await pool.end();
  return plans.join('\n');
}

test('the watch reads what is due by its index and nothing else', async () => {
  const by = new Date(context.now.getTime() + 3_600_000 * 1000);
  for (const after of [null, { lookAt: context.now, partId: newId<AppealPartId>() }]) {
    const plan = await plansOf((db) => selectDueParts(db, { by, after, limit: 200 }));
    expect(plan).toContain('appeal_part_look');
    expect(plan).not.toContain('Seq Scan');
    expect(plan).not.toMatch(/Rows Removed by Filter: \d{3,}/);
  }
});

test('who is asked whether it is fixed is found by the day of the answer', async () => {
  const until = new Date(context.now.getTime() - 28 * 86_400_000);
  const from = new Date(until.getTime() - 30 * 86_400_000);
  const plan = await plansOf((db) => selectUnasked(db, { from, until, after: null, limit: 200 }));
  expect(plan).toContain('appeal_fixed');
  expect(plan).not.toMatch(/Seq Scan on appeal\b/);
  expect(plan).not.toMatch(/Rows Removed by Filter: \d{3,}/);
});

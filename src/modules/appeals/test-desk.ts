import { sql } from 'kysely';
import type pg from 'pg';
import { createDatabase, createPool, type Db } from '../../platform/database/database.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import './tables.ts';

/**
 * Rows of a desk as they come in four years, the newest at the end of October 2026: most in working hours. Words: «квартира» in each,
 * «подъезд» in every second, «лифт» in every 10th, «крыша» in every 100th (and with «лифт» in every 1100th), «подвал» in every 1000th,
 * «черный фундамент» in five; a thousand houses. The last 2 % are open.
 */
export async function fillDesk(db: Db, organisationId: OrganisationId, rows: number): Promise<void> {
  // 16 levels of hours as in `spansOf`.
  const hour = sql`floor(extract(epoch from received_at) / 3600)::int`;
  await sql`
    insert into desk_appeal (organisation_id, desk_id, kind, house_id, appeal_id, number, topic_code, topic_name, address, author_name,
      addressee_name, state, is_open, emergency, escalated, joined, received_at, due_on, performer_id, performer_name, closed_at,
      assessment, zone, spans, words)
    select ${organisationId}, gen_random_uuid(), case when n % 50 = 0 then 'request' else 'appeal' end,
      ('00000000-0000-7000-8000-' || lpad(house::text, 12, '0'))::uuid, gen_random_uuid(), 'Н-' || n, 1 + n % 9 || '.' || 1 + n % 5,
      'Тема', 'ул. Лескова, д. ' || house, 'Автор', 'Адресат', case when is_open then 'received' else 'executed' end, is_open, n % 97 = 0,
      n % 41 = 0, n % 7, received_at, (received_at + interval '10 days')::date, null, null,
      case when is_open then null else received_at + interval '3 days' end, null, 'Europe/Moscow',
      array[${hour}, 10000000 + ${hour} / 16, 20000000 + ${hour} / 256, 30000000 + ${hour} / 4096],
      to_tsvector('russian', concat_ws(' ', 'ул. лескова, д.', house, 'квартира', case when n % 2 = 0 then 'подъезд' end,
        case when n % 10 = 0 then 'лифт' end, case when n % 100 = 7 or n % 1100 = 0 then 'крыша' end,
        case when n % 1000 = 3 then 'подвал' end, case when n % (${rows}::int / 5) = 1 then 'черный фундамент' end))
    from (
      select n, n % 1000 as house, n > ${rows}::int * 0.98 as is_open,
        timestamptz '2026-11-01 00:00+03' - (${rows}::int - n) * (interval '4 years' / ${rows}::int) as received_at
      from generate_series(1, ${rows}::int) n
    ) rows`.execute(db);
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: PlanNode[];
}

/** Runs a query with each statement explained as it ran: how many rows of the desk it touched, and how. */
export async function explained<Result>(url: string, work: (db: Db) => Promise<Result>, settings: string[] = []) {
  const pool = createPool({ url, connections: 1 });
  const client = await pool.connect();
  for (const setting of settings) await client.query(setting);
  const query = client.query.bind(client) as (text: string, values?: unknown[]) => Promise<pg.QueryResult>;
  const nodes: PlanNode[] = [];
  const gather = (node: PlanNode) => {
    nodes.push(node);
    for (const one of node.Plans ?? []) gather(one);
  };
  const explain = async (text: string, values?: unknown[]) => {
    // What changes rows would change them twice.
    const how = /^\s*(select|with)\b/i.test(text) ? 'analyze, ' : '';
    const { rows } = await query(`explain (${how}format json) ${text}`, values);
    gather((rows[0] as { 'QUERY PLAN': { Plan: PlanNode }[] })['QUERY PLAN'][0]!.Plan);
    return query(text, values);
  };
  const proxy = { query: explain, release: () => undefined };
  const db = createDatabase({ connect: async () => proxy, end: async () => undefined } as unknown as pg.Pool, {
    namedStatements: false,
  });
  const result = await work(db);
  client.release();
  await pool.end();
  const onDesk = nodes.filter(
    (node) => node['Relation Name'] === 'desk_appeal' || /^desk_appeal/.test(node['Index Name'] ?? ''),
  );
  const touched = onDesk.reduce(
    (sum, node) =>
      sum +
      (node['Actual Loops'] ?? 0) *
        ((node['Actual Rows'] ?? 0) +
          (node['Rows Removed by Filter'] ?? 0) +
          (node['Rows Removed by Index Recheck'] ?? 0)),
    0,
  );
  return { result, touched, kinds: onDesk.map((node) => node['Node Type']) };
}

/** The merge of a region's staging tables into the address tables. Full and delta loads differ in what absence means. */
import type pg from 'pg';
import { violatedConstraint } from '../../../platform/database/database.ts';
import { build, TABLES, type Table } from './build.ts';

export interface Merge {
  region: number;
  delta: boolean;
  /** «2026-11-23»: the day written to what disappeared. */
  today: string;
}

const run = async (client: pg.Client, text: string, values: unknown[] = []): Promise<number> =>
  (await client.query(text, values)).rowCount ?? 0;

/** Takes out rows that stand under nothing known and writes them down. Repeated: what stood under them falls too. */
async function unlink(client: pg.Client, table: Table, { region }: Merge): Promise<number> {
  const [parents, parentKey] = table === 'premises' ? ['house', 'house_id'] : ['object', 'object_id'];
  const label = { object: `type_name || ' ' || name`, house: `coalesce(number, '')`, premises: 'number' }[table];
  let total = 0;
  for (;;) {
    const taken = await run(
      client,
      `with broken as (
         delete from new_${table} n
         where ${table === 'object' ? 'n.level > 1 and' : ''}
           not exists (select from new_${parents} o where o.object_id = n.parent_id)
           and not exists (select from address_${parents} a where a.${parentKey} = n.parent_id)
         returning n.*)
       insert into address_unlinked (region, object_id, kind, label, parent_id, reason)
       select $1, object_id, '${table}', left(${label}, 200), parent_id,
         case when parent_id is null then 'no place' else 'no parent' end
       from broken on conflict (region, object_id) do nothing`,
      [region],
    );
    total += taken;
    if (taken === 0 || table !== 'object') return total;
  }
}

const MERGED = {
  object: 'parent_id, municipal_parent_id, change_id, guid, postal_index, level, type_name, name, words, oktmo, kladr',
  house:
    'parent_id, municipal_parent_id, change_id, guid, postal_index, house_type, addition_type1, addition_type2, apartment_house, number, addition1, addition2, number_key, oktmo, cadastral_number, kladr',
  premises: 'house_id, change_id, guid, kind, number, cadastral_number',
} as const;

/** The statements that write new_<table>. Rows that say what is there already are not written again. */
function writing(table: Table) {
  const key = { object: 'object_id', house: 'house_id', premises: 'premises_id' }[table];
  const columns = MERGED[table].split(', ');
  const source = (column: string) => {
    if (column === 'municipal_parent_id') return 'nullif(n.municipal_parent_id, n.parent_id)';
    return table === 'premises' && column === 'house_id' ? 'n.parent_id' : `n.${column}`;
  };
  const excluded = (column: string) => `excluded.${column}`;
  const set = (fresh: (column: string) => string) =>
    `gone_on = null, ${columns.map((column) => `${column} = ${fresh(column)}`).join(', ')}`;
  const differs = (fresh: (column: string) => string) =>
    `(a.gone_on, ${columns.map((column) => `a.${column}`).join(', ')}) is distinct from (null, ${columns.map(fresh).join(', ')})`;
  const insert = (rows: string, conflict = '') => `
    insert into address_${table} as a (${key}, region, gone_on, ${columns.join(', ')})
    select n.object_id, $1, null, ${columns.map(source).join(', ')} from new_${table} n ${rows} order by n.parent_id ${conflict}`;
  return {
    updateThose: `update address_${table} a set ${set(source)} from new_${table} n
      where a.${key} = n.object_id and a.region = $1 and ${differs(source)}`,
    insertOthers: insert(
      `where not exists (select from address_${table} b where b.${key} = n.object_id and b.region = $1)`,
    ),
    upsert: insert(
      '',
      `on conflict (${key}) do update set region = excluded.region, ${set(excluded)}
       where a.region <> excluded.region or ${differs(excluded)}`,
    ),
  };
}

/**
 * A full load's rows are there in this region or new everywhere, so the first are updated and the others inserted: ON
 * CONFLICT would look each up in the index before it writes it. An object that comes from another region, or that another
 * region's load is writing now, breaks the key; then the rows go the slow way, which minds that.
 */
async function write(client: pg.Client, table: Table, { region, delta }: Merge): Promise<number> {
  const { updateThose, insertOthers, upsert } = writing(table);
  if (delta) return run(client, upsert, [region]);
  await client.query('savepoint writing');
  try {
    return (await run(client, updateThose, [region])) + (await run(client, insertOthers, [region]));
  } catch (error) {
    if (violatedConstraint(error) !== `address_${table}_pk`) throw error;
    await client.query('rollback to savepoint writing');
    return run(client, upsert, [region]);
  }
}

/** What the register has no longer is marked with the day, never deleted: houses in use stand in it, and people look for them. */
function markGone(client: pg.Client, table: Table, { region, delta, today }: Merge) {
  const key = { object: 'object_id', house: 'house_id', premises: 'premises_id' }[table];
  return delta
    ? run(
        client,
        `update address_${table} a set gone_on = $1, change_id = o.change_id from last_${table} o
         where o.object_id = a.${key} and not o.current and o.change_id >= a.change_id and a.gone_on is null`,
        [today],
      )
    : run(
        client,
        `update address_${table} a set gone_on = $1
         where a.region = $2 and a.gone_on is null
           and not exists (select from last_${table} o where o.object_id = a.${key})`,
        [today, region],
      );
}

/** The words of each object with those of all it lies in: a new name or a new parent reaches everything below. */
const PLACE_WORDS = `
  with recursive tree as (
    select object_id, words as place_words from address_object where region = $1 and parent_id is null
    union all
    select c.object_id, c.words || t.place_words from address_object c join tree t on c.parent_id = t.object_id)
  update address_object a set place_words = t.place_words from tree t
  where a.object_id = t.object_id and a.place_words <> t.place_words`;

/**
 * Merges the settled staging tables (stage.ts).
 * @returns how many rows of what kind were written, marked as gone or left out
 */
export async function mergeRegion(client: pg.Client, merge: Merge): Promise<Record<string, number>> {
  await run(client, 'delete from address_unlinked where region = $1', [merge.region]);
  const counts: Record<string, number> = { unlinked: 0 };
  for (const table of TABLES) {
    await run(client, build(table, merge.delta));
    // Without statistics the planner takes a table of a million rows for an empty one and compares each row with each.
    await client.query(`analyze new_${table} (object_id, parent_id)`);
    counts.unlinked! += await unlink(client, table, merge);
    // Before the new rows come: the statistics know those that were there.
    counts[`${table} gone`] = await markGone(client, table, merge);
    counts[`${table} written`] = await write(client, table, merge);
  }
  await client.query('analyze address_object');
  await run(client, PLACE_WORDS, [merge.region]);
  return counts;
}

export interface UnlinkedRow {
  kind: 'object' | 'house' | 'premises';
  objectId: string;
  label: string;
  parentId: string | null;
  reason: 'no place' | 'no parent';
}

export async function selectUnlinked(client: pg.Client, region: number, limit: number): Promise<UnlinkedRow[]> {
  const { rows } = await client.query<UnlinkedRow>(
    `select kind, object_id::text as "objectId", label, parent_id::text as "parentId", reason
     from address_unlinked where region = $1 order by kind, object_id limit $2`,
    [region, limit],
  );
  return rows;
}

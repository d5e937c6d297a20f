/** The merge of a region's staging tables into the address tables. Full and delta loads differ in what absence means. */
import type pg from 'pg';

export interface Merge {
  region: number;
  delta: boolean;
  /** «2026-11-23»: the day written to what disappeared. */
  today: string;
}

const run = async (client: pg.Client, text: string, values: unknown[] = []): Promise<number> =>
  (await client.query(text, values)).rowCount ?? 0;

/** The last row of each object: rows of one change come with the one in force first. */
const latest = (table: string) => `
  create temp table last_${table} on commit drop as
  select distinct on (object_id) * from stage_${table} order by object_id, change_id desc, current desc, row_id desc`;

/** One row an object with its parameters. In a delta the last row of each counts, and one that only ended takes its value along. */
const parameters = (delta: boolean) => {
  const source = delta
    ? '(select distinct on (object_id, type) * from stage_parameter order by object_id, type, change_id desc, current desc, row_id desc) p'
    : 'stage_parameter p';
  const value = (type: number, name: string) =>
    `max(value) filter (where type = ${type} and current) as ${name}, max(value) filter (where type = ${type} and not current) as ended_${name}`;
  return `
    create temp table last_parameter on commit drop as
    select object_id, ${value(5, 'postal_index')}, ${value(7, 'oktmo')}, ${value(8, 'cadastral_number')}, ${value(10, 'kladr')},
      ${value(19, 'apartment_house')}
    from ${source} group by object_id`;
};

const INDEX = `case when x.postal_index ~ '^[0-9]{6}$' then x.postal_index::int end`;
const ENDED_INDEX = `case when x.ended_postal_index ~ '^[0-9]{6}$' then x.ended_postal_index::int end`;

/**
 * The rows of a table as they will be. A full load takes what the archive says; a delta lays it over what is there:
 * an object may come with a new parent or a new parameter alone. A row older than the one there is left out.
 */
function build(table: 'object' | 'house' | 'premises', delta: boolean): string {
  const key = { object: 'object_id', house: 'house_id', premises: 'premises_id' }[table];
  const parent = table === 'premises' ? 'house_id' : 'parent_id';
  const own = {
    object: ['level', 'type_name', 'name', 'words'],
    house: ['number', 'house_type', 'addition_type1', 'addition1', 'addition_type2', 'addition2', 'number_key'],
    premises: ['number', 'kind'],
  }[table];
  const touched = delta
    ? `(select object_id from last_${table} union select object_id from last_place union select object_id from last_municipal
        union select object_id from last_parameter)`
    : `last_${table}`;
  const parameter = (name: string, fresh = `x.${name}`, ended = `x.ended_${name}`) =>
    `coalesce(${fresh}, nullif(e.${name}, ${ended})) as ${name}`;
  const reference = {
    object: [parameter('postal_index', INDEX, ENDED_INDEX), oktmo, parameter('kladr')],
    house: [
      parameter('postal_index', INDEX, ENDED_INDEX),
      oktmo,
      parameter('kladr'),
      parameter('cadastral_number'),
      `coalesce(x.apartment_house = '1', e.apartment_house and x.ended_apartment_house is null, false) as apartment_house`,
    ],
    premises: [parameter('cadastral_number')],
  }[table];
  // What came last says which columns are its own: with no row of the object itself, what is there stays.
  const kept = own.map((column) => `case when o.object_id is null then e.${column} else o.${column} end as ${column}`);
  return `
    create temp table new_${table} on commit drop as
    select t.object_id, coalesce(p.parent_id, m.parent_id, e.${parent}) as parent_id,
      ${table === 'premises' ? '' : `coalesce(m.parent_id, e.municipal_parent_id) as municipal_parent_id,`}
      coalesce(o.change_id, e.change_id) as change_id, coalesce(o.guid, e.guid) as guid,
      ${[...kept, ...reference].join(',\n      ')}
    from ${touched} t
    left join address_${table} e on ${delta} and e.${key} = t.object_id
    left join last_${table} o on o.object_id = t.object_id and (e.${key} is null or o.change_id >= e.change_id)
    left join last_place p on p.object_id = t.object_id
    left join last_municipal m on m.object_id = t.object_id
    left join last_parameter x on x.object_id = t.object_id
    where coalesce(o.current, e.${key} is not null and e.gone_on is null)`;
}

// ОКТМО of the municipal tree first, then parameter 7.
const oktmo = `coalesce(m.oktmo, x.oktmo, nullif(e.oktmo, x.ended_oktmo)) as oktmo`;

/** A parent that is not loaded (a plot of land) gives way to the nearest object above it. */
const climb = (table: string) => `
  update last_${table} p set parent_id = (
    select above.id from unnest(string_to_array(p.path, '.')::bigint[]) with ordinality above (id, n)
    where above.id <> p.object_id and (exists (select from last_object o where o.object_id = above.id)
      or exists (select from address_object o where o.object_id = above.id)
      or exists (select from last_house h where h.object_id = above.id)
      or exists (select from address_house h where h.house_id = above.id))
    order by n desc limit 1)
  where p.path ~ '^[0-9.]+$' and p.parent_id is not null
    and not exists (select from last_object o where o.object_id = p.parent_id)
    and not exists (select from address_object o where o.object_id = p.parent_id)
    and not exists (select from last_house h where h.object_id = p.parent_id)
    and not exists (select from address_house h where h.house_id = p.parent_id)`;

/** Takes out rows that stand under nothing known and writes them down. Repeated: what stood under them falls too. */
async function unlink(client: pg.Client, table: 'object' | 'house' | 'premises', { region }: Merge): Promise<number> {
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

/** Rows that say what is there already are not written again. */
async function upsert(client: pg.Client, table: 'object' | 'house' | 'premises', { region }: Merge): Promise<number> {
  const key = { object: 'object_id', house: 'house_id', premises: 'premises_id' }[table];
  const columns = MERGED[table].split(', ');
  const sources = columns.map((column) => {
    if (column === 'municipal_parent_id') return 'nullif(municipal_parent_id, parent_id)';
    return table === 'premises' && column === 'house_id' ? 'parent_id' : column;
  });
  return run(
    client,
    `insert into address_${table} as a (${key}, region, gone_on, ${columns.join(', ')})
     select object_id, $1, null, ${sources.join(', ')} from new_${table} order by parent_id
     on conflict (${key}) do update set region = excluded.region, gone_on = null,
       ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}
     where (a.region, a.gone_on, ${columns.map((column) => `a.${column}`).join(', ')})
       is distinct from (excluded.region, null, ${columns.map((column) => `excluded.${column}`).join(', ')})`,
    [region],
  );
}

/** What the register has no longer is marked with the day, never deleted: houses in use stand in it, and people look for them. */
function markGone(client: pg.Client, table: 'object' | 'house' | 'premises', { region, delta, today }: Merge) {
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

/** @returns how many rows of what kind were written, marked as gone or left out */
export async function mergeRegion(client: pg.Client, merge: Merge): Promise<Record<string, number>> {
  const tables = ['object', 'house', 'premises'] as const;
  for (const table of [...tables, 'place', 'municipal']) await run(client, latest(table));
  await run(client, parameters(merge.delta));
  // With the index even a plan made on a wrong guess of the region's size looks rows up instead of comparing each with each.
  for (const table of [...tables, 'place', 'municipal', 'parameter'])
    await client.query(`create unique index on last_${table} (object_id); analyze last_${table}`);
  for (const table of ['place', 'municipal']) await run(client, climb(table));
  await run(client, 'delete from address_unlinked where region = $1', [merge.region]);
  const counts: Record<string, number> = { unlinked: 0 };
  for (const table of tables) {
    await run(client, build(table, merge.delta));
    // Without statistics the planner takes a table of a million rows for an empty one and compares each row with each.
    await client.query(`analyze new_${table}`);
    counts.unlinked! += await unlink(client, table, merge);
    // Before the new rows come: the statistics know those that were there.
    counts[`${table} gone`] = await markGone(client, table, merge);
    counts[`${table} written`] = await upsert(client, table, merge);
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

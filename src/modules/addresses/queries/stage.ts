/** The staging tables of a load: what the archive says, then one row an object of it. */
import type pg from 'pg';
import { gather, TABLES } from './build.ts';

/** In the order of reading: what a row belongs to is known before the row comes. */
export const STAGES = ['object', 'house', 'premises', 'parameter', 'municipal', 'place'] as const;
export type Stage = (typeof STAGES)[number];

const STAGING = `
  create temp table stage_object (object_id bigint, row_id bigint, change_id bigint, current boolean, guid uuid,
    level smallint, type_name text, name text, words text) on commit drop;
  create temp table stage_house (object_id bigint, row_id bigint, change_id bigint, current boolean, guid uuid,
    number text, house_type smallint, addition_type1 smallint, addition1 text, addition_type2 smallint, addition2 text,
    number_key text) on commit drop;
  create temp table stage_premises (object_id bigint, row_id bigint, change_id bigint, current boolean, guid uuid,
    number text, kind smallint) on commit drop;
  create temp table stage_place (object_id bigint, row_id bigint, change_id bigint, current boolean, parent_id bigint,
    oktmo text, path text) on commit drop;
  create temp table stage_municipal (like stage_place) on commit drop;
  create temp table stage_parameter (object_id bigint, row_id bigint, change_id bigint, current boolean, type smallint,
    value text) on commit drop;`;

export const createStages = (client: pg.Client) => client.query(STAGING);

/** The last row of each object: rows of one change come with the one in force first. */
const latest = (table: Stage) => `
  create temp table last_${table} on commit drop as
  select distinct on (object_id) * from stage_${table} order by object_id, change_id desc, current desc, row_id desc`;

// With the index even a plan made on a wrong guess of the region's size looks rows up instead of comparing each with each.
const index = (table: string) => `create unique index on ${table} (object_id)`;

/** The rows of a full archive are those in force, mostly one an object: then the table serves as it is and nothing is sorted. */
const settleFull = (table: Stage) => `
  do $$ begin
    ${index(`stage_${table}`)};
    alter table stage_${table} rename to last_${table};
  exception when unique_violation then
    ${latest(table)};
    ${index(`last_${table}`)};
  end $$;`;

/** One row an object with its parameters. In a delta the last row of each counts, and one that only ended takes its value along. */
function settleParameters(delta: boolean): string {
  const source = delta
    ? '(select distinct on (object_id, type) * from stage_parameter order by object_id, type, change_id desc, current desc, row_id desc) p'
    : 'stage_parameter p';
  const value = (type: number, name: string, condition = '', cast = '') => {
    const last = (state: string) => `(max(value) filter (where type = ${type} and ${state} ${condition}))${cast}`;
    return `${last('current')} as ${name}${delta ? `, ${last('not current')} as ended_${name}` : ''}`;
  };
  return `
    create temp table last_parameter on commit drop as
    select object_id, ${value(5, 'postal_index', `and value ~ '^[0-9]{6}$'`, '::int')}, ${value(7, 'oktmo')},
      ${value(8, 'cadastral_number')}, ${value(10, 'kladr')}, ${value(19, 'apartment_house')}
    from ${source} group by object_id;
    ${index('last_parameter')};`;
}

/** A parent that is not loaded (a plot of land) gives way to the nearest object above it. */
const climb = (table: 'place' | 'municipal') => `
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

/**
 * Makes last_<table> of a staging table that is read to its end, and what can be made of it and those before it. Meant to be
 * worked on while the next file is read: most of a merge is over when the last file is.
 */
export async function settleStage(client: pg.Client, table: Stage, delta: boolean): Promise<void> {
  const several = delta ? `${latest(table)}; ${index(`last_${table}`)};` : settleFull(table);
  const hierarchy = table === 'municipal' || table === 'place';
  // Statistics of what is joined and asked for alone: those of the texts would take longer than the table.
  const asked = hierarchy ? 'object_id, parent_id, path' : 'object_id';
  await client.query(`${table === 'parameter' ? settleParameters(delta) : several} analyze last_${table} (${asked})`);
  if (hierarchy) await client.query(climb(table));
  if (table === 'municipal' && !delta) for (const one of TABLES) await client.query(gather(one));
}

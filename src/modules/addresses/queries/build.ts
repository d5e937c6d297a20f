/** How the rows of a table come together from the staging tables. */

export const TABLES = ['object', 'house', 'premises'] as const;
export type Table = (typeof TABLES)[number];

const OWN = {
  object: ['level', 'type_name', 'name', 'words'],
  house: ['number', 'house_type', 'addition_type1', 'addition1', 'addition_type2', 'addition2', 'number_key'],
  premises: ['number', 'kind'],
} as const;

const REFERENCE = {
  // ОКТМО of the municipal tree first, then parameter 7.
  object: 'x.postal_index, coalesce(m.oktmo, x.oktmo) as oktmo, x.kladr',
  house: `x.postal_index, coalesce(m.oktmo, x.oktmo) as oktmo, x.kladr, x.cadastral_number,
    coalesce(x.apartment_house = '1', false) as apartment_house`,
  premises: 'x.cadastral_number',
} as const;

/** The rows of a full load with everything but their place, which is read last: this much is done while it is read. */
export const gather = (table: Table) => `
  create temp table gathered_${table} on commit drop as
  select o.object_id, m.parent_id as municipal_parent_id, o.change_id, o.guid,
    ${OWN[table].map((column) => `o.${column}`).join(', ')}, ${REFERENCE[table]}
  from last_${table} o
  left join last_municipal m on m.object_id = o.object_id
  left join last_parameter x on x.object_id = o.object_id
  where o.current;
  analyze gathered_${table} (object_id);`;

/** A full load takes what the archive says. */
const buildFull = (table: Table) => `
  create temp table new_${table} on commit drop as
  select g.*, coalesce(p.parent_id, g.municipal_parent_id) as parent_id
  from gathered_${table} g left join last_place p on p.object_id = g.object_id`;

/**
 * A delta lays what it says over what is there: an object may come with a new parent or a new parameter alone. A row older
 * than the one there is left out.
 */
function buildDelta(table: Table): string {
  const key = { object: 'object_id', house: 'house_id', premises: 'premises_id' }[table];
  const parent = table === 'premises' ? 'house_id' : 'parent_id';
  const parameter = (name: string) => `coalesce(x.${name}, nullif(e.${name}, x.ended_${name})) as ${name}`;
  const oktmo = `coalesce(m.oktmo, x.oktmo, nullif(e.oktmo, x.ended_oktmo)) as oktmo`;
  const reference = {
    object: [parameter('postal_index'), oktmo, parameter('kladr')],
    house: [
      parameter('postal_index'),
      oktmo,
      parameter('kladr'),
      parameter('cadastral_number'),
      `coalesce(x.apartment_house = '1', e.apartment_house and x.ended_apartment_house is null, false) as apartment_house`,
    ],
    premises: [parameter('cadastral_number')],
  }[table];
  // What came last says which columns are its own: with no row of the object itself, what is there stays.
  const kept = OWN[table].map(
    (column) => `case when o.object_id is null then e.${column} else o.${column} end as ${column}`,
  );
  return `
    create temp table new_${table} on commit drop as
    select t.object_id, coalesce(p.parent_id, m.parent_id, e.${parent}) as parent_id,
      ${table === 'premises' ? '' : `coalesce(m.parent_id, e.municipal_parent_id) as municipal_parent_id,`}
      coalesce(o.change_id, e.change_id) as change_id, coalesce(o.guid, e.guid) as guid,
      ${[...kept, ...reference].join(',\n      ')}
    from (select object_id from last_${table} union select object_id from last_place
      union select object_id from last_municipal union select object_id from last_parameter) t
    left join address_${table} e on e.${key} = t.object_id
    left join last_${table} o on o.object_id = t.object_id and (e.${key} is null or o.change_id >= e.change_id) 
    left join last_place p on p.object_id = t.object_id
    left join last_municipal m on m.object_id = t.object_id
    left join last_parameter x on x.object_id = t.object_id
    where coalesce(o.current, e.${key} is not null and e.gone_on is null)`;
}

/** The table new_<table>: its rows as they will be. */
export const build = (table: Table, delta: boolean) => (delta ? buildDelta(table) : buildFull(table));

/** Which files of a region are read, in what order, which attributes, and what line of the staging table each row becomes. */
import { houseKey } from '../house-number.ts';
import { asSearchColumn } from '../normalise.ts';
import type { Stage } from '../queries/stage.ts';
import type { IdSet } from './id-set.ts';
import { decodeText, type RowValues } from './scan-rows.ts';

/** What the rows of one region are read against. */
export interface Reading {
  /** A delta keeps expired rows (they close objects) and cannot know which objects exist already. */
  delta: boolean;
  /** «2026-11-23»: a row that ended by this day is expired. */
  today: string;
  objects: IdSet;
  houses: IdSet;
  premises: IdSet;
  /** The printed short name of an object's type at its level. */
  typeName(level: string, shortName: string): string;
  /** Rows of objects that are not in use: flats, plots, closed houses. */
  skipped: number;
}

export interface FileKind {
  kind: string;
  stage: Stage;
  columns: string;
  attributes: readonly string[];
  /** The line of COPY's text format without its end, as bytes in latin1; null when the row is not needed. */
  line(values: RowValues, reading: Reading): string | null;
}

const NULL = '\\N';
const truth = (value: string | undefined): boolean => value === '1' || value === 'true';
const digits = (value: string | undefined): string => (value === undefined || value === '' ? NULL : value);

/** A text as COPY takes it. Entities are rare, control characters rarer: both are looked for only where they can be. */
function field(value: string | undefined): string {
  if (value === undefined || value === '') return NULL;
  const text = value.includes('&') ? latin1(decodeText(value)) : value;
  return /[\\\t\n\r]/.test(text) ? text.replace(/[\t\n\r]+/g, ' ').replaceAll('\\', '\\\\') : text;
}
const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** In force today: a row that was replaced stays in the file with ISACTUAL 0, a closed one with ISACTIVE 0 or a past end. */
const inForce = (end: string | undefined, reading: Reading): boolean =>
  end === undefined || end.slice(0, 10) > reading.today;

const HEAD = ['OBJECTID', 'ID', 'CHANGEID', 'ISACTIVE', 'ISACTUAL', 'ENDDATE', 'OBJECTGUID'] as const;

/** The columns that objects, houses and flats share; null for an expired row of a full archive. Remembers the object. */
function head(values: RowValues, reading: Reading, known: IdSet): string | null {
  const current = truth(values[3]) && truth(values[4]) && inForce(values[5], reading);
  if (!current && !reading.delta) return null;
  if (current) known.add(Number(values[0]));
  return `${values[0]}\t${digits(values[1])}\t${values[2] ?? 0}\t${current ? 't' : 'f'}\t${values[6]}`;
}
const HEAD_COLUMNS = 'object_id, row_id, change_id, current, guid';

const keys = new Map<string, string>();
const MOST_KEYS = 50_000;

/** The key of a house number. A region has a few thousand different ones, so they are worked out once. */
function keyOf(values: RowValues): string {
  const written = `${values[7] ?? ''}|${values[9] ?? ''}|${values[10] ?? ''}|${values[11] ?? ''}|${values[12] ?? ''}`;
  const known = keys.get(written);
  if (known !== undefined) return known;
  const text = (value: string | undefined) => (value ? decodeText(value) : null);
  const key = houseKey({
    number: text(values[7]),
    additionType1: values[9] ? Number(values[9]) : null,
    addition1: text(values[10]),
    additionType2: values[11] ? Number(values[11]) : null,
    addition2: text(values[12]),
  });
  if (keys.size >= MOST_KEYS) keys.clear();
  // The concatenation holds on to the chunk it was cut from: a copy does not.
  keys.set(Buffer.from(written, 'latin1').toString('latin1'), latin1(key));
  return latin1(key);
}

/** Is the object of the row in use? In a delta the database answers that later. */
function isKnown(id: string | undefined, reading: Reading): boolean {
  if (reading.delta) return true;
  const number = Number(id);
  if (reading.objects.has(number) || reading.houses.has(number) || reading.premises.has(number)) return true;
  reading.skipped++;
  return false;
}

function hierarchy(kind: string, stage: Stage, own: string): FileKind {
  return {
    kind,
    stage,
    columns: 'object_id, row_id, change_id, current, parent_id, oktmo, path',
    attributes: ['OBJECTID', 'ID', 'CHANGEID', 'ISACTIVE', 'ENDDATE', 'PARENTOBJID', own, 'PATH'],
    line(values, reading) {
      const current = truth(values[3]) && inForce(values[4], reading);
      if (!current || !isKnown(values[0], reading)) return null;
      const parent = Number(values[5] ?? 0);
      // The path is needed only where the parent itself is not loaded (a plot of land): the nearest object above takes its place.
      const plain = !reading.delta && (parent === 0 || reading.objects.has(parent) || reading.houses.has(parent));
      return `${values[0]}\t${digits(values[1])}\t${values[2] ?? 0}\tt\t${parent || NULL}\t${field(values[6])}\t${plain ? NULL : field(values[7])}`;
    },
  };
}

/** 5 postal index, 7 ОКТМО, 8 cadastral number, 10 КЛАДР, 19 apartment house. */
const PARAMETERS = new Set(['5', '7', '8', '10', '19']);

function parameters(kind: string): FileKind {
  return {
    kind,
    stage: 'parameter',
    columns: 'object_id, row_id, change_id, current, type, value',
    attributes: ['TYPEID', 'OBJECTID', 'ID', 'CHANGEID', 'CHANGEIDEND', 'STARTDATE', 'ENDDATE', 'VALUE'],
    line(values, reading) {
      const type = values[0];
      if (type === undefined || !PARAMETERS.has(type)) return null;
      const ended = values[4] !== undefined && values[4] !== '0';
      const current = !ended && inForce(values[6], reading) && (values[5] ?? '') <= `${reading.today}~`;
      if ((!current && !reading.delta) || !isKnown(values[1], reading)) return null;
      return `${values[1]}\t${digits(values[2])}\t${values[3] ?? 0}\t${current ? 't' : 'f'}\t${type}\t${field(values[7])}`;
    },
  };
}

const OBJECTS: FileKind = {
  kind: 'ADDR_OBJ',
  stage: 'object',
  columns: `${HEAD_COLUMNS}, level, type_name, name, words`,
  attributes: [...HEAD, 'LEVEL', 'TYPENAME', 'NAME'],
  line(values, reading) {
    const common = head(values, reading, reading.objects);
    if (common === null) return null;
    const type = reading.typeName(values[7] ?? '0', decodeText(values[8] ?? ''));
    const words = asSearchColumn(decodeText(values[9] ?? ''));
    return `${common}\t${digits(values[7])}\t${field(latin1(type) || ' ')}\t${field(values[9] || ' ')}\t${field(latin1(words))}`;
  },
};

const HOUSES: FileKind = {
  kind: 'HOUSES',
  stage: 'house',
  columns: `${HEAD_COLUMNS}, number, house_type, addition_type1, addition1, addition_type2, addition2, number_key`,
  attributes: [...HEAD, 'HOUSENUM', 'HOUSETYPE', 'ADDTYPE1', 'ADDNUM1', 'ADDTYPE2', 'ADDNUM2'],
  line(values, reading) {
    const common = head(values, reading, reading.houses);
    if (common === null) return null;
    return `${common}\t${field(values[7])}\t${digits(values[8])}\t${digits(values[9])}\t${field(values[10])}\t${digits(values[11])}\t${field(values[12])}\t${field(keyOf(values) || ' ')}`;
  },
};

const PREMISES: FileKind = {
  kind: 'APARTMENTS',
  stage: 'premises',
  columns: `${HEAD_COLUMNS}, number, kind`,
  attributes: [...HEAD, 'NUMBER', 'APARTTYPE'],
  line(values, reading) {
    const common = head(values, reading, reading.premises);
    return common === null ? null : `${common}\t${field(values[7] || ' ')}\t${digits(values[8] ?? '0')}`;
  },
};

export const fileKinds = (premises: boolean): readonly FileKind[] => [
  OBJECTS,
  HOUSES,
  ...(premises ? [PREMISES] : []),
  parameters('ADDR_OBJ_PARAMS'),
  parameters('HOUSES_PARAMS'),
  ...(premises ? [parameters('APARTMENTS_PARAMS')] : []),
  hierarchy('MUN_HIERARCHY', 'municipal', 'OKTMO'),
  hierarchy('ADM_HIERARCHY', 'place', 'REGIONCODE'),
];

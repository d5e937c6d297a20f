/** Names of types: from the archive where it brings them, else those that come with the project. */
import type { AddressTypeTable } from '../tables.ts';
import { type Archive, type ArchiveFile, openArchive } from './archive.ts';
import { decodeText, RowScanner } from './scan-rows.ts';

export type AddressType = Omit<AddressTypeTable, 'level'> & { level: number };

const BUILT_IN = 'data/gar/dictionaries';
const OPEN_END = '2079-06-06';
const KINDS: Readonly<Record<string, AddressType['kind']>> = {
  ADDR_OBJ_TYPES: 'object',
  HOUSE_TYPES: 'house',
  ADDHOUSE_TYPES: 'addition',
  APARTMENT_TYPES: 'apartment',
  ROOM_TYPES: 'room',
};

/** The register's own file of these is not published with the others. */
const ADDITIONS: readonly AddressType[] = [
  ['к.', 'Корпус'],
  ['стр.', 'Строение'],
  ['соор.', 'Сооружение'],
  ['литера', 'Литера'],
].map(([short_name, name], index) => ({
  kind: 'addition',
  code: index + 1,
  level: 0,
  short_name: short_name!,
  name: name!,
  valid_to: OPEN_END,
}));

async function readTypes(file: ArchiveFile): Promise<AddressType[]> {
  const types: AddressType[] = [];
  const scanner = new RowScanner(['ID', 'LEVEL', 'SHORTNAME', 'NAME', 'ENDDATE'], (values) => {
    const [id, level, shortName, name, end] = values.map((value) => (value === undefined ? '' : decodeText(value)));
    types.push({
      kind: KINDS[file.kind]!,
      code: Number(id),
      level: Number(level || 0),
      short_name: (shortName || name)!,
      name: name!,
      valid_to: end!.slice(0, 10) || OPEN_END,
    });
  });
  for await (const chunk of await file.open()) scanner.write(chunk as Buffer);
  scanner.end();
  return types;
}

const readAll = async (archive: Archive): Promise<AddressType[]> =>
  (await Promise.all(archive.files.filter((file) => KINDS[file.kind]).map(readTypes))).flat();

/** The types of an archive; kinds that it does not bring are left to those already loaded, or else to the built-in ones. */
export async function readDictionaries(archive: Archive, loaded: readonly AddressType[]): Promise<AddressType[]> {
  const brought = await readAll(archive);
  const builtIn = await openArchive(BUILT_IN);
  const spare = [...(await readAll(builtIn)), ...ADDITIONS];
  builtIn.close();
  return Object.values(KINDS).flatMap((kind) => {
    for (const types of [brought, loaded, spare]) {
      const own = types.filter((type) => type.kind === kind);
      if (own.length > 0) return own;
    }
    return [];
  });
}

/**
 * The printed short name of a type. Objects keep the short name of their day («ул» until 2022-09-30): it is replaced by the one in
 * force for the same name at the same level. A word written out («проезд») stays, as does a name without one in force («линия»).
 */
export function typeNames(types: readonly AddressType[], today: string): (level: string, shortName: string) => string {
  const objects = types.filter((type) => type.kind === 'object');
  const inForce = new Map<string, string>();
  for (const { level, name, short_name, valid_to } of objects)
    if (valid_to > today) inForce.set(`${level} ${name.toLowerCase()}`, short_name);
  const printed = new Map<string, string>();
  for (const { level, name, short_name } of objects)
    if (short_name.toLowerCase() !== name.toLowerCase())
      printed.set(`${level} ${short_name}`, inForce.get(`${level} ${name.toLowerCase()}`) ?? short_name);
  return (level, shortName) => printed.get(`${level} ${shortName}`) ?? shortName;
}

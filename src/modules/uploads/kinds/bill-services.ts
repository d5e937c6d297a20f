import type { Db } from '../../../platform/database/database.ts';
import type { Group } from '../../billing/index.ts';
import { listItems } from '../../classifiers/index.ts';
import { SERVICES } from '../layouts/bills.ts';
import { type Entry, rowsOf } from '../work.ts';

export interface Service {
  group: Group;
  code: string | null;
}

/** Lists of services: НСИ 50 housing, 3 and 51 communal, 2 and 337 resources for common property, 1 additional. */
const GROUPS: Readonly<Record<string, Group>> = {
  '50': 'housing',
  '3': 'communal',
  '51': 'communal',
  '2': 'common_property',
  '337': 'common_property',
  '1': 'additional',
};
/** Names of the lists in the reference sheet, where their numbers are left out. */
const LIST_WORDS: readonly [RegExp, string][] = [
  [/жилищн/i, '50'],
  [/ресурс/i, '337'],
  [/коммунальн/i, '51'],
  [/дополнительн/i, '1'],
];

/** What bills call services that the lists name otherwise: the everyday word, then the word of the list. */
const EVERYDAY: Readonly<Record<string, string>> = {
  'содержание жилого помещения': 'Содержание помещения',
  'содержание и ремонт жилого помещения': 'Содержание помещения',
  'содержание и ремонт жилья': 'Содержание помещения',
  'содержание и текущий ремонт': 'Содержание помещения',
  'содержание жилья': 'Содержание помещения',
  'капитальный ремонт': 'Взнос на капитальный ремонт',
  'взносы на капитальный ремонт': 'Взнос на капитальный ремонт',
  наем: 'Плата за пользование жилым помещением (плата за наем)',
  'плата за наем': 'Плата за пользование жилым помещением (плата за наем)',
  хвс: 'Холодное водоснабжение',
  гвс: 'Горячее водоснабжение',
  водоотведение: 'Отведение сточных вод',
  электроэнергия: 'Электроснабжение',
  'обращение с тко': 'Обращение с твердыми коммунальными отходами',
  'вывоз тко': 'Обращение с твердыми коммунальными отходами',
};

const bare = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Two services of the housing list are groups of their own. */
const groupOf = (registry: string, name: string): Group =>
  registry === '50' && /капитальн/i.test(name)
    ? 'capital_repair'
    : registry === '50' && /страхован/i.test(name)
      ? 'insurance'
      : (GROUPS[registry] ?? 'additional');

const MOST_FOUND = 5000;

/** Which group of section 3 a service stands in: by the issuer's own reference sheet, else by the state lists. */
export class ServiceNames {
  readonly #byName = new Map<string, Service>();
  /** By the name as it was typed: a file has few of them. */
  readonly #found = new Map<string, Service | null>();
  readonly #told = new Set<string>();

  static async read(db: Db, reference: Entry): Promise<ServiceNames> {
    const names = new ServiceNames();
    // Resources first: a name of the communal list counts for more.
    for (const registry of [2, 50, 3])
      for (const { name, code, actual } of await listItems(db, registry))
        if (actual || registry === 50)
          names.#add(name, { group: groupOf(String(registry), name), code: `${registry}.${code}` });
    for (const { values } of rowsOf(reference, SERVICES)) {
      const registry =
        values.registry?.replace(/\D/g, '') || LIST_WORDS.find(([words]) => words.test(values.list ?? ''))?.[1];
      if (values.name) names.#add(values.name, { group: groupOf(registry ?? '', values.name), code: values.code });
    }
    return names;
  }

  /** Null: no list has it. */
  find(name: string): Service | null {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    const words = bare(name);
    const service = this.#byName.get(words) ?? this.#byName.get(bare(EVERYDAY[words] ?? '')) ?? null;
    if (this.#found.size < MOST_FOUND) this.#found.set(name, service);
    return service;
  }

  /** True once for each unknown service: a file of a thousand bills has one thing to say of it, not a thousand. */
  tellOnce(name: string): boolean {
    if (this.#told.has(name)) return false;
    if (this.#told.size < MOST_FOUND) this.#told.add(name);
    return true;
  }

  #add(name: string, service: Service): void {
    this.#byName.set(bare(name), service);
  }
}

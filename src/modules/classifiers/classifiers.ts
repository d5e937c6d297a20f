/** A reference from one classifier to an item of another, as it is published. */
export interface NsiReference {
  nsi: string;
  code: string;
  guid: string;
}

export type NsiValue = string | NsiReference | readonly (string | NsiReference)[];

/** One row of a state classifier (НСИ). Code and GUID are the state's own: every exchange names things by them. */
export interface NsiItem {
  registry: number;
  guid: string;
  code: string;
  name: string;
  /** False for a withdrawn row: kept, because old records name it. */
  actual: boolean;
  fields: Readonly<Record<string, NsiValue>>;
  parentGuid: string | null;
}

export interface PublishedItem {
  code: string;
  guid: string;
  actual: boolean;
  /** Absent where a row has only a code. */
  fields?: Readonly<Record<string, NsiValue>>;
  children?: readonly PublishedItem[];
}

export interface PublishedList {
  registry: number;
  name: string | null;
  elements: readonly PublishedItem[];
}

/** Lists whose naming field neither bears the name of the list nor comes first. */
const NAMING_FIELD: Readonly<Record<number, string>> = {
  13: 'Работа (услуга)',
  33: 'Вид объекта',
  38: 'Вид электростанции',
  53: 'Полное наименование',
  63: 'Полное наименование',
  220: 'Наименование темы',
  237: 'Формализованное наименование',
};
const NAMES = /^(наименование|полное наименование)/i;
const NOT_NAMES = /^(единица|сокращ|кратк|дата|примечание|порядок|код|признак|групп|ссылка|сортировк|нпа)/i;

const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim().toLowerCase();

/** What a row is called: each list keeps the name in a field of its own; a row without one is called by its code. */
export function nameOf(list: Pick<PublishedList, 'registry' | 'name'>, item: Pick<PublishedItem, 'code' | 'fields'>) {
  const texts = Object.entries(item.fields ?? {}).filter(
    (field): field is [string, string] => typeof field[1] === 'string',
  );
  const title = squeeze(list.name ?? '');
  const found =
    texts.find(([field]) => field === NAMING_FIELD[list.registry]) ??
    texts.find(([field]) => squeeze(field) === title) ??
    texts.find(([field]) => NAMES.test(field)) ??
    texts.find(([field]) => !NOT_NAMES.test(field)) ??
    texts[0];
  return found?.[1].trim() || item.code;
}

export interface FlatItem extends NsiItem {
  position: number;
  parentPosition: number | null;
}

/** The rows of a list in their order, each after its parent. */
export function flatten(list: PublishedList): FlatItem[] {
  const flat: FlatItem[] = [];
  const visit = (items: readonly PublishedItem[], parent: FlatItem | null): void => {
    for (const item of items) {
      const row: FlatItem = {
        registry: list.registry,
        guid: item.guid.toLowerCase(),
        code: item.code,
        name: nameOf(list, item),
        actual: item.actual,
        fields: item.fields ?? {},
        parentGuid: parent?.guid ?? null,
        position: flat.length + 1,
        parentPosition: parent?.position ?? null,
      };
      flat.push(row);
      visit(item.children ?? [], row);
    }
  };
  visit(list.elements, null);
  return flat;
}

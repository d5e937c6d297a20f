import { readFile } from 'node:fs/promises';
import type { Db } from '../../platform/database/database.ts';
import { type FlatItem, flatten, type PublishedList } from './classifiers.ts';
import { selectItems, upsertItems, upsertList } from './queries.ts';

/**
 * Loads the state's classifiers, with their codes and GUIDs. Safe to repeat: only what changed is written.
 * Rows that the file no longer has stay as withdrawn ones, at the end of their list.
 * @param file a JSON array of lists as in data/nsi/nsi.json
 * @returns how many lists the file has and how many rows were written
 */
export async function loadClassifiers(db: Db, file = 'data/nsi/nsi.json'): Promise<{ lists: number; written: number }> {
  const lists = JSON.parse(await readFile(file, 'utf8')) as PublishedList[];
  let written = 0;
  for (const list of lists) {
    const items = flatten(list);
    await upsertList(db, list.registry, list.name ?? `НСИ ${list.registry}`);
    written += await upsertItems(db, [...items, ...(await withdrawn(db, list.registry, items))]);
  }
  return { lists: lists.length, written };
}

async function withdrawn(db: Db, registry: number, items: readonly FlatItem[]): Promise<FlatItem[]> {
  const published = new Set(items.map((item) => item.guid));
  const gone = (await selectItems(db, registry)).filter((item) => !published.has(item.guid));
  const unique = [...new Map(gone.map((item) => [item.guid, item])).values()];
  return unique.map((item, index) => ({
    ...item,
    actual: false,
    position: items.length + 1 + index,
    parentPosition: items.find((parent) => parent.guid === item.parentGuid)?.position ?? null,
  }));
}

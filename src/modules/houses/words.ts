import type { Db } from '../../platform/database/database.ts';
import { findItem, listItems } from '../classifiers/index.ts';
import type { HouseCard } from './house.ts';

/** State classifiers that describe houses and premises. */
export const NSI = { ownership: 8, state: 24, management: 25, kind: 26, premises: 30, lift: 192, stage: 338 } as const;

/** The list names ways of management by letters that only clerks know. */
const MANAGEMENT_WORDS: Readonly<Record<string, string>> = {
  '2': 'Товарищество собственников жилья (ТСЖ)',
  '3': 'Жилищный кооператив (ЖК)',
  '5': 'Управляющая организация',
};

const nameOf = async (db: Db, registry: number, code: string | null): Promise<string | null> =>
  code === null ? null : ((await findItem(db, registry, code))?.name ?? null);

/** What the codes of a card mean, in words. */
export interface HouseWords {
  kind: string | null;
  state: string | null;
  stage: string | null;
  management: string | null;
}

export async function readHouseWords(db: Db, card: HouseCard): Promise<HouseWords> {
  const [kind, state, stage, management] = await Promise.all([
    nameOf(db, NSI.kind, card.kindCode),
    nameOf(db, NSI.state, card.stateCode),
    nameOf(db, NSI.stage, card.stageCode),
    nameOf(db, NSI.management, card.managementCode),
  ]);
  return { kind, state, stage, management: MANAGEMENT_WORDS[card.managementCode ?? ''] ?? management };
}

/** Rows of a list that a form offers: those in force, in the order of the list. */
export async function readChoices(db: Db, registry: number): Promise<{ value: string; label: string }[]> {
  const items = await listItems(db, registry);
  return items
    .filter((item) => item.actual)
    .map((item) => ({
      value: item.code,
      label: (registry === NSI.management && MANAGEMENT_WORDS[item.code]) || item.name,
    }));
}

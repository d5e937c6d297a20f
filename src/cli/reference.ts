import { loadClassifiers, loadRegions } from '../modules/classifiers/index.ts';
import { loadLegalTexts } from '../modules/identity/index.ts';
import type { Db } from '../platform/database/database.ts';
import { loadRules } from '../platform/rules/load.ts';

/** Loads what every installation needs before its first page: regions, classifiers, dated rules, legal texts. Repeatable. */
export async function loadReference(db: Db): Promise<void> {
  await loadRegions(db);
  await loadClassifiers(db);
  await loadRules(db);
  await loadLegalTexts(db);
}

import { isOpenTo } from '../../platform/access.ts';
import type { Db } from '../../platform/database/database.ts';
import type { HouseId } from '../../platform/ids.ts';
import { readHouses } from '../houses/index.ts';
import type { Upload } from './upload.ts';
import { badJudgement, type Entry, firstRow, type Judgement, type Work } from './work.ts';

const notOpen = (entry: Entry, title: string, message: string): Judgement<never> =>
  badJudgement(entry, title, [{ ...firstRow(entry), wrong: true, message }]);

/**
 * Judges entries of one house, when it is open to whoever sent the file. An employee who is limited to some houses may load them from a
 * file of the whole organisation: the other houses are refused by name, so that nothing is passed over in silence.
 */
export async function judgeOpen<Plan>(
  db: Db,
  upload: Pick<Upload, 'houses'>,
  work: Work<Plan>,
  houseId: HouseId | null,
  entries: readonly Entry[],
): Promise<Judgement<Plan>[]> {
  if (upload.houses === null) return work.judge(db, houseId, entries);
  if (houseId === null) {
    // Without a house there is nothing to compare with: what the kind finds wrong itself is said, the rest is refused here.
    const judged = await work.judge(db, null, entries);
    return judged.map((one) =>
      one.verdict === 'bad' ? one : notOpen(one.entry, one.title, 'не видно, какого она дома: вам открыты не все дома'),
    );
  }
  if (isOpenTo(upload, houseId)) return work.judge(db, houseId, entries);
  const [house] = await readHouses(db, [houseId]);
  const address = house?.shortAddress ?? 'Этот дом';
  return entries.map((entry) =>
    notOpen(entry, address, `${address}: этот дом вам не открыт, его загружает другой сотрудник вашей организации`),
  );
}

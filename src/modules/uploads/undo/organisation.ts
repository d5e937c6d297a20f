import type { Db } from '../../../platform/database/database.ts';
import type { Image } from '../../../platform/database/image.ts';
import { readCardImage, restoreCard } from '../../organisations/index.ts';
import { selectChanges } from '../queries/changes.ts';
import type { Upload } from '../upload.ts';
import { laterChanges } from './later-changes.ts';
import type { Reversal } from './reversal.ts';
import type { Dependent, Found } from './undo.ts';

/** The card gets back what it said. Bank accounts that the file brought stay: money may have gone there. */
export const organisation: Reversal = {
  houses: async () => [null],
  async look(_context, db, upload) {
    return lookAtCard(db, upload);
  },
  async undo({ clock }, trx, upload) {
    await readCardImage(trx, upload.organisationId, true);
    const found = await lookAtCard(trx, upload);
    if (found.dependents.length > 0) return found;
    const [change] = await selectChanges(trx, upload, null);
    const { requisites: _requisites, ...fields } = change?.before ?? {};
    await restoreCard(trx, upload.organisationId, fields, clock());
    return found;
  },
};

const BANK_STAYS =
  'Файл добавил счета для оплаты. Вместе с загрузкой они не отменяются: на них могли уже заплатить. Исправьте сведения на странице карточки, а о лишнем счёте напишите администратору';

async function lookAtCard(db: Db, upload: Upload): Promise<Found> {
  const { organisationId } = upload;
  const changes = await selectChanges(db, upload, null);
  const card = await readCardImage(db, organisationId, false);
  const brought = changes.flatMap(({ after }) => (after.requisites as string[] | undefined) ?? []);
  const fields = changes.flatMap(({ after }) => Object.keys(after).filter((name) => name !== 'requisites'));
  const now = new Map<string, Image>([[organisationId, card]]);
  const bank: Dependent[] = brought.length > 0 ? [{ kind: 'used', title: 'Счета для оплаты', what: BANK_STAYS }] : [];
  return {
    figures: { fields: BigInt(fields.length) },
    dependents: [...bank, ...(await laterChanges(db, upload, changes, now, () => 'Карточка организации'))],
  };
}

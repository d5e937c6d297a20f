import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import type { LetterContent } from '../../../platform/mail/content.ts';
import { formatDate, formatMonth, formatRubles } from '../../../ui/format.ts';
import { readUndone, type UndoneDocument } from '../../billing/index.ts';
import { readHouse } from '../../houses/index.ts';
import { sendNotice } from '../../notices/index.ts';
import { readOrganisation } from '../../organisations/index.ts';
import { selectLoadedHouses, selectUndo } from '../queries/undo.ts';
import { selectUpload } from '../queries/uploads.ts';
import type { Upload, UploadKey } from '../upload.ts';
import type { Undo } from './undo.ts';
import { witnessesOf } from './witnesses.ts';

type Wrong = UndoneDocument & { address: string; day: string };

/** Tells those who have seen documents of an upload that they are taken back: one letter a person, however many documents and houses. */
export async function tellResidents(context: Context, key: UploadKey): Promise<void> {
  const { db } = context;
  const [upload, undo] = [await selectUpload(db, key.organisationId, key.uploadId), await selectUndo(db, key)];
  if (undo?.state !== 'done' || !upload) return;
  const issuer = (await readOrganisation(db, key.organisationId))?.short_name ?? 'Организация';
  for (const [personId, wrong] of await witnesses(context, upload, undo))
    await transaction(db, (trx) =>
      sendNotice(context, trx, {
        kind: 'bill_withdrawn',
        personId,
        object: `upload ${key.uploadId}`,
        subject:
          wrong.length === 1
            ? 'Квитанция отменена, платить по ней не нужно'
            : 'Квитанции отменены, платить по ним не нужно',
        content: letterOf(context, issuer, undo, wrong),
      }),
    );
}

async function witnesses({ db }: Context, upload: Upload, { doneAt }: Undo): Promise<Map<PersonId, Wrong[]>> {
  const all = new Map<PersonId, Wrong[]>();
  for (const houseId of await selectLoadedHouses(db, upload)) {
    const documents = await readUndone(db, houseId, upload.uploadId);
    const { shortAddress: address, zone } = (await readHouse(db, houseId))!;
    for (const [personId, own] of await witnessesOf(db, houseId, upload, documents))
      all.set(personId, [
        ...(all.get(personId) ?? []),
        ...own.map((one) => ({ ...one, address, day: formatDate(doneAt!, zone) })),
      ]);
  }
  return all;
}

/** More are not read: the page has them all. */
const MOST_LINES = 24;

function letterOf({ config }: Context, issuer: string, { reason }: Undo, wrong: readonly Wrong[]): LetterContent {
  const one = wrong.length === 1;
  return {
    title: one ? 'Квитанция отменена' : 'Квитанции отменены',
    paragraphs: [
      `${issuer} ${wrong[0]!.day} отменила ${one ? 'квитанцию, которую' : 'квитанции, которые'} вы могли видеть. Причина: ${reason}`,
      `Платить по ${one ? 'ней' : 'ним'} не нужно. ${wrong.some(({ restored }) => restored) ? 'Там, где квитанция была исправлением, снова действует прежняя.' : 'Если придёт новая квитанция, вы увидите её в кабинете.'}`,
    ],
    facts: wrong.slice(0, MOST_LINES).map(({ period, address, accountNumber, asked, restored }) => ({
      name: `${formatMonth(period)}, ${address}, счёт ${accountNumber}`,
      value: `${formatRubles(asked)} — отменено${restored ? ', действует прежняя' : ''}`,
    })),
    action: { label: 'Открыть квитанции', url: `${config.PUBLIC_URL}/bills` },
  };
}

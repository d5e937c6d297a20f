import { z } from 'zod';
import { type Actor, authorise, personOf } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict, NotFound } from '../../platform/errors.ts';
import { recordFile } from '../../platform/files/files.ts';
import { type StoredFile, selectFile } from '../../platform/files/queries.ts';
import { removeFiles } from '../../platform/files/remove-files.ts';
import { newId, type PersonId } from '../../platform/ids.ts';
import { addJob, defineJob, type JobKind } from '../../platform/jobs/jobs.ts';
import { dayIn } from '../../platform/month.ts';
import type { PersonPart } from '../../platform/person-part.ts';
import { getWholeNumber } from '../../platform/rules/rules.ts';
import { formatDate } from '../../ui/index.ts';
import { sendNotice } from '../notices/index.ts';
import { access } from './access.ts';
import { countParts, makeArchive } from './make-archive.ts';
import {
  beginExport,
  countDone,
  deleteStoredFiles,
  dropReadyExports,
  type ExportKey,
  failExport,
  finishExport,
  insertExport,
  selectExport,
} from './queries/exports.ts';
import type { ExportId } from './tables.ts';

const ZONE = 'Europe/Moscow';
/** Beyond it something is wrong with us: all that one person may attach in years is less. */
const LIMIT_BYTES = 8 * 1024 * 1024 * 1024;
/** What cannot be made at the third try is not made at the tenth. */
const TRIES = 3;

const payload = z.object({ personId: z.string(), exportId: z.string() });

/** Makes the archive that was ordered. A repeat after a kill begins it anew; bytes that were put and not named are swept. */
export const makeExportJob = (parts: readonly PersonPart[]): JobKind<z.output<typeof payload>> =>
  defineJob({
    name: 'personal_data.export',
    payload,
    run: (context, given) => makeExport(context, parts, given as ExportKey),
  });

/** @throws Conflict while one is being made */
export async function orderExport(context: Context, actor: Actor, parts: readonly PersonPart[]): Promise<ExportId> {
  authorise(actor, access.exportData);
  const { personId } = personOf(actor);
  const exportId = newId<ExportId>();
  const at = context.clock();
  const dropped = await transaction(context.db, async (trx) => {
    if (!(await insertExport(trx, { personId, exportId }, countParts(parts), at)))
      throw new Conflict('Архив уже готовится. Дождитесь его: он придёт один.', 'export_running');
    // One archive lies there at a time: the former is replaced.
    const gone = await dropReadyExports(trx, personId, at);
    await deleteStoredFiles(trx, gone);
    await audit(trx, { actor: personId, action: 'personal_data.export_ordered', at, subject: personId });
    await addJob(
      trx,
      makeExportJob(parts),
      { personId, exportId },
      { key: `export:${exportId}`, maxAttempts: TRIES + 1 },
    );
    return gone;
  });
  await removeFiles(context, dropped);
  return exportId;
}

async function makeExport(context: Context, parts: readonly PersonPart[], key: ExportKey): Promise<void> {
  const { db, clock, files, log } = context;
  const attempt = await beginExport(db, key, clock());
  if (attempt === null) return;
  if (attempt > TRIES) return failExport(db, key, clock());
  let counting = Promise.resolve();
  const archive = await makeArchive(context, parts, key.personId, (done) => {
    counting = counting.then(() => countDone(db, key, done, clock())).catch((err) => log.warn({ err }, 'not counted'));
  });
  const stored = await files.put(archive, { limitBytes: LIMIT_BYTES, field: 'archive' });
  await counting;
  const at = clock();
  const days = await getWholeNumber(db, 'people.export_days', dayIn(ZONE, at));
  const until = new Date(at.getTime() + days * 24 * 3_600_000);
  await transaction(db, async (trx) => {
    const { fileId, sizeBytes } = stored;
    // The person may be erased meanwhile: then nobody is told, and the bytes are swept.
    if (!(await finishExport(trx, key, { fileId, sizeBytes, until }, at))) return;
    await recordFile(trx, stored, { name: `Мои данные ${dayIn(ZONE, at)}.zip`, mediaType: 'application/zip' }, at);
    await sendNotice(context, trx, {
      kind: 'personal_data',
      personId: key.personId,
      object: key.exportId,
      subject: 'Архив ваших данных готов',
      content: {
        title: 'Архив ваших данных готов',
        paragraphs: [
          `Скачать его можно до ${formatDate(until, ZONE)} на странице «Все мои данные». Для этого нужно войти: сам архив мы не присылаем.`,
        ],
        action: { label: 'Скачать', url: `${context.config.PUBLIC_URL}/settings/export` },
        after: ['Не заказывали архив? Завершите чужие входы в «Настройках» и смените пароль в сервисе входа.'],
      },
    });
  });
}

/** The person's own archive while it lies there. Taking it is written down. @throws NotFound */
export async function takeExport(context: Context, actor: Actor, exportId: ExportId): Promise<StoredFile> {
  authorise(actor, access.exportData);
  const { personId } = personOf(actor);
  const at = context.clock();
  const found = await selectExport(context.db, { personId: personId as PersonId, exportId });
  const isThere = found?.state === 'ready' && found.until && found.until > at;
  const file = isThere && found.fileId ? await selectFile(context.db, found.fileId) : null;
  if (!file) throw new NotFound('Этого архива уже нет. Закажите новый на странице «Все мои данные».');
  await audit(context.db, {
    actor: personId,
    action: 'personal_data.export_downloaded',
    at,
    subject: personId,
    details: { exportId },
  });
  return file;
}

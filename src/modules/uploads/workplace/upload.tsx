import type { FastifyInstance } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { readNames } from '../../identity/index.ts';
import { access } from '../access.ts';
import { mayUpload } from '../authorise-kind.ts';
import { selectUndo } from '../queries/undo.ts';
import { countNotes, type NoteKey, selectCauses, selectNotePage } from '../queries/verdicts.ts';
import { KIND_NAMES, RUNNING, type Upload } from '../upload.ts';
import { disclosedUpload, isAskedPurpose } from './concealed.ts';
import { ownUpload } from './read-own.ts';
import { mayUndo } from './undo.tsx';
import { UploadPage } from './upload-page.tsx';
import { progressOf } from './words.tsx';

const NOTES = 50;
/** Beyond one page a clerk wants to know first what goes wrong again and again. */
const CAUSES = 10;

/** «3-17-1»: sheet, row and position of the last note shown. */
function readNoteKey(value: unknown): NoteKey | null {
  const match = /^(\d{1,4})-(\d{1,7})-(\d{1,6})$/.exec(String(value ?? ''));
  return match ? { sheet: Number(match[1]), row: Number(match[2]), position: Number(match[3]) } : null;
}

async function readUndo({ db }: Context, upload: Upload) {
  if (upload.state !== 'applied' && upload.state !== 'undone') return null;
  const undo = await selectUndo(db, upload);
  if (!undo) return null;
  const by = undo.decidedBy ? (await readNames(db, [undo.decidedBy])).get(undo.decidedBy) : undefined;
  return { ...undo, by: by ?? 'сотрудник организации' };
}

export function registerUploadPage(app: FastifyInstance, context: Context): void {
  const guarded = { config: { access: access.viewUploads, sensitive: true } };

  app.get('/work/uploads/:uploadId', guarded, async (request, reply) => {
    const upload = await ownUpload(context, request);
    const { errors, warnings } = request.query as { errors?: string; warnings?: string };
    const page = (wrong: boolean, after: string | undefined) =>
      selectNotePage(context.db, upload, { wrong, after: readNoteKey(after), limit: NOTES + 1 });
    const [counts, wrong, doubtful] = await Promise.all([
      countNotes(context.db, upload),
      page(true, errors),
      page(false, warnings),
    ]);
    const causes = (wrong: boolean, count: number, after: string | undefined) =>
      count > NOTES && !readNoteKey(after) ? selectCauses(context.db, upload, wrong, CAUSES) : [];
    const running = RUNNING.includes(upload.state);
    const disclosed = await disclosedUpload(context, actingFor(request.actor), upload);
    if (!running)
      await audit(context.db, {
        actor: actingFor(request.actor).personId,
        action: 'uploads.viewed',
        at: context.clock(),
        organisationId: upload.organisationId,
        details: { uploadId: upload.uploadId },
      });
    return sendPage(
      request,
      reply,
      {
        title: `${KIND_NAMES[upload.kind]}: ${upload.fileName}`,
        active: '/work/uploads',
        breadcrumbs: [{ href: '/work/uploads', label: 'Загрузка файлов' }, { label: upload.fileName }],
        ...(running && { refreshSeconds: 3 }),
      },
      <UploadPage
        upload={upload}
        disclosed={disclosed}
        isAsked={!disclosed && isAskedPurpose(actingFor(request.actor), upload)}
        mayDecide={mayUpload(request.actor, upload.kind)}
        counts={counts}
        errors={{
          rows: wrong.slice(0, NOTES),
          more: wrong.length > NOTES,
          first: !readNoteKey(errors),
          causes: await causes(true, counts.wrong, errors),
        }}
        warnings={{
          rows: doubtful.slice(0, NOTES),
          more: doubtful.length > NOTES,
          first: !readNoteKey(warnings),
          causes: await causes(false, counts.warnings, warnings),
        }}
        csrf={formToken(request, reply)}
        undo={await readUndo(context, upload)}
        mayUndo={mayUndo(request, upload)}
      />,
    );
  });

  app.get('/work/uploads/:uploadId/progress', guarded, async (request) => {
    const upload = await ownUpload(context, request);
    const { value, max, note } = progressOf(upload);
    return { value, max, note, done: !RUNNING.includes(upload.state) };
  });
}

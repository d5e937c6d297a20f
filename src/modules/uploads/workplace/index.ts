import type { FastifyInstance } from 'fastify';
import type { Context } from '../../../platform/context.ts';
import { registerAnswer } from './answer.tsx';
import { registerUploadDisclosure } from './concealed.ts';
import { registerDecisions } from './decisions.ts';
import { registerDownloads } from './downloads.ts';
import { registerMapping } from './mapping.tsx';
import { registerNewUpload } from './new-upload.tsx';
import { registerUndo } from './undo.tsx';
import { registerUploadPage } from './upload.tsx';
import { registerUploadList } from './upload-list.tsx';

/** Uploads of an organisation: the list, a new file, what the file would change, mapping of headings, the decision, the answer. */
export function registerUploads(app: FastifyInstance, context: Context): void {
  registerUploadList(app, context);
  registerNewUpload(app, context);
  registerDownloads(app, context);
  registerUploadPage(app, context);
  registerUploadDisclosure(app, context);
  registerAnswer(app, context);
  registerMapping(app, context);
  registerDecisions(app, context);
  registerUndo(app, context);
}

import type { FastifyInstance } from 'fastify';
import { personOf } from '../../../../platform/access.ts';
import type { Context } from '../../../../platform/context.ts';
import { writePdf } from '../../../../platform/pdf/write-pdf.ts';
import { access } from '../../access.ts';
import { selectFileHashes } from '../../queries/own-appeals.ts';
import { appealDocument } from './appeal-document.ts';
import { keyOf, ONE } from './one.ts';
import { openAppeal } from './read-view.ts';

/** The whole file of an appeal on paper, to keep and to take to court. */
export function registerDocument(app: FastifyInstance, context: Context): void {
  app.get(`${ONE}/appeal.pdf`, { config: { access: access.viewOwn, sensitive: true } }, async (request, reply) => {
    const view = await openAppeal(context, personOf(request.actor), keyOf(request));
    const { appeal, files } = view.whole;
    const hashes = await selectFileHashes(
      context.db,
      files.map(({ fileId }) => fileId),
    );
    const now = context.clock();
    const title = `Обращение № ${appeal.number}`;
    // Numbers of appeals are plain letters and hyphens; anything else would end the header.
    const name = appeal.number.replace(/[^\w-]/g, '_');
    return reply
      .type('application/pdf')
      .header('content-disposition', `attachment; filename="appeal-${name}.pdf"`)
      .send(writePdf(appealDocument(view, hashes, now), { title, foot: title, at: now }));
  });
}

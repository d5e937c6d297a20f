import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../../platform/context.ts';
import { parse } from '../../../platform/http/forms.ts';
import { access } from '../access.ts';
import { applyUpload, cancelUpload } from '../decide-upload.ts';
import { ownUpload, pathOf } from './read-own.ts';

const decision = z.object({
  policy: z.enum(['all_or_nothing', 'good_ones'], { error: 'Выберите, что загрузить' }).default('all_or_nothing'),
});

export function registerDecisions(app: FastifyInstance, context: Context): void {
  const guarded = { config: { access: access.decideUpload, sensitive: true } };

  app.post('/work/uploads/:uploadId/apply', guarded, async (request, reply) => {
    const upload = await ownUpload(context, request);
    const { policy } = parse(decision, request.body);
    await applyUpload(context, request.actor, upload.uploadId, policy);
    return reply.redirect(pathOf(upload), 303);
  });

  app.post('/work/uploads/:uploadId/cancel', guarded, async (request, reply) => {
    const upload = await ownUpload(context, request);
    await cancelUpload(context, request.actor, upload.uploadId);
    return reply.redirect(pathOf(upload), 303);
  });
}

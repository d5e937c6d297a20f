import type { FastifyInstance } from 'fastify';
import type { Context } from '../../../../platform/context.ts';
import { registerChoosing } from './choosing.tsx';
import { registerDraftFiles } from './files.tsx';
import { registerForm } from './form.tsx';
import { registerSending } from './sending.tsx';

/** Writing an appeal: the form, its windows, its files, sending. */
export function registerWriting(app: FastifyInstance, context: Context): void {
  registerForm(app, context);
  registerChoosing(app, context);
  registerDraftFiles(app, context);
  registerSending(app, context);
}

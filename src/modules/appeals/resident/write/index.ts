import type { FastifyInstance } from 'fastify';
import type { Context } from '../../../../platform/context.ts';
import { registerAddress } from './choose-address.tsx';
import { registerAddressee } from './choose-addressee.tsx';
import { registerMunicipality } from './choose-municipality.tsx';
import { registerTopic } from './choose-topic.tsx';
import { registerDraftFiles } from './files.tsx';
import { registerForm } from './form.tsx';
import { registerSending } from './sending.tsx';

/** Writing an appeal: the form, its windows, its files, sending. */
export function registerWriting(app: FastifyInstance, context: Context): void {
  registerForm(app, context);
  registerAddress(app, context);
  registerMunicipality(app, context);
  registerTopic(app, context);
  registerAddressee(app, context);
  registerDraftFiles(app, context);
  registerSending(app, context);
}

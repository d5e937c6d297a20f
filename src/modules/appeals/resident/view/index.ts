import type { FastifyInstance } from 'fastify';
import type { Context } from '../../../../platform/context.ts';
import { registerDocument } from './document.ts';
import { registerList } from './list.tsx';
import { registerView } from './view.tsx';

/** The author's own appeals: the list, one of them with all that happened, its files and its print. */
export function registerOwnAppeals(app: FastifyInstance, context: Context): void {
  registerList(app, context);
  registerView(app, context);
  registerDocument(app, context);
}

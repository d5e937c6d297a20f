import type { FastifyInstance } from 'fastify';
import type { Context } from '../../../../platform/context.ts';
import { registerList } from './list.tsx';

/** The author's own appeals: the list, one of them with all that happened, its files and its print. */
export function registerOwnAppeals(app: FastifyInstance, context: Context): void {
  registerList(app, context);
}

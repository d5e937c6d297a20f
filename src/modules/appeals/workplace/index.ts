import type { FastifyInstance } from 'fastify';
import type { Context } from '../../../platform/context.ts';
import { registerQueue } from './queue.tsx';

/** Appeals as an organisation works with them. */
export function registerAppealsDesk(app: FastifyInstance, context: Context): void {
  registerQueue(app, context);
}

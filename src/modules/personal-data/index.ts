import type { FastifyInstance } from 'fastify';
import type { Context } from '../../platform/context.ts';
import type { PersonPart } from '../../platform/person-part.ts';
import { registerDeletion } from './delete.tsx';
import { registerExport } from './export.tsx';
import { registerViews } from './views.tsx';

export { personalDataJobs, personalDataSchedule } from './jobs.ts';
export { journalPart } from './person-part.ts';

/** What a person may see, take and delete of themselves. */
export function registerPersonalData(app: FastifyInstance, context: Context, parts: readonly PersonPart[]): void {
  registerViews(app, context);
  registerExport(app, context, parts);
  registerDeletion(app, context, parts);
}

import type { FastifyInstance } from 'fastify';
import type { Context } from '../../../platform/context.ts';
import { registerAnswering } from './answer.tsx';
import { registerAnswerFiles } from './answer-files-routes.ts';
import { registerAppealAtDesk } from './appeal.tsx';
import { registerQueue } from './queue.tsx';
import { registerDeskStatistics } from './statistics.tsx';
import { registerSteps } from './steps.tsx';
import { registerTemplates } from './templates.tsx';

/** Appeals as an organisation works with them. */
export function registerAppealsDesk(app: FastifyInstance, context: Context): void {
  registerQueue(app, context);
  registerTemplates(app, context);
  registerDeskStatistics(app, context);
  registerAppealAtDesk(app, context);
  registerAnswering(app, context);
  registerAnswerFiles(app, context);
  registerSteps(app, context);
}

import type { FastifyInstance } from 'fastify';
import type { Context } from '../../../platform/context.ts';
import { registerOverseenAppeal } from './file.tsx';
import { registerTerritoryLists } from './list.tsx';
import { registerOwnRequests } from './requests.tsx';
import { registerTerritoryStatistics } from './statistics.tsx';

export { InspectorCards, inspectorLead } from './inspector-cards.tsx';
export { readCounts as countTerritory } from './list.tsx';

/** Appeals of a region as its inspectorate oversees them. */
export function registerTerritory(app: FastifyInstance, context: Context): void {
  registerTerritoryLists(app, context);
  registerOwnRequests(app, context);
  registerTerritoryStatistics(app, context);
  registerOverseenAppeal(app, context);
}

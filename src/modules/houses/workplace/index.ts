import type { FastifyInstance } from 'fastify';
import type { Context } from '../../../platform/context.ts';
import { registerHouseCards } from './house-cards.tsx';
import { registerHouseList } from './house-list.tsx';
import { registerPremises } from './premises.tsx';
import { registerRights } from './rights.tsx';

/** An organisation's houses: the list, a house with its parts, its card, premises and who owns them. */
export function registerHousesOfOrganisation(app: FastifyInstance, context: Context): void {
  registerHouseList(app, context);
  registerHouseCards(app, context);
  registerPremises(app, context);
  registerRights(app, context);
}

import type { FastifyInstance } from 'fastify';
import type { Context } from '../../platform/context.ts';
import { registerAddressPicker } from './choose.tsx';
import type { HouseCodes } from './find-by-codes.ts';
import { registerAddressSearch } from './search.tsx';

/** @param houseCodes finds houses by codes that are published of them, for «Классификационный код» */
export function registerAddresses(app: FastifyInstance, context: Context, houseCodes?: HouseCodes): void {
  registerAddressSearch(app, context);
  registerAddressPicker(app, context, houseCodes);
}

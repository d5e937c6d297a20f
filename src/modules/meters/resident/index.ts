import type { FastifyInstance } from 'fastify';
import type { Context } from '../../../platform/context.ts';
import { registerOwnMeters } from './meters.tsx';
import { registerPhotos } from './photos.ts';
import { registerReadings } from './readings.tsx';

/** The resident's side: sending readings, the devices and their history. */
export function registerMeters(app: FastifyInstance, context: Context): void {
  registerReadings(app, context);
  registerOwnMeters(app, context);
  registerPhotos(app, context);
}

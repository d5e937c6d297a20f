import type { Api } from '../../../platform/api/api.ts';
import type { Context } from '../../../platform/context.ts';
import { addFetchReadings } from './fetch-readings.ts';
import { addMeters } from './meters.ts';
import { addSendReadings } from './send-readings.ts';

/** Readings and devices for organisations' systems, under /api/v1. */
export function addMeterApi(api: Api, context: Context): void {
  addSendReadings(api, context);
  addFetchReadings(api, context);
  addMeters(api, context);
}

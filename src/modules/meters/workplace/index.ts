import type { FastifyInstance } from 'fastify';
import type { Context } from '../../../platform/context.ts';
import { registerBalance } from './balance.tsx';
import { registerMeterChanges } from './change-pages.tsx';
import { registerDecisions } from './decisions.tsx';
import { registerMetersDesk } from './desk.tsx';
import { registerReadingExport } from './export.tsx';
import { registerHouseRegister } from './house-register.tsx';
import { registerMeterLists } from './lists.tsx';
import { registerMeterCard } from './meter-card.tsx';
import { registerNewMeter } from './new-meter.tsx';
import { registerWindow } from './window.tsx';

/** Devices and readings as an organisation works with them. */
export function registerMetersOfOrganisation(app: FastifyInstance, context: Context): void {
  registerMetersDesk(app, context);
  registerMeterLists(app, context);
  registerReadingExport(app, context);
  registerWindow(app, context);
  registerHouseRegister(app, context);
  registerDecisions(app, context);
  registerBalance(app, context);
  registerNewMeter(app, context);
  registerMeterCard(app, context);
  registerMeterChanges(app, context);
}

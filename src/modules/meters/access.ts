import type { Role } from '../../platform/access.ts';

/** Residents see devices that charge the accounts they have connected; organisations those of their own accounts. */
export const access = {
  viewMeters: ['resident'],
  submitReadings: ['resident'],
  /** Whoever sent the picture, and organisations that got the reading. */
  viewPhoto: ['resident', 'clerk', 'head'],
  chooseReminders: ['resident'],
  endReminders: ['anyone'],
  viewRegister: ['clerk', 'head'],
  changeMeter: ['clerk', 'head'],
  enterReadings: ['clerk', 'head'],
  decideDeliveries: ['clerk', 'head'],
  askForReadings: ['clerk', 'head'],
  exportReadings: ['clerk', 'head'],
  viewWindow: ['clerk', 'head'],
  setWindow: ['head'],
  exchangeReadings: ['system'],
  exchangeMeters: ['system'],
} as const satisfies Record<string, readonly Role[]>;

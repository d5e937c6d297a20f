import { type Role, STAFF } from '../../platform/access.ts';

/** Residents see devices that charge the accounts they have connected; organisations those of their own accounts. */
export const access = {
  viewMeters: ['resident'],
  submitReadings: ['resident'],
  /** Whoever sent the picture, and organisations that got the reading. */
  viewPhoto: ['resident', 'clerk', 'head', 'dispatcher'],
  /** Houses with how many devices have sent: no figure of a dwelling. */
  viewHouses: STAFF,
  viewRegister: ['clerk', 'head', 'accountant', 'dispatcher'],
  changeMeter: ['clerk', 'head', 'dispatcher'],
  enterReadings: ['clerk', 'head', 'dispatcher'],
  decideDeliveries: ['clerk', 'head', 'dispatcher'],
  askForReadings: ['clerk', 'head', 'dispatcher'],
  exportReadings: ['clerk', 'head', 'accountant', 'dispatcher'],
  viewWindow: STAFF,
  setWindow: ['head'],
  exchangeReadings: ['system'],
  exchangeMeters: ['system'],
} as const satisfies Record<string, readonly Role[]>;

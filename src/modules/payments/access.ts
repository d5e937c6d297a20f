import type { Role } from '../../platform/access.ts';

export const access = {
  payOwn: ['resident'],
  payAny: ['anyone'],
  /** A guest and any signed-in person see the orders that they made themselves. */
  viewOrder: ['guest', 'newcomer'],
  viewHistory: ['resident'],
  receiveNotification: ['anyone'],
  manageOwnShop: ['head', 'accountant'],
  manageSplitShop: ['administrator'],
  answerQuestions: ['head', 'clerk', 'accountant'],
} as const satisfies Record<string, readonly Role[]>;

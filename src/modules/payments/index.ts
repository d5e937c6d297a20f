export { access as paymentsAccess } from './access.ts';
/** The door of payments: taking money for accounts through an acquirer. */

export { sealShopSecret } from './acquirer.ts';
export { registerHistory } from './history-page.tsx';
export { advancePayment, inquire, sweepPayments, sweepPaymentsEveryMinute } from './jobs.ts';
export { paymentsPart } from './person-part.ts';
export { registerPayingForAnybody } from './public.tsx';
export { activateShop, hasShops } from './queries/shops.ts';
export {
  type PaymentUnderWay,
  selectPayersSince as whoBeganToPay,
  selectUnderWay as paymentsUnderWay,
} from './queries/under-way.ts';
export { registerPaying } from './resident.tsx';
export { registerShopsAndQuestions } from './workplace.tsx';

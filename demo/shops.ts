import type { DemoOrganisationKey } from './organisations.ts';

/**
 * A shop of the acquirer in the demonstration. The sandbox bank is configured with all of them.
 * - own: the organisation takes money itself
 * - split: the operator takes money and hands it on
 * - recipient: takes no money itself; the operator's shop transfers to it, so its number is the organisation's split account
 */
export interface DemoShop {
  organisation: DemoOrganisationKey;
  shopId: string;
  secretKey: string;
  mode: 'own' | 'split' | 'recipient';
  /** What the bank's pay page calls the recipient. */
  name: string;
}

const shop = (organisation: DemoOrganisationKey, shopId: string, mode: DemoShop['mode'], name: string): DemoShop => ({
  organisation,
  shopId,
  // Not a secret: the sandbox bank takes no real money, and no other bank knows this key.
  secretKey: `test_demo_${shopId}`,
  mode,
  name,
});

export const DEMO_SHOPS: readonly DemoShop[] = [
  shop('dubravushka', '980001', 'own', 'ООО «УК „Дубравушка“»'),
  shop('teplorodnik', '980002', 'own', 'АО «Теплородник»'),
  shop('operator', '980100', 'split', 'Личный кабинет «Домовой»'),
  shop('tikhiy-dvor', '980101', 'recipient', 'ООО «Тихий двор»'),
  shop('svetlyachok', '980102', 'recipient', 'АО «Светлячок-Энергосбыт»'),
  shop('krepkie-steny', '980103', 'recipient', 'Фонд «Крепкие стены»'),
  shop('chistyulya', '980104', 'recipient', 'ООО «Чистюля»'),
  shop('kopeechka', '980105', 'recipient', 'АО «РЦ „Копеечка“»'),
  shop('uprava', '980106', 'recipient', 'Учебная управа района'),
];

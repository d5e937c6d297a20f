import type { Config } from '../../../platform/config.ts';
import { sum } from '../../../platform/money.ts';
import { counted, formatDate, formatMonth, formatRubles } from '../../../ui/index.ts';
import type { Message } from '../../notices/index.ts';
import type { BillWithTerm } from './tell-people.ts';

/** More are on the page. */
const MOST_LINES = 20;
const BILLS = ['квитанция', 'квитанции', 'квитанций'] as const;

/** One letter of all bills that came together. A corrected one says so: somebody may have paid by the first. */
export function letterOfBills({ PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>, bills: readonly BillWithTerm[]): Message {
  const [only] = bills;
  const isOne = bills.length === 1;
  const corrected = bills.filter(({ corrects }) => corrects).length;
  const left = formatRubles(sum(bills.map((bill) => (bill.total > 0n && !bill.isPaid ? bill.total : 0n))));
  const months = new Set(bills.map(({ period }) => period));
  const month = months.size === 1 ? ` за ${formatMonth(only!.period)}` : '';
  const what = isOne ? titleOfOne(only!) : `${counted(bills.length, BILLS)}${month}`;
  return {
    subject: `${what}: ${isOne ? toPay(only!) : left}`,
    ...(corrected === bills.length && {
      brief: { title: 'Квитанция исправлена', body: 'Посмотрите, что изменилось' },
    }),
    content: {
      title: what,
      paragraphs: [
        isOne
          ? `${only!.issuer} ${only!.corrects ? 'исправила' : 'выставила'} счёт: ${only!.address}.`
          : `Всего к оплате: ${left}.`,
        ...(corrected > 0 ? [ofCorrections(isOne)] : []),
      ],
      facts: isOne ? factsOfOne(only!) : bills.slice(0, MOST_LINES).map(lineOf),
      action: isOne
        ? { label: 'Посмотреть квитанцию', url: `${PUBLIC_URL}/bills/${only!.houseId}/${only!.documentId}` }
        : { label: 'Посмотреть и оплатить', url: `${PUBLIC_URL}/pay` },
      ...(bills.length > MOST_LINES && {
        after: [`Показаны первые ${MOST_LINES}. Остальные в разделе «Квитанции».`],
      }),
    },
  };
}

const titleOfOne = ({ corrects, period }: BillWithTerm): string =>
  corrects ? `Исправлена квитанция за ${formatMonth(period)}` : `Квитанция за ${formatMonth(period)}`;

const ofCorrections = (isOne: boolean): string =>
  isOne
    ? 'Прежняя квитанция за этот месяц больше не действует. Что вы по ней заплатили, учтено.'
    : 'Исправленные квитанции заменяют прежние. Что вы по ним заплатили, учтено.';

const toPay = ({ total, isPaid }: BillWithTerm): string => {
  if (total <= 0n) return 'платить не нужно';
  return isPaid ? `${formatRubles(total)}, уже оплачено` : formatRubles(total);
};

const factsOfOne = (bill: BillWithTerm) => [
  { name: 'Месяц', value: formatMonth(bill.period) },
  { name: 'К оплате', value: toPay(bill) },
  ...(bill.payBy ? [{ name: 'Оплатить до', value: `${formatDate(bill.payBy)} включительно` }] : []),
];

const lineOf = (bill: BillWithTerm) => ({
  name: bill.address,
  value: [
    `${toPay(bill)}${bill.payBy ? `, до ${formatDate(bill.payBy)}` : ''}`,
    `${bill.issuer}, ${formatMonth(bill.period)}${bill.corrects ? ', исправлена' : ''}`,
  ].join('\n'),
});

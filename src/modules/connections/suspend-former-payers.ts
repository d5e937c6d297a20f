import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { HouseId, PersonId } from '../../platform/ids.ts';
import { addMonths, dayIn, firstDay, monthOf } from '../../platform/month.ts';
import { formatDate } from '../../ui/index.ts';
import { type AccountCard, isAnotherPayer, isNamedPayer, isPayer, readAccounts } from '../accounts/index.ts';
import { sendNotice } from '../notices/index.ts';
import { type PayerLink, selectNewPayers, selectPayerLinks, setSeenThrough } from './queries/payers.ts';
import { moveLink } from './queries.ts';
import { endSharesOfLink } from './sharing/end-share.ts';

const ZONE = 'Europe/Moscow';

/** An account whose payer was changed, as it was before. */
export type FormerPayer = Pick<AccountCard, 'accountId' | 'payer' | 'familyName' | 'givenName' | 'snils'>;

/**
 * After accounts were written with another payer: the former payer's link is suspended, whatever had proved it, and what they shared ends.
 * Others who have proved the account (a husband by the bill, a tenant by a code) stay: they never were its payer. In the caller's
 * transaction; one statement finds the links, however many the accounts; the others are for those alone whose payer had a cabinet. Bills
 * of the months before stay theirs to read: they were addressed to them (152-ФЗ art. 14), and claims about them live three years (ГК
 * art. 196).
 */
export async function suspendFormerPayers(
  context: Pick<Context, 'config' | 'clock'>,
  trx: Transaction,
  by: PersonId,
  houseId: HouseId,
  changed: readonly FormerPayer[],
): Promise<void> {
  if (changed.length === 0) return;
  const before = new Map(changed.map((one) => [one.accountId, one]));
  const links = await selectPayerLinks(trx, houseId, [...before.keys()]);
  if (links.length === 0) return;
  const cards = await readAccounts(trx, houseId, [...new Set(links.map(({ accountId }) => accountId))]);
  for (const card of cards) {
    const wasPayer = ({ proof, person }: PayerLink) =>
      proof === 'payer' || isNamedPayer(person, before.get(card.accountId)!);
    const former = links.filter(
      (link) => link.accountId === card.accountId && wasPayer(link) && isAnotherPayer(link.person, card),
    );
    for (const link of former) await suspend(context, trx, by, link);
    if (former.length === 0 || card.payer !== 'person' || !card.snils) continue;
    for (const person of await selectNewPayers(trx, card.snils))
      if (isPayer(person, card)) await tellNewPayer(context, trx, person.personId, former[0]!);
  }
}

async function suspend(
  context: Pick<Context, 'config' | 'clock'>,
  trx: Transaction,
  by: PersonId,
  link: PayerLink,
): Promise<void> {
  const at = context.clock();
  const { personId, linkId, houseId, accountId } = link;
  const today = dayIn(ZONE, at);
  const refusal = `Организация сообщила ${formatDate(today)}, что плательщик этого счёта сменился.`;
  await setSeenThrough(trx, personId, linkId, firstDay(addMonths(monthOf(today), -1)));
  if (!(await moveLink(trx, { personId, linkId, from: ['connected'], to: 'suspended', refusal, at }))) return;
  await endSharesOfLink(context, trx, personId, linkId);
  await audit(trx, { actor: by, action: 'accounts.suspended', at, subject: personId, houseId, accountId });
  await sendNotice(context, trx, {
    kind: 'access_changed',
    personId,
    object: `${linkId}:suspended`,
    subject: 'Доступ к лицевому счёту приостановлен',
    content: {
      title: 'Доступ к лицевому счёту приостановлен',
      paragraphs: [
        `${refusal} Новые квитанции, показания и оплата этого счёта вам больше не видны.`,
        'Квитанции за прежние месяцы остаются в кабинете. Доступ, который вы открывали другим, закрыт.',
      ],
      action: { label: 'Мои счета', url: `${context.config.PUBLIC_URL}/accounts` },
      after: [
        'Если плательщик по-прежнему вы, подключите счёт ещё раз: одноразовым кодом, заявкой или по сумме квитанции, которая придёт после этого письма в организацию.',
      ],
    },
  });
}

const tellNewPayer = (
  context: Pick<Context, 'config' | 'clock'>,
  trx: Transaction,
  personId: PersonId,
  { linkId }: PayerLink,
) =>
  sendNotice(context, trx, {
    kind: 'access_changed',
    personId,
    object: `${linkId}:payer`,
    subject: 'Вас назвали плательщиком лицевого счёта',
    content: {
      title: 'Вас назвали плательщиком лицевого счёта',
      paragraphs: [
        'Организация сообщила, что плательщик одного из её лицевых счетов теперь вы. Подключите его: доказывать ничего не нужно.',
      ],
      action: { label: 'Подключить лицевой счёт', url: `${context.config.PUBLIC_URL}/accounts/connect` },
      after: ['Номер счёта есть в квитанции. Если это ошибка, сообщите организации.'],
    },
  });

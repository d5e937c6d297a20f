import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/database.ts';
import { formatDate } from '../../../ui/index.ts';
import { rightsInWords } from '../../accounts/index.ts';
import { readHouses } from '../../houses/index.ts';
import { sendNotice } from '../../notices/index.ts';
import type { Share } from '../queries/shares.ts';
import { ownerNameOf } from './owner-name.ts';

export type EndOfShare = 'revoked' | 'declined' | 'ended';

type Sender = Pick<Context, 'config' | 'clock'>;

/** Letters name no number of the account: the house tells which it is. */
async function placesOf(trx: Transaction, shares: readonly Share[]) {
  const houses = await readHouses(trx, [...new Set(shares.map(({ house_id }) => house_id))]);
  return [
    ...houses.map(({ shortAddress }) => ({ name: 'Дом', value: shortAddress })),
    ...(shares.length > 1 ? [{ name: 'Сколько счетов', value: String(shares.length) }] : []),
  ];
}

const factsOf = ({ rights, until }: Share) => [
  { name: 'Что можно', value: rightsInWords(rights) },
  { name: 'До', value: until ? `${formatDate(until)} включительно` : 'пока доступ не закроют' },
];

/** Both learn of it: the owner who it is, the helper what they may do and that the owner sees it. @param shares of one invitation */
export async function tellAccepted(
  context: Sender,
  trx: Transaction,
  shares: readonly Share[],
  ownerName: string,
): Promise<void> {
  const share = shares[0]!;
  const many = shares.length > 1;
  const url = `${context.config.PUBLIC_URL}/accounts`;
  const facts = [...(await placesOf(trx, shares)), ...factsOf(share)];
  await sendNotice(context, trx, {
    kind: 'access_changed',
    personId: share.person_id,
    object: `${share.share_id}:accepted`,
    subject: 'Ваше приглашение приняли',
    content: {
      title: many ? 'Доступ к вашим счетам открыт' : 'Доступ к вашему счёту открыт',
      paragraphs: [`Приглашение «${share.invited_as}» принял(а) ${share.helper_name}.`],
      facts,
      action: { label: 'Кому открыт доступ', url: `${url}/${share.link_id}/share` },
      after: ['Если вы приглашали не этого человека, закройте доступ: он прекратится сразу.'],
    },
  });
  await sendNotice(context, trx, {
    kind: 'access_changed',
    personId: share.helper_id!,
    object: share.share_id,
    subject: many ? 'Вам открыт доступ к лицевым счетам' : 'Вам открыт доступ к лицевому счёту',
    content: {
      title: `Доступ ${many ? 'к счетам' : 'к счёту'} открыт: ${ownerName}`,
      paragraphs: [
        many
          ? 'Счета стоят среди ваших лицевых счетов. Владелец видит, что и когда вы с ними делали.'
          : 'Счёт стоит среди ваших лицевых счетов. Владелец видит, что и когда вы с ним делали.',
      ],
      facts,
      action: { label: 'Мои счета', url },
    },
  });
}

const ENDED: Readonly<Record<EndOfShare, { owner: string; helper: string }>> = {
  revoked: { owner: 'Вы закрыли доступ.', helper: 'Владелец счёта закрыл доступ.' },
  declined: { owner: 'Человек отказался от доступа.', helper: 'Вы отказались от доступа.' },
  ended: {
    owner: 'Срок доступа кончился, или счёт больше не подключён к вашему кабинету.',
    helper: 'Срок доступа кончился, или счёт больше не подключён к кабинету владельца.',
  },
};

/** Nobody is told of an invitation that was not accepted: the owner sees it in the list. */
export async function tellEnded(
  context: Sender,
  trx: Transaction,
  shares: readonly Share[],
  why: EndOfShare,
): Promise<void> {
  const accepted = shares.filter(({ helper_id }) => helper_id !== null);
  const [share] = accepted;
  if (!share?.helper_id) return;
  const owner = await ownerNameOf(trx, share.person_id);
  const place = await placesOf(trx, accepted);
  const url = `${context.config.PUBLIC_URL}/accounts`;
  const letter = (side: 'owner' | 'helper', words: string, label: string, href: string) => ({
    kind: 'access_changed' as const,
    object: `${share.share_id}:ended`,
    subject: 'Доступ к лицевому счёту закрыт',
    content: {
      title: 'Доступ к лицевому счёту закрыт',
      paragraphs: [ENDED[why][side], words],
      facts: [...(side === 'helper' ? [{ name: 'Чей счёт', value: owner }] : []), ...place],
      action: { label, url: href },
    },
  });
  await sendNotice(context, trx, {
    personId: share.person_id,
    ...letter(
      'owner',
      `${share.helper_name} больше не видит ${accepted.length > 1 ? 'этих счетов' : 'этот счёт'}.`,
      'Кому открыт доступ',
      `${url}/${share.link_id}/share`,
    ),
  });
  await sendNotice(context, trx, {
    personId: share.helper_id,
    ...letter(
      'helper',
      accepted.length > 1 ? 'Счетов больше нет среди ваших.' : 'Счёта больше нет среди ваших.',
      'Мои счета',
      url,
    ),
  });
}

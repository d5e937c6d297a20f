import { connectAccount, decideClaim, type Refusal, refusalInWords } from '../src/modules/connections/index.ts';
import type { Life } from './appeals/lives.ts';
import { contextAt, type Past, workingDaysAgo } from './appeals/past.ts';
import { type Author, asEmployee } from './appeals/people.ts';
import { at } from './calendar.ts';
import { providerOf } from './organisations.ts';
import { selectClaimId, selectNumberOfAnother } from './queries.ts';

interface Told {
  /** Of the residents of the house. */
  claimant: number;
  /** Working days before today; the term is five of them. */
  sent: number;
  message: string;
  /** Whether it was granted, or why not; null while nobody has answered. */
  answer: 'granted' | Refusal | null;
}

const CLAIMS: readonly Told[] = [
  {
    ...{ claimant: 1, sent: 1, answer: null },
    message: 'Купили эту квартиру в сентябре, выписка из ЕГРН на руках. Квитанции приходят на прежнего собственника.',
  },
  { claimant: 2, sent: 2, message: 'Квартира мамы, плачу за неё я. Доверенность есть.', answer: null },
  {
    ...{ claimant: 3, sent: 4, answer: null },
    message: 'Вступил в наследство, свидетельство от нотариуса могу принести в любой приёмный день.',
  },
  { claimant: 4, sent: 5, message: '', answer: null },
  { claimant: 5, sent: 7, message: 'Пишу второй раз, отвечайте!', answer: null },
  { claimant: 6, sent: 12, message: 'Моя вторая квартира в этом же доме.', answer: 'granted' },
  { claimant: 7, sent: 16, message: 'Снимаю квартиру, хозяин разрешил.', answer: 'not_payer' },
  { claimant: 8, sent: 21, message: 'Это мой гараж.', answer: 'wrong_account' },
];

/** The house of «Дубравушка» with the most flats. */
const HOUSE = 0;

/** Residents who ask for the account of a flat that is somebody else's by its papers. */
export const claimLives = (past: Past, of: (house: number, index: number) => Author): Life[] =>
  CLAIMS.map((told, index) => () => live(past, told, of(HOUSE, told.claimant), index));

async function live(past: Past, { sent, message, answer }: Told, author: Author, index: number): Promise<void> {
  const { organisationId } = providerOf('dubravushka');
  const { db } = past.context;
  const number = await selectNumberOfAnother(db, author.actor, organisationId, index);
  const proof = { kind: 'claim', message } as const;
  const moment = at(workingDaysAgo(past, sent), 12, 10 + index * 4);
  await connectAccount(contextAt(past, moment), author.actor, {
    ...{ number, providerId: organisationId, accountId: null, proof },
  });
  if (answer === null) return;
  const context = contextAt(past, at(workingDaysAgo(past, sent - 3), 15, 5 + index * 6));
  await decideClaim(context, asEmployee('zayavkina'), await selectClaimId(db, author.actor.personId), {
    approve: answer === 'granted',
    reason: answer === 'granted' ? null : refusalInWords(answer, null),
  });
}

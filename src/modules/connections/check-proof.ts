import type { SignedIn } from '../../platform/access.ts';
import { sha256 } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import { dayIn } from '../../platform/month.ts';
import { getWholeNumber } from '../../platform/rules/rules.ts';
import type { AccountCard } from '../accounts/index.ts';
import { lastDocumentTotal } from '../billing/index.ts';
import { canonicalCode, type FailedTry, type Proof } from './connection.ts';
import { selectSeenOtherwise } from './queries/payers.ts';
import { countFailedProofs, insertFailedProof, lockAccount, useCode } from './queries.ts';

export interface Failure {
  field: string;
  message: string;
  failure: FailedTry | null;
}

const OTHER_WAYS = 'Можно ввести одноразовый код от организации или отправить ей заявку.';

/**
 * Checks the sum of the last bill or a one-time code. A wrong proof is counted for the account in the same transaction, with the
 * account locked: tries from many persons or at once do not slip past the limit. The caller counts it for the person.
 * @returns null when the proof holds
 */
export function checkProof(
  context: Context,
  person: SignedIn,
  card: AccountCard,
  proof: Extract<Proof, { kind: 'bill_sum' | 'code' }>,
): Promise<Failure | null> {
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    await lockAccount(trx, card.houseId, card.accountId);
    const limit = await getWholeNumber(trx, 'accounts.failed_proofs_per_day', dayIn('Europe/Moscow', at));
    const since = new Date(at.getTime() - 24 * 3_600_000);
    if ((await countFailedProofs(trx, card.houseId, card.accountId, since)) >= limit)
      return {
        field: proof.kind === 'code' ? 'code' : 'sum',
        message:
          'По этому счёту за сутки было слишком много неверных ответов. Попробуйте завтра или отправьте организации заявку.',
        failure: null,
      };
    const last = proof.kind === 'bill_sum' ? await lastDocumentTotal(trx, card.houseId, card.accountId) : null;
    // Before the sums are compared: the answer must not say whether it was right.
    if (last && (await isSeenOtherwise(trx, person, card, last.issuedAt)))
      return { field: 'sum', message: SEEN_OTHERWISE, failure: null };
    const failure =
      proof.kind === 'code' ? await checkCode(trx, card, proof.code, at) : checkSum(last?.total ?? null, proof.sum);
    if (!failure) return null;
    await insertFailedProof(trx, { houseId: card.houseId, accountId: card.accountId, personId: person.personId, at });
    return { ...failure, failure: proof.kind === 'code' ? 'wrong_code' : 'wrong_sum' };
  });
}

type WrongProof = Omit<Failure, 'failure'>;

async function checkCode(trx: Transaction, card: AccountCard, code: string, at: Date): Promise<WrongProof | null> {
  if (await useCode(trx, card.houseId, card.accountId, sha256(canonicalCode(code)), at)) return null;
  return {
    field: 'code',
    message: `Код не подошёл: он введён с ошибкой, уже использован или его срок вышел. Попросите у организации новый.`,
  };
}

const SEEN_OTHERWISE =
  'Эту квитанцию вы могли видеть, пока владелец открывал вам доступ или пока плательщиком были вы: она ничего не подтверждает. Нужна квитанция, выставленная позже, одноразовый код или заявка.';

/** A helper reads the bills of somebody else's account, and a former payer has those of before: to know their sums proves nothing. */
async function isSeenOtherwise(
  trx: Transaction,
  person: SignedIn,
  card: AccountCard,
  issuedAt: Date,
): Promise<boolean> {
  const { isShared, until } = await selectSeenOtherwise(trx, person.personId, card);
  return isShared || (until !== null && issuedAt <= until);
}

function checkSum(total: bigint | null, sum: bigint): WrongProof | null {
  if (total === null)
    return { field: 'sum', message: `По этому счёту ещё нет квитанций, сверить сумму не с чем. ${OTHER_WAYS}` };
  // Nothing to pay is the first guess of whoever has no bill: it proves nothing, and is not told apart from a wrong sum.
  if (total === sum && total > 0n) return null;
  return {
    field: 'sum',
    message: `Сумма не совпала. Нужна строка «Итого к оплате» последней квитанции, до копейки. ${OTHER_WAYS}`,
  };
}

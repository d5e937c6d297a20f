import { type Actor, actingFor, authorise } from '../../../platform/access.ts';
import { auditLook } from '../../../platform/audit/audit.ts';
import { sha256 } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import type { Db } from '../../../platform/database/database.ts';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import type { HouseId } from '../../../platform/ids.ts';
import { type AccountCard, readAccounts } from '../../accounts/index.ts';
import { premisesLabel, readHouses, readPremises } from '../../houses/index.ts';
import { access } from '../access.ts';
import { canonicalCode } from '../connection.ts';
import { selectBatch, selectWorkingCodes } from '../queries/letters.ts';
import { type BatchId, codeOf } from './batch.ts';

export interface CodeLetter {
  number: string;
  serviceId: string;
  address: string;
  code: string;
  expiresAt: Date;
}

/**
 * The letters of a batch whose codes still work, by number. Each time is a look at the accounts, for the purpose that the batch was made for.
 * @throws NotFound when the batch is not the organisation's or not ready, Conflict when no code of it works or can be printed again
 */
export async function takeLetters(
  context: Context,
  actor: Actor,
  { houseId, batchId }: { houseId: HouseId; batchId: BatchId },
): Promise<CodeLetter[]> {
  authorise(actor, access.makeCode);
  const clerk = actingFor(actor);
  const { db, config } = context;
  const at = context.clock();
  const batch = await selectBatch(db, clerk.acting, houseId, batchId);
  if (batch?.state !== 'ready') throw new NotFound('Таких писем нет.');
  const hashes = await selectWorkingCodes(db, houseId, batchId, at);
  const cards = await readAccounts(db, houseId, [...hashes.keys()], clerk.acting);
  const first = cards[0];
  if (!first)
    throw new Conflict('Коды этих писем больше не действуют: использованы, заменены новыми или кончился срок.');
  const coded = cards.map((card) => ({ card, code: codeOf(config, batchId, card.accountId) }));
  if (coded.some(({ card, code }) => !hashes.get(card.accountId)!.equals(sha256(canonicalCode(code)))))
    throw new Conflict('Ключ установки сменился: эти письма больше не напечатать. Сделайте новые.');
  await auditLook(db, clerk, {
    action: 'accounts.printed_letters',
    at,
    what: batch.accountId ? `Письмо с кодом: лицевой счёт № ${first.number}` : 'Письма с кодами подключения',
    thingId: batchId,
    homes: [{ houseId, about: cards.map(({ accountId }) => accountId), accountId: batch.accountId }],
    purpose: batch.purpose,
    details: { batchId, letters: cards.length },
  });
  const addressOf = await addressOfAccounts(db, houseId, cards);
  return coded
    .map(({ card, code }) => {
      const { number, serviceId } = card;
      return { number, serviceId, address: addressOf(card), code, expiresAt: batch.expiresAt };
    })
    .sort((a, b) => a.number.localeCompare(b.number, 'ru', { numeric: true }));
}

/** Up to the flat, as a letter needs it. */
export async function addressOfAccounts(
  db: Db,
  houseId: HouseId,
  cards: readonly AccountCard[],
): Promise<(card: AccountCard) => string> {
  const [house] = await readHouses(db, [houseId]);
  const places = cards.flatMap((card) => card.places.map(({ premisesId }) => premisesId));
  const labels = new Map(
    (await readPremises(db, houseId, [...new Set(places)])).map((one) => [one.premisesId, premisesLabel(one)]),
  );
  return ({ places: own }) =>
    [house?.address, ...new Set(own.map(({ premisesId }) => labels.get(premisesId)))].filter(Boolean).join(', ');
}

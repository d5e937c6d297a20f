import { randomBytes } from 'node:crypto';
import { type Actor, actingFor, authorise } from '../../../platform/access.ts';
import { auditLook } from '../../../platform/audit/audit.ts';
import { sha256 } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/database/database.ts';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import type { AccountId, HouseId } from '../../../platform/ids.ts';
import { dayIn } from '../../../platform/month.ts';
import { getWholeNumber } from '../../../platform/rules/rules.ts';
import { type AccountCard, readAccounts } from '../../accounts/index.ts';
import { premisesLabel, readHouses, readPremises } from '../../houses/index.ts';
import { access } from '../access.ts';
import { canonicalCode, composeCode } from '../connection.ts';
import { replaceCodes, selectOpenAccounts } from '../queries/letters.ts';

/** One file holds a large house; the flats after them are asked for by their number. */
export const MOST_LETTERS = 500;

export interface CodeLetter {
  number: string;
  serviceId: string;
  address: string;
  code: string;
  expiresAt: Date;
}

/**
 * Makes one code for each open account and gives the letters: the codes are nowhere else. Codes made before work no more.
 * @param accountId one account; null: the organisation's accounts in the house, after the number `after`
 * @param purpose in words; the people of the accounts read it
 * @throws NotFound when nothing there is the organisation's to see, Conflict when an account is closed
 */
export async function makeLetters(
  context: Context,
  actor: Actor,
  input: { houseId: HouseId; accountId: AccountId | null; after: string; purpose: string },
): Promise<CodeLetter[]> {
  authorise(actor, access.makeCode);
  const clerk = actingFor(actor);
  const { houseId } = input;
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    const ids = input.accountId
      ? [input.accountId]
      : await selectOpenAccounts(trx, houseId, clerk.acting, input.after, MOST_LETTERS);
    const cards = await readAccounts(trx, houseId, ids, clerk.acting);
    const first = cards[0];
    if (!first) throw new NotFound();
    if (cards.some(({ closedOn }) => closedOn !== null))
      throw new Conflict('Лицевой счёт закрыт: код для него не нужен.');
    const organisationId = clerk.acting.organisationId;
    const days = await getWholeNumber(trx, 'accounts.code_days', dayIn('Europe/Moscow', at), { organisationId });
    const expiresAt = new Date(at.getTime() + days * 24 * 3_600_000);
    const coded = cards.map((card) => ({ card, code: composeCode(randomBytes(12)) }));
    await replaceCodes(trx, {
      ...{ houseId, madeBy: clerk.personId, at, expiresAt },
      codes: coded.map(({ card, code }) => ({ accountId: card.accountId, hash: sha256(canonicalCode(code)) })),
    });
    await auditLook(trx, clerk, {
      action: 'accounts.printed_letters',
      at,
      what: input.accountId ? `Письмо с кодом: лицевой счёт № ${first.number}` : 'Письма с кодами подключения',
      thingId: input.accountId ?? houseId,
      homes: [{ houseId, about: cards.map(({ accountId }) => accountId), accountId: input.accountId }],
      purpose: input.purpose,
      details: { letters: cards.length },
    });
    const addressOf = await addresses(trx, houseId, cards);
    return coded
      .map(({ card, code }) => {
        const { number, serviceId } = card;
        return { number, serviceId, address: addressOf(card), code, expiresAt };
      })
      .sort((a, b) => a.number.localeCompare(b.number, 'ru', { numeric: true }));
  });
}

async function addresses(
  trx: Parameters<typeof readHouses>[0],
  houseId: HouseId,
  cards: readonly AccountCard[],
): Promise<(card: AccountCard) => string> {
  const [house] = await readHouses(trx, [houseId]);
  const places = cards.flatMap((card) => card.places.map(({ premisesId }) => premisesId));
  const labels = new Map(
    (await readPremises(trx, houseId, [...new Set(places)])).map((one) => [one.premisesId, premisesLabel(one)]),
  );
  return ({ places: own }) =>
    [house?.address, ...new Set(own.map(({ premisesId }) => labels.get(premisesId)))].filter(Boolean).join(', ');
}

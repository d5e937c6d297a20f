import { randomBytes } from 'node:crypto';
import { type Actor, actingFor, authorise } from '../../../platform/access.ts';
import { auditLook } from '../../../platform/audit/audit.ts';
import { sha256 } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/database/database.ts';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import type { AccountId, HouseId } from '../../../platform/ids.ts';
import { readAccounts } from '../../accounts/index.ts';
import { access } from '../access.ts';
import { canonicalCode, composeCode } from '../connection.ts';
import { replaceCodes } from '../queries/letters.ts';
import { codeEnd } from './code-end.ts';

/**
 * Makes a one-time code that is shown on the screen, once: only its hash is kept. Codes made before stop working.
 * @param purpose in words; the people of the account read it
 * @throws NotFound when the account is not the organisation's, Conflict when it is closed
 */
export async function makeAccountCode(
  context: Context,
  actor: Actor,
  { houseId, accountId, purpose }: { houseId: HouseId; accountId: AccountId; purpose: string },
): Promise<{ code: string; expiresAt: Date }> {
  authorise(actor, access.makeCode);
  const clerk = actingFor(actor);
  const at = context.clock();
  const code = composeCode(randomBytes(12));
  return transaction(context.db, async (trx) => {
    const [card] = await readAccounts(trx, houseId, [accountId], clerk.acting);
    if (!card) throw new NotFound();
    if (card.closedOn !== null) throw new Conflict('Лицевой счёт закрыт: код для него не нужен.');
    const expiresAt = await codeEnd(trx, card.providerId, at);
    const codes = [{ accountId, hash: sha256(canonicalCode(code)) }];
    await replaceCodes(trx, { houseId, batchId: null, madeBy: clerk.personId, at, expiresAt, codes });
    await auditLook(trx, clerk, {
      ...{ action: 'accounts.made_code', at, what: `Одноразовый код: лицевой счёт № ${card.number}` },
      thingId: accountId,
      homes: [{ houseId, about: [accountId], accountId }],
      purpose,
    });
    return { code, expiresAt };
  });
}

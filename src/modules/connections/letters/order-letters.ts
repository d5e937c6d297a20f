import { z } from 'zod';
import { type Actor, actingFor, authorise, throughOf } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import { sha256 } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import { type Transaction, transaction } from '../../../platform/database/database.ts';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import { once } from '../../../platform/idempotency/idempotency.ts';
import { type AccountId, type HouseId, isUuid, newId, type OrganisationId } from '../../../platform/ids.ts';
import { addJob, defineJob, type ScheduledJob } from '../../../platform/jobs/jobs.ts';
import { readAccounts } from '../../accounts/index.ts';
import { access } from '../access.ts';
import { canonicalCode } from '../connection.ts';
import {
  type BatchKey,
  countOpenAccounts,
  insertBatch,
  lockBatch,
  replaceCodes,
  selectNextAccounts,
  selectStalledBatches,
  updateBatch,
} from '../queries/letters.ts';
import { type BatchId, codeOf } from './batch.ts';
import { codeEnd } from './code-end.ts';

/** Codes made in one transaction: their accounts are held as long. */
const TOGETHER = 200;
const STALLED_MILLISECONDS = 5 * 60_000;

/**
 * Orders letters with codes: for one account they are ready at once, for a house a job makes them. Codes made before end. A repeat of the
 * same form gives the same batch.
 * @param purpose in words; the people of the accounts read it
 * @throws NotFound when nothing there is the organisation's, Conflict when nothing is open or letters of the house are being made
 */
export async function orderLetters(
  context: Context,
  actor: Actor,
  input: { houseId: HouseId; accountId: AccountId | null; purpose: string; key: string },
): Promise<BatchId> {
  authorise(actor, access.makeCode);
  const clerk = actingFor(actor);
  const { organisationId } = clerk.acting;
  const { key, ...wanted } = input;
  // Without a key nobody could tell a repeat from a new form.
  if (!isUuid(key)) throw new Conflict('Откройте страницу заново и отправьте форму ещё раз.');
  const { houseId, accountId, purpose } = wanted;
  const at = context.clock();
  const { batchId } = await transaction(context.db, async (trx) => {
    if (accountId && (await readAccounts(trx, houseId, [accountId], clerk.acting)).length === 0) throw new NotFound();
    const request = { organisationId, ...wanted };
    return once(trx, { key: `letters ${clerk.personId} ${key}`, request, at }, async () => {
      const fresh = { organisationId, batchId: newId<BatchId>() };
      const letters = await countOpenAccounts(trx, houseId, clerk.acting, accountId);
      if (letters === 0) throw accountId ? new Conflict(CLOSED) : new NotFound(NO_ACCOUNTS);
      const expiresAt = await codeEnd(trx, organisationId, at);
      const batch = { ...fresh, houseId, accountId, purpose, madeBy: clerk.personId, letters };
      if (!(await insertBatch(trx, batch, { at, expiresAt }))) throw new Conflict(RUNNING, 'letters_running');
      await audit(trx, {
        ...{ actor: clerk.personId, action: 'letters.ordered', at, organisationId, houseId, accountId },
        details: { batchId: fresh.batchId, letters, purpose, ...throughOf(clerk.acting) },
      });
      if (accountId) await makeSome(context, trx, fresh);
      else await addMaking(trx, fresh);
      return { batchId: fresh.batchId };
    });
  });
  return batchId;
}

const CLOSED = 'Лицевой счёт закрыт: код для него не нужен.';
const NO_ACCOUNTS = 'В этом доме у организации нет открытых лицевых счетов: писать некому.';
const RUNNING =
  'Письма этого дома уже готовятся. Дождитесь их: прежние коды от второго файла перестали бы действовать.';

/** Makes the next codes of a batch. @returns whether more are to be made */
async function makeSome(context: Pick<Context, 'config' | 'clock'>, trx: Transaction, key: BatchKey): Promise<boolean> {
  const batch = await lockBatch(trx, key);
  if (batch?.state !== 'making') return false;
  const accounts = await selectNextAccounts(trx, batch, TOGETHER);
  const at = context.clock();
  const { houseId, batchId, madeBy, expiresAt } = batch;
  const codes = accounts.map(({ accountId }) => ({
    accountId,
    hash: sha256(canonicalCode(codeOf(context.config, batchId, accountId))),
  }));
  await replaceCodes(trx, { houseId, batchId, madeBy, at, expiresAt, codes });
  const made = batch.made + codes.length;
  const more = codes.length === TOGETHER;
  const lastNumber = accounts.at(-1)?.number ?? batch.lastNumber;
  // Accounts may have been opened or closed meanwhile: in the end there are as many letters as codes.
  const change = more
    ? { made, lastNumber, letters: Math.max(batch.letters, made), state: 'making' as const }
    : { made, lastNumber, letters: made, state: 'ready' as const };
  await updateBatch(trx, key, change, at);
  return more;
}

const payload = z.object({
  organisationId: z.uuid().transform((id) => id as OrganisationId),
  batchId: z.uuid().transform((id) => id as BatchId),
});

export const makeLettersJob = defineJob({
  name: 'connections.make_letters',
  payload,
  async run(context, key) {
    while (await transaction(context.db, (trx) => makeSome(context, trx, key)));
  },
});

const addMaking = (db: Transaction | Context['db'], key: BatchKey) =>
  addJob(db, makeLettersJob, key, { key: `letters:${key.batchId}` });

/** Adds the job again that a killed process took with it. */
export const reviveLetters: ScheduledJob = {
  name: 'connections.revive_letters',
  cron: '*/10 * * * *',
  async run({ db, clock }) {
    const before = new Date(clock().getTime() - STALLED_MILLISECONDS);
    for (const key of await selectStalledBatches(db, before)) await addMaking(db, key);
  },
};

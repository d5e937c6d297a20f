import { type Actor, actingFor, authorise, isOpenTo } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict, Invalid, NotFound } from '../../platform/errors.ts';
import type { DocumentId, HouseId } from '../../platform/ids.ts';
import { sum } from '../../platform/money.ts';
import type { Month } from '../../platform/month.ts';
import { access } from './access.ts';
import { openBook, placesOf, saveBook } from './book.ts';
import { limitationOf } from './limitation.ts';
import { ownDues } from './own-due.ts';
import { TRANSITIONS } from './payment-document.ts';
import { takeBackDocument } from './post-document.ts';
import { applyAdvance } from './purse.ts';
import { markWithdrawn, selectDocuments } from './queries/documents.ts';
import { clearVoluntary, lockAccounts, selectAccounts, selectReceiptsOfDocuments } from './queries/money.ts';
import { tellWithdrawn } from './tell-withdrawn.ts';

/**
 * The organisation withdraws a document that it exposed, with a reason that the resident reads. What was paid for it becomes an
 * advance, which then settles the other open debts.
 * @throws NotFound when the document is not the organisation's
 * @throws Conflict when it is withdrawn already
 */
export async function withdrawDocument(
  context: Context,
  actor: Actor,
  command: { houseId: HouseId; documentId: DocumentId; reason: string },
): Promise<void> {
  authorise(actor, access.withdrawDocument);
  const person = actingFor(actor);
  const { houseId, documentId } = command;
  const reason = command.reason.trim();
  if (reason.length < 3 || reason.length > 500)
    throw new Invalid([{ field: 'reason', message: 'Напишите причину отзыва: от 3 до 500 знаков' }]);
  await transaction(context.db, async (trx) => {
    const now = context.clock();
    const [found] = await selectDocuments(trx, houseId, [documentId]);
    if (!isOpenTo(person.acting, houseId) || found?.provider_id !== person.acting.organisationId) throw new NotFound();
    await lockAccounts(trx, houseId, [found.account_id]);
    // Read again under the lock: another employee may have been faster.
    const [document] = await selectDocuments(trx, houseId, [documentId]);
    if (!TRANSITIONS[document!.state].includes('withdrawn'))
      throw new Conflict('Этот документ уже отозван.', 'document_withdrawn');
    const [account] = await selectAccounts(trx, houseId, [found.account_id]);
    const book = await openBook(trx, houseId, [found.account_id], [found.account_id]);
    takeBackDocument(book, found.account_id, documentId, await selectReceiptsOfDocuments(trx, houseId, [documentId]));
    const oldest = await limitationOf(trx, { ...account!, now });
    for (const { purse } of placesOf(book, found.account_id)) applyAdvance(purse, { named: null, oldest });
    await clearVoluntary(trx, houseId, [documentId]);
    await markWithdrawn(trx, houseId, [{ document_id: documentId, withdrawn_reason: reason }], now);
    await saveBook(trx, book, now);
    await tellWithdrawn(context, trx, {
      ...{ houseId, documentId, accountId: found.account_id, providerId: found.provider_id, reason },
      period: found.period.slice(0, 7) as Month,
      asked: sum(ownDues(found.body).map(({ own }) => own)),
    });
    await audit(trx, {
      actor: person.personId,
      action: 'billing.withdraw_document',
      at: now,
      organisationId: person.acting.organisationId,
      houseId,
      accountId: found.account_id,
      details: { documentId, reason },
    });
  });
}

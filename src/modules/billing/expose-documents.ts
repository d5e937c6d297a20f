import type { Clock } from '../../platform/clock.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { Invalid } from '../../platform/errors.ts';
import { type AccountId, type DocumentId, type HouseId, newId } from '../../platform/ids.ts';
import { firstDay } from '../../platform/month.ts';
import { type Assessed, assessDocuments, type Verdict } from './assess-documents.ts';
import { placesOf, saveBook } from './book.ts';
import { ownDues } from './own-due.ts';
import { CURRENT_FORM, type NewDocument } from './payment-document.ts';
import { type Fresh, freshOf, postDocuments } from './post-documents.ts';
import { applyAdvance } from './purse.ts';
import { insertDocuments, markWithdrawn, upsertUids } from './queries/documents.ts';
import { clearVoluntary, lockAccounts } from './queries/money.ts';

export interface Exposed {
  documentId: DocumentId;
  verdict: Exclude<Verdict, 'bad'>;
  messages: string[];
}

/**
 * Exposes documents of one house, all or none, in the caller's transaction: bills, takes over what the issuer states, settles from
 * advances. A document that is there already changes nothing; one under the same number and month corrects the old one.
 * Few statements for any number of documents; a few hundred at a time keep the memory small.
 * @returns one answer for each document, in their order
 * @throws Invalid with the messages of every bad document (field "documents.<index>")
 */
export async function exposeDocuments(
  trx: Transaction,
  { clock }: { clock: Clock },
  houseId: HouseId,
  documents: readonly NewDocument[],
): Promise<Exposed[]> {
  if (documents.length === 0) return [];
  const now = clock();
  await lockAccounts(trx, houseId, [...new Set(documents.map(({ accountId }) => accountId))]);
  const assessed = await assessDocuments(trx, houseId, documents);
  refuseBad(assessed);
  const ids = assessed.map(({ verdict, known }) => (verdict === 'same' ? (known ?? null) : newId<DocumentId>()));
  const fresh = freshOf(assessed, ids);
  if (fresh.length > 0) await post(trx, houseId, fresh, now);
  return assessed.map(({ verdict, messages }, index) => ({
    documentId: ids[index] ?? twinOf(assessed, ids, index),
    verdict: verdict as Exposed['verdict'],
    messages,
  }));
}

/** A document that repeats another of the same batch is that document. */
function twinOf(assessed: readonly Assessed[], ids: readonly (DocumentId | null)[], index: number): DocumentId {
  const hash = assessed[index]!.hash();
  return ids[assessed.findIndex((other, at) => ids[at] !== null && other.hash().equals(hash))]!;
}

function refuseBad(assessed: readonly Assessed[]): void {
  const fields = assessed.flatMap(({ verdict, messages }, index) =>
    verdict === 'bad' ? messages.map((message) => ({ field: `documents.${index}`, message })) : [],
  );
  if (fields.length > 0) throw new Invalid(fields, 'Документы не приняты: в них есть ошибки.');
}

async function post(trx: Transaction, houseId: HouseId, fresh: readonly Fresh[], now: Date): Promise<void> {
  const accounts = [...new Set(fresh.map(({ document }) => document.accountId))];
  const replaced = fresh.flatMap(({ known }) => (known ? [known] : []));
  const { book, oldest, posted } = await postDocuments(trx, houseId, fresh, now);
  const rows = fresh.map((one, index) => documentRow(houseId, one, posted[index]!.carried));
  for (const accountId of accounts)
    for (const { purse } of placesOf(book, accountId as AccountId)) applyAdvance(purse, { named: null, oldest });
  await clearVoluntary(trx, houseId, replaced);
  await markWithdrawn(
    trx,
    houseId,
    fresh.flatMap(({ known, document }) =>
      known ? [{ document_id: known, withdrawn_reason: `Исправлен документом № ${document.number}` }] : [],
    ),
    now,
  );
  await insertDocuments(trx, rows);
  await saveBook(trx, book, now);
  await upsertUids(
    trx,
    fresh.map(({ uid, document, documentId }) => ({
      value: uid,
      kind: 'bill',
      house_id: houseId,
      account_id: document.accountId,
      document_id: documentId,
    })),
  );
}

function documentRow(houseId: HouseId, { document, documentId, body, text, hash, uid, known }: Fresh, carried: bigint) {
  const { totals, requisites } = body!;
  const dues = ownDues(body!);
  const whole = (amounts: readonly (bigint | number | null | undefined)[]) =>
    amounts.reduce<bigint | null>(
      (total, amount) => (total === null || amount === null || amount === undefined ? null : total + BigInt(amount)),
      0n,
    );
  return {
    house_id: houseId,
    document_id: documentId,
    account_id: document.accountId,
    provider_id: document.providerId,
    number: document.number,
    uid,
    kind: document.kind,
    form: document.form ?? CURRENT_FORM,
    period: firstDay(document.period),
    state: 'exposed',
    replaces_id: known,
    withdrawn_at: null,
    withdrawn_reason: null,
    charged: whole(dues.map((due) => due.principal)),
    penalty: whole(dues.map((due) => due.penalty)),
    opening: totals.opening ?? whole(dues.map((due) => due.opening)),
    stated: totals.stated ?? whole(requisites.map((set) => set.stated)),
    carried,
    paid: totals.paid ?? null,
    paid_on: totals.paidOn ?? null,
    paid_through_day: totals.paidThroughDay ?? null,
    subsidies: totals.subsidies ?? null,
    issued_at: document.issuedAt,
    upload_id: document.uploadId ?? null,
    content_hash: `\\x${hash().toString('hex')}`,
    body: text(),
  };
}

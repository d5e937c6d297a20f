import type { Db } from '../../platform/database/database.ts';
import type { AccountId, DocumentId, HouseId, RequisiteId } from '../../platform/ids.ts';
import { firstDay, type Month } from '../../platform/month.ts';
import { checkDocument } from './check-document.ts';
import { contentHash, type DocumentBody, type NewDocument } from './payment-document.ts';
import {
  countByMonth,
  type KnownDocument,
  selectDocuments,
  selectExposedByNumber,
  selectKnownRequisites,
  selectUidOwners,
} from './queries/documents.ts';
import { type LockedAccount, selectAccounts } from './queries/money.ts';

export type Verdict = 'new' | 'changed' | 'same' | 'bad';

/** What exposing a document would do. */
export interface Assessment {
  verdict: Verdict;
  /** Why it is bad, or what to look at. */
  messages: string[];
  /** The exposed document that it is the same as, or that it corrects. */
  known: DocumentId | null;
}

export interface Assessed extends Assessment {
  document: NewDocument;
  body: DocumentBody | null;
  /** The body as JSON. This and the hash are made when they are asked for: a document that nothing is known of needs none before it is stored. */
  text: () => string;
  hash: () => Buffer;
  account: LockedAccount | null;
  uid: string;
}

const keyOf = (document: { providerId: string; number: string; period: string }) =>
  `${document.providerId} ${document.number} ${document.period.slice(0, 7)}`;

/** Compares documents of one house with what is there: a constant number of statements for any number of documents. */
export async function assessDocuments(
  db: Db,
  houseId: HouseId,
  documents: readonly NewDocument[],
): Promise<Assessed[]> {
  const surroundings = await lookAround(db, houseId, documents);
  const seen = new Map<string, Assessed>();
  const uids = new Set<string>();
  return documents.map((document) => {
    const assessed = assessOne(document, surroundings);
    const key = keyOf(document);
    const twin = seen.get(key);
    seen.set(key, assessed);
    if (!twin && assessed.uid && uids.size === uids.add(assessed.uid).size)
      return { ...assessed, verdict: 'bad', messages: [`Идентификатор ${assessed.uid} есть ещё у одного документа.`] };
    if (!twin || assessed.verdict === 'bad') return assessed;
    if (twin.hash().equals(assessed.hash()))
      return { ...assessed, verdict: 'same', messages: ['Документ повторяется.'], known: null };
    return {
      ...assessed,
      verdict: 'bad',
      messages: [`Номер ${document.number} есть ещё у одного документа за этот месяц.`],
    };
  });
}

interface Surroundings {
  accounts: Map<AccountId, LockedAccount>;
  requisites: Set<RequisiteId>;
  byNumber: Map<string, KnownDocument>;
  named: Map<DocumentId, KnownDocument & { state: string }>;
  uidOwners: Map<string, AccountId | null>;
  counts: Map<string, { all: number; current: number }>;
}

const unique = <T>(values: Iterable<T>): T[] => [...new Set(values)];

async function lookAround(db: Db, houseId: HouseId, documents: readonly NewDocument[]): Promise<Surroundings> {
  const accountIds = unique(documents.map((document) => document.accountId));
  const requisiteIds = unique(
    documents.flatMap(({ body }) =>
      (Array.isArray(body?.requisites) ? body.requisites : []).map((set) => set.requisiteId),
    ),
  ).filter((id): id is RequisiteId => typeof id === 'string' && /^[0-9a-f-]{36}$/i.test(id));
  const providers = unique(documents.map((document) => document.providerId));
  const numbers = unique(documents.map((document) => document.number));
  const replaced = unique(documents.flatMap(({ replacesId }) => (replacesId ? [replacesId] : [])));
  const periods = unique(documents.map(({ period }) => firstDay(period)));
  const accounts = await selectAccounts(db, houseId, accountIds);
  const requisites = await selectKnownRequisites(db, requisiteIds);
  const exposed = await selectExposedByNumber(db, houseId, providers, numbers);
  const named = await selectDocuments(db, houseId, replaced);
  const uidOwners = await selectUidOwners(db, unique(documents.flatMap(({ uid }) => (uid ? [uid] : []))));
  const counts = await countByMonth(db, houseId, accountIds, periods);
  return {
    accounts: new Map(accounts.map((account) => [account.accountId, account])),
    requisites,
    byNumber: new Map(exposed.map((row) => [keyOf({ providerId: row.provider_id, ...row }), row])),
    named: new Map(named.map((row) => [row.document_id, row])),
    uidOwners,
    counts: new Map(
      counts.map((row) => [
        `${row.account_id} ${row.period.slice(0, 7)}`,
        { all: Number(row.count), current: Number(row.current) },
      ]),
    ),
  };
}

function assessOne(document: NewDocument, around: Surroundings): Assessed {
  const { body, errors, warnings } = checkDocument(document);
  const account = around.accounts.get(document.accountId) ?? null;
  const known = around.byNumber.get(keyOf(document)) ?? null;
  const named = document.replacesId ? around.named.get(document.replacesId) : undefined;
  const messages = [...errors, ...placeErrors(document, account, known, named, around)];
  if (body?.requisites.some(({ requisiteId }) => !around.requisites.has(requisiteId)))
    messages.push('Платёжные реквизиты не найдены в реестре.');
  const text = once(() => JSON.stringify(body));
  const hash = once(() => (body ? contentHash(document, text()) : Buffer.alloc(0)));
  const base = { document, body, text, hash, account };
  if (messages.length > 0 || !account) return { ...base, verdict: 'bad', messages, known: null, uid: '' };
  const replaced = known ?? named ?? null;
  const month = `${document.accountId} ${document.period}`;
  const count = around.counts.get(month) ?? { all: 0, current: 0 };
  around.counts.set(month, count);
  const uid = document.uid ?? (known?.uid || nextUid(account.serviceId, document.period, count));
  if (known?.content_hash.equals(hash()))
    return { ...base, verdict: 'same', messages: [], known: known.document_id, uid };
  if (!replaced && document.kind === 'current' && count.current > 0)
    warnings.push('За этот месяц у лицевого счёта уже есть документ с другим номером: суммы сложатся.');
  return {
    ...base,
    verdict: replaced ? 'changed' : 'new',
    messages: warnings,
    known: replaced?.document_id ?? null,
    uid,
  };
}

function once<Made extends {}>(make: () => Made): () => Made {
  let made: Made | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

function placeErrors(
  document: NewDocument,
  account: LockedAccount | null,
  known: KnownDocument | null,
  named: (KnownDocument & { state: string }) | undefined,
  around: Surroundings,
): string[] {
  const errors: string[] = [];
  if (!account || account.providerId !== document.providerId)
    errors.push('Лицевой счёт не найден среди счетов вашей организации в этом доме.');
  if (known && known.account_id !== document.accountId)
    errors.push(`Номер ${document.number} за этот месяц занят документом другого лицевого счёта.`);
  if (document.replacesId) {
    if (!named || named.account_id !== document.accountId) errors.push('Исправляемый документ не найден.');
    else if (named.state !== 'exposed') errors.push('Исправляемый документ уже отозван.');
    else if (known && known.document_id !== named.document_id)
      errors.push('Номер принадлежит одному документу, а исправляется другой.');
  }
  if (document.uid && around.uidOwners.has(document.uid) && around.uidOwners.get(document.uid) !== document.accountId)
    errors.push('Идентификатор платёжного документа уже принадлежит другому лицевому счёту.');
  return errors;
}

/**
 * ЖКУ id, year digit, month, serial. A month holds ten serials: later ones move the month by twenty, for the four digits are opaque.
 * Counts the document in, for the next one of the same batch.
 */
function nextUid(serviceId: string, period: Month, count: { all: number; current: number }): string {
  const serial = count.all++ + 1;
  const shifted = Number(period.slice(5)) + 20 * Math.floor(serial / 10);
  return `${serviceId}-${period[3]}${String(shifted).padStart(2, '0')}${serial % 10}`;
}

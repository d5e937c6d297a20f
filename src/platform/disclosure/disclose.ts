import type { SignedIn } from '../access.ts';
import { auditLook, type Look } from '../audit/audit.ts';
import { type Database, type Db, transaction } from '../database/database.ts';
import type { AccountId, HouseId, PremisesId } from '../ids.ts';
import { deleteDisclosure, selectDisclosure, upsertDisclosure } from './queries.ts';

/**
 * How long a record stays open after its purpose was named: one phone call or one check at a desk, and not a shift with the names on
 * the screen. Another session, or another record, is asked anew.
 */
export const DISCLOSED_MINUTES = 15;

/** What is opened: «account», «premises», «appeal», «upload» with the ids that name it. */
export type DisclosedRecord = `${'account' | 'premises' | 'appeal' | 'upload'}:${string}`;

/** One account: its card, its money and its bills open together. */
export const recordOfAccount = (houseId: HouseId, accountId: AccountId): DisclosedRecord =>
  `account:${houseId}/${accountId}`;

/** One premises: its owners and its accounts. */
export const recordOfPremises = (houseId: HouseId, premisesId: PremisesId): DisclosedRecord =>
  `premises:${houseId}/${premisesId}`;

export interface Disclosed {
  purpose: string;
  until: Date;
}

const keyOf = ({ personId, sessionId }: SignedIn, record: DisclosedRecord) => ({ personId, sessionId, record });

/** Opens a record in full for a while. That it was asked for is written down with the purpose, before anything is shown. */
export async function disclose(
  db: Database,
  actor: SignedIn,
  { record, purpose, look }: { record: DisclosedRecord; purpose: string; look: Omit<Look, 'purpose' | 'masked'> },
): Promise<void> {
  const until = new Date(look.at.getTime() + DISCLOSED_MINUTES * 60_000);
  await transaction(db, async (trx) => {
    await upsertDisclosure(trx, keyOf(actor, record), { purpose, at: look.at, until });
    await auditLook(trx, actor, { ...look, purpose });
  });
}

/** Whether the record is open for this session now, and for what; null: names and contacts are hidden. */
export const disclosedTo = (db: Db, actor: SignedIn, record: DisclosedRecord, now: Date): Promise<Disclosed | null> =>
  selectDisclosure(db, keyOf(actor, record), now);

/** Hides the record before its time. */
export const conceal = (db: Db, actor: SignedIn, record: DisclosedRecord): Promise<void> =>
  deleteDisclosure(db, keyOf(actor, record));

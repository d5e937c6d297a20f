import { sql } from 'kysely';
import { type Database, type Db, type Transaction, transaction } from '../../../platform/database/database.ts';
import { NotFound } from '../../../platform/errors.ts';
import type { AccountId, HouseId, LinkId, OrganisationId, PersonId } from '../../../platform/ids.ts';
import { type Day, dayIn } from '../../../platform/month.ts';
import type { HeldShare, NewShareUse, ShareId, ShareRight, UsableAccount } from '../sharing.ts';
import '../tables.ts';

/** The log is of the country's calendar, as the one of looks is. */
const ZONE = 'Europe/Moscow';

/**
 * Accounts that the person may use for something: their own, and those shared with them with that right, in force at the moment.
 * `connectedAccounts` gives the own ones alone.
 */
export async function selectUsable(db: Db, personId: PersonId, right: ShareRight, at: Date): Promise<UsableAccount[]> {
  const { rows } = await sql<{
    linkId: LinkId;
    houseId: HouseId;
    accountId: AccountId;
    providerId: OrganisationId;
    title: string;
    connectedAt: Date;
    state: 'connected' | 'shared';
    shareId: ShareId;
    ownerId: PersonId;
    ownerName: string;
    rights: ShareRight[];
    until: Day | null;
  }>`
    select link_id as "linkId", house_id as "houseId", account_id as "accountId", provider_id as "providerId", title,
      changed_at as "connectedAt", state, share_id as "shareId", owner_id as "ownerId", owner_name as "ownerName", rights, until
    from account_link
    where person_id = ${personId} and (state = 'connected'
      or state = 'shared' and ${right} = any(rights) and (ends_at is null or ends_at > ${at}::timestamptz))
    order by link_id`.execute(db);
  return rows.map(({ state, shareId, ownerId, ownerName, rights, until, ...account }) => ({
    ...account,
    share: state === 'shared' ? { shareId, ownerId, ownerName, rights, until } : null,
  }));
}

/** Whether somebody shares an account with the person at the moment. */
export async function holdsShare(db: Db, personId: PersonId, at: Date): Promise<boolean> {
  const { rows } = await sql`select from account_link
    where person_id = ${personId} and state = 'shared' and (ends_at is null or ends_at > ${at}::timestamptz) limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/**
 * Writes down for the owner what a helper does, once a day for each thing. The share is held until the transaction ends: what the owner
 * has revoked meanwhile is not done.
 * @throws NotFound when the share is over
 */
export async function recordShareUse(
  trx: Transaction,
  { ownerId, shareId }: Pick<HeldShare, 'ownerId' | 'shareId'>,
  use: NewShareUse,
  at: Date,
): Promise<void> {
  const held = await sql`select from account_share
    where person_id = ${ownerId} and share_id = ${shareId} and state = 'accepted' for share`.execute(trx);
  if (held.rows.length === 0) throw new NotFound('Доступ к этому счёту закрыт.');
  await sql`
    insert into share_use (person_id, share_id, day, kind, thing_id, what, first_at, last_at)
    values (${ownerId}, ${shareId}, ${dayIn(ZONE, at)}::date, ${use.kind}, ${use.thingId}, ${use.what.slice(0, 300)}, ${at}, ${at})
    on conflict (person_id, share_id, day, kind, thing_id)
    do update set times = share_use.times + 1, last_at = excluded.last_at, what = excluded.what`.execute(trx);
}

/** The same for a page that only shows. */
export const recordShareLook = (db: Database, share: HeldShare, use: NewShareUse, at: Date): Promise<void> =>
  transaction(db, (trx) => recordShareUse(trx, share, use, at));

/** The same for a page of several accounts: for those that are somebody else's, each under its own id. */
export const recordShareLooks = (
  db: Database,
  accounts: readonly { accountId: AccountId; share: Pick<HeldShare, 'ownerId' | 'shareId'> | null }[],
  use: Omit<NewShareUse, 'thingId'> & { thingId?: string },
  at: Date,
): Promise<void> =>
  accounts.every(({ share }) => share === null)
    ? Promise.resolve()
    : transaction(db, async (trx) => {
        for (const { share, accountId } of accounts)
          if (share) await recordShareUse(trx, share, { thingId: accountId, ...use }, at);
      });

/**
 * An account whose payer has changed: its former payer reads the bills up to a month, inclusive, that were issued before the change, and
 * nothing else.
 */
export interface FormerAccount {
  linkId: LinkId;
  houseId: HouseId;
  accountId: AccountId;
  title: string;
  seenThrough: Day;
  changedAt: Date;
}

export async function selectFormer(db: Db, personId: PersonId): Promise<FormerAccount[]> {
  const { rows } = await sql<FormerAccount>`
    select link_id as "linkId", house_id as "houseId", account_id as "accountId", title, seen_through as "seenThrough",
      changed_at as "changedAt" from account_link
    where person_id = ${personId} and state = 'suspended' and not exists (
      select from account_link own where own.person_id = ${personId} and own.house_id = account_link.house_id
        and own.account_id = account_link.account_id and own.state = 'connected')
    order by link_id`.execute(db);
  return rows;
}

import { type Selectable, sql } from 'kysely';
import type { Db, Tables, Transaction } from '../../../platform/database/database.ts';
import type { AccountId, HouseId, LinkId, PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import type { InvitationId, ShareId, ShareRight, ShareUse } from '../../accounts/index.ts';
import '../tables.ts';

export type Share = Selectable<Tables['account_share']>;

export interface NewShare {
  ownerId: PersonId;
  invitationId: InvitationId;
  shareId: ShareId;
  linkId: LinkId;
  houseId: HouseId;
  accountId: AccountId;
  invitedAs: string;
  email: string | null;
  rights: readonly ShareRight[];
  until: Day | null;
  endsAt: Date | null;
  codeHash: Buffer;
  at: Date;
  expiresAt: Date;
}

export async function insertShare(trx: Transaction, share: NewShare): Promise<void> {
  const key = { person_id: share.ownerId, share_id: share.shareId, expires_at: share.expiresAt };
  await trx
    .insertInto('account_share')
    .values({
      ...key,
      invitation_id: share.invitationId,
      link_id: share.linkId,
      house_id: share.houseId,
      account_id: share.accountId,
      invited_as: share.invitedAs,
      email: share.email,
      rights: [...share.rights],
      until: share.until,
      ends_at: share.endsAt,
      state: 'invited',
      created_at: share.at,
    })
    .execute();
  await trx
    .insertInto('share_code')
    .values({ ...key, code_hash: share.codeHash })
    .execute();
}

/** The owner's own connected link, held against its end; undefined when it is not theirs, not connected or a helper's. */
export async function holdOwnLink(trx: Transaction, personId: PersonId, linkId: LinkId) {
  return trx
    .selectFrom('account_link')
    .selectAll()
    .where('person_id', '=', personId)
    .where('link_id', '=', linkId)
    .where('state', '=', 'connected')
    .forShare()
    .executeTakeFirst();
}

/** How many invitations a person has sent since a moment, whatever became of them, and when the first of these. */
export async function countInvitations(
  db: Db,
  ownerId: PersonId,
  since: Date,
): Promise<{ count: number; first: Date | null }> {
  const { rows } = await sql<{ count: number; first: Date | null }>`
    select count(distinct invitation_id)::int as count, min(created_at) as first from account_share
    where person_id = ${ownerId} and created_at > ${since}`.execute(db);
  return rows[0]!;
}

/** What a code opens, while it may be used: shares of one invitation. */
export async function selectSharesByCode(db: Db, codeHash: Buffer, at: Date): Promise<Share[]> {
  const codes = await db
    .selectFrom('share_code')
    .select(['person_id', 'share_id'])
    .where('code_hash', '=', codeHash)
    .where('expires_at', '>', at)
    .execute();
  if (codes.length === 0) return [];
  return db
    .selectFrom('account_share')
    .selectAll()
    .where('person_id', '=', codes[0]!.person_id)
    .where(
      'share_id',
      'in',
      codes.map((code) => code.share_id),
    )
    .where('state', '=', 'invited')
    .orderBy('share_id')
    .execute();
}

/**
 * Invited and accepted shares of an invitation. The owner's links are held before them, both in the order of the links, as an upload holds
 * them that names another payer: two at once wait, and never for each other.
 */
export async function lockInvitation(
  trx: Transaction,
  ownerId: PersonId,
  invitationId: InvitationId,
): Promise<Share[]> {
  const of = sql`from account_share where person_id = ${ownerId} and invitation_id = ${invitationId}
    and state in ('invited', 'accepted')`;
  await sql`select from account_link where person_id = ${ownerId} and link_id in (select link_id ${of})
    order by link_id for share`.execute(trx);
  const { rows } = await sql<Share>`select * ${of} order by link_id, share_id for update`.execute(trx);
  return rows;
}

/** A share as it stands, not held. */
export async function selectShare(db: Db, ownerId: PersonId, shareId: ShareId): Promise<Share | undefined> {
  return db
    .selectFrom('account_share')
    .selectAll()
    .where('person_id', '=', ownerId)
    .where('share_id', '=', shareId)
    .executeTakeFirst();
}

export async function lockShare(trx: Transaction, ownerId: PersonId, shareId: ShareId): Promise<Share | undefined> {
  return trx
    .selectFrom('account_share')
    .selectAll()
    .where('person_id', '=', ownerId)
    .where('share_id', '=', shareId)
    .forUpdate()
    .executeTakeFirst();
}

/** Invited and accepted shares of a link, locked in one order. */
export async function lockLiveShares(trx: Transaction, ownerId: PersonId, linkId: LinkId): Promise<Share[]> {
  return trx
    .selectFrom('account_share')
    .selectAll()
    .where('person_id', '=', ownerId)
    .where('link_id', '=', linkId)
    .where('state', 'in', ['invited', 'accepted'])
    .orderBy('share_id')
    .forUpdate()
    .execute();
}

/** Shares of a link, the newest first. */
export async function selectShares(db: Db, ownerId: PersonId, linkId: LinkId): Promise<Share[]> {
  return db
    .selectFrom('account_share')
    .selectAll()
    .where('person_id', '=', ownerId)
    .where('link_id', '=', linkId)
    .orderBy('share_id', 'desc')
    .limit(100)
    .execute();
}

/** How many shares that live each of the invitations has, of all accounts. */
export async function countOfInvitations(
  db: Db,
  ownerId: PersonId,
  invitations: readonly InvitationId[],
): Promise<Map<InvitationId, number>> {
  const { rows } = await sql<{ invitationId: InvitationId; count: number }>`
    select invitation_id as "invitationId", count(*)::int as count from account_share
    where person_id = ${ownerId} and invitation_id = any(${invitations}::uuid[]) and state in ('invited', 'accepted')
    group by 1`.execute(db);
  return new Map(rows.map(({ invitationId, count }) => [invitationId, count]));
}

/** How many people may use each of the person's accounts, and how many are invited. */
export async function countLiveShares(db: Db, ownerId: PersonId): Promise<Map<LinkId, number>> {
  const { rows } = await sql<{ linkId: LinkId; count: number }>`
    select link_id as "linkId", count(*)::int as count from account_share
    where person_id = ${ownerId} and state in ('invited', 'accepted') group by 1`.execute(db);
  return new Map(rows.map(({ linkId, count }) => [linkId, count]));
}

export async function updateShare(
  trx: Transaction,
  { person_id, share_id }: Pick<Share, 'person_id' | 'share_id'>,
  change: Partial<Omit<Share, 'person_id' | 'share_id'>>,
): Promise<void> {
  const updated = await trx
    .updateTable('account_share')
    .set(change)
    .where('person_id', '=', person_id)
    .where('share_id', '=', share_id)
    .executeTakeFirst();
  if (updated.numUpdatedRows !== 1n) throw new Error('no such share');
}

export async function deleteShareCode(
  trx: Transaction,
  { person_id, share_id }: Pick<Share, 'person_id' | 'share_id'>,
): Promise<void> {
  await trx.deleteFrom('share_code').where('person_id', '=', person_id).where('share_id', '=', share_id).execute();
}

/** False when the owner's link is connected no more, or the account is shared with the helper already. */
export async function insertSharedLink(
  trx: Transaction,
  share: Share,
  helper: { personId: PersonId; linkId: LinkId; ownerName: string; at: Date },
): Promise<boolean> {
  const inserted = await sql`
    insert into account_link (person_id, link_id, house_id, account_id, provider_id, state, proof, created_at, changed_at, connected_at,
      share_id, owner_id, owner_name, rights, until, ends_at)
    select ${helper.personId}, ${helper.linkId}, house_id, account_id, provider_id, 'shared', 'share', ${helper.at}, ${helper.at}, ${helper.at},
      ${share.share_id}, person_id, ${helper.ownerName}, ${share.rights}::text[], ${share.until}::date, ${share.ends_at}::timestamptz
    from account_link where person_id = ${share.person_id} and link_id = ${share.link_id} and state = 'connected'
    on conflict (person_id, house_id, account_id) where state = 'shared' do nothing`.execute(trx);
  return inserted.numAffectedRows === 1n;
}

/** Shares whose day is over and invitations that nobody accepted. For the sweep alone: it asks all people. */
export async function selectOverdueShares(
  db: Db,
  at: Date,
  limit: number,
): Promise<{ ownerId: PersonId; shareId: ShareId }[]> {
  const { rows } = await sql<{ ownerId: PersonId; shareId: ShareId }>`
    (select owner_id as "ownerId", share_id as "shareId" from account_link
      where state = 'shared' and ends_at <= ${at}::timestamptz order by ends_at limit ${limit})
    union all
    (select person_id, share_id from account_share where state = 'invited' and expires_at <= ${at}::timestamptz
      order by expires_at limit ${limit})`.execute(db);
  return rows;
}

/** A type, for it is a row of an archive too. */
export type UseOfShare = {
  shareId: ShareId;
  day: Day;
  kind: ShareUse;
  thingId: string;
  what: string;
  times: number;
  lastAt: Date;
};

export interface UseKey {
  day: Day;
  shareId: string;
  kind: string;
  thingId: string;
}

/** What the helpers of a link did, the newest first, after the key of the last one shown. */
export async function selectUses(
  db: Db,
  ownerId: PersonId,
  linkId: LinkId,
  after: UseKey | null,
  limit: number,
): Promise<UseOfShare[]> {
  const key = sql`(share_use.day, share_use.share_id, share_use.kind, share_use.thing_id)`;
  const { rows } = await sql<UseOfShare>`
    select share_use.share_id as "shareId", day, kind, thing_id as "thingId", what, times, last_at as "lastAt"
    from share_use join account_share using (person_id, share_id)
    where person_id = ${ownerId} and link_id = ${linkId}
      ${after ? sql`and ${key} < (${after.day}::date, ${after.shareId}::uuid, ${after.kind}, ${after.thingId}::uuid)` : sql``}
    order by day desc, share_id desc, kind desc, thing_id desc limit ${limit}`.execute(db);
  return rows;
}

/** What was done with the person's accounts by their helpers, for the archive of the person. */
export async function selectAllShares(db: Db, ownerId: PersonId): Promise<Share[]> {
  return db.selectFrom('account_share').selectAll().where('person_id', '=', ownerId).orderBy('share_id').execute();
}

export async function selectAllUses(
  db: Db,
  ownerId: PersonId,
  after: UseKey | null,
  limit: number,
): Promise<UseOfShare[]> {
  const { rows } = await sql<UseOfShare>`
    select share_id as "shareId", day, kind, thing_id as "thingId", what, times, last_at as "lastAt" from share_use
    where person_id = ${ownerId}
      ${after ? sql`and (day, share_id, kind, thing_id) > (${after.day}::date, ${after.shareId}::uuid, ${after.kind}, ${after.thingId}::uuid)` : sql``}
    order by day, share_id, kind, thing_id limit ${limit}`.execute(db);
  return rows;
}

export async function deleteSharesOf(trx: Transaction, ownerId: PersonId): Promise<void> {
  await trx.deleteFrom('share_code').where('person_id', '=', ownerId).execute();
  await trx.deleteFrom('share_use').where('person_id', '=', ownerId).execute();
  await trx.deleteFrom('account_share').where('person_id', '=', ownerId).execute();
}

/** The helper's name is theirs: taken off the owners' shares when the helper is deleted. */
export async function blankHelper(trx: Transaction, ownerId: PersonId, shareId: ShareId, name: string): Promise<void> {
  await sql`update account_share set helper_name = ${name}, invited_as = ${name}, email = null
    where person_id = ${ownerId} and share_id = ${shareId}`.execute(trx);
}

import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { AccountId, HouseId, LinkId, OrganisationId, PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import '../../identity/tables.ts';
import '../tables.ts';

export interface Payer {
  familyName: string;
  givenName: string;
  middleName: string;
  snils: string | null;
  confirmed: boolean;
}

export interface PayerLink {
  personId: PersonId;
  linkId: LinkId;
  houseId: HouseId;
  accountId: AccountId;
  /** Whatever connects; a helper's share does not. */
  proof: 'payer' | 'bill_sum' | 'code' | 'claim';
  person: Payer;
}

const PERSON = sql`json_build_object('familyName', p.family_name, 'givenName', p.given_name, 'middleName', p.middle_name,
  'snils', p.snils, 'confirmed', p.confirmed)`;

/** Who has connected some accounts, whatever proved it. The links are held. */
export async function selectPayerLinks(
  trx: Transaction,
  houseId: HouseId,
  accountIds: readonly AccountId[],
): Promise<PayerLink[]> {
  const { rows } = await sql<PayerLink>`
    select l.person_id as "personId", l.link_id as "linkId", l.house_id as "houseId", l.account_id as "accountId", l.proof,
      ${PERSON} as person
    from account_link l join person p on p.person_id = l.person_id
    where l.house_id = ${houseId} and l.account_id = any(${accountIds}::uuid[]) and l.state = 'connected'
    order by l.person_id, l.link_id for update of l`.execute(trx);
  return rows;
}

/** Confirmed people of a СНИЛС. */
export async function selectNewPayers(trx: Transaction, snils: string): Promise<(Payer & { personId: PersonId })[]> {
  const { rows } = await sql<{ personId: PersonId; person: Payer }>`
    select p.person_id as "personId", ${PERSON} as person from person p
    where p.snils = ${snils} and p.confirmed order by p.person_id`.execute(trx);
  return rows.map(({ personId, person }) => ({ ...person, personId }));
}

export async function setSeenThrough(trx: Transaction, personId: PersonId, linkId: LinkId, month: Day): Promise<void> {
  await sql`update account_link set seen_through = ${month}::date where person_id = ${personId} and link_id = ${linkId}`.execute(
    trx,
  );
}

/** Whether a person helps with an account now, and until when they last did, or were its payer before another. */
export async function selectSeenOtherwise(
  db: Db,
  personId: PersonId,
  { houseId, accountId }: { houseId: HouseId; accountId: AccountId },
): Promise<{ isShared: boolean; until: Date | null }> {
  const { rows } = await sql<{ isShared: boolean; until: Date | null }>`
    select coalesce(bool_or(state = 'shared'), false) as "isShared", max(changed_at) as until from account_link
    where person_id = ${personId} and house_id = ${houseId} and account_id = ${accountId}
      and (proof = 'share' or seen_through is not null)`.execute(db);
  return rows[0]!;
}

/** When links to an account were suspended, for its provider; whose they were is not the provider's. */
export async function selectSuspensions(db: Db, houseId: HouseId, accountId: AccountId): Promise<Date[]> {
  const { rows } = await sql<{ at: Date }>`
    select changed_at as at from account_link
    where house_id = ${houseId} and account_id = ${accountId} and state in ('shared', 'suspended') and state = 'suspended'
    order by changed_at desc limit 10`.execute(db);
  return rows.map(({ at }) => at);
}

/** Links that were suspended, where the person has connected the account no other way since. The links are held. */
export async function selectSuspendedPayers(
  trx: Transaction,
  houseId: HouseId,
  accountIds: readonly AccountId[],
): Promise<(PayerLink & { providerId: OrganisationId; title: string })[]> {
  const { rows } = await sql<PayerLink & { providerId: OrganisationId; title: string }>`
    select l.person_id as "personId", l.link_id as "linkId", l.house_id as "houseId", l.account_id as "accountId",
      l.provider_id as "providerId", l.title, l.proof, ${PERSON} as person
    from account_link l join person p on p.person_id = l.person_id
    where l.house_id = ${houseId} and l.account_id = any(${accountIds}::uuid[]) and l.state in ('shared', 'suspended')
      and l.state = 'suspended'
      and not exists (select from account_link own where own.person_id = l.person_id and own.house_id = l.house_id
        and own.account_id = l.account_id and own.state in ('connected', 'pending'))
    order by l.person_id, l.link_id desc for update of l`.execute(trx);
  return rows;
}

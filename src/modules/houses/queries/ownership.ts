import type { Selectable } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import { type HouseId, newId, type PersonId, type PremisesId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import type { Ownership } from '../house.ts';
import type { OwnershipTable } from '../tables.ts';
import '../tables.ts';

export type OwnershipJson = Omit<Ownership, 'numerator' | 'denominator'> & { numerator: string; denominator: string };

export const ownershipOfJson = (json: OwnershipJson): Ownership => ({
  ...json,
  numerator: BigInt(json.numerator),
  denominator: BigInt(json.denominator),
});

const ownershipOf = (row: Selectable<OwnershipTable>): Ownership & { endedOn: Day | null } => ({
  ownershipId: row.ownership_id,
  premisesId: row.premises_id,
  holder: row.holder,
  familyName: row.family_name,
  givenName: row.given_name,
  middleName: row.middle_name,
  snils: row.snils,
  ogrn: row.ogrn,
  organisationName: row.organisation_name,
  kindCode: row.kind_code,
  numerator: row.numerator,
  denominator: row.denominator,
  registrationNumber: row.registration_number,
  registeredOn: row.registered_on as Day | null,
  endedOn: row.ended_on as Day | null,
});

/** Rights to premises, the current ones first. */
export async function selectOwnerships(db: Db, houseId: HouseId, premisesId: PremisesId) {
  const rows = await db
    .selectFrom('ownership')
    .selectAll()
    .where('house_id', '=', houseId)
    .where('premises_id', '=', premisesId)
    .orderBy((order) => order('ended_on', 'is not', null))
    .orderBy('ownership_id')
    .limit(500)
    .execute();
  return rows.map(ownershipOf);
}

export interface OwnershipInput {
  houseId: HouseId;
  premisesId: PremisesId;
  holder: 'person' | 'organisation';
  familyName?: string | null;
  givenName?: string | null;
  middleName?: string | null;
  snils?: string | null;
  ogrn?: string | null;
  organisationName?: string | null;
  /** НСИ 8. */
  kindCode?: string | null;
  numerator: bigint;
  denominator: bigint;
  registrationNumber?: string | null;
  registeredOn?: Day | null;
}

export async function insertOwnership(db: Db, right: OwnershipInput, recordedBy: PersonId, at: Date): Promise<string> {
  const ownershipId = newId<never>() as string;
  await db
    .insertInto('ownership')
    .values({
      house_id: right.houseId,
      ownership_id: ownershipId,
      premises_id: right.premisesId,
      holder: right.holder,
      family_name: right.familyName ?? null,
      given_name: right.givenName ?? null,
      middle_name: right.middleName ?? null,
      snils: right.snils ?? null,
      ogrn: right.ogrn ?? null,
      organisation_name: right.organisationName ?? null,
      kind_code: right.kindCode ?? null,
      numerator: right.numerator,
      denominator: right.denominator,
      registration_number: right.registrationNumber ?? null,
      registered_on: right.registeredOn ?? null,
      recorded_by: recordedBy,
      updated_at: at,
    })
    .execute();
  return ownershipId;
}

/** A current right with its row locked, inside a transaction. */
export async function lockOwnership(db: Db, houseId: HouseId, premisesId: PremisesId, ownershipId: string) {
  const row = await db
    .selectFrom('ownership')
    .selectAll()
    .where('house_id', '=', houseId)
    .where('premises_id', '=', premisesId)
    .where('ownership_id', '=', ownershipId)
    .forUpdate()
    .executeTakeFirst();
  return row ? ownershipOf(row) : null;
}

export async function setOwnershipEnd(db: Db, houseId: HouseId, ownershipId: string, on: Day, at: Date): Promise<void> {
  await db
    .updateTable('ownership')
    .set({ ended_on: on, updated_at: at })
    .where('house_id', '=', houseId)
    .where('ownership_id', '=', ownershipId)
    .execute();
}

/** A page of the current owners of a house by premises, after the last one shown. */
export async function selectOwnersPage(db: Db, input: { houseId: HouseId; after: string; limit: number }) {
  return db
    .selectFrom('ownership')
    .innerJoin('premises', (join) =>
      join
        .onRef('premises.house_id', '=', 'ownership.house_id')
        .onRef('premises.premises_id', '=', 'ownership.premises_id'),
    )
    .select([
      'ownership_id as ownershipId',
      'ownership.premises_id as premisesId',
      'category',
      'number',
      'holder',
      'family_name as familyName',
      'given_name as givenName',
      'middle_name as middleName',
      'organisation_name as organisationName',
      'numerator',
      'denominator',
      'registered_on as registeredOn',
    ])
    .where('ownership.house_id', '=', input.houseId)
    .where('ended_on', 'is', null)
    .where('ownership_id', '>', input.after)
    .orderBy('ownership_id')
    .limit(input.limit)
    .execute();
}

import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, HouseId, MeterId, OrganisationId } from '../../../platform/ids.ts';
import { type Day, dayIn } from '../../../platform/month.ts';
import { readWholeAccounts, type WholeAccount } from '../../accounts/index.ts';
import { type HouseCard, readHouse } from '../../houses/index.ts';
import {
  bareSerial,
  findMetersByNumbers,
  findMetersBySerials,
  type Meter,
  type MeterLink,
  readLastReadings,
  readLinks,
  readMeters,
  sourcesPresent,
} from '../../meters/index.ts';
import { findHouseLine, readOrganisations } from '../../organisations/index.ts';
import type { MeterRow } from '../layouts/meters.ts';
import type { PayerFinder, PayerLook } from './bill-payers.ts';
import { type AccountRow, payerRow } from './meter-accounts.ts';

/** The number that Domovoy issued, as the cell of it holds it. */
export const issuedNumber = (text: string | null): string | null => {
  const digits = text?.replace(/[\s\u00a0-]/g, '') ?? '';
  return /^\d{12}$/.test(digits) ? digits : null;
};

/** What is known of a house and of the devices that rows of a file may mean. */
export interface MeterLook {
  house: HouseCard;
  today: Day;
  /** The organisation manages the house or keeps accounts there. */
  serves: boolean;
  payers: PayerLook;
  accounts: ReadonlyMap<AccountId, WholeAccount>;
  byNumber: ReadonlyMap<string, Meter>;
  bySerial: ReadonlyMap<string, readonly Meter[]>;
  /** `meterId resource` of which there are readings. */
  started: ReadonlySet<string>;
  links: readonly MeterLink[];
  /** Names of the organisations that other devices are of; an organisation that has left the house is absent. */
  sources: ReadonlyMap<OrganisationId, string>;
}

export async function lookAtMeters(
  db: Db,
  organisationId: OrganisationId,
  payers: PayerFinder,
  houseId: HouseId,
  { meters, accounts }: { meters: readonly MeterRow[]; accounts: readonly AccountRow[] },
  at: Date,
): Promise<MeterLook | null> {
  const house = await readHouse(db, houseId);
  if (!house) return null;
  const line = await findHouseLine(db, organisationId, houseId);
  const named = accounts.filter(({ values }) => values.account !== null);
  const look = await payers.look(db, named.map(payerRow), houseId);
  const own = named.flatMap((row) => look.payerOf(payerRow(row), [])?.accountId ?? []);
  const numbers = await findMetersByNumbers(
    db,
    meters.flatMap(({ values }) =>
      [issuedNumber(values.meterNumber), issuedNumber(values.linked)].flatMap((n) => n ?? []),
    ),
  );
  const numbered = await readMeters(
    db,
    houseId,
    [...numbers.values()].flatMap((one) => (one.houseId === houseId ? [one.meterId] : [])),
  );
  const serials = await findMetersBySerials(db, houseId, [
    ...new Set(meters.flatMap(({ values }) => values.serial ?? [])),
  ]);
  const all = new Map<MeterId, Meter>([...numbered, ...serials].map((meter) => [meter.meterId, meter]));
  const ids = [...all.keys()];
  const lasts = await readLastReadings(db, houseId, ids);
  return {
    house,
    today: dayIn(house.zone, at),
    serves: line !== undefined,
    payers: look,
    accounts: await readWholeAccounts(db, houseId, [...new Set(own)]),
    byNumber: new Map(numbered.map((meter) => [meter.number, meter])),
    bySerial: Map.groupBy(all.values(), ({ serial }) => bareSerial(serial)),
    started: new Set(lasts.map(({ meterId, resource }) => `${meterId} ${resource}`)),
    links: await readLinks(db, houseId, ids),
    sources: await sourcesOf(db, houseId, [...all.values()]),
  };
}

async function sourcesOf(db: Db, houseId: HouseId, meters: readonly Meter[]): Promise<Map<OrganisationId, string>> {
  const cards = await readOrganisations(db, [...(await sourcesPresent(db, houseId, meters))]);
  return new Map(cards.map((card) => [card.organisationId, card.shortName ?? card.fullName]));
}

import type { Db } from '../../platform/database/database.ts';
import { isUuid, type OrganisationId } from '../../platform/ids.ts';
import { findAddress, searchAddresses } from '../addresses/index.ts';
import { findHouseByFias, readHouse } from '../houses/index.ts';
import { findOrganisationWithPower, readOrganisation } from '../organisations/index.ts';

export interface FoundOrganisation {
  organisationId: OrganisationId;
  shortName: string;
  phone: string | null;
  email: string | null;
  dispatcherPhone: string | null;
}

/** Whom to call about a house. Public: it names organisations, never people. */
export interface HouseContacts {
  fiasGuid: string;
  address: string;
  regionCode: string;
  /** The house is in this installation. */
  isKnown: boolean;
  manager: FoundOrganisation | null;
  inspectorate: FoundOrganisation | null;
}

/** НСИ 20: орган государственного жилищного надзора. */
const INSPECTORATE = '4';

export const contactsOf = (card: Awaited<ReturnType<typeof readOrganisation>>): FoundOrganisation | null =>
  card
    ? {
        organisationId: card.organisation_id,
        shortName: card.short_name,
        phone: card.phone,
        email: card.email,
        dispatcherPhone: card.dispatcher_phone,
      }
    : null;

/** The inspectorate that oversees a region. */
export const findInspectorate = async (db: Db, regionCode: string): Promise<FoundOrganisation | null> =>
  contactsOf(await findOrganisationWithPower(db, INSPECTORATE, regionCode));

/** Null when the text is no ФИАС GUID of a house that we know of. */
export async function findContacts(db: Db, fiasGuid: string): Promise<HouseContacts | null> {
  if (!isUuid(fiasGuid)) return null;
  const [address, houseId] = await Promise.all([findAddress(db, fiasGuid), findHouseByFias(db, fiasGuid)]);
  const house = houseId ? await readHouse(db, houseId) : null;
  const regionCode = house?.regionCode ?? address?.regionCode;
  if (!regionCode) return null;
  const [manager, inspectorate] = await Promise.all([
    house?.managerId ? readOrganisation(db, house.managerId) : undefined,
    findInspectorate(db, regionCode),
  ]);
  return {
    fiasGuid,
    address: house?.shortAddress ?? address!.short,
    regionCode,
    isKnown: house !== null,
    manager: contactsOf(manager),
    inspectorate,
  };
}

/** Houses that answer a line of text, as the address search shows them. */
export async function findHouses(db: Db, query: string) {
  const { houses } = await searchAddresses(db, query);
  return houses.map((house) => ({
    id: house.guid,
    label: house.full,
    href: `/find?address=${house.guid}&q=${encodeURIComponent(query)}`,
  }));
}

import type { Db } from '../../platform/database/database.ts';
import type { AccountId, HouseId, LinkId, OrganisationId, PersonId } from '../../platform/ids.ts';
import { type AccountKind, connectedAccounts, readAccounts } from '../accounts/index.ts';
import { premisesLabel, readHouse, readPremises } from '../houses/index.ts';

export interface OwnHome {
  houseId: HouseId;
  fiasGuid: string;
  /** «ул. Лескова, д. 12, кв. 5». */
  label: string;
  /** «Номер помещения». */
  flat: string;
  accounts: { linkId: LinkId; accountId: AccountId; providerId: OrganisationId; kind: AccountKind; number: string }[];
}

/** Homes of the person's connected accounts, each once. Houses are read one by one: a statement of a resident names one house. */
export async function readOwnHomes(db: Db, personId: PersonId): Promise<OwnHome[]> {
  const links = await connectedAccounts(db, personId);
  const homes: OwnHome[] = [];
  for (const houseId of new Set(links.map((link) => link.houseId))) {
    const own = links.filter((link) => link.houseId === houseId);
    const [house, cards] = await Promise.all([
      readHouse(db, houseId),
      readAccounts(
        db,
        houseId,
        own.map(({ accountId }) => accountId),
      ),
    ]);
    if (!house) continue;
    const premises = await readPremises(db, houseId, [
      ...new Set(cards.flatMap(({ places }) => places.map(({ premisesId }) => premisesId))),
    ]);
    for (const card of cards) {
      const place = premises.find(({ premisesId }) => card.places.some((one) => one.premisesId === premisesId));
      const flat = place && place.category !== 'whole_house' ? place.number : '';
      const label = [house.shortAddress, place ? premisesLabel(place) : ''].filter(Boolean).join(', ');
      let home = homes.find((one) => one.houseId === houseId && one.flat === flat);
      if (!home) {
        home = { houseId, fiasGuid: house.fiasGuid, label, flat, accounts: [] };
        homes.push(home);
      }
      const { linkId } = own.find(({ accountId }) => accountId === card.accountId)!;
      const { accountId, providerId, kind, number } = card;
      home.accounts.push({ linkId, accountId, providerId, kind, number });
    }
  }
  return homes.sort((a, b) => a.label.localeCompare(b.label, 'ru', { numeric: true }));
}

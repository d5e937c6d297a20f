import type { Db } from '../../platform/database/database.ts';
import { type HouseId, isUuid, type OrganisationId } from '../../platform/ids.ts';
import { type Address, findAddress, resolveAddressText } from '../addresses/index.ts';
import { canonicalHouseCode, findHouseByFias, findHousesByCodes, readHouses, UNIQUE_NUMBER } from '../houses/index.ts';
import { listHouses } from '../organisations/index.ts';

/** What a row says of its house. */
export interface HouseName {
  guid: string | null;
  address: string | null;
}

export type FoundHouse =
  | { kind: 'known'; houseId: HouseId; flat: string | null }
  /** The register of addresses has it, we do not yet. */
  | { kind: 'registered'; address: Address; flat: string | null }
  | { kind: 'unknown'; key: 'guid' | 'address'; message: string };

const PAGE = 500;
const NAME_IT = 'укажите GUID дома по ФИАС или адрес дома';

/** Addresses as they are compared: words and numbers, without an index, punctuation and the word «Россия». */
export const bareAddress = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/\b\d{6}\b/g, ' ')
    .replace(/[^\p{L}\p{N}/-]+/gu, ' ')
    .replace(/(^| )(россия|рф|российская федерация)(?= |$)/g, ' ')
    .replace(/ +/g, ' ')
    .trim();

/** Finds houses that rows name by ФИАС GUID, by the state system's code or by address; each name is looked up once. */
export class HouseFinder {
  readonly #organisationId: OrganisationId;
  readonly #known = new Map<string, FoundHouse>();
  #own: Map<string, HouseId[]> | null = null;

  constructor(organisationId: OrganisationId) {
    this.#organisationId = organisationId;
  }

  async find(db: Db, name: HouseName): Promise<FoundHouse> {
    const key = `${name.guid ?? ''}|${name.address ?? ''}`;
    const known = this.#known.get(key);
    if (known) return known;
    const found = await this.#look(db, name);
    this.#known.set(key, found);
    return found;
  }

  async #look(db: Db, { guid, address }: HouseName): Promise<FoundHouse> {
    const bare = canonicalHouseCode(guid ?? '');
    if (isUuid(bare)) {
      const found = await byGuid(db, bare);
      if (found) return found;
      return { kind: 'unknown', key: 'guid', message: 'такого GUID нет в адресном реестре: проверьте его по ФИАС' };
    }
    const placed = address ? await this.#byAddress(db, address) : null;
    if (placed && placed.kind !== 'unknown') return placed;
    // An organisation has told us the state's code of a house, the register has not: the address is believed first.
    const coded = UNIQUE_NUMBER.test(bare) ? await byCode(db, bare) : null;
    if (coded) return coded;
    if (placed) return placed;
    return guid
      ? { kind: 'unknown', key: 'guid', message: `дом по этому коду не найден: ${NAME_IT}` }
      : { kind: 'unknown', key: 'address', message: NAME_IT };
  }

  async #byAddress(db: Db, address: string): Promise<FoundHouse> {
    const own = (await this.#ownHouses(db)).get(bareAddress(address)) ?? [];
    if (own.length === 1) return { kind: 'known', houseId: own[0]!, flat: null };
    return byText(db, address);
  }

  /** The organisation's own houses by the two forms of their addresses: an old file need not agree with the register. */
  async #ownHouses(db: Db): Promise<Map<string, HouseId[]>> {
    if (this.#own) return this.#own;
    this.#own = new Map();
    let after: Parameters<typeof listHouses>[1]['after'] = null;
    for (;;) {
      const page = await listHouses(db, {
        organisationId: this.#organisationId,
        houses: null,
        search: '',
        after,
        limit: PAGE,
      });
      for (const house of await readHouses(
        db,
        page.map(({ houseId }) => houseId),
      ))
        for (const text of new Set([bareAddress(house.address), bareAddress(house.shortAddress)]))
          this.#own.set(text, [...(this.#own.get(text) ?? []), house.houseId]);
      const last = page.at(-1);
      if (!last || page.length < PAGE) return this.#own;
      after = { address: last.address, houseId: last.houseId };
    }
  }
}

async function byGuid(db: Db, guid: string, flat: string | null = null): Promise<FoundHouse | null> {
  const houseId = await findHouseByFias(db, guid);
  if (houseId) return { kind: 'known', houseId, flat };
  const address = await findAddress(db, guid);
  return address ? { kind: 'registered', address, flat } : null;
}

/** A house by the state system's code; null when nobody has told it, or two houses are said to have it. */
async function byCode(db: Db, code: string): Promise<FoundHouse | null> {
  const [found, ...others] = await findHousesByCodes(db, [code]);
  return found && others.length === 0 ? byGuid(db, found.fiasGuid) : null;
}

async function byText(db: Db, text: string): Promise<FoundHouse> {
  const found = await resolveAddressText(db, text);
  if (found.kind === 'found') return (await byGuid(db, found.address.guid, found.flat))!;
  const near = found.candidates.slice(0, 3).map(({ full }) => `«${full}»`);
  const message =
    found.kind === 'ambiguous'
      ? `под этот адрес подходят несколько домов: ${near.join(', ')}; укажите GUID дома по ФИАС`
      : `такого дома нет в адресном реестре${near.length > 0 ? `, есть похожие: ${near.join(', ')}` : ''}; исправьте адрес или укажите GUID дома по ФИАС`;
  return { kind: 'unknown', key: 'address', message };
}

import type { Db } from '../../platform/database/database.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import type { AccountKind } from '../accounts/index.ts';
import { type HouseProvider, readHouseProviders } from '../billing/index.ts';
import { findHouseByFias, readHouse } from '../houses/index.ts';
import {
  type Criteria,
  findBodies,
  findOrganisationsBy,
  readOrganisations,
  readPowers,
} from '../organisations/index.ts';
import type { Place } from './find-place.ts';
import {
  CAPITAL_REPAIR,
  INSPECTORATE,
  MANAGERS,
  MUNICIPALITY,
  SUPPLIER,
  type Topic,
  topicOf,
  URBAN,
  WASTE,
} from './topics.ts';

type Where = Pick<Place, 'fiasGuid' | 'regionCode' | 'oktmo'>;

export interface OfferedAddressee {
  organisationId: OrganisationId;
  shortName: string;
  /** The role by НСИ 20 in which it is addressed. */
  powerCode: string;
  /** Why it is offered. */
  why: string;
  /** The topic is its business. */
  fits: boolean;
  phone: string | null;
  dispatcherPhone: string | null;
}

/** Roles of those who keep accounts, by the kind of account. */
export const POWER_OF_KIND: Readonly<Record<AccountKind, string>> = {
  uo: '1',
  rso: SUPPLIER,
  capital_repair: CAPITAL_REPAIR,
  settlement_centre: '36',
  authority: MUNICIPALITY,
  tko: WASTE,
};

const WHY_CHARGES: Readonly<Record<AccountKind, string>> = {
  uo: 'Начисляет в доме плату за жильё и коммунальные услуги',
  rso: 'Поставляет в дом коммунальные ресурсы',
  capital_repair: 'Начисляет в доме взносы на капитальный ремонт',
  settlement_centre: 'Готовит квитанции жильцов дома',
  authority: 'Начисляет в доме плату за наём жилья',
  tko: 'Вывозит мусор из вашего дома',
};

const WHY_BODY: Readonly<Record<string, string>> = {
  [INSPECTORATE]: 'Жилищная инспекция региона: проверяет тех, кто управляет домами и поставляет услуги',
  [MUNICIPALITY]: 'Орган местного самоуправления этой территории',
  [URBAN]: 'Отвечает за благоустройство по программе «Формирование современной городской среды»',
  [CAPITAL_REPAIR]: 'Региональный оператор капитального ремонта',
  [WASTE]: 'Региональный оператор по вывозу мусора',
};
const BODIES = [INSPECTORATE, MUNICIPALITY, URBAN, CAPITAL_REPAIR, WASTE];
/** Bodies of power and operators that the search without the check box S-TO-5 shows when they serve the place. */
const PLACE_POWERS = [...BODIES, '5', '7', '10', '16', '28', '33', '41'];

interface Candidate {
  organisationId: OrganisationId;
  powerCode: string;
  why: string;
  services: readonly string[];
  kind: AccountKind | null;
}

const isManager = (powerCode: string) => (MANAGERS as readonly string[]).includes(powerCode);

/**
 * Whom an appeal about a place and a topic may go to, the likeliest first: who manages the house, who charges in it, and the bodies
 * whose territory covers it. An organisation stands once, in its likeliest role.
 */
export async function offerAddressees(db: Db, where: Where, topicCode: string): Promise<OfferedAddressee[]> {
  const topic = topicCode ? topicOf(topicCode) : null;
  const candidates = [...(await ofHouse(db, where)), ...(await ofTerritory(db, where))];
  const ranked = candidates
    .map((candidate, index) => ({ candidate, rank: topic ? rankOf(candidate, topic) : 1, index }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index);
  const cards = await readOrganisations(db, [...new Set(candidates.map((one) => one.organisationId))]);
  const seen = new Set<OrganisationId>();
  return ranked.flatMap(({ candidate: { organisationId, powerCode, why }, rank }) => {
    const card = cards.find((one) => one.organisationId === organisationId);
    if (!card || seen.has(organisationId)) return [];
    seen.add(organisationId);
    const { shortName, phone, dispatcherPhone } = card;
    return [{ organisationId, shortName, powerCode, why, fits: rank < NO_BUSINESS, phone, dispatcherPhone }];
  });
}

const NO_BUSINESS = 100;

/** The provider of the service that the topic is about comes before the manager: with a direct contract the bill is its own. */
function rankOf({ powerCode, services, kind }: Candidate, topic: Topic): number {
  const isAbout = topic.services.some((code) => services.includes(code));
  if (powerCode === SUPPLIER && isAbout) return 0;
  const place = topic.powers.findIndex((power) => power === powerCode || (isManager(power) && isManager(powerCode)));
  if (place >= 0 && !(powerCode === SUPPLIER && topic.services.length > 0)) return 1 + place;
  if (topic.matter === 'charges' && kind !== null) return 50;
  return NO_BUSINESS;
}

async function ofHouse(db: Db, where: Where): Promise<Candidate[]> {
  const houseId = where.fiasGuid ? await findHouseByFias(db, where.fiasGuid) : null;
  if (!houseId) return [];
  const [house, providers] = await Promise.all([readHouse(db, houseId), readHouseProviders(db, houseId)]);
  const manager = house?.managerId ? [await managerOf(db, house.managerId)] : [];
  return [...manager, ...providers.map(providerOf)];
}

async function managerOf(db: Db, organisationId: OrganisationId): Promise<Candidate> {
  const powers = await readPowers(db, organisationId);
  const powerCode = MANAGERS.find((power) => powers.includes(power)) ?? MANAGERS[0];
  return { organisationId, powerCode, why: 'Управляет домом', services: [], kind: 'uo' };
}

function providerOf({ providerId, kind, services }: HouseProvider): Candidate {
  const names = [...new Set(services.map(({ name }) => name.toLowerCase()))];
  const why = kind === 'rso' && names.length > 0 ? `Поставляет в дом: ${names.join(', ')}` : WHY_CHARGES[kind];
  return {
    organisationId: providerId,
    powerCode: POWER_OF_KIND[kind],
    why,
    services: services.map(({ code }) => code),
    kind,
  };
}

async function ofTerritory(db: Db, { regionCode, oktmo }: Where): Promise<Candidate[]> {
  if (!regionCode) return [];
  const bodies = await findBodies(db, { powerCodes: BODIES, regionCode, oktmo });
  return bodies.map(({ organisationId, powerCode }) => ({
    organisationId,
    powerCode,
    why: WHY_BODY[powerCode]!,
    services: [],
    kind: null,
  }));
}

export interface FoundAddressee {
  organisationId: OrganisationId;
  shortName: string;
  fullName: string;
  inn: string;
  ogrn: string;
  address: string | null;
  powerCode: string;
}

/**
 * «Расширенный поиск»: organisations by all criteria of the window, a page by short name. Those of the house and of its territory
 * alone, unless `everywhere`.
 */
export async function searchAddressees(
  db: Db,
  criteria: Criteria,
  where: Where & { topicCode: string; everywhere: boolean },
  page: { after: { shortName: string; organisationId: OrganisationId } | null; limit: number },
): Promise<FoundAddressee[]> {
  const near = where.everywhere ? null : await nearOf(db, where);
  const found = await findOrganisationsBy(db, criteria, near, page);
  return found.map(({ powers, ...card }) => ({ ...card, powerCode: chooseRole(powers, criteria, where.topicCode) }));
}

async function nearOf(db: Db, where: Where) {
  const { regionCode, oktmo } = where;
  const own = await ofHouse(db, where);
  return {
    organisationIds: own.map(({ organisationId }) => organisationId),
    bodyPowers: PLACE_POWERS,
    regionCode,
    oktmo,
  };
}

/** The role that was searched for, else the one that the topic is for, else the first it has. */
export function chooseRole(
  powers: readonly string[],
  { powerCode }: Pick<Criteria, 'powerCode'>,
  topicCode: string,
): string {
  if (powerCode && powers.includes(powerCode)) return powerCode;
  const wanted = topicCode ? topicOf(topicCode).powers.find((power) => powers.includes(power)) : undefined;
  const inOrder = [...powers].sort((a, b) => Number(a) - Number(b));
  return wanted ?? inOrder[0] ?? MANAGERS[0];
}

/** Whom to ring first when life or property is in danger: the desk of who manages the house. */
export async function findDispatcher(db: Db, fiasGuid: string | null): Promise<{ name: string; phone: string } | null> {
  const houseId = fiasGuid ? await findHouseByFias(db, fiasGuid) : null;
  const house = houseId ? await readHouse(db, houseId) : null;
  const [card] = house?.managerId ? await readOrganisations(db, [house.managerId]) : [];
  const phone = card?.dispatcherPhone ?? card?.phone;
  return card && phone ? { name: card.shortName, phone } : null;
}

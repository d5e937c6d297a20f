import { type Acting, type Actor, actingFor } from '../../platform/access.ts';
import type { Db } from '../../platform/database/database.ts';
import { NotFound } from '../../platform/errors.ts';
import type { HouseId, MeterId, OrganisationId, PersonId } from '../../platform/ids.ts';
import { type HouseCard, readHouse } from '../houses/index.ts';
import { findDeskHouse, findHouseLine } from '../organisations/index.ts';
import type { Meter } from './meter.ts';
import { selectMeters } from './queries/meters.ts';
import { parseWindow, type Taking, takingOn, type Window } from './window.ts';
import { loadMeterRules, todayAt } from './windows.ts';

export interface OwnHouse {
  house: HouseCard;
  organisationId: OrganisationId;
  personId: PersonId;
  acting: Acting;
  manages: boolean;
}

/** The house, when the organisation acted for manages it or keeps accounts there. @throws NotFound */
export async function houseOfActor(db: Db, actor: Actor, houseId: HouseId): Promise<OwnHouse> {
  const { acting, personId } = actingFor(actor);
  const { organisationId } = acting;
  const [line, house] = await Promise.all([findDeskHouse(db, acting, houseId), readHouse(db, houseId)]);
  if (!line || !house) throw new NotFound();
  return { house, organisationId, personId, acting, manages: house.managerId === organisationId };
}

/** An organisation sees the devices that charge its own accounts, and the house's own devices of its houses. */
export const isSeenBy = (meter: Pick<Meter, 'kind' | 'accounts'>, organisationId: OrganisationId): boolean =>
  meter.kind === 'house' || meter.accounts.some(({ providerId }) => providerId === organisationId);

/**
 * Who changes the card of a device that it sees: whoever entered it, until that one leaves the house; the house's own device its manager
 * too. Several providers charge by one device, and two that keep one card would undo each other's work.
 * @param present organisations that still have to do with the house, of those who entered its devices
 */
export const isKeptBy = (
  { kind, sourceId }: Pick<Meter, 'kind' | 'sourceId'>,
  { organisationId, manages }: Pick<OwnHouse, 'organisationId' | 'manages'>,
  present: Pick<ReadonlySet<OrganisationId>, 'has'>,
): boolean => sourceId === organisationId || !present.has(sourceId) || (kind === 'house' && manages);

export const KEPT_BY_OTHERS = 'Карточку прибора ведёт другая организация. Показания по нему вносить можно.';

/** Those who entered some devices of a house and still have to do with it. */
export async function sourcesPresent(
  db: Db,
  houseId: HouseId,
  meters: readonly Pick<Meter, 'sourceId'>[],
): Promise<Set<OrganisationId>> {
  const present = new Set<OrganisationId>();
  for (const sourceId of new Set(meters.map((meter) => meter.sourceId)))
    if (await findHouseLine(db, sourceId, houseId)) present.add(sourceId);
  return present;
}

/** A device that the organisation sees, in a house of its list. @throws NotFound */
export async function meterOfActor(
  db: Db,
  actor: Actor,
  houseId: HouseId,
  meterId: MeterId,
): Promise<OwnHouse & { meter: Meter; isKept: boolean }> {
  const own = await houseOfActor(db, actor, houseId);
  const [meter] = await selectMeters(db, houseId, [meterId]);
  if (!meter || !isSeenBy(meter, own.organisationId)) throw new NotFound();
  return { ...own, meter, isKept: isKeptBy(meter, own, await sourcesPresent(db, houseId, [meter])) };
}

export interface OrganisationTaking extends Taking {
  window: Window;
  /** Who decided about the window, as people read it. */
  source: string;
}

/** The month that the organisation takes readings of a house for on the house's own day. */
export async function takingOfOrganisation(
  db: Db,
  house: Pick<HouseCard, 'houseId' | 'regionCode' | 'oktmo' | 'zone'>,
  organisationId: OrganisationId,
  at: Date,
): Promise<OrganisationTaking> {
  const today = todayAt(house, at);
  const { houseId, regionCode, oktmo } = house;
  const rules = await loadMeterRules(db, [house], [organisationId]);
  const rule = rules.get('reading.window', today, { houseId, regionCode, oktmo, organisationId });
  const window = parseWindow(rule.value);
  return { ...takingOn(window, today), window, source: rule.source };
}

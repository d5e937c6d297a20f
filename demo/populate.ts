import { composeEls, composeServiceId } from '../src/modules/accounts/index.ts';
import type { AccountId, OrganisationId, PersonId, PremisesId, RoomId } from '../src/platform/ids.ts';
import { addDays, day, firstDay, lastDay, type Month } from '../src/platform/month.ts';
import type { AccountPlan, HouseFrame, Place } from './account.ts';
import { addEls } from './account.ts';
import { billedServices } from './billed-services.ts';
import { flatDevices, type Metering, type Supplies } from './flat-devices.ts';
import type { Flat, Holder } from './flats.ts';
import { addPremises, addRight, addRoom, type HouseFacts } from './house-rows.ts';
import type { Provider } from './organisations.ts';
import { personIdOfSnils } from './people.ts';
import type { Rows } from './rows.ts';
import { addAccountLife } from './simulate.ts';
import { commonStory, type Kind, particularStory, type Service } from './stories.ts';

export interface District {
  rows: Rows;
  months: readonly Month[];
  now: Date;
  /** The next free serial of the unified numbers. */
  nextEls: () => number;
  recordedBy: PersonId;
  onAccount: (account: PlacedAccount) => void;
}

/** Where an account stands, for those who are to find it. */
export interface PlacedAccount {
  house: number;
  flat: string;
  service: Service;
  houseId: HouseFacts['houseId'];
  accountId: AccountId;
  provider: Provider;
  number: string;
  els: string;
  closed: boolean;
}

export interface PlaceInDistrict {
  index: number;
  facts: HouseFacts;
  frame: HouseFrame;
  metering: Metering;
  billing: 'providers' | 'providers and waste' | 'centre';
}

/** The letters of a unified number, and six digits, from a serial: numbers of neighbours lie together in the look-up. */
export const elsOf = (serial: number): string => {
  const pair = Math.floor(serial / 1_000_000);
  return composeEls('77', BigInt((serial % 1_000_000) * 100 + (pair % 10) * 10 + Math.floor(pair / 10)));
};

/** Writes the premises of a house with their owners, and the accounts of those who are billed. */
export function populate(
  district: District,
  place: PlaceInDistrict,
  flats: readonly Flat[],
  perEntrance: number,
): Map<OrganisationId, number> {
  const { rows, now } = district;
  const counts = new Map<OrganisationId, number>();
  const written = new Map<string, { premisesId: PremisesId; rooms: Map<string, RoomId> }>();
  flats.forEach((flat, index) => {
    const entrance = flat.category === 'residential' ? String(Math.floor(index / perEntrance) + 1) : null;
    const premisesId = addPremises(
      rows,
      place.frame,
      {
        category: flat.category,
        number: flat.number,
        entrance,
        characteristic: flat.category === 'residential' ? (flat.communal ? '2' : '1') : null,
        totalArea: flat.totalArea,
        livingArea: flat.livingArea,
        serial: 2_000_000 + place.index * 1000 + index,
      },
      now,
    );
    const rooms = new Map<string, RoomId>();
    for (const { room, dwelling } of flat.holders)
      if (room)
        rooms.set(room, addRoom(rows, place.frame, { premisesId, number: room, area: dwelling.livingArea }, now));
    for (const right of flat.owners)
      addRight(rows, place.frame, { premisesId, recordedBy: district.recordedBy, ...right }, now);
    written.set(flat.number, { premisesId, rooms });
  });
  for (const flat of flats) {
    const supplies = flatDevices(place.metering, flat, written.get(flat.number)!, personIdOfSnils);
    flat.holders.forEach((holder, index) => {
      const joined = flats.filter(({ joins }) => joins === flat.number).map(({ number }) => number);
      const places = [flat.number, ...joined].map((number): Place => {
        const { premisesId, rooms } = written.get(number)!;
        return { premisesId, roomId: holder.room ? rooms.get(holder.room)! : null, share: holder.share };
      });
      for (const provider of addHolder(district, place, { flat, holder, index, places, supplies: supplies[index]! }))
        counts.set(provider.organisationId, (counts.get(provider.organisationId) ?? 0) + 1);
    });
  }
  return counts;
}

interface Holding {
  flat: Flat;
  holder: Holder;
  index: number;
  places: readonly Place[];
  supplies: Supplies;
}

/** The services that are charged by devices. */
const CHARGED_BY: Partial<Record<Service, 'water' | 'light'>> = {
  water: 'water',
  centre: 'water',
  electricity: 'light',
};

/** A holder who sold the flat has closed accounts; the buyer's are open and have no bill yet. */
function addHolder(
  district: District,
  place: PlaceInDistrict,
  { flat, holder, index, places, supplies }: Holding,
): Provider[] {
  const { rows, months, now } = district;
  const { frame, facts } = place;
  const last = months.at(-1)!;
  const els = elsOf(district.nextEls());
  addEls(rows, frame.houseId, els);
  const { sold, bought } = flat.sale ?? { sold: -1, bought: -1 };
  // Offered to some, taken by one.
  const insured = Number.parseInt(flat.number, 10) % 4 === 0 || Number.parseInt(flat.number, 10) === 11;
  const services = billedServices(place, holder, supplies, insured);
  services.forEach(({ service, kind, provider, bill }, order) => {
    const serial = `${place.index + 1}${flat.category === 'residential' ? '' : '9'}${flat.number.replace(/\D/g, '').padStart(3, '0')}`;
    const suffix = flat.holders.length > 1 ? `-${index + 1}` : '';
    const accountId = frame.makeId<AccountId>(now);
    const isSold = index === sold;
    const plan: AccountPlan = {
      accountId,
      provider,
      kind,
      number: `${provider.inn.slice(6, 9)}${serial}${suffix}`,
      els,
      serviceId: composeServiceId(els, order + 1),
      isTenant: holder.isTenant,
      divided: flat.holders.length > 1 && holder.room === null && !flat.sale,
      payer: holder.payer,
      address: `${facts.address}, ${flat.category === 'residential' ? 'кв.' : 'помещение'} ${flat.number}${holder.room ? `, комната ${holder.room}` : ''}`,
      dwelling: holder.dwelling,
      places,
      openedOn: index === bought ? addDays(lastDay(last), 1) : firstDay(months[0]!),
      closed: isSold ? { on: lastDay(last), reason: '5', note: 'Квартира продана' } : null,
      basis: basisOf(kind, serial),
      from: index === bought ? null : months[0]!,
      until: isSold ? last : null,
      bill,
      story: particularStory(place.index, flat.number, service, last) ?? commonStory(frame.random, last),
    };
    addAccountLife(rows, frame, plan, months, now);
    const charged = CHARGED_BY[service];
    if (charged) supplies.tie(charged, { accountId, providerId: provider.organisationId, closed: isSold });
    const { houseId } = frame;
    const { number } = plan;
    district.onAccount({
      house: place.index,
      flat: flat.number,
      service,
      houseId,
      accountId,
      provider,
      number,
      els,
      closed: isSold,
    });
  });
  return services.map(({ provider }) => provider);
}

function basisOf(kind: Kind, serial: string): AccountPlan['basis'] {
  if (kind === 'uo')
    return {
      kind: 'Договор управления',
      contractKind: null,
      number: `У-${serial.slice(0, 1)}`,
      concludedOn: day('2024-03-01'),
    };
  if (kind === 'rso')
    return {
      kind: 'Договор ресурсоснабжения',
      contractKind: null,
      number: `Р-${serial}`,
      concludedOn: day('2024-03-15'),
    };
  if (kind === 'authority')
    return {
      kind: 'Договор социального найма',
      contractKind: null,
      number: `Н-${serial}`,
      concludedOn: day('2015-05-20'),
    };
  if (kind === 'tko')
    return {
      kind: 'Договор об обращении с ТКО',
      contractKind: null,
      number: `Т-${serial}`,
      concludedOn: day('2024-03-15'),
    };
  return null;
}

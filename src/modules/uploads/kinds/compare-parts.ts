import {
  type EntranceInput,
  type LiftInput,
  type PremisesInput,
  placeKey,
  premisesLabel,
  type RoomInput,
  type WholeHouse,
} from '../../houses/index.ts';
import { changesBetween } from '../compare.ts';
import { type Lists, nameOfCode } from '../sections.ts';
import type { Change } from '../work.ts';
import type { Parts } from './house-parts.ts';

const PREMISES_WORDS: Readonly<Partial<Record<keyof PremisesInput, string>>> = {
  entranceNumber: 'подъезд',
  characteristicCode: 'характеристика',
  totalArea: 'общая площадь',
  livingArea: 'жилая площадь',
  cadastralNumber: 'кадастровый номер',
  commonProperty: 'общее имущество',
  confirmed: 'подтверждено поставщиком',
  closedOn: 'дата прекращения',
};

/** What the parts change in a house that is there; many new parts are told by their count. */
export function comparePart(parts: Parts, whole: WholeHouse, lists: Lists): Change[] {
  const changes: Change[] = [];
  const added = (what: string, names: readonly string[]) => {
    if (names.length > 0)
      changes.push({
        what,
        before: 'нет',
        after: names.length > 10 ? `${names.slice(0, 10).join(', ')} и ещё ${names.length - 10}` : names.join(', '),
      });
  };
  const known = new Map(whole.premises.map((one) => [placeKey(one), one]));
  added('Новые помещения', parts.premises.filter((one) => !known.has(placeKey(one))).map(premisesLabel));
  for (const one of parts.premises) {
    const before = known.get(placeKey(one));
    if (!before) continue;
    const label = premisesLabel(one);
    const differences = changesBetween<Partial<PremisesInput>>(before, one, PREMISES_WORDS, (key, value) =>
      key === 'characteristicCode' && typeof value === 'string' ? nameOfCode(lists, 30, value) : value,
    );
    changes.push(...differences.map((change) => ({ ...change, what: `${label}, ${change.what}` })));
    if (!before.described && differences.length === 0)
      changes.push({ what: label, before: 'не описано', after: 'описано' });
  }
  added(
    'Новые подъезды',
    parts.entrances
      .filter((one) => !whole.entrances.some(({ number }) => number === one.number))
      .map(({ number }) => number),
  );
  for (const one of parts.entrances) {
    const before = whole.entrances.find(({ number }) => number === one.number);
    if (before)
      changes.push(
        ...changesBetween<Partial<EntranceInput>>(before, one, {
          storeys: `подъезд ${one.number}, этажность`,
          yearBuilt: `подъезд ${one.number}, год постройки`,
          closedOn: `подъезд ${one.number}, дата прекращения`,
        }),
      );
  }
  changes.push(...changesOfRooms(parts, whole), ...changesOfLifts(parts, whole, lists));
  return changes;
}

function changesOfRooms(parts: Parts, whole: WholeHouse): Change[] {
  return parts.rooms.flatMap((room) => {
    const flat = room.place.slice(room.place.indexOf(' ') + 1);
    const label = `кв. ${flat}, комната ${room.number}`;
    const before = whole.rooms.find(
      (one) => one.premisesId === parts.known.get(room.place) && one.number === room.number,
    );
    if (!before) return [{ what: 'Новая комната', before: 'нет', after: label }];
    return changesBetween<Partial<RoomInput>>(before, room, {
      area: `${label}, площадь`,
      cadastralNumber: `${label}, кадастровый номер`,
      confirmed: `${label}, подтверждено поставщиком`,
    });
  });
}

const detailsText = (details: Record<string, unknown> | undefined): string =>
  Object.entries(details ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}: ${value ?? ''}`)
    .join('; ');

function changesOfLifts(parts: Parts, whole: WholeHouse, lists: Lists): Change[] {
  return parts.lifts.flatMap((lift) => {
    const label = `лифт ${lift.factoryNumber}, подъезд ${lift.entranceNumber}`;
    const before = whole.lifts.find(
      (one) => one.entranceNumber === lift.entranceNumber && one.factoryNumber === lift.factoryNumber,
    );
    if (!before) return [{ what: 'Новый лифт', before: 'нет', after: label }];
    const plain = (one: LiftInput) => ({
      kindCode: one.kindCode ? nameOfCode(lists, 192, one.kindCode) : null,
      serviceLimit: one.serviceLimit ?? null,
      details: detailsText(one.details),
    });
    return changesBetween(plain(before), plain(lift), {
      kindCode: `${label}, тип`,
      serviceLimit: `${label}, предельный срок`,
      details: `${label}, параметры`,
    });
  });
}

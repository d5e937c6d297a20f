import type { PremisesId } from '../../../platform/ids.ts';
import {
  type EntranceInput,
  type LiftInput,
  type PremisesInput,
  placeKey,
  type RoomInput,
  type WholeHouse,
} from '../../houses/index.ts';
import { ENTRANCES, FLATS, LIFT_FACTS, LIFTS, NON_RESIDENTIAL, ROOMS } from '../layouts/houses.ts';
import type { ReadSheet } from '../upload.ts';
import { type Entry, type Note, rowsOf } from '../work.ts';

/** The parts of a house as the file and what was there before describe them together. */
export interface Parts {
  premises: PremisesInput[];
  entrances: EntranceInput[];
  rooms: (Omit<RoomInput, 'premisesId'> & { place: string })[];
  lifts: LiftInput[];
  /** Premises that the house has already, by `placeKey`. */
  known: ReadonlyMap<string, PremisesId>;
}

const pick = <Of extends object>(
  given: ReadonlySet<string>,
  fresh: Partial<Of>,
  keys: Readonly<Partial<Record<keyof Of, string>>>,
) =>
  Object.fromEntries(
    Object.entries(fresh).filter(([field]) => {
      const key = keys[field as keyof Of];
      return key === undefined || given.has(key);
    }),
  ) as Partial<Of>;

/** Rows of one part under one number: the second is refused, for nobody can tell which is meant. */
export function repeats(entry: Entry): Note[] {
  const notes: Note[] = [];
  const look = (section: string, nameOf: (values: Record<string, unknown>) => string, key: string) => {
    const seen = new Map<string, number>();
    for (const { sheet, row, values } of entry.rows.get(section) ?? []) {
      const name = nameOf(values);
      const known = seen.get(name);
      if (known === undefined) seen.set(name, row);
      else notes.push({ sheet, row, key, wrong: true, message: `этот номер уже есть в строке ${known}` });
    }
  };
  for (const { key } of [FLATS, NON_RESIDENTIAL, ENTRANCES]) look(key, ({ number }) => String(number), 'number');
  look(ROOMS.key, ({ premisesNumber, number }) => `${premisesNumber} ${number}`, 'number');
  look(LIFTS.key, ({ entranceNumber, factoryNumber }) => `${entranceNumber} ${factoryNumber}`, 'factoryNumber');
  return notes;
}

/** What the file leaves out (a column that it does not have) stays as it was. Adds notes about rows that hang in the air. */
export function partsOf(entry: Entry, sheets: readonly ReadSheet[], whole: WholeHouse, notes: Note[]): Parts {
  const givenOf = (section: string) =>
    new Set(sheets.filter((sheet) => sheet.section === section).flatMap(({ keys }) => keys));
  const known = new Map(whole.premises.map((one) => [placeKey(one), one]));
  const premises = [
    ...rowsOf(entry, FLATS).map(({ values }) =>
      merge(known, givenOf(FLATS.key), {
        category: 'residential',
        number: values.number ?? '',
        entranceNumber: values.entranceNumber,
        characteristicCode: values.characteristic,
        totalArea: values.totalArea,
        livingArea: values.livingArea,
        cadastralNumber: values.cadastralNumber,
        confirmed: values.confirmed ?? false,
        closedOn: values.closedOn,
      }),
    ),
    ...rowsOf(entry, NON_RESIDENTIAL).map(({ values }) =>
      merge(known, givenOf(NON_RESIDENTIAL.key), {
        category: 'non_residential',
        number: values.number ?? '',
        commonProperty: values.commonProperty ?? false,
        totalArea: values.totalArea,
        cadastralNumber: values.cadastralNumber,
        confirmed: values.confirmed ?? false,
        closedOn: values.closedOn,
      }),
    ),
  ];
  return {
    premises,
    entrances: entrancesOf(entry, whole, givenOf(ENTRANCES.key)),
    rooms: roomsOf(entry, new Set([...known.keys(), ...premises.map(placeKey)]), notes),
    lifts: liftsOf(entry, whole, givenOf(LIFTS.key), notes),
    known: new Map(whole.premises.map((one) => [placeKey(one), one.premisesId])),
  };
}

const PREMISES_COLUMNS: Partial<Record<keyof PremisesInput, string>> = {
  entranceNumber: 'entranceNumber',
  characteristicCode: 'characteristic',
  totalArea: 'totalArea',
  livingArea: 'livingArea',
  cadastralNumber: 'cadastralNumber',
  commonProperty: 'commonProperty',
  confirmed: 'confirmed',
  closedOn: 'closedOn',
};

function merge(
  known: ReadonlyMap<string, WholeHouse['premises'][number]>,
  given: ReadonlySet<string>,
  fresh: PremisesInput,
): PremisesInput {
  const before = known.get(placeKey(fresh));
  const { premisesId: _id, described: _described, ...card } = before ?? { premisesId: null, described: false };
  return {
    ...card,
    ...pick<PremisesInput>(given, fresh, PREMISES_COLUMNS),
    category: fresh.category,
    number: fresh.number,
  };
}

const entrancesOf = (entry: Entry, whole: WholeHouse, given: ReadonlySet<string>): EntranceInput[] =>
  rowsOf(entry, ENTRANCES).map(({ values }) => ({
    ...whole.entrances.find(({ number }) => number === values.number),
    ...pick<EntranceInput>(
      given,
      { storeys: values.storeys, yearBuilt: values.yearBuilt, closedOn: values.closedOn },
      { storeys: 'storeys', yearBuilt: 'yearBuilt', closedOn: 'closedOn' },
    ),
    number: values.number ?? '',
  }));

function roomsOf(entry: Entry, places: ReadonlySet<string>, notes: Note[]): Parts['rooms'] {
  return rowsOf(entry, ROOMS).map(({ sheet, row, values }) => {
    const place = placeKey({ category: 'residential', number: values.premisesNumber ?? '' });
    if (values.premisesNumber !== null && !places.has(place))
      notes.push({
        sheet,
        row,
        key: 'premisesNumber',
        wrong: true,
        message: `в доме нет жилого помещения ${values.premisesNumber}: добавьте его на лист «${FLATS.layout.name}»`,
      });
    return {
      place,
      number: values.number ?? '',
      area: values.area,
      cadastralNumber: values.cadastralNumber,
      confirmed: values.confirmed ?? false,
    };
  });
}

function liftsOf(entry: Entry, whole: WholeHouse, given: ReadonlySet<string>, notes: Note[]): LiftInput[] {
  const nameOf = (lift: { entranceNumber: string | null; factoryNumber: string | null }) =>
    `${lift.entranceNumber} ${lift.factoryNumber}`;
  const lifts = new Map<string, LiftInput>(whole.lifts.map((lift) => [nameOf(lift), lift]));
  const touched = new Set<string>();
  for (const { values } of rowsOf(entry, LIFTS)) {
    touched.add(nameOf(values));
    lifts.set(nameOf(values), {
      ...lifts.get(nameOf(values)),
      ...pick<LiftInput>(
        given,
        { kindCode: values.kind, serviceLimit: values.serviceLimit },
        { kindCode: 'kind', serviceLimit: 'serviceLimit' },
      ),
      entranceNumber: values.entranceNumber ?? '',
      factoryNumber: values.factoryNumber ?? '',
    });
  }
  for (const { sheet, row, values } of rowsOf(entry, LIFT_FACTS)) {
    const lift = lifts.get(nameOf(values));
    if (lift) lifts.set(nameOf(values), { ...lift, details: { ...lift.details, [values.name ?? '']: values.value } });
    else
      notes.push({
        sheet,
        row,
        key: 'factoryNumber',
        wrong: true,
        message: `в доме нет такого лифта: добавьте его на лист «${LIFTS.layout.name}»`,
      });
    touched.add(nameOf(values));
  }
  return [...touched].flatMap((name) => lifts.get(name) ?? []);
}

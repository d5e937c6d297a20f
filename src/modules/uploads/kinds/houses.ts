import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { HouseId } from '../../../platform/ids.ts';
import {
  canonicalHouseCode,
  findHouseByFias,
  type HouseCard,
  type HouseInput,
  readHouses,
  readWholeHouse,
  refreshHouseCounts,
  UNIQUE_NUMBER,
  upsertEntrances,
  upsertHouse,
  upsertLifts,
  upsertPremises,
  upsertRooms,
  type WholeHouse,
} from '../../houses/index.ts';
import { readPowers } from '../../organisations/index.ts';
import { changesBetween } from '../compare.ts';
import { bareAddress, type FoundHouse, HouseFinder } from '../find-houses.ts';
import {
  ENTRANCES,
  FLATS,
  HOUSE,
  type HouseRow,
  LIFT_FACTS,
  LIFTS,
  NON_RESIDENTIAL,
  ROOMS,
} from '../layouts/houses.ts';
import { type Lists, nameOfCode } from '../sections.ts';
import { Trace } from '../undo/trace.ts';
import {
  badJudgement,
  type Change,
  cellNotes,
  type Entry,
  firstRow,
  type Judgement,
  type KindOfUpload,
  type Note,
  rowsOf,
  type Setting,
  type Work,
} from '../work.ts';
import { comparePart } from './compare-parts.ts';
import { type Parts, partsOf, repeats } from './house-parts.ts';

interface Plan {
  house: HouseInput;
  parts: Parts;
}

/** НСИ 20: managing organisation, ТСЖ, жилищный кооператив, other cooperative, ЖСК. */
const MANAGING_POWERS = ['1', '19', '20', '21', '22'];

/** «МКД-УО»: a house is a document, its parts stand on the other sheets under its address. */
export const houses: KindOfUpload = {
  sections: [HOUSE, NON_RESIDENTIAL, ENTRANCES, FLATS, ROOMS, LIFTS, LIFT_FACTS],
  mandatory: [],
  keyOf(_section, cell) {
    const address = cell('address');
    return address === null ? null : bareAddress(address);
  },
  async open(db, setting) {
    const powers = await readPowers(db, setting.organisationId);
    return new HousesWork(
      setting,
      powers.some((code) => MANAGING_POWERS.includes(code)),
    );
  },
};

class HousesWork implements Work<Plan> {
  readonly placedBy = [];
  readonly batch = 10;
  readonly #setting: Setting;
  readonly #mayManage: boolean;
  readonly #finder: HouseFinder;
  readonly #written = new Set<HouseId>();

  constructor(setting: Setting, mayManage: boolean) {
    this.#setting = setting;
    this.#mayManage = mayManage;
    this.#finder = new HouseFinder(setting.organisationId);
  }

  async place() {
    return new Map();
  }

  async judge(db: Db, _houseId: null, entries: readonly Entry[]): Promise<Judgement<Plan>[]> {
    const judged: Judgement<Plan>[] = [];
    for (const entry of entries) judged.push(await this.#judgeOne(db, entry));
    return judged;
  }

  async #judgeOne(db: Db, entry: Entry): Promise<Judgement<Plan>> {
    const heads = rowsOf(entry, HOUSE);
    const [head = null] = heads;
    const address = addressOf(entry);
    const notes = [...cellNotes(entry), ...repeats(entry)];
    for (const row of heads.slice(1))
      notes.push({
        sheet: row.sheet,
        row: row.row,
        key: 'address',
        wrong: true,
        message: `этот дом уже есть в строке ${heads[0]!.row}`,
      });
    const title = address ?? 'Дом без адреса';
    if (address === null) return badJudgement(entry, title, notes);
    const found = await this.#finder.find(db, { guid: head?.values.guid ?? null, address });
    const place = head ?? firstRow(entry);
    const card = found.kind === 'known' ? ((await readHouses(db, [found.houseId]))[0] ?? null) : null;
    const refusal = this.#refusal(found, card);
    if (refusal) notes.push({ sheet: place.sheet, row: place.row, ...refusal, wrong: true });
    if (refusal) return badJudgement(entry, title, notes);
    const whole = card ? await readWholeHouse(db, card.houseId) : EMPTY;
    const house = this.#houseOf(found, card, head);
    const parts = partsOf(entry, this.#setting.sheets, whole, notes);
    if (notes.some(({ wrong }) => wrong)) return badJudgement(entry, house.shortAddress, notes);
    const { lists } = this.#setting;
    const changes = card
      ? [...changesOfCard(card, house, lists), ...comparePart(parts, whole, lists)]
      : newHouse(house, parts);
    const verdict = !card ? 'new' : changes.length > 0 ? 'changed' : 'same';
    return { entry, title: house.shortAddress, verdict, notes, changes, fills: [], plan: { house, parts } };
  }

  /** Why the organisation may not load the house: nothing is said of whose it is. */
  #refusal(found: FoundHouse, card: HouseCard | null): Pick<Note, 'key' | 'message'> | null {
    if (found.kind === 'unknown') return { key: found.key, message: found.message };
    if (card?.managerId && card.managerId !== this.#setting.organisationId)
      return {
        key: 'address',
        message: 'этим домом управляет другая организация; если дом перешёл к вам, напишите администратору',
      };
    if (!card?.managerId && !this.#mayManage)
      return {
        key: 'address',
        message: 'у вашей организации нет полномочий управлять домами: попросите администратора их добавить',
      };
    return null;
  }

  #houseOf(found: FoundHouse, card: HouseCard | null, head: HouseRow | null): HouseInput {
    const base: HouseInput =
      found.kind === 'registered'
        ? {
            fiasGuid: found.address.guid,
            regionCode: found.address.regionCode,
            zone: found.address.zone,
            address: found.address.full,
            shortAddress: found.address.short,
            postalIndex: found.address.postalIndex,
            oktmo: found.address.oktmo,
            cadastralNumber: found.address.cadastralNumber,
          }
        : {
            fiasGuid: card!.fiasGuid,
            regionCode: card!.regionCode,
            zone: card!.zone,
            address: card!.address,
            shortAddress: card!.shortAddress,
          };
    const { organisationId, sheets } = this.#setting;
    const given = new Set(sheets.filter(({ section }) => section === HOUSE.key).flatMap(({ keys }) => keys));
    const house = { ...base, managerId: organisationId, sourceId: organisationId };
    if (!head) return house;
    const { values } = head;
    // What the register of addresses knows too is not emptied by an empty cell.
    const kept = Object.fromEntries(
      Object.entries({
        oktmo: values.oktmo,
        zone: zoneOf(values.zone),
        cadastralNumber: values.cadastralNumber,
        uniqueNumber: uniqueNumberOf(values.guid),
        managedFrom: values.managedFrom,
      }).filter(([, value]) => value !== null),
    );
    const said = Object.fromEntries(
      Object.entries({
        stateCode: ['state', values.state],
        stageCode: ['stage', values.stage],
        totalArea: ['totalArea', values.totalArea],
        yearBuilt: ['yearBuilt', values.yearBuilt],
        yearInUse: ['yearInUse', values.yearInUse],
        storeysMax: ['storeysMax', values.storeysMax],
        storeysMin: ['storeysMin', values.storeysMin],
        undergroundStoreys: ['undergroundStoreys', values.undergroundStoreys],
        heritage: ['heritage', values.heritage],
      } as const)
        .filter(([, [key]]) => given.has(key))
        .map(([field, [, value]]) => [field, value]),
    );
    return { ...house, ...kept, ...said };
  }

  async write(trx: Transaction, _houseId: null, good: readonly Judgement<Plan>[]) {
    const { uploadedBy, clock } = this.#setting;
    const at = clock();
    for (const { plan } of good) {
      const { house, parts } = plan!;
      const trace = await Trace.open(trx, await findHouseByFias(trx, house.fiasGuid), { parts: true });
      const houseId = await upsertHouse(trx, house, uploadedBy, at);
      this.#written.add(houseId);
      await upsertEntrances(trx, houseId, parts.entrances);
      const ids = await upsertPremises(trx, houseId, parts.premises, at);
      const premisesId = (key: string) => ids.get(key) ?? parts.known.get(key)!;
      await upsertRooms(
        trx,
        houseId,
        parts.rooms.map(({ place, ...room }) => ({ ...room, premisesId: premisesId(place) })),
        at,
      );
      await upsertLifts(trx, houseId, parts.lifts);
      await trace.close(this.#setting, houseId, { parts: true });
    }
    return good.map(({ entry }) => ({ document: entry.document, fills: [] }));
  }

  async finish(trx: Transaction): Promise<void> {
    for (const houseId of this.#written) await refreshHouseCounts(trx, houseId, this.#setting.organisationId);
  }
}

const EMPTY: WholeHouse = { premises: [], rooms: [], entrances: [], lifts: [] };

function addressOf(entry: Entry): string | null {
  for (const rows of entry.rows.values())
    for (const { values } of rows) if (typeof values.address === 'string') return values.address;
  return null;
}

/** The column holds a ФИАС GUID or the state system's code of the house. */
function uniqueNumberOf(text: string | null): string | null {
  const code = canonicalHouseCode(text ?? '');
  return UNIQUE_NUMBER.test(code) ? code : null;
}

/** «Europe/Moscow»; anything else that the file says is left to the register. */
function zoneOf(text: string | null): string | null {
  try {
    return text === null ? null : new Intl.DateTimeFormat('ru', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

const changesOfCard = (card: HouseCard, house: HouseInput, lists: Lists): Change[] => [
  ...(card.managerId === null
    ? [{ what: 'Управляющая организация', before: 'не указано', after: 'ваша организация' }]
    : []),
  ...changesBetween<Partial<HouseInput>>(
    card,
    house,
    {
      oktmo: 'ОКТМО',
      stateCode: 'Состояние',
      stageCode: 'Стадия жизненного цикла',
      totalArea: 'Общая площадь дома',
      yearBuilt: 'Год постройки',
      yearInUse: 'Год ввода в эксплуатацию',
      storeysMax: 'Количество этажей',
      storeysMin: 'Количество этажей, наименьшее',
      undergroundStoreys: 'Подземных этажей',
      heritage: 'Объект культурного наследия',
      zone: 'Часовая зона',
      cadastralNumber: 'Кадастровый номер',
      uniqueNumber: 'Код дома в ГИС ЖКХ',
      managedFrom: 'Дата начала управления',
    },
    (key, value) =>
      typeof value !== 'string'
        ? value
        : key === 'stateCode'
          ? nameOfCode(lists, 24, value)
          : key === 'stageCode'
            ? nameOfCode(lists, 338, value)
            : value,
  ),
];

const newHouse = (house: HouseInput, parts: Parts): Change[] => [
  { what: 'Дом', before: 'нет', after: `${house.address}; помещений: ${parts.premises.length}` },
];

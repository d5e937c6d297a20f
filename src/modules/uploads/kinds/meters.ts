import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { AccountId, HouseId } from '../../../platform/ids.ts';
import { dayIn, monthOf } from '../../../platform/month.ts';
import { readHouse } from '../../houses/index.ts';
import {
  bareSerial,
  checkMeter,
  compareMeter,
  findMetersByNumbers,
  linkMeters,
  type Meter,
  type MeterKind,
  type MeterLink,
  type MeterWrite,
  RESOURCE_NAMES,
  readMeters,
  recountMonths,
  writeMeters,
} from '../../meters/index.ts';
import { bareAddress, HouseFinder } from '../find-houses.ts';
import { meterKind } from '../layouts/meter-words.ts';
import { METERS, type MeterRow, MORE_ACCOUNTS, MORE_RESOURCES, MORE_ROOMS } from '../layouts/meters.ts';
import { Wrong } from '../readers.ts';
import {
  badJudgement,
  type Change,
  cellNotes,
  type Entry,
  type Fill,
  firstRow,
  type Judgement,
  type KindOfUpload,
  type Note,
  rowsOf,
  type Setting,
  type Work,
  type Written,
} from '../work.ts';
import { PayerFinder } from './bill-payers.ts';
import { accountOf, payerRow } from './meter-accounts.ts';
import { changesOfMeter, describeMeter } from './meter-card.ts';
import { inCell, inSentence, noteOfField } from './meter-fields.ts';
import { issuedNumber, lookAtMeters, type MeterLook } from './meter-look.ts';
import { placeOf } from './meter-place.ts';

interface Plan {
  write: MeterWrite;
  /** The device that stands on the other end, and where this one stands. */
  link: Pick<MeterLink, 'otherId' | 'side'> | null;
  row: MeterRow;
  /** How volumes are counted changes: months are counted anew. */
  recounts: boolean;
}

/** «ПУ»: a device is a document; what its row has no room for stands on other sheets under its number or its serial number. */
export const meters: KindOfUpload = {
  sections: [METERS, MORE_RESOURCES, MORE_ACCOUNTS, MORE_ROOMS],
  mandatory: [METERS.key],
  keyOf: (_section, cell) => {
    const record = cell('record');
    if (record) return `№ ${record}`;
    const [serial, kind] = [cell('serial'), cell('kind')];
    if (!serial) return null;
    const read = kind === null ? '' : meterKind(kind);
    return [
      bareAddress(cell('address') ?? ''),
      bareSerial(serial),
      read instanceof Wrong ? kind : read,
      (cell('brand') ?? '').toLowerCase(),
    ].join('|');
  },
  open: async (_db, setting) => new MetersWork(setting),
};

class MetersWork implements Work<Plan> {
  readonly placedBy = [METERS.key];
  readonly batch = 200;
  readonly #setting: Setting;
  readonly #finder: HouseFinder;
  readonly #payers: PayerFinder;
  readonly #seen = new Map<string, number>();

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#finder = new HouseFinder(setting.organisationId);
    this.#payers = new PayerFinder(setting.organisationId);
  }

  /** By the number of the device, by its account, and only then by the address, of which the same may be written in many ways. */
  async place(db: Db, entries: readonly Entry[]): Promise<Map<number, HouseId>> {
    const heads = entries.flatMap((entry) =>
      rowsOf(entry, METERS)
        .slice(0, 1)
        .map((row) => ({ document: entry.document, row })),
    );
    const numbers = await findMetersByNumbers(
      db,
      heads.flatMap(({ row }) => issuedNumber(row.values.meterNumber) ?? []),
    );
    const look = await this.#payers.look(
      db,
      heads.map(({ row }) => payerRow(row)),
    );
    const placed = new Map<number, HouseId>();
    for (const { document, row } of heads) {
      const number = issuedNumber(row.values.meterNumber);
      const houseId = (number && numbers.get(number)?.houseId) || look.houseOf(payerRow(row));
      const found = houseId ? null : await this.#finder.find(db, row.values);
      if (houseId) placed.set(document, houseId);
      else if (found?.kind === 'known') placed.set(document, found.houseId);
    }
    return placed;
  }

  async judge(db: Db, houseId: HouseId | null, entries: readonly Entry[]): Promise<Judgement<Plan>[]> {
    const { organisationId, clock } = this.#setting;
    const rows = {
      meters: entries.flatMap((entry) => rowsOf(entry, METERS).slice(0, 1)),
      accounts: entries.flatMap((entry) => [...rowsOf(entry, METERS).slice(0, 1), ...rowsOf(entry, MORE_ACCOUNTS)]),
    };
    const look = houseId && (await lookAtMeters(db, organisationId, this.#payers, houseId, rows, clock()));
    const judged: Judgement<Plan>[] = [];
    for (const entry of entries) judged.push(look ? this.#judgeOne(entry, look) : await this.#homeless(db, entry));
    return judged;
  }

  async #homeless(db: Db, entry: Entry): Promise<Judgement<Plan>> {
    const [row] = rowsOf(entry, METERS);
    const notes = cellNotes(entry);
    if (!row) return withoutRow(entry, notes);
    const at = { sheet: row.sheet, row: row.row, wrong: true };
    if (row.values.account !== null)
      notes.push({ ...at, key: 'account', message: 'лицевой счёт не найден среди счетов вашей организации' });
    else {
      const found = await this.#finder.find(db, row.values);
      if (found.kind === 'unknown') notes.push({ ...at, key: found.key, message: found.message });
      else notes.push({ ...at, key: 'address', message: 'этого дома ещё нет в Домовом: загрузите сначала дома' });
    }
    return badJudgement(entry, titleOf(row), notes);
  }

  #judgeOne(entry: Entry, look: MeterLook): Judgement<Plan> {
    const [row, ...twins] = rowsOf(entry, METERS);
    const notes = cellNotes(entry);
    if (!row) return withoutRow(entry, notes);
    const title = titleOf(row);
    for (const twin of twins)
      notes.push(
        inCell(
          twin,
          'serial',
          `этот прибор уже есть в строке ${row.row}; другие его ресурсы укажите на листе «${MORE_RESOURCES.layout.name}»`,
        ),
      );
    for (const extra of rowsOf(entry, MORE_ROOMS))
      notes.push({
        sheet: extra.sheet,
        row: extra.row,
        wrong: false,
        message: 'комнаты прибора берём из его лицевых счетов: эта строка не загружается',
      });
    const accounts = [row, ...rowsOf(entry, MORE_ACCOUNTS)].flatMap((one) =>
      one.values.account === null ? [] : (accountOf(look.payers, one, notes) ?? []),
    );
    const known = knownOf(row, accounts, look, notes);
    if (notes.some(({ wrong }) => wrong)) return badJudgement(entry, title, notes);
    return known && !this.#isOwn(known, look)
      ? this.#tie(entry, row, known, accounts, look, notes)
      : this.#describe(entry, row, known, accounts, look, notes);
  }

  /** What somebody else has entered who still has to do with the house is theirs to change. */
  #isOwn(known: Meter, look: MeterLook): boolean {
    return known.sourceId === this.#setting.organisationId || !look.sources.has(known.sourceId);
  }

  /** Another organisation's device: the file's accounts are tied to it, its card stays. */
  #tie(
    entry: Entry,
    row: MeterRow,
    known: Meter,
    accounts: readonly AccountId[],
    look: MeterLook,
    notes: Note[],
  ): Judgement<Plan> {
    const title = titleOf(row);
    const { organisationId } = this.#setting;
    const premises = accounts.flatMap((id) => look.accounts.get(id)?.places.map(({ premisesId }) => premisesId) ?? []);
    if (known.kind !== 'house' && !premises.includes(known.premisesId!))
      return badJudgement(entry, title, [
        ...notes,
        inCell(row, 'serial', 'прибор с этим номером уже есть в другом помещении дома: проверьте номер и счёт'),
      ]);
    const named = new Set([
      ...known.accounts.filter(ofProvider(organisationId)).map((one) => one.accountId),
      ...accounts,
    ]);
    const write: MeterWrite = {
      ...known,
      resources: known.resources.map((one) => ({ ...one, base: null })),
      accounts:
        known.kind === 'house' ? [] : [...named].map((accountId) => ({ accountId, providerId: organisationId })),
      change: 'corrected',
      onDay: look.today,
    };
    const { added } = compareMeter(known, write, organisationId);
    notes.push({
      sheet: row.sheet,
      row: row.row,
      wrong: false,
      message: `прибор уже завела организация «${look.sources.get(known.sourceId)}»: его карточка не меняется${added.length > 0 ? ', ваш счёт к нему привязывается' : ''}`,
    });
    return this.#judgement(entry, row, known, write, null, notes, tieChanges(added, look));
  }

  #describe(
    entry: Entry,
    row: MeterRow,
    known: Meter | null,
    accounts: readonly AccountId[],
    look: MeterLook,
    notes: Note[],
  ): Judgement<Plan> {
    const title = titleOf(row);
    const { organisationId } = this.#setting;
    const wrong = (key: keyof MeterRow['values'], message: string) => notes.push(inCell(row, key, message));
    const kind: MeterKind | null = row.values.kind ?? known?.kind ?? (accounts.length > 0 ? 'individual' : null);
    if (kind === null) wrong('kind', 'укажите вид прибора');
    else if (kind === 'house' && !look.serves) wrong('address', 'в этом доме у вашей организации нет лицевых счетов');
    else if (kind !== 'house' && accounts.length === 0 && !known)
      wrong('account', 'укажите лицевой счёт вашей организации, к которому относится прибор');
    // The first account is the one of the device's own row: further ones may pay for it from other premises.
    const place = kind && placeOf(row, kind, accounts.slice(0, 1), look.accounts, known, notes);
    const resource = row.values.resource ?? known?.resources[0]?.resource;
    if (!resource) wrong('resource', 'укажите, что измеряет прибор');
    const link = this.#linkOf(row, look, notes);
    if (kind === null || !place || notes.some((note) => note.wrong)) return badJudgement(entry, title, notes);
    const more = rowsOf(entry, MORE_RESOURCES);
    const write = describeMeter({
      row,
      more,
      kind,
      known,
      place,
      accounts: this.#accountsOf(known, accounts, look).map((accountId) => ({ accountId, providerId: organisationId })),
      has: (key) => this.#has(METERS.key, key),
      hasMore: this.#has(MORE_RESOURCES.key),
      today: look.today,
    });
    for (const { field, message } of checkMeter(write, look.today)) notes.push(noteOfField(field, message, row, more));
    this.#noteTwin(row, write, look.house.houseId, notes);
    this.#noteNumber(row, known, notes);
    if (notes.some((note) => note.wrong)) return badJudgement(entry, title, notes);
    const ties = known ? compareMeter(known, write, organisationId) : { added: [], removed: [] };
    const changes = known ? [...changesOfMeter(known, write), ...tieChanges(ties.added, look, ties.removed)] : [];
    if (known) changes.push(...startChanges(known, write, look));
    if (known && link && !look.links.some((one) => one.meterId === known.meterId && one.otherId === link.otherId))
      changes.push({ what: 'Связанный прибор', before: 'не указано', after: row.values.linked! });
    return this.#judgement(entry, row, known, write, link, notes, changes);
  }

  /** The accounts of the file; where it has no sheet for further ones, those that are tied already stay. */
  #accountsOf(known: Meter | null, accounts: readonly AccountId[], look: MeterLook): AccountId[] {
    const before = (known?.accounts ?? []).filter(ofProvider(this.#setting.organisationId)).map((one) => one.accountId);
    const whole = this.#has(MORE_ACCOUNTS.key) || before.length <= 1;
    const says = this.#has(METERS.key, 'account') && accounts.length > 0;
    return [...new Set(says && whole ? accounts : [...before, ...accounts])].filter(
      (id) => look.accounts.has(id) || before.includes(id),
    );
  }

  #has(section: string, key?: string): boolean {
    return this.#setting.sheets.some(
      (sheet) => sheet.section === section && (key === undefined || sheet.keys.includes(key)),
    );
  }

  #linkOf(row: MeterRow, look: MeterLook, notes: Note[]): Plan['link'] {
    const { several, linked, place } = row.values;
    if (!several || linked === null) return null;
    const number = issuedNumber(linked);
    const other = number ? look.byNumber.get(number) : undefined;
    const side = /выход|обратн/i.test(place ?? '') ? 'out' : /вход|подающ/i.test(place ?? '') ? 'in' : null;
    if (!other) notes.push(inCell(row, 'linked', 'прибора с таким номером Домового в этом доме нет'));
    if (!side) notes.push(inCell(row, 'place', 'укажите, где стоит прибор: «на входе» или «на выходе»'));
    return other && side ? { otherId: other.meterId, side } : null;
  }

  #noteTwin(row: MeterRow, write: MeterWrite, houseId: HouseId, notes: Note[]): void {
    for (const key of [write.meterId, `${houseId} ${write.serial} ${write.kind} ${write.brand}`]) {
      if (key === null) continue;
      const twin = this.#seen.get(key);
      if (twin !== undefined && twin !== row.row)
        return void notes.push(inCell(row, 'serial', `этот прибор уже есть в строке ${twin}`));
      this.#seen.set(key, row.row);
    }
  }

  /** A number that is not ours may be the state's: the device is found by its serial number, and keeps ours. */
  #noteNumber(row: MeterRow, known: Meter | null, notes: Note[]): void {
    const given = row.values.meterNumber;
    if (given === null || known?.number === issuedNumber(given)) return;
    const ours = known ? `в Домовом у прибора номер ${known.number}` : 'Домовой выдаст прибору свой';
    notes.push({ ...inCell(row, 'meterNumber', `этот номер выдали не мы: ${ours}`), wrong: false });
  }

  #judgement(
    entry: Entry,
    row: MeterRow,
    known: Meter | null,
    write: MeterWrite,
    link: Plan['link'],
    notes: Note[],
    changes: Change[],
  ): Judgement<Plan> {
    return {
      entry,
      title: titleOf(row),
      verdict: !known ? 'new' : changes.length > 0 ? 'changed' : 'same',
      notes,
      changes,
      fills: known ? numberFill(row, known.number) : [],
      plan: { write, link, row, recounts: known !== null && isCountedAnew(known, write) },
    };
  }

  async write(trx: Transaction, houseId: HouseId | null, good: readonly Judgement<Plan>[]): Promise<Written[]> {
    if (good.length === 0 || houseId === null) return [];
    const { organisationId, uploadedBy, clock } = this.#setting;
    const at = clock();
    const house = (await readHouse(trx, houseId))!;
    const writer = { houseId, regionCode: house.regionCode, organisationId, personId: uploadedBy, at };
    const written = await writeMeters(
      trx,
      writer,
      good.map(({ plan }) => plan!.write),
    );
    await linkMeters(
      trx,
      houseId,
      good.flatMap(({ plan }, index) => {
        const one = written[index]!;
        return plan!.link && one.state === 'written' ? [{ meterId: one.meterId, ...plan!.link }] : [];
      }),
    );
    const recounted = good.filter(({ plan }, index) => plan!.recounts && written[index]!.state === 'written');
    const ids = recounted.map(({ plan }) => plan!.write.meterId!);
    for (const meter of await readMeters(trx, houseId, ids))
      await recountMonths(trx, house, meter, monthOf(dayIn(house.zone, at)), at);
    return good.map(({ entry, plan }, index) => {
      const one = written[index]!;
      return one.state === 'written'
        ? { document: entry.document, fills: numberFill(plan!.row, one.number) }
        : {
            document: entry.document,
            fills: [],
            refused: one.errors.map(({ message }) => inSentence(message)).join('; '),
          };
    });
  }

  async finish(): Promise<void> {}
}

const isCountedAnew = (known: Meter, write: MeterWrite): boolean =>
  Number(known.ratio) !== Number(write.ratio) ||
  known.digits !== write.digits ||
  known.verifiedOn !== write.verifiedOn ||
  known.verificationInterval !== write.verificationInterval;

const ofProvider =
  (organisationId: string) =>
  ({ providerId }: { providerId: string }): boolean =>
    providerId === organisationId;

const titleOf = ({ values }: MeterRow): string =>
  `ПУ № ${values.serial ?? '—'}${values.resource ? `, ${RESOURCE_NAMES[values.resource].toLowerCase()}` : ''}`;

const withoutRow = (entry: Entry, notes: Note[]): Judgement<never> =>
  badJudgement(entry, 'Прибор без основной строки', [
    ...notes,
    { ...firstRow(entry), key: 'serial', wrong: true, message: `на листе «${METERS.layout.name}» нет этого прибора` },
  ]);

/**
 * The device that a row means: by our number, else by serial number and kind. One of another brand is the same only in the same
 * place and for the same resource: a brand is often mended, a serial number may repeat among makers.
 */
function knownOf(row: MeterRow, accounts: readonly AccountId[], look: MeterLook, notes: Note[]): Meter | null {
  const { values } = row;
  const number = issuedNumber(values.meterNumber);
  const numbered = number ? look.byNumber.get(number) : undefined;
  if (numbered) {
    if (numbered.state !== 'archived') return numbered;
    notes.push(inCell(row, 'meterNumber', 'прибор с этим номером снят с учёта: новый прибор заведите без номера'));
    return null;
  }
  const premises = accounts.flatMap((id) => look.accounts.get(id)?.places.map(({ premisesId }) => premisesId) ?? []);
  const same = (look.bySerial.get(bareSerial(values.serial ?? '')) ?? []).filter(
    (meter) => values.kind === null || meter.kind === values.kind,
  );
  const near = (meter: Meter) =>
    (meter.kind === 'house' || premises.includes(meter.premisesId!)) &&
    (values.resource === null || meter.resources.some((one) => one.resource === values.resource));
  const branded = same.filter(({ brand }) => values.brand !== null && brand === values.brand);
  const fitting = branded.length > 0 ? branded : same.filter(near);
  if (fitting.length <= 1) return fitting[0] ?? null;
  const nearest = fitting.filter(near);
  if (nearest.length === 1) return nearest[0]!;
  notes.push(inCell(row, 'serial', 'в доме несколько приборов с этим номером: укажите марку или номер ПУ в Домовом'));
  return null;
}

function tieChanges(added: Meter['accounts'], look: MeterLook, removed: Meter['accounts'] = []): Change[] {
  const numbers = (list: Meter['accounts']) =>
    list.map(({ accountId }) => look.accounts.get(accountId)?.number ?? 'другой счёт').join(', ');
  if (added.length === 0 && removed.length === 0) return [];
  return [{ what: 'Лицевые счета', before: numbers(removed) || 'не указано', after: numbers(added) || 'не указано' }];
}

/** A first value of a device that has none yet. */
const startChanges = (known: Meter, write: MeterWrite, look: MeterLook): Change[] =>
  write.resources.flatMap(({ resource, base }) =>
    base && !look.started.has(`${known.meterId} ${resource}`)
      ? [
          {
            what: `Начальное показание: ${RESOURCE_NAMES[resource].toLowerCase()}`,
            before: 'не указано',
            after: base.t1,
          },
        ]
      : [],
  );

const numberFill = ({ sheet, row, values }: MeterRow, number: string): Fill[] =>
  values.meterNumber === null ? [{ sheet, row, key: 'meterNumber', text: number }] : [];

import type { AccountId, HouseId } from '../../../platform/ids.ts';
import {
  checkMeter,
  compareMeter,
  isCountedAnew,
  isKeptBy,
  type Meter,
  type MeterKind,
  type MeterLink,
  type MeterWrite,
  RESOURCE_NAMES,
} from '../../meters/index.ts';
import { METERS, type MeterRow, MORE_ACCOUNTS, MORE_RESOURCES, MORE_ROOMS } from '../layouts/meters.ts';
import {
  badJudgement,
  type Change,
  cellNotes,
  type Entry,
  type Fill,
  firstRow,
  type Judgement,
  type Note,
  rowsOf,
  type Setting,
} from '../work.ts';
import { accountOf } from './meter-accounts.ts';
import { changesOfMeter, describeMeter } from './meter-card.ts';
import { inCell, noteOfField } from './meter-fields.ts';
import { knownOf } from './meter-known.ts';
import { issuedNumber, type MeterLook } from './meter-look.ts';
import { placeOf } from './meter-place.ts';

export interface MeterPlan {
  write: MeterWrite;
  /** The device that stands on the other end, and where this one stands. */
  link: Pick<MeterLink, 'otherId' | 'side'> | null;
  row: MeterRow;
  /** How volumes are counted changes: months are counted anew. */
  recounts: boolean;
}

/** Compares the devices of a file with what is known of their house; remembers them, to find one that stands there twice. */
export class MeterJudge {
  readonly #setting: Pick<Setting, 'organisationId' | 'sheets'>;
  readonly #seen = new Map<string, number>();

  constructor(setting: Pick<Setting, 'organisationId' | 'sheets'>) {
    this.#setting = setting;
  }

  judge(entry: Entry, look: MeterLook): Judgement<MeterPlan> {
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
    if (known && !this.#isNear(known, accounts, look))
      notes.push(
        inCell(row, 'serial', 'прибор с этим номером уже есть в другом помещении дома: проверьте номер и счёт'),
      );
    if (notes.some(({ wrong }) => wrong)) return badJudgement(entry, title, notes);
    return known && !this.#isOwn(known, look)
      ? this.#tie(entry, row, known, accounts, look, notes)
      : this.#describe(entry, row, known, accounts, look, notes);
  }

  /** Somebody else's device is told of only to whom it may concern: who keeps an account of its premises, or serves its house. */
  #isNear(known: Meter, accounts: readonly AccountId[], look: MeterLook): boolean {
    if (known.sourceId === this.#setting.organisationId) return true;
    if (known.kind === 'house') return look.serves;
    return accounts.some((id) =>
      look.accounts.get(id)?.places.some(({ premisesId }) => premisesId === known.premisesId),
    );
  }

  #isOwn(known: Meter, { house, sources }: MeterLook): boolean {
    const { organisationId } = this.#setting;
    return isKeptBy(known, { organisationId, manages: house.managerId === organisationId }, sources);
  }

  /** Another organisation's device: the file's accounts are tied to it, its card stays. */
  #tie(
    entry: Entry,
    row: MeterRow,
    known: Meter,
    accounts: readonly AccountId[],
    look: MeterLook,
    notes: Note[],
  ): Judgement<MeterPlan> {
    const { organisationId } = this.#setting;
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
  ): Judgement<MeterPlan> {
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

  #linkOf(row: MeterRow, look: MeterLook, notes: Note[]): MeterPlan['link'] {
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
    link: MeterPlan['link'],
    notes: Note[],
    changes: Change[],
  ): Judgement<MeterPlan> {
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
}

const ofProvider =
  (organisationId: string) =>
  ({ providerId }: { providerId: string }): boolean =>
    providerId === organisationId;

export const titleOf = ({ values }: MeterRow): string =>
  `ПУ № ${values.serial ?? '—'}${values.resource ? `, ${RESOURCE_NAMES[values.resource].toLowerCase()}` : ''}`;

export const withoutRow = (entry: Entry, notes: Note[]): Judgement<never> =>
  badJudgement(entry, 'Прибор без основной строки', [
    ...notes,
    { ...firstRow(entry), key: 'serial', wrong: true, message: `на листе «${METERS.layout.name}» нет этого прибора` },
  ]);

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

export const numberFill = ({ sheet, row, values }: MeterRow, number: string): Fill[] =>
  values.meterNumber === null ? [{ sheet, row, key: 'meterNumber', text: number }] : [];

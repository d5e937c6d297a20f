import type { Db, Transaction } from '../../../platform/database/database.ts';
import { DomovoyError } from '../../../platform/errors.ts';
import type { AccountId, HouseId } from '../../../platform/ids.ts';
import {
  type AccountWrite,
  countAccounts,
  findByUnifiedNumbers,
  findOwnAccounts,
  isAnotherPayer,
  type NamedByNumber,
  readWholeAccounts,
  type WholeAccount,
  writeAccounts,
} from '../../accounts/index.ts';
import { endCodes, suspendFormerPayers } from '../../connections/index.ts';
import { placeKey, premisesLabel, readHouses, readPlaceKeys, upsertHouse } from '../../houses/index.ts';
import { findHouseLine, placeHouse, setHouseCounts } from '../../organisations/index.ts';
import { HouseFinder } from '../find-houses.ts';
import { ACCOUNTS, type AccountRow, BASES, PLACES } from '../layouts/accounts.ts';
import { Trace } from '../undo/trace.ts';
import {
  badJudgement,
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
import { changesOfAccount, type DescribedAccount, describeAccount, payerNotes } from './account-description.ts';
import { ensurePlaces, type House, houseOf, inputOf } from './account-house.ts';
import { type AccountNumbers, numbersOf } from './account-numbers.ts';
import { placesOf } from './account-places.ts';

interface Plan {
  account: DescribedAccount;
  numbers: AccountNumbers;
  known: WholeAccount | null;
  row: AccountRow;
}

/** «ЛС»: an account is a document; its premises and its bases stand on other sheets under the number of its record. */
export const accounts: KindOfUpload = {
  sections: [ACCOUNTS, PLACES, BASES],
  mandatory: [ACCOUNTS.key],
  keyOf: (_section, cell) => cell('record'),
  open: async (_db, setting) => new AccountsWork(setting),
};

class AccountsWork implements Work<Plan> {
  readonly placedBy = [ACCOUNTS.key, PLACES.key];
  readonly batch = 200;
  readonly #setting: Setting;
  readonly #finder: HouseFinder;
  readonly #seen = new Map<string, number>();
  readonly #written = new Set<HouseId>();
  readonly #newPlaces = new Set<string>();

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#finder = new HouseFinder(setting.organisationId);
  }

  /** A house that is not there yet is named by its ФИАС GUID: accounts of it are made together with it. */
  async place(db: Db, entries: readonly Entry[]): Promise<Map<number, HouseId>> {
    const placed = new Map<number, HouseId>();
    const homeless: Entry[] = [];
    for (const entry of entries) {
      const [place] = rowsOf(entry, PLACES);
      if (!place) {
        homeless.push(entry);
        continue;
      }
      const found = await this.#finder.find(db, place.values);
      if (found.kind === 'known') placed.set(entry.document, found.houseId);
      else if (found.kind === 'registered') placed.set(entry.document, found.address.guid as HouseId);
    }
    const numbers = homeless.flatMap((entry) => rowsOf(entry, ACCOUNTS)[0]?.values.number ?? []);
    const own = await findOwnAccounts(db, this.#setting.organisationId, numbers);
    for (const entry of homeless) {
      const known = own.get(rowsOf(entry, ACCOUNTS)[0]?.values.number ?? '');
      if (known) placed.set(entry.document, known.houseId);
    }
    return placed;
  }

  async judge(db: Db, place: HouseId | null, entries: readonly Entry[]): Promise<Judgement<Plan>[]> {
    const house = await houseOf(db, place);
    const heads = entries.flatMap((entry) => rowsOf(entry, ACCOUNTS).slice(0, 1));
    const own = await findOwnAccounts(
      db,
      this.#setting.organisationId,
      heads.flatMap(({ values }) => values.number ?? []),
    );
    const named = await findByUnifiedNumbers(
      db,
      heads.flatMap((row) => {
        const { els, serviceId } = numbersOf(row, []);
        return [els, serviceId, serviceId?.slice(0, 10) ?? null].flatMap((value) => value ?? []);
      }),
    );
    const ids = [...own.values(), ...named.values()].filter((one) => one.houseId === house.card?.houseId);
    const whole = house.card
      ? await readWholeAccounts(db, house.card.houseId, [...new Set(ids.flatMap(({ accountId }) => accountId ?? []))])
      : new Map<AccountId, WholeAccount>();
    const judged: Judgement<Plan>[] = [];
    for (const entry of entries) judged.push(await this.#judgeOne(db, entry, house, { own, named, whole }));
    const known = house.card ? await readPlaceKeys(db, house.card.houseId) : new Set<string>();
    return judged.map((one) => this.#noteNewPlaces(one, house, known));
  }

  /**
   * Premises that are not there yet would be made: a slip in a flat's number makes one that does not exist. In a house that nobody has
   * described all are new, and their rows say nothing.
   */
  #noteNewPlaces(one: Judgement<Plan>, house: House, known: ReadonlySet<string>): Judgement<Plan> {
    const address = house.card?.shortAddress ?? house.address?.short ?? '';
    const fresh = (one.plan?.account.places ?? []).flatMap((place, index) => {
      const key = placeKey(place);
      if (known.has(key) || this.#newPlaces.has(`${address} ${key}`)) return [];
      this.#newPlaces.add(`${address} ${key}`);
      return [{ label: premisesLabel(place) || 'дом целиком', row: rowsOf(one.entry, PLACES)[index] }];
    });
    if (fresh.length === 0) return one;
    const notes = fresh.flatMap(({ label, row }): Note[] =>
      row && known.size > 0
        ? [
            {
              ...{ sheet: row.sheet, row: row.row, key: 'number', wrong: false },
              message: `помещения «${label}» в доме ещё нет, оно будет заведено: проверьте номер`,
            },
          ]
        : [],
    );
    return {
      ...one,
      notes: [...one.notes, ...notes],
      newPlaces: fresh.map(({ label }) => `${address}, ${label}`),
    };
  }

  async #judgeOne(db: Db, entry: Entry, house: House, around: Around): Promise<Judgement<Plan>> {
    const rows = rowsOf(entry, ACCOUNTS);
    const [row] = rows;
    const notes = cellNotes(entry);
    if (!row) {
      const at = firstRow(entry);
      notes.push({
        ...at,
        key: 'record',
        wrong: true,
        message: `на листе «${ACCOUNTS.layout.name}» нет записи с этим номером`,
      });
      return badJudgement(entry, 'Запись без лицевого счёта', notes);
    }
    const title = `ЛС № ${row.values.number ?? '—'}`;
    const at = { sheet: row.sheet, row: row.row };
    for (const twin of rows.slice(1))
      notes.push({
        sheet: twin.sheet,
        row: twin.row,
        key: 'record',
        wrong: true,
        message: `этот номер записи уже есть в строке ${row.row}`,
      });
    this.#noteTwin(row, notes);
    const numbers = numbersOf(row, notes);
    const known = this.#known(row, numbers, house, around, notes);
    const places = await placesOf(
      db,
      this.#finder,
      rowsOf(entry, PLACES),
      house.card?.houseId ?? house.address?.guid ?? null,
      notes,
    );
    if (!known && places.length === 0 && rowsOf(entry, PLACES).length === 0)
      notes.push({ ...at, wrong: true, message: `добавьте на лист «${PLACES.layout.name}» помещение этого счёта` });
    notes.push(...payerNotes(row));
    if (known) notes.push(...keptNumberNotes(row, numbers, known));
    const manager = house.card?.managerId;
    if (!known && row.values.kind === 'uo' && manager && manager !== this.#setting.organisationId)
      notes.push({
        ...at,
        key: 'kind',
        wrong: true,
        message: 'домом управляет другая организация: счёт «ЛС УО» в нём завести нельзя',
      });
    if (notes.some(({ wrong }) => wrong)) return badJudgement(entry, title, notes);
    const account = describeAccount(row, rowsOf(entry, BASES), places, known, this.#setting.sheets);
    const changes = known ? changesOfAccount(known, account, this.#setting.lists) : [];
    return {
      entry,
      title,
      verdict: !known ? 'new' : changes.length > 0 ? 'changed' : 'same',
      notes,
      changes,
      fills: known ? fillsOf(row, known) : [],
      plan: { account, numbers, known, row },
    };
  }

  #noteTwin(row: AccountRow, notes: Note[]): void {
    const { number } = row.values;
    if (number === null) return;
    const twin = this.#seen.get(number);
    if (twin !== undefined && twin !== row.row)
      notes.push({
        sheet: row.sheet,
        row: row.row,
        key: 'number',
        wrong: true,
        message: `этот лицевой счёт уже есть в строке ${twin}`,
      });
    else this.#seen.set(number, row.row);
  }

  /** The account that a row means: by its ЖКУ id, else by the provider's number. What belongs to others is not told of. */
  #known(row: AccountRow, numbers: AccountNumbers, house: House, around: Around, notes: Note[]): WholeAccount | null {
    const { own, named, whole } = around;
    const at = { sheet: row.sheet, row: row.row };
    const houseId = house.card?.houseId;
    const byNumber = own.get(row.values.number ?? '') ?? null;
    const service = numbers.serviceId ? (named.get(numbers.serviceId) ?? null) : null;
    const byService = service?.accountId ? (whole.get(service.accountId) ?? null) : null;
    const els = numbers.els ? named.get(numbers.els) : undefined;
    if (service && byService?.providerId !== this.#setting.organisationId)
      notes.push({
        ...at,
        key: 'serviceId',
        wrong: true,
        message: 'этот идентификатор ЖКУ уже принадлежит другому лицевому счёту',
      });
    if (els && els.houseId !== houseId)
      notes.push({
        ...at,
        key: numbers.serviceId ? 'serviceId' : 'els',
        wrong: true,
        message: 'этот единый лицевой счёт относится к другому дому',
      });
    if (byNumber && byNumber.houseId !== houseId) {
      notes.push({
        ...at,
        key: 'number',
        wrong: true,
        message: 'счёт с этим номером у вашей организации уже есть в другом доме',
      });
      return null;
    }
    if (byService && byNumber && byNumber.accountId !== byService.accountId)
      notes.push({
        ...at,
        key: 'serviceId',
        wrong: true,
        message: 'номер лицевого счёта и идентификатор ЖКУ принадлежат разным счетам',
      });
    return byService ?? (byNumber ? (whole.get(byNumber.accountId) ?? null) : null);
  }

  async write(trx: Transaction, place: HouseId | null, good: readonly Judgement<Plan>[]): Promise<Written[]> {
    if (good.length === 0) return [];
    const { organisationId, uploadedBy, clock, sender } = this.#setting;
    const at = clock();
    const house = await houseOf(trx, place);
    const known = good.flatMap(({ plan }) => plan!.known?.accountId ?? []);
    const trace = await Trace.open(trx, house.card?.houseId ?? null, { parts: true, accounts: known });
    const houseId = house.card?.houseId ?? (await upsertHouse(trx, inputOf(house.address!), uploadedBy, at));
    const regionCode = house.card?.regionCode ?? house.address!.regionCode;
    const ids = await ensurePlaces(
      trx,
      houseId,
      good.flatMap(({ plan }) => plan!.account.places),
      at,
    );
    const writes = good.map(({ plan }): AccountWrite => {
      const { account, numbers, known } = plan!;
      const places = account.places.map((one) => ({ ...ids(one), sharePercent: one.sharePercent }));
      return {
        ...account,
        places,
        accountId: known?.accountId ?? null,
        isKnown: known !== null,
        els: known?.els ?? numbers.els,
        serviceId: known?.serviceId ?? numbers.serviceId,
      };
    });
    try {
      const written = await writeAccounts(trx, { houseId, regionCode }, organisationId, writes, at);
      const changed = good.flatMap(({ plan }, index) =>
        plan!.known && hasOtherPayer(plan!.known, plan!.account)
          ? [{ ...plan!.known, accountId: written[index]!.accountId }]
          : [],
      );
      await suspendFormerPayers(sender, trx, uploadedBy, houseId, changed);
      const moved = good.flatMap(({ plan }, index) =>
        plan!.known && isOthers(plan!.known, plan!.account) ? [written[index]!.accountId] : [],
      );
      await endCodes(trx, houseId, moved, at);
      this.#written.add(houseId);
      await trace.close(this.#setting, houseId, { parts: true, accounts: written.map(({ accountId }) => accountId) });
      return good.map(({ entry, plan }, index) => ({
        document: entry.document,
        fills: fillsOf(plan!.row, written[index]!),
      }));
    } catch (error) {
      // Two uploads at once took one number: nothing of this transaction may stay, and its repeat will see the other's account.
      if (error instanceof DomovoyError) throw new Error(error.sentence, { cause: error });
      throw error;
    }
  }

  async finish(trx: Transaction): Promise<void> {
    const { organisationId } = this.#setting;
    const houseIds = [...this.#written];
    const counts = await countAccounts(trx, organisationId, houseIds);
    const cards = new Map((await readHouses(trx, houseIds)).map((card) => [card.houseId, card]));
    for (const houseId of houseIds) {
      const line = await findHouseLine(trx, organisationId, houseId);
      const address = cards.get(houseId)!.shortAddress;
      if (!line) await placeHouse(trx, { organisationId, houseId, address, manages: false });
      await setHouseCounts(trx, organisationId, houseId, { accounts: counts.get(houseId) ?? 0 });
    }
  }
}

/** Asked before the links are: most changes are of areas and numbers. */
const hasOtherPayer = (was: WholeAccount, is: DescribedAccount): boolean =>
  (['payer', 'snils', 'familyName', 'givenName'] as const).some((field) => was[field] !== is[field]);

/** Another payer altogether: letters with codes went to the former one. To write a name otherwise, or for the first time, is not that. */
const isOthers = (was: WholeAccount, is: DescribedAccount): boolean => {
  const { payer, familyName, snils } = was;
  if (payer === null || is.payer === null) return false;
  if (payer !== is.payer) return true;
  return (
    familyName !== null && isAnotherPayer({ familyName, givenName: was.givenName ?? is.givenName ?? '', snils }, is)
  );
};

interface Around {
  own: ReadonlyMap<string, { houseId: HouseId; accountId: AccountId }>;
  named: ReadonlyMap<string, NamedByNumber>;
  whole: ReadonlyMap<AccountId, WholeAccount>;
}

/** Unified numbers of an account never change: residents have them on paper. */
function keptNumberNotes({ sheet, row }: AccountRow, given: AccountNumbers, known: WholeAccount): Note[] {
  const stays = (key: 'els' | 'serviceId', what: string) =>
    given[key] !== null && given[key] !== known[key]
      ? [{ sheet, row, key, wrong: false, message: `у счёта уже есть ${what} ${known[key]}, он останется` }]
      : [];
  const service = stays('serviceId', 'идентификатор ЖКУ');
  return service.length > 0 ? service : stays('els', 'ЕЛС');
}

/** Numbers that the row does not have yet. */
function fillsOf({ sheet, row, values }: AccountRow, numbers: { els: string; serviceId: string }): Fill[] {
  const fills: Fill[] = [];
  if (values.els === null) fills.push({ sheet, row, key: 'els', text: numbers.els });
  if (values.serviceId === null || values.serviceId.replace(/\s/g, '').length < 13)
    fills.push({ sheet, row, key: 'serviceId', text: numbers.serviceId });
  return fills;
}

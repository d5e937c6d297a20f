import type { Db, Transaction } from '../../../platform/database/database.ts';
import {
  isBankAccount,
  isInn,
  listRequisites,
  type OrganisationCard,
  readCardImage,
  readOrganisation,
  upsertOrganisation,
} from '../../organisations/index.ts';
import { type BankSet, findPendingRequisite, offerRequisite } from '../../staff/index.ts';
import { changesBetween } from '../compare.ts';
import { BANK, type BankRow, CARD, type CardRow } from '../layouts/organisation.ts';
import { traceCard } from '../undo/trace.ts';
import {
  cellNotes,
  type Entry,
  type Judgement,
  type KindOfUpload,
  type Note,
  rowsOf,
  type Setting,
  type Work,
} from '../work.ts';

interface Plan {
  card: OrganisationCard | null;
  bank: BankRow['values'][];
}

/** The card's own words, and the columns of the file they come from. */
const FIELDS = {
  fullName: 'full_name',
  shortName: 'short_name',
  legalAddress: 'legal_address',
  actualAddress: 'actual_address',
  postalAddress: 'postal_address',
  phone: 'phone',
  fax: 'fax',
  email: 'email',
  site: 'site',
  dispatcherPhone: 'dispatcher_phone',
  dispatcherHours: 'dispatcher_hours',
  receptionHours: 'reception_hours',
} as const satisfies Partial<Record<keyof CardRow['values'], keyof OrganisationCard>>;

type Known = NonNullable<Awaited<ReturnType<typeof readOrganisation>>>;

/** One document: the card of the organisation that uploads, with its bank accounts. */
export const organisation: KindOfUpload = {
  sections: [CARD, BANK],
  mandatory: [],
  keyOf: () => 'card',
  open: async (_db, setting) => new OrganisationWork(setting),
};

class OrganisationWork implements Work<Plan> {
  readonly placedBy = [];
  readonly batch = 1;
  readonly #setting: Setting;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  async place() {
    return new Map();
  }

  async judge(db: Db, _houseId: null, entries: Parameters<Work<Plan>['judge']>[2]): Promise<Judgement<Plan>[]> {
    const card = (await readOrganisation(db, this.#setting.organisationId))!;
    const accounts = await listRequisites(db, this.#setting.organisationId);
    const waiting = await this.#waiting(db, entries);
    return entries.map((entry) => {
      const cards = rowsOf(entry, CARD);
      const bank = rowsOf(entry, BANK);
      const notes = [
        ...cellNotes(entry),
        ...cards.flatMap((row) => identityNotes(row, card)),
        ...bank.flatMap(bankNotes),
      ];
      for (const row of cards.slice(1))
        notes.push({ ...at(row), wrong: true, message: 'оставьте одну строку: карточка у организации одна' });
      const fresh = bank.filter(
        ({ values }) =>
          !accounts.some((known) => known.bik === values.bik && known.bank_account === values.bankAccount) &&
          !waiting.has(`${values.bik} ${values.bankAccount}`),
      );
      const [row] = cards;
      const next = row ? cardOf(card, row, this.#given()) : null;
      const changes = [
        ...(next ? changesBetween<Partial<OrganisationCard>>(card, next, WORDS) : []),
        ...fresh.map(({ values }) => ({
          what: 'Счёт для оплаты',
          before: 'не указано',
          after: `${values.bankAccount}, БИК ${values.bik}${accounts.length > 0 ? ' (после подтверждения вторым человеком)' : ''}`,
        })),
      ];
      const bad = notes.some(({ wrong }) => wrong);
      return {
        entry,
        title: card.short_name,
        verdict: bad ? 'bad' : changes.length > 0 ? 'changed' : 'same',
        notes,
        changes: bad ? [] : changes,
        fills: [],
        plan: bad ? null : { card: next, bank: fresh.map(({ values }) => values) },
      };
    });
  }

  /** Accounts of the file that wait for a second person already. */
  async #waiting(db: Db, entries: readonly Entry[]): Promise<Set<string>> {
    const waiting = new Set<string>();
    for (const { values } of entries.flatMap((entry) => rowsOf(entry, BANK))) {
      const { bik, bankAccount } = values;
      if (bik && bankAccount && (await findPendingRequisite(db, this.#setting.organisationId, { bik, bankAccount })))
        waiting.add(`${bik} ${bankAccount}`);
    }
    return waiting;
  }

  async write(trx: Transaction, _houseId: null, good: readonly Judgement<Plan>[]) {
    const { organisationId } = this.#setting;
    const before = await readCardImage(trx, organisationId, true);
    const requisites: string[] = [];
    for (const { plan } of good) {
      if (plan?.card) await upsertOrganisation(trx, plan.card, this.#setting.clock());
      for (const { bik, bankAccount, bankName, correspondentAccount } of plan?.bank ?? [])
        await this.#offer(trx, { bik: bik!, bankAccount: bankAccount!, bankName, correspondentAccount }, requisites);
    }
    const after = { ...(await readCardImage(trx, organisationId, false)), requisites };
    await traceCard(trx, this.#setting, { ...before, requisites: [] }, after);
    return good.map(({ entry }) => ({ document: entry.document, fills: [] }));
  }

  /** The first account is there at once, others wait for a second person. */
  async #offer(trx: Transaction, set: BankSet, made: string[]): Promise<void> {
    const { organisationId, uploadedBy, sender } = this.#setting;
    // Only a head loads this file.
    const outcome = await offerRequisite(sender, trx, { ...set, organisationId, by: uploadedBy, byHead: true });
    if (outcome.state === 'first') made.push(outcome.requisiteId);
  }

  async finish(): Promise<void> {}

  /** Columns that the file has: what it does not mention stays as it is. */
  #given(): Set<string> {
    return new Set(this.#setting.sheets.filter(({ section }) => section === CARD.key).flatMap(({ keys }) => keys));
  }
}

const at = ({ sheet, row }: { sheet: number; row: number }) => ({ sheet, row });

function identityNotes(row: CardRow, card: Known): Note[] {
  const { ogrn, inn, kpp } = row.values;
  const notes: Note[] = [];
  if (ogrn !== null && ogrn !== card.ogrn)
    notes.push({
      ...at(row),
      key: 'ogrn',
      wrong: true,
      message: `загрузить можно только карточку своей организации: ОГРН ${card.ogrn}`,
    });
  if (kpp !== null && card.kpp !== '' && kpp !== card.kpp)
    notes.push({
      ...at(row),
      key: 'kpp',
      wrong: true,
      message: `у вашей организации КПП ${card.kpp}; если он изменился, напишите администратору`,
    });
  if (inn !== null && inn !== card.inn)
    notes.push({
      ...at(row),
      key: 'inn',
      wrong: true,
      message: `у вашей организации ИНН ${card.inn}; если он изменился, напишите администратору`,
    });
  else if (inn !== null && !isInn(inn))
    notes.push({ ...at(row), key: 'inn', wrong: false, message: 'контрольные цифры ИНН не сходятся' });
  return notes;
}

function bankNotes(row: BankRow): Note[] {
  const { bik, bankAccount } = row.values;
  // A new account for money is typed by hand once: a wrong digit would send payments to a stranger.
  return bik && bankAccount && !isBankAccount(bankAccount, bik)
    ? [
        {
          ...at(row),
          key: 'bankAccount',
          wrong: true,
          message: 'контрольная цифра счёта не сходится с БИК: проверьте оба номера',
        },
      ]
    : [];
}

function cardOf(card: Known, row: CardRow, given: ReadonlySet<string>): OrganisationCard {
  const next: OrganisationCard = {
    ogrn: card.ogrn,
    inn: card.inn,
    kpp: card.kpp,
    kind: card.kind,
    full_name: card.full_name,
    short_name: card.short_name,
  };
  for (const [key, field] of Object.entries(FIELDS) as [keyof typeof FIELDS, (typeof FIELDS)[keyof typeof FIELDS]][]) {
    const value = row.values[key];
    if (given.has(key) && (value !== null || (field !== 'full_name' && field !== 'short_name')))
      Object.assign(next, { [field]: value });
  }
  return next;
}

const WORDS: Readonly<Partial<Record<keyof OrganisationCard, string>>> = {
  full_name: 'Полное наименование',
  short_name: 'Сокращённое наименование',
  legal_address: 'Юридический адрес',
  actual_address: 'Фактический адрес',
  postal_address: 'Почтовый адрес',
  phone: 'Телефон',
  fax: 'Факс',
  email: 'Электронная почта',
  site: 'Сайт',
  dispatcher_phone: 'Телефон диспетчерской службы',
  dispatcher_hours: 'Режим работы диспетчерской службы',
  reception_hours: 'Часы приёма граждан',
};

import type { Db } from '../../../platform/database/database.ts';
import type { OrganisationId, RequisiteId } from '../../../platform/ids.ts';
import { findOrganisationByOgrn, isBankAccount, listRequisites, readOrganisation } from '../../organisations/index.ts';
import { DEBTS, HEADS, type HeadRow, LINES, PENALTIES, REPAIRS, REQUISITES } from '../layouts/bills.ts';
import { type Entry, type Note, rowsOf } from '../work.ts';

/** Where money of a document goes, as its rows name it. */
export interface RequisiteSet {
  /** «Номер платёжного реквизита»; empty when it has none. */
  name: string;
  /** The one that the head names: rows without a number go to it. */
  main: boolean;
  bik: string;
  bankAccount: string;
  stated: number | null;
  supplier: string | null;
}

interface Recipient {
  organisationId: OrganisationId;
  name: string;
  inn: string;
  known: Map<string, { requisiteId: RequisiteId; bankName: string | null }>;
}

export interface Payee {
  requisiteId: RequisiteId | null;
  recipient: string;
  inn: string;
  bankName: string | null;
}

const keyOf = (set: Pick<RequisiteSet, 'bik' | 'bankAccount'>): string => `${set.bik} ${set.bankAccount}`;

/** The sets of requisites of one document. Adds notes when there is none, or none is told. */
export function setsOf(entry: Entry, head: HeadRow, own: readonly RequisiteSet[], notes: Note[]): RequisiteSet[] {
  const at = { sheet: head.sheet, row: head.row };
  const sets: RequisiteSet[] = [];
  const { bik, bankAccount } = head.values;
  // A cell that could not be read has been told of already.
  const spoiled = head.wrong.some(({ key }) => key === 'bik' || key === 'bankAccount');
  if (bik !== null && bankAccount !== null)
    sets.push({ name: '', main: true, bik, bankAccount, stated: null, supplier: null });
  else if ((bik !== null || bankAccount !== null) && !spoiled)
    notes.push({
      ...at,
      key: bik === null ? 'bik' : 'bankAccount',
      wrong: true,
      message: 'укажите и БИК, и расчётный счёт',
    });
  for (const row of rowsOf(entry, REQUISITES)) {
    const { requisite, bik: other, bankAccount: account, stated } = row.values;
    if (requisite === null || other === null || account === null) continue;
    if (sets.some(({ name }) => name === requisite))
      notes.push({
        sheet: row.sheet,
        row: row.row,
        key: 'requisite',
        wrong: true,
        message: `реквизит № ${requisite} у документа уже есть`,
      });
    const same = sets.find((set) => keyOf(set) === keyOf({ bik: other, bankAccount: account }));
    // The head's set named once more under a number: one set, not two.
    if (same?.name === '') Object.assign(same, { name: requisite, stated });
    else sets.push({ name: requisite, main: false, bik: other, bankAccount: account, stated, supplier: null });
  }
  if (sets.length === 0 && own.length === 1) sets.push(own[0]!);
  if (sets.length === 0 && bik === null && bankAccount === null && !spoiled)
    notes.push({
      ...at,
      key: 'bik',
      wrong: true,
      message: 'укажите БИК и расчётный счёт или добавьте строку на лист «Платежные реквизиты»',
    });
  for (const set of sets)
    if (!isBankAccount(set.bankAccount, set.bik))
      notes.push({
        ...at,
        key: 'bankAccount',
        wrong: false,
        message: `контрольная цифра счёта ${set.bankAccount} не сходится с БИК ${set.bik}`,
      });
  tellSuppliers(entry, sets);
  return sets;
}

/** The supplier that all rows of a set name, if they agree. */
function tellSuppliers(entry: Entry, sets: readonly RequisiteSet[]): void {
  const named = new Map<RequisiteSet, Set<string>>();
  for (const of of [HEADS, LINES, DEBTS, PENALTIES, REPAIRS] as const)
    for (const { values } of rowsOf(entry, of)) {
      const set = chooseSet(sets, values.requisite);
      if (!set || values.supplierOgrn === null) continue;
      named.set(set, (named.get(set) ?? new Set()).add(values.supplierOgrn));
    }
  for (const [set, suppliers] of named) set.supplier = suppliers.size === 1 ? [...suppliers][0]! : null;
}

/** The set that a row means; the only one, or the head's, when it names none. Null: it cannot be told. */
export function chooseSet(sets: readonly RequisiteSet[], name: string | null): RequisiteSet | null {
  if (name !== null) return sets.find((set) => set.name === name) ?? null;
  return sets.find((set) => set.main) ?? (sets.length === 1 ? sets[0]! : null);
}

/**
 * Finds the recipients of sets. A set belongs to the supplier when the supplier itself has it registered; otherwise to the organisation
 * that uploads, when it is one of its own: nobody can put a bank account under another's name, or a new one under theirs.
 */
export class RequisiteBook {
  readonly #organisationId: OrganisationId;
  readonly #recipients = new Map<OrganisationId, Recipient>();
  readonly #suppliers = new Map<string, { organisationId: OrganisationId; name: string } | null>();

  constructor(organisationId: OrganisationId) {
    this.#organisationId = organisationId;
  }

  /** The uploading organisation's own sets, for documents that name none. */
  async own(db: Db): Promise<RequisiteSet[]> {
    const { known } = await this.#recipient(db, this.#organisationId);
    return [...known.keys()].map((key) => {
      const [bik = '', bankAccount = ''] = key.split(' ');
      return { name: '', main: true, bik, bankAccount, stated: null, supplier: null };
    });
  }

  async payee(db: Db, set: RequisiteSet): Promise<Payee> {
    const own = await this.#recipient(db, this.#organisationId);
    const supplier = set.supplier === null ? null : await this.supplier(db, set.supplier);
    const theirs = supplier ? await this.#recipient(db, supplier.organisationId) : null;
    const recipient = theirs?.known.has(keyOf(set)) ? theirs : own;
    const known = recipient.known.get(keyOf(set));
    return {
      requisiteId: known?.requisiteId ?? null,
      bankName: known?.bankName ?? null,
      recipient: recipient.name,
      inn: recipient.inn,
    };
  }

  /** A supplier of services by its ОГРН; null when it has no card here. */
  async supplier(db: Db, ogrn: string): Promise<{ organisationId: OrganisationId; name: string } | null> {
    const known = this.#suppliers.get(ogrn);
    if (known !== undefined) return known;
    const card = await findOrganisationByOgrn(db, ogrn);
    const found = card ? { organisationId: card.organisation_id, name: card.short_name } : null;
    this.#suppliers.set(ogrn, found);
    return found;
  }

  async #recipient(db: Db, organisationId: OrganisationId): Promise<Recipient> {
    const read = this.#recipients.get(organisationId);
    if (read) return read;
    const card = (await readOrganisation(db, organisationId))!;
    const sets = await listRequisites(db, organisationId);
    const recipient: Recipient = {
      organisationId,
      name: card.short_name,
      inn: card.inn,
      known: new Map(
        sets.map((set) => [
          keyOf({ bik: set.bik, bankAccount: set.bank_account }),
          { requisiteId: set.requisite_id, bankName: set.bank_name },
        ]),
      ),
    };
    this.#recipients.set(organisationId, recipient);
    return recipient;
  }
}

import type { Db, Transaction } from '../../../platform/database/database.ts';
import { Invalid } from '../../../platform/errors.ts';
import type { DocumentId, HouseId, RequisiteId, UploadId } from '../../../platform/ids.ts';
import { formatMonth } from '../../../ui/format.ts';
import { type DocumentPlan, exposeDocuments, type NewDocument, planDocuments, readUids } from '../../billing/index.ts';
import { DEBTS, HEADS, type HeadRow, LINES, PENALTIES, REPAIRS, REQUISITES, SERVICES } from '../layouts/bills.ts';
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
import { bodyOf, draftBody } from './bill-body.ts';
import { changesOfBill } from './bill-changes.ts';
import type { DraftBody } from './bill-draft.ts';
import { type FoundPayer, PayerFinder, type PayerLook } from './bill-payers.ts';
import { RequisiteBook, type RequisiteSet, setsOf } from './bill-requisites.ts';
import { ServiceNames } from './bill-services.ts';
import { sumNotes } from './bill-sums.ts';

interface Plan {
  document: NewDocument;
  head: HeadRow;
}

/** «ПД»: a payment document stands on several sheets under its number. */
export const bills: KindOfUpload = {
  sections: [HEADS, LINES, DEBTS, PENALTIES, REPAIRS, REQUISITES, SERVICES],
  mandatory: [HEADS.key],
  reference: [SERVICES.key],
  keyOf: (_section, cell) => cell('document'),
  open: async (db, setting, reference) => new BillsWork(setting, await ServiceNames.read(db, reference)),
};

/** A document as far as its own rows tell. */
interface Draft {
  entry: Entry;
  head: HeadRow;
  title: string;
  notes: Note[];
  payer: FoundPayer | null;
  sets: RequisiteSet[];
  body: DraftBody;
}

type Planned = Map<number, { document: NewDocument; assessment: DocumentPlan | null }>;

const NO_HEAD = `на листе «${HEADS.layout.name}» нет документа с этим номером`;

class BillsWork implements Work<Plan> {
  readonly placedBy = [HEADS.key];
  readonly batch = 250;
  readonly independent = true;
  readonly #setting: Setting;
  readonly #services: ServiceNames;
  readonly #payers: PayerFinder;
  readonly #book: RequisiteBook;

  constructor(setting: Setting, services: ServiceNames) {
    this.#setting = setting;
    this.#services = services;
    this.#payers = new PayerFinder(setting.organisationId);
    this.#book = new RequisiteBook(setting.organisationId);
  }

  async place(db: Db, entries: readonly Entry[]): Promise<Map<number, HouseId>> {
    const heads = entries.flatMap((entry) =>
      rowsOf(entry, HEADS)
        .slice(0, 1)
        .map((head) => ({ entry, head })),
    );
    const look = await this.#payers.look(
      db,
      heads.map(({ head }) => head),
    );
    return new Map(
      heads.flatMap(({ entry, head }) => {
        const houseId = look.houseOf(head);
        return houseId ? [[entry.document, houseId]] : [];
      }),
    );
  }

  async judge(db: Db, houseId: HouseId | null, entries: readonly Entry[]): Promise<Judgement<Plan>[]> {
    const heads = entries.flatMap((entry) => rowsOf(entry, HEADS).slice(0, 1));
    const look = await this.#payers.look(db, heads, houseId);
    const own = await this.#book.own(db);
    const drafts = entries.map((entry) => this.#draft(entry, look, own));
    for (const draft of drafts) if ('head' in draft) await this.#refuseUnconfirmed(db, draft);
    const good = drafts.filter((one): one is Draft => 'head' in one && !one.notes.some(({ wrong }) => wrong));
    const planned: Planned = houseId === null ? new Map() : await this.#plan(db, houseId, good);
    const same = [...planned.values()].flatMap(({ assessment }) =>
      assessment?.verdict === 'same' && assessment.known ? [assessment.known] : [],
    );
    const uids = houseId === null ? new Map() : await readUids(db, houseId, same);
    const judged: Judgement<Plan>[] = [];
    for (const draft of drafts) {
      const plan = planned.get(draft.entry.document);
      if (!('head' in draft) || !plan || !houseId) judged.push(badJudgement(draft.entry, draft.title, draft.notes));
      else judged.push(await this.#judgement(db, houseId, draft, plan, uids));
    }
    return judged;
  }

  #draft(
    entry: Entry,
    look: PayerLook,
    own: readonly RequisiteSet[],
  ): Draft | { entry: Entry; title: string; notes: Note[] } {
    const [head, ...twins] = rowsOf(entry, HEADS);
    const notes = cellNotes(entry);
    if (!head) {
      const row = firstRow(entry);
      if (!notes.some(({ key }) => key === 'document'))
        notes.push({ ...row, key: 'document', wrong: true, message: NO_HEAD });
      return { entry, title: 'Документ без разделов 1-2', notes };
    }
    const { document, period } = head.values;
    const title = `ПД № ${document ?? '—'}${period ? ` за ${formatMonth(period)}` : ''}`;
    for (const twin of twins)
      notes.push({
        sheet: twin.sheet,
        row: twin.row,
        key: 'document',
        wrong: true,
        message: `документ с этим номером уже есть в строке ${head.row}`,
      });
    const payer = look.payerOf(head, notes);
    const sets = setsOf(entry, head, own, notes);
    const body = draftBody(entry, head, { sets, services: this.#services }, notes);
    notes.push(...sumNotes(entry, head));
    return { entry, head, title, notes, payer, sets, body };
  }

  /** Money goes to accounts that a second person has confirmed: a file brings no new one. */
  async #refuseUnconfirmed(db: Db, { head, sets, notes }: Draft): Promise<void> {
    for (const set of sets)
      if ((await this.#book.payee(db, set)).requisiteId === null)
        notes.push({
          ...{ sheet: head.sheet, row: head.row, key: 'bankAccount', wrong: true },
          message: `счёта ${set.bankAccount} с БИК ${set.bik} нет среди подтверждённых: руководитель или бухгалтер указывает его на странице «Банковские счета», второй подтверждает`,
        });
  }

  /** What billing says of the documents. Exposing judges again under its locks: to judge twice in one transaction would tell nothing new. */
  async #plan(db: Db, houseId: HouseId, drafts: readonly Draft[]): Promise<Planned> {
    const { dry, clock } = this.#setting;
    const documents: NewDocument[] = [];
    // One moment for all: of two months in one file neither came before the other.
    const issuedAt = clock();
    for (const draft of drafts) documents.push(await this.#documentOf(db, draft, issuedAt));
    const assessed = dry ? await planDocuments(db, { clock }, houseId, documents) : [];
    return new Map(
      drafts.map(({ entry }, index) => [
        entry.document,
        { document: documents[index]!, assessment: assessed[index] ?? null },
      ]),
    );
  }

  async #documentOf(db: Db, { head, payer, sets, body }: Draft, issuedAt: Date): Promise<NewDocument> {
    const ids = new Map<RequisiteSet, RequisiteId>();
    const requisites = [];
    for (const set of sets) {
      const payee = await this.#book.payee(db, set);
      // Sets without one have been refused before.
      const requisiteId = payee.requisiteId!;
      ids.set(set, requisiteId);
      requisites.push({
        requisiteId,
        recipient: payee.recipient,
        inn: payee.inn,
        bik: set.bik,
        bankAccount: set.bankAccount,
        ...(payee.bankName === null ? {} : { bankName: payee.bankName }),
        ...(set.stated === null ? {} : { stated: set.stated }),
      });
    }
    const names = new Map<string, string>();
    for (const { supplier } of body.lines)
      if (supplier) names.set(supplier, (await this.#book.supplier(db, supplier))?.name ?? `ОГРН ${supplier}`);
    const { organisationId, uploadId } = this.#setting;
    return {
      accountId: payer!.accountId,
      providerId: organisationId,
      number: head.values.document!,
      uid: payer!.uid,
      kind: head.values.kind ?? 'current',
      period: head.values.period!,
      replacesId: payer!.replacesId,
      issuedAt,
      uploadId: uploadId as UploadId,
      body: bodyOf(
        body,
        requisites,
        (set) => ids.get(set)!,
        (ogrn) => names.get(ogrn)!,
      ),
    };
  }

  async #judgement(
    db: Db,
    houseId: HouseId,
    draft: Draft,
    { document, assessment }: { document: NewDocument; assessment: DocumentPlan | null },
    uids: ReadonlyMap<DocumentId, { uid: string }>,
  ): Promise<Judgement<Plan>> {
    const { entry, head, title } = draft;
    const at = { sheet: head.sheet, row: head.row };
    const verdict = assessment?.verdict ?? 'new';
    const said = (assessment?.messages ?? []).map((message) => ({ ...at, wrong: verdict === 'bad', message }));
    const notes = [...draft.notes, ...said];
    if (verdict === 'bad') return badJudgement(entry, title, notes);
    const known = assessment?.known ?? null;
    return {
      entry,
      title,
      verdict,
      notes,
      changes: verdict === 'changed' && known ? await changesOfBill(db, houseId, known, document) : [],
      fills: verdict === 'same' && known ? uidFill(head, uids.get(known)?.uid) : [],
      plan: { document, head },
      ...(assessment && {
        asked: assessment.asked,
        ...(assessment.credited > 0n && {
          lowered: {
            accountId: document.accountId,
            account: head.values.account ?? head.values.serviceId!,
            amount: assessment.credited,
          },
        }),
      }),
    };
  }

  async write(trx: Transaction, houseId: HouseId | null, good: readonly Judgement<Plan>[]): Promise<Written[]> {
    if (good.length === 0 || houseId === null) return [];
    const refused = new Map<number, string>();
    for (;;) {
      const left = good.filter(({ entry }) => !refused.has(entry.document));
      try {
        const exposed = await exposeDocuments(
          trx,
          this.#setting,
          houseId,
          left.map(({ plan }) => plan!.document),
        );
        const uids = await readUids(
          trx,
          houseId,
          exposed.map(({ documentId }) => documentId as DocumentId),
        );
        return [
          ...left.map(({ entry, plan }, index) => ({
            document: entry.document,
            fills: uidFill(plan!.head, uids.get(exposed[index]!.documentId)?.uid),
          })),
          ...[...refused].map(([document, reason]) => ({ document, fills: [], refused: reason })),
        ];
      } catch (error) {
        // Refused before anything is written: the others go on without them.
        if (!(error instanceof Invalid)) throw error;
        for (const { field, message } of error.fields) {
          const { entry } = left[Number(field.split('.')[1])]!;
          refused.set(entry.document, [refused.get(entry.document), message].filter(Boolean).join(' '));
        }
        if (left.every(({ entry }) => refused.has(entry.document)))
          return [...refused].map(([document, reason]) => ({ document, fills: [], refused: reason }));
      }
    }
  }

  async finish(): Promise<void> {}
}

const uidFill = ({ sheet, row, values }: HeadRow, uid: string | undefined): Fill[] =>
  uid && values.uid === null ? [{ sheet, row, key: 'uid', text: uid }] : [];

import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, DocumentId, HouseId, OrganisationId } from '../../../platform/ids.ts';
import {
  canonicalNumber,
  findByUnifiedNumbers,
  findOwnAccounts,
  hintForNumber,
  kindOfNumber,
  type NamedByNumber,
  ownAccountsOfEls,
  readWholeAccounts,
} from '../../accounts/index.ts';
import { readUids } from '../../billing/index.ts';
import type { Note } from '../work.ts';

/** What a row says of its account. */
export interface PayerRow {
  readonly sheet: number;
  readonly row: number;
  readonly values: { account: string | null; serviceId: string | null; uid: string | null };
}

export interface FoundPayer {
  accountId: AccountId;
  uid: string | null;
  /** The exposed document of another number that carries the same unified id. */
  replacesId: DocumentId | null;
}

/** Finds the accounts of documents: by ЖКУ id, by ЕЛС, by the uploading provider's own number. Others' accounts are never found. */
export class PayerFinder {
  readonly #organisationId: OrganisationId;
  constructor(organisationId: OrganisationId) {
    this.#organisationId = organisationId;
  }

  /** @param houseId the house whose accounts are looked at closely; without it only houses are told */
  async look(db: Db, heads: readonly PayerRow[], houseId: HouseId | null = null): Promise<PayerLook> {
    const names = heads.map(namesOf);
    const own = await findOwnAccounts(
      db,
      this.#organisationId,
      names.flatMap(({ numbers }) => numbers),
    );
    const unified = names.flatMap(({ unified: value, uid }) => [value, uid].flatMap((one) => one ?? []));
    const named = await findByUnifiedNumbers(db, [...new Set(unified)]);
    const look = new PayerLook(own, named);
    if (houseId === null) return look;
    const els = [...named].flatMap(([value, one]) => (one.kind === 'els' && one.houseId === houseId ? [value] : []));
    const ofEls = await ownAccountsOfEls(db, houseId, this.#organisationId, els);
    look.byEls = Map.groupBy(ofEls, (one) => one.els);
    const ids = [...named.values()].flatMap((one) => (one.houseId === houseId && one.accountId ? [one.accountId] : []));
    const whole = await readWholeAccounts(db, houseId, [...new Set(ids)]);
    look.mine = new Set(
      [...whole.values()]
        .filter(({ providerId }) => providerId === this.#organisationId)
        .map(({ accountId }) => accountId),
    );
    const documents = [...named.values()].flatMap((one) =>
      one.houseId === houseId && one.documentId ? [one.documentId] : [],
    );
    look.exposed = new Set(
      [...(await readUids(db, houseId, documents))]
        .filter(([, { exposed }]) => exposed)
        .map(([documentId]) => documentId),
    );
    return look;
  }
}

interface Names {
  /** A number of the state's shape, canonical. */
  unified: string | null;
  /** What may be the provider's own number. */
  numbers: string[];
  uid: string | null;
}

/** The column of the ЖКУ id may hold the provider's number too: that is how many programs fill it. */
function namesOf({ values }: PayerRow): Names {
  const given = values.serviceId === null ? null : canonicalNumber(values.serviceId);
  const unified = given !== null && kindOfNumber(given) !== null ? given : null;
  const numbers = [values.account, unified === null ? given : null].flatMap((one) => (one ? [one.trim()] : []));
  return { unified, numbers, uid: values.uid === null ? null : canonicalNumber(values.uid) };
}

const NOT_FOUND = 'лицевой счёт не найден среди счетов вашей организации: проверьте номер или сначала загрузите счёт';

export class PayerLook {
  readonly #own: ReadonlyMap<string, { houseId: HouseId; accountId: AccountId }>;
  readonly #named: ReadonlyMap<string, NamedByNumber>;
  byEls: ReadonlyMap<string, readonly { accountId: AccountId }[]> = new Map();
  mine: ReadonlySet<AccountId> = new Set();
  exposed: ReadonlySet<DocumentId> = new Set();

  constructor(own: PayerLook['houseOfOwn'], named: ReadonlyMap<string, NamedByNumber>) {
    this.#own = own;
    this.#named = named;
  }

  get houseOfOwn(): ReadonlyMap<string, { houseId: HouseId; accountId: AccountId }> {
    return this.#own;
  }

  houseOf(head: PayerRow): HouseId | null {
    const { unified, numbers } = namesOf(head);
    const own = numbers.map((number) => this.#own.get(number)).find((one) => one !== undefined);
    return (unified === null ? undefined : this.#named.get(unified)?.houseId) ?? own?.houseId ?? null;
  }

  /** Null with a note when no account of the provider's is meant, or it cannot be told which. */
  payerOf(head: PayerRow, notes: Note[]): FoundPayer | null {
    const { unified, numbers, uid } = namesOf(head);
    const at = { sheet: head.sheet, row: head.row, wrong: true };
    const key = head.values.serviceId === null ? 'account' : 'serviceId';
    if (unified === null && numbers.length === 0) {
      notes.push({ ...at, key: 'serviceId', message: 'укажите идентификатор ЖКУ, ЕЛС или номер лицевого счёта' });
      return null;
    }
    const byNumber = numbers.map((number) => this.#own.get(number)?.accountId).find((one) => one !== undefined) ?? null;
    const byUnified = unified === null ? null : this.#byUnified(unified, byNumber);
    if (byUnified === 'several') {
      notes.push({
        ...at,
        key,
        message: `под ЕЛС ${unified} у вас несколько счетов: укажите идентификатор ЖКУ или номер лицевого счёта`,
      });
      return null;
    }
    if (byUnified && byNumber && byUnified !== byNumber) {
      notes.push({
        ...at,
        key: 'account',
        message: 'номер лицевого счёта и идентификатор ЖКУ принадлежат разным счетам',
      });
      return null;
    }
    const accountId = unified === null ? byNumber : byUnified;
    if (!accountId) notes.push({ ...at, key, message: hintForNumber(head.values.serviceId ?? '') ?? NOT_FOUND });
    if (uid !== null && kindOfNumber(uid) !== 'bill') {
      notes.push({
        ...at,
        key: 'uid',
        message: 'укажите идентификатор документа из 18 знаков, например 77АВ123456-01-6101, или оставьте пустым',
      });
      return null;
    }
    const document = uid === null ? null : (this.#named.get(uid)?.documentId ?? null);
    return accountId ? { accountId, uid, replacesId: document && this.exposed.has(document) ? document : null } : null;
  }

  #byUnified(value: string, hint: AccountId | null): AccountId | 'several' | null {
    const named = this.#named.get(value);
    if (!named) return null;
    if (named.kind !== 'els') return named.accountId && this.mine.has(named.accountId) ? named.accountId : null;
    const all = this.byEls.get(value) ?? [];
    if (hint && all.some(({ accountId }) => accountId === hint)) return hint;
    return all.length > 1 ? 'several' : (all[0]?.accountId ?? null);
  }
}

import type { Db, Transaction } from '../../../platform/database/database.ts';
import { type Image, isSame } from '../../../platform/database/image.ts';
import type { AccountId, HouseId, MeterId, UploadId } from '../../../platform/ids.ts';
import { readAccountImages } from '../../accounts/index.ts';
import { readHouseImages } from '../../houses/index.ts';
import { readMeterImages } from '../../meters/index.ts';
import { type Entity, insertChanges, type TracedChange } from '../queries/changes.ts';
import type { Setting } from '../work.ts';

/** What a batch of an upload writes, by what is traced: the parts of the house, and accounts or devices by their ids. */
export interface Traced {
  parts?: boolean;
  accounts?: readonly AccountId[];
  meters?: readonly MeterId[];
}

interface Seen {
  entity: Entity;
  id: string;
  fields: Image;
}
type Look = Map<string, Seen>;

async function look(db: Db, houseId: HouseId | null, { parts, accounts = [], meters = [] }: Traced): Promise<Look> {
  if (houseId === null) return new Map();
  const own = (entity: Entity, images: ReadonlyMap<string, Image>): Seen[] =>
    [...images].map(([id, fields]) => ({ entity, id, fields }));
  const seen: Seen[] = [
    ...(parts ? await readHouseImages(db, houseId) : []),
    ...own('account', await readAccountImages(db, houseId, accounts)),
    ...own('meter', await readMeterImages(db, houseId, meters)),
  ];
  return new Map(seen.map((one) => [`${one.entity} ${one.id}`, one]));
}

/** What applying a batch of an upload finds, so that it can be given back. Opened before it writes, closed after. */
export class Trace {
  readonly #trx: Transaction;
  readonly #before: Look;

  private constructor(trx: Transaction, before: Look) {
    this.#trx = trx;
    this.#before = before;
  }

  /** @param houseId null while the house is not there yet */
  static async open(trx: Transaction, houseId: HouseId | null, traced: Traced): Promise<Trace> {
    return new Trace(trx, await look(trx, houseId, traced));
  }

  /** @param traced with those that were made as well */
  async close(setting: Setting, houseId: HouseId, traced: Traced): Promise<void> {
    const after = await look(this.#trx, houseId, traced);
    const changes = [...after].flatMap(([key, one]) => changeOf(houseId, this.#before.get(key) ?? null, one));
    await insertChanges(this.#trx, { ...setting, uploadId: setting.uploadId as UploadId }, changes);
  }
}

function changeOf(houseId: HouseId | null, before: Seen | null, { entity, id, fields }: Seen): TracedChange[] {
  if (!before) return [{ houseId, entity, id, before: null, after: fields }];
  const changed = Object.keys(fields).filter((name) => !isSame(fields[name], before.fields[name]));
  if (changed.length === 0) return [];
  const pick = (image: Image) => Object.fromEntries(changed.map((name) => [name, image[name] ?? null]));
  return [{ houseId, entity, id, before: pick(before.fields), after: pick(fields) }];
}

/** The card of the organisation, which belongs to no house; with the bank accounts that the file has brought. */
export function traceCard(trx: Transaction, setting: Setting, before: Image, after: Image): Promise<void> {
  const key = { ...setting, uploadId: setting.uploadId as UploadId };
  const seen = (fields: Image): Seen => ({ entity: 'organisation', id: setting.organisationId, fields });
  return insertChanges(trx, key, changeOf(null, seen(before), seen(after)));
}

/** Whether a thing still says what the upload made it say, in the columns that it changed. Columns that came later say nothing. */
export const stillStands = ({ after }: Pick<TracedChange, 'after'>, now: Image | undefined): boolean =>
  now !== undefined && Object.entries(after).every(([name, value]) => !(name in now) || isSame(now[name], value));

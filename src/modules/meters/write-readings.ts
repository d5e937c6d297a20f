import Big from 'big.js';
import type { Transaction } from '../../platform/database/database.ts';
import {
  type FileId,
  type MeterId,
  newId,
  type OrganisationId,
  type PersonId,
  type ReadingId,
  type UploadId,
} from '../../platform/ids.ts';
import type { Day, Month } from '../../platform/month.ts';
import type { RulesInForce } from '../../platform/rules/rules.ts';
import type { UnfitSpan } from './fitness.ts';
import type { DeliveryState, Meter, Reading, ReadingSource, Resource, Values } from './meter.ts';
import { planMonths } from './plan-months.ts';
import { deleteConsumption, type MonthOfMeter, upsertConsumption } from './queries/consumption.ts';
import {
  beginReadings,
  correctReadings,
  insertDeliveries,
  insertReadings,
  type NewDelivery,
  type PastDelivery,
  replaceDeliveries,
} from './queries/readings.ts';
import type { Asked, QuestionKind } from './questions.ts';
import { addSummary } from './summarise-house.ts';
import type { HousePlace, OwnTaking } from './windows.ts';

/** A value as somebody brings it. */
export interface NewReading extends Values {
  meterId: MeterId;
  resource: Resource;
  kind: 'current' | 'control';
  /** The house's own day; null: today. */
  takenOn: Day | null;
  /** The month that takes it, where an organisation says so; else by the window (residents) or the day it was taken. */
  period?: Month | null;
  /** Unusual things about it that were answered «да, всё верно». */
  confirmed: readonly QuestionKind[];
  photoId?: FileId | null;
}

export interface Author {
  source: ReadingSource;
  organisationId: OrganisationId | null;
  personId: PersonId | null;
  uploadId?: UploadId | null;
}

/** Where a value went: each provider by its own window. */
export interface Delivered {
  providerId: OrganisationId;
  period: Month;
  state: DeliveryState;
}

/** An item on its way: what is known of its device, and what is to be written. */
export interface Draft {
  item: NewReading;
  index: number;
  meter: Meter;
  unit: string;
  takings: OwnTaking[];
  takenOn: Day;
  period: Month;
  asked: Asked;
  replaces: Reading | null;
}

export const TARIFFS = ['t1', 't2', 't3'] as const;

export const keyOf = ({ meterId, resource }: { meterId: MeterId; resource: Resource }): string =>
  `${meterId} ${resource}`;

export const isEqual = (a: string | null, b: string | null): boolean =>
  a === null || b === null ? a === b : new Big(a).eq(b);

/** What one call writes, gathered, in few statements. */
export class Writing {
  readonly #house: HousePlace;
  readonly #author: Author;
  readonly #at: Date;
  readonly #points: Map<string, Reading[]>;
  readonly #new: (Reading & { uploadId: string | null })[] = [];
  readonly #corrected: { readingId: ReadingId; replacedBy: ReadingId }[] = [];
  readonly #past: PastDelivery[] = [];
  readonly #begun: { readingId: ReadingId; period: Month }[] = [];
  readonly #deliveries: NewDelivery[] = [];
  readonly #touched = new Map<string, { meter: Meter; resource: Resource; unit: string; from: Month }>();

  constructor(house: HousePlace, author: Author, at: Date, points: Map<string, Reading[]>) {
    this.#house = house;
    this.#author = author;
    this.#at = at;
    this.#points = points;
  }

  has({ item, period }: Draft): boolean {
    return this.#new.some((one) => keyOf(one) === keyOf(item) && one.period === period && one.kind === item.kind);
  }

  deliveriesOf({ meter, takings, period }: Draft): Delivered[] {
    const { source, organisationId } = this.#author;
    return [...new Set(meter.accounts.map(({ providerId }) => providerId))].map((providerId) => ({
      providerId,
      period:
        source === 'organisation'
          ? period
          : (takings.find((taking) => taking.providerId === providerId)?.period ?? period),
      // What an organisation enters itself it has accepted.
      state: providerId === organisationId ? 'accepted' : 'received',
    }));
  }

  add(draft: Draft, rolledOver: boolean): ReadingId {
    const { item, meter, unit, takenOn, period, replaces } = draft;
    const readingId = newId<ReadingId>();
    const { source, organisationId, personId, uploadId } = this.#author;
    const reading: Reading & { uploadId: string | null } = {
      houseId: this.#house.houseId,
      readingId,
      meterId: meter.meterId,
      resource: item.resource,
      kind: item.kind,
      period,
      takenOn,
      t1: item.t1,
      t2: item.t2,
      t3: item.t3,
      rolledOver,
      source,
      organisationId,
      personId,
      enteredAt: this.#at,
      confirmed: [...item.confirmed],
      photoId: item.photoId ?? null,
      state: 'active',
      uploadId: uploadId ?? null,
    };
    const own = this.#points.get(keyOf(item)) ?? [];
    if (replaces) this.#corrected.push({ readingId: replaces.readingId, replacedBy: readingId });
    // Another source's value is the word no more where the new one differs and was taken later, as months are counted; a control value
    // stays. Where windows differ, the value of a month may stand for the next one at a provider.
    const differ = new Set(draft.takings.map(({ rule }) => rule.value)).size > 1;
    const past = own.filter(
      (one) =>
        one === replaces ||
        (one.kind === 'current' &&
          (one.period === period || differ) &&
          one.takenOn <= takenOn &&
          !TARIFFS.every((tariff) => isEqual(one[tariff], item[tariff]))),
    );
    const base = own.find((one) => one.kind === 'base');
    if (base && base.period === period) this.#begun.push({ readingId: base.readingId, period });
    this.#points.set(keyOf(item), [...own.filter((one) => one !== replaces), reading]);
    this.#new.push(reading);
    for (const { providerId, period: taking, state } of this.deliveriesOf(draft)) {
      // A provider whose window has closed keeps the value that it took: the new one is of its next month.
      this.#past.push(...past.map((one) => ({ readingId: one.readingId, providerId, period: taking })));
      this.#deliveries.push({
        houseId: this.#house.houseId,
        readingId,
        providerId,
        accountId: meter.accounts.find((account) => account.providerId === providerId)!.accountId,
        meterId: meter.meterId,
        period: taking,
        state: state === 'accepted' ? 'accepted' : 'received',
        by: state === 'accepted' ? personId : null,
      });
    }
    const known = this.#touched.get(keyOf(item));
    const from = known && known.from < period ? known.from : period;
    this.#touched.set(keyOf(item), { meter, resource: item.resource, unit, from });
    return readingId;
  }

  async flush(
    trx: Transaction,
    used: ReadonlyMap<string, readonly MonthOfMeter[]>,
    rules: RulesInForce,
    today: Day,
    unfit: (meter: Meter) => UnfitSpan[],
  ): Promise<void> {
    if (this.#new.length === 0) return;
    const { houseId } = this.#house;
    await correctReadings(trx, houseId, this.#corrected);
    await beginReadings(trx, houseId, this.#begun);
    await insertReadings(trx, this.#new);
    await replaceDeliveries(trx, houseId, this.#past, this.#at);
    await insertDeliveries(trx, this.#deliveries, this.#at);
    const plans = [...this.#touched].map(([key, { meter, resource, unit, from }]) =>
      planMonths({
        meter,
        unfit: unfit(meter),
        resource,
        unit,
        points: this.#points.get(key) ?? [],
        known: used.get(key) ?? [],
        from,
        rules,
        today,
      }),
    );
    await upsertConsumption(
      trx,
      houseId,
      plans.flatMap(({ months }) => months),
      this.#at,
    );
    await deleteConsumption(
      trx,
      houseId,
      plans.flatMap(({ gone }) => gone),
    );
    await addSummary(trx, houseId, this.#at);
  }
}

import Big from 'big.js';
import type { FieldError } from '../../platform/errors.ts';
import { newId, type ReadingId } from '../../platform/ids.ts';
import { type Day, type Month, monthOf } from '../../platform/month.ts';
import { formatDayMonth, formatNumber } from '../../ui/index.ts';
import type { Changing } from './change-meter.ts';
import { type Meter, RESOURCE_NAMES, type Reading, type Resource, type Values } from './meter.ts';
import { insertDeliveries, insertReadings, selectLastReadings } from './queries/readings.ts';

/** Values that mark an event of a device's life, one for each resource. */
export interface Mark {
  kind: 'base' | 'final' | 'verification_start' | 'verification_end';
  takenOn: Day;
  values: ReadonlyMap<Resource, Values>;
}

const TARIFFS = ['t1', 't2', 't3'] as const;

/** The name of a value's field in a form: `final-1-t1`. */
export const markField = (prefix: string, resource: Resource, tariff: string): string =>
  `${prefix}-${resource}-${tariff}`;

/** What is wrong with the values of a mark: each tariff of each resource once, and no less than the device has shown before. */
export async function markErrors(
  { trx, meter }: Pick<Changing, 'trx' | 'meter'>,
  { kind, values, takenOn }: Mark,
  prefix: string,
): Promise<FieldError[]> {
  const last = kind === 'verification_end' ? [] : await selectLastReadings(trx, meter.houseId, [meter.meterId]);
  return meter.resources.flatMap(({ resource }) => {
    const given = values.get(resource);
    const before = last.find((reading) => reading.resource === resource);
    return TARIFFS.slice(0, meter.tariffs)
      .flatMap((tariff): FieldError[] => {
        const field = markField(prefix, resource, tariff);
        const value = given?.[tariff] ?? null;
        if (value === null) return [{ field, message: `Укажите показание: ${RESOURCE_NAMES[resource].toLowerCase()}` }];
        const known = before?.[tariff] ?? null;
        if (meter.givesVolume || known === null || new Big(value).gte(known)) return [];
        return [
          {
            field,
            message: `Меньше последнего показания ${formatNumber(known, 7)} от ${formatDayMonth(before!.takenOn)}. Если ошибочно прежнее, сначала отклоните его.`,
          },
        ];
      })
      .concat(
        before && takenOn < before.takenOn && kind !== 'verification_start'
          ? [{ field: 'onDay', message: `Последнее показание снято позже: ${formatDayMonth(before.takenOn)}` }]
          : [],
      );
  });
}

/** A value that came after its window had closed is of the next month: what the device showed later is not of an earlier one. */
function monthOfMark({ takenOn }: Mark, last: Reading | undefined): Month {
  const own = monthOf(takenOn);
  return last && last.takenOn <= takenOn && last.period > own ? last.period : own;
}

/** Writes a mark and lets every provider that charges by the device know of it; what one's own organisation enters it has accepted. */
export async function recordMark(
  { trx, organisationId, personId, at }: Changing,
  meter: Meter,
  mark: Mark,
): Promise<void> {
  const last = await selectLastReadings(trx, meter.houseId, [meter.meterId]);
  const readings = meter.resources.flatMap(({ resource }): (Reading & { uploadId: null })[] => {
    const values = mark.values.get(resource);
    if (!values) return [];
    return [
      {
        ...values,
        houseId: meter.houseId,
        readingId: newId<ReadingId>(),
        meterId: meter.meterId,
        resource,
        kind: mark.kind,
        period: monthOfMark(
          mark,
          last.find((reading) => reading.resource === resource),
        ),
        takenOn: mark.takenOn,
        rolledOver: false,
        source: 'organisation',
        organisationId,
        personId,
        enteredAt: at,
        confirmed: [],
        photoId: null,
        state: 'active',
        uploadId: null,
      },
    ];
  });
  await insertReadings(trx, readings);
  const providers = new Map(meter.accounts.map(({ providerId, accountId }) => [providerId, accountId]));
  await insertDeliveries(
    trx,
    readings.flatMap(({ readingId, period }) =>
      [...providers].map(([providerId, accountId]) => ({
        houseId: meter.houseId,
        readingId,
        providerId,
        accountId,
        meterId: meter.meterId,
        period,
        state: providerId === organisationId ? ('accepted' as const) : ('received' as const),
        by: providerId === organisationId ? personId : null,
      })),
    ),
    at,
  );
}

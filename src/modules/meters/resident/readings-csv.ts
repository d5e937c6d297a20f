import { csvNumber, csvText } from '../../../platform/csv.ts';
import { formatDateTime, formatNumericDate } from '../../../ui/index.ts';
import { DELIVERY_WORDS, type Delivery, type Meter, RESOURCE_NAMES, type Reading, UNITS } from '../meter.ts';
import type { OwnMeters } from '../read-own-meters.ts';
import { nameOf, sourceText } from './words.ts';

const HEADINGS = ['Снято', 'За месяц', 'Ресурс', 'Т1', 'Т2', 'Т3', 'Единица', 'Кто передал', 'Внесено', 'Состояние'];

/** What became of a value with each provider, as its page says it. */
function stateText({ state }: Reading, deliveries: readonly Delivery[], providers: OwnMeters['providers']): string {
  if (state === 'corrected') return 'исправлено следующим';
  if (deliveries.length === 0) return state === 'declined' ? 'отклонено' : 'записано';
  return deliveries
    .map(({ providerId, state: answer, reason }) => {
      const why = answer === 'declined' ? `. ${reason}` : '';
      return `${nameOf(providerId, providers)}: ${DELIVERY_WORDS[answer]}${why}`;
    })
    .join('; ');
}

/** Every value of a device, the newest first, for spreadsheets: semicolons and decimal commas as Russian settings expect. */
export function readingsCsv(
  meter: Pick<Meter, 'resources'>,
  readings: readonly Reading[],
  deliveries: ReadonlyMap<string, readonly Delivery[]>,
  providers: OwnMeters['providers'],
  zone: string,
): string {
  const unitOf = ({ resource }: Reading) =>
    UNITS[meter.resources.find((one) => one.resource === resource)?.unit ?? ''] ?? '';
  const rows = readings.map((reading) => [
    formatNumericDate(reading.takenOn),
    `${reading.period.slice(5)}.${reading.period.slice(0, 4)}`,
    RESOURCE_NAMES[reading.resource],
    csvNumber(reading.t1),
    csvNumber(reading.t2),
    csvNumber(reading.t3),
    unitOf(reading),
    sourceText(reading, providers),
    formatDateTime(reading.enteredAt, zone).replaceAll('\u00a0', ' '),
    stateText(reading, deliveries.get(reading.readingId) ?? [], providers),
  ]);
  return csvText([HEADINGS, ...rows]);
}

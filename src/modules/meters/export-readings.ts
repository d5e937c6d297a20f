import { type Actor, actingFor, authorise, type Desk } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { csvLine, csvNumber, csvText } from '../../platform/csv.ts';
import { transaction } from '../../platform/database/database.ts';
import type { HouseId } from '../../platform/ids.ts';
import { firstDay, lastDay, type Month } from '../../platform/month.ts';
import { formatNumericDate } from '../../ui/index.ts';
import { type HouseCard, premisesLabel, readHouse } from '../houses/index.ts';
import { access } from './access.ts';
import { lookAtMeters } from './look-at-meters.ts';
import { DEFAULT_UNITS, READING_KIND_WORDS, RESOURCE_NAMES, type Resource, SOURCE_WORDS, UNITS } from './meter.ts';
import { houseOfActor } from './own-meters.ts';
import { selectHousesOfDesk } from './queries/desk.ts';
import { type ExportLine, markFetched, selectForBilling } from './queries/export.ts';
import { addSummary } from './summarise-house.ts';

export const LAYOUTS = ['csv', '1c'] as const;
export type Layout = (typeof LAYOUTS)[number];

export interface ReadingExport {
  period: Month;
  /** Null: all houses of the organisation. */
  houseId: HouseId | null;
  layout: Layout;
}

type Clerk = ReturnType<typeof actingFor>;

/** Houses that are asked for at once. */
const PAGE = 100;
const LINE_END = '\r\n';

/** Short names of НСИ 2, as billing programs know the resources. */
const SHORT_NAMES: Readonly<Record<Resource, string>> = {
  1: 'ХВС',
  2: 'ГВС',
  3: 'Электроэнергия',
  4: 'Газ',
  5: 'Отопление',
  8: 'Водоотведение',
};

/**
 * Readings of a month for billing, house by house as they are sent: what was only received is «забрано» from then on. The same month may
 * be given out again, as often as it is needed.
 * @returns pieces of the file in their order; a house's piece comes when its transaction has been committed
 * @throws NotFound for a house of others
 */
export async function exportReadings(
  context: Context,
  actor: Actor,
  wanted: ReadingExport,
): Promise<AsyncGenerator<string>> {
  authorise(actor, access.exportReadings);
  const clerk = actingFor(actor);
  const { personId, acting } = clerk;
  const { organisationId } = acting;
  if (wanted.houseId) await houseOfActor(context.db, actor, wanted.houseId);
  await audit(context.db, {
    actor: personId,
    action: 'meters.readings_exported',
    at: context.clock(),
    organisationId,
    houseId: wanted.houseId,
    details: { period: wanted.period, layout: wanted.layout },
  });
  return write(context, clerk, wanted);
}

async function* write(
  context: Context,
  clerk: Clerk,
  { period, houseId, layout }: ReadingExport,
): AsyncGenerator<string> {
  yield layout === '1c' ? headOf1C(period) : csvText([HEADINGS]);
  const writeLine = layout === '1c' ? lineOf1C : lineOfCsv;
  for await (const next of houseId ? [houseId] : housesOf(context, clerk.acting)) {
    const house = await readHouse(context.db, next);
    if (!house) continue;
    const lines = await fetchHouse(context, clerk, house, period, layout);
    if (lines.length > 0) yield lines.map((one) => writeLine(house, one)).join('');
  }
}

async function* housesOf({ db }: Context, desk: Desk): AsyncGenerator<HouseId> {
  let page = await selectHousesOfDesk(db, desk, null, PAGE);
  while (page.length > 0) {
    yield* page;
    page = await selectHousesOfDesk(db, desk, page.at(-1)!, PAGE);
  }
}

/** Marks first, reads then: what arrives in between is neither marked nor given out. */
const fetchHouse = (
  { db, clock }: Context,
  clerk: Clerk,
  { houseId }: HouseCard,
  period: Month,
  layout: Layout,
): Promise<ExportLine[]> =>
  transaction(db, async (trx) => {
    const at = clock();
    const { personId } = clerk;
    const { organisationId } = clerk.acting;
    if ((await markFetched(trx, { houseId, organisationId, period, by: personId, at })) > 0)
      await addSummary(trx, houseId, at);
    const lines = await selectForBilling(trx, houseId, organisationId, period);
    if (lines.length > 0)
      await lookAtMeters(trx, clerk, {
        action: 'meters.house_exported',
        at,
        what: 'Файл с показаниями дома для расчётов, без имён',
        houseIds: [houseId],
        details: { period, layout, lines: lines.length },
      });
    return lines;
  });

const addressOf = (house: HouseCard, { category, premisesNumber }: ExportLine): string =>
  [house.address, category && premisesNumber !== null ? premisesLabel({ category, number: premisesNumber }) : '']
    .filter(Boolean)
    .join(', ')
    .replaceAll('\u00a0', ' ');

const HEADINGS = [
  'Адрес',
  'Лицевой счёт',
  'Идентификатор ЖКУ',
  'Номер ПУ',
  'Заводской номер',
  'Марка',
  'Ресурс',
  'Единица',
  'Показание Т1',
  'Показание Т2',
  'Показание Т3',
  'Дата снятия',
  'Вид показания',
  'Источник',
  'Расход за месяц',
  'Единица расхода',
] as const;

const lineOfCsv = (house: HouseCard, one: ExportLine): string =>
  csvLine([
    addressOf(house, one),
    one.account,
    one.serviceId,
    one.meterNumber,
    one.serial,
    one.brand,
    RESOURCE_NAMES[one.resource],
    UNITS[one.unit] ?? one.unit,
    csvNumber(one.t1),
    csvNumber(one.t2),
    csvNumber(one.t3),
    formatNumericDate(one.takenOn),
    READING_KIND_WORDS[one.kind],
    SOURCE_WORDS[one.source],
    csvNumber(one.volume),
    one.volume === null ? '' : UNITS[DEFAULT_UNITS[one.resource]]!,
  ]);

const headOf1C = (period: Month): string =>
  `#DATE_BEGIN ${formatNumericDate(firstDay(period))}${LINE_END}#DATE_END ${formatNumericDate(lastDay(period))}${LINE_END}`;

/**
 * ЛС; ФИО; ЖКУ; GUID; адрес; код услуги; заводской №; ресурс; []; показание; дата. One line a tariff. No names leave with readings:
 * 1C finds the account by its number.
 */
const lineOf1C = (house: HouseCard, one: ExportLine): string =>
  [one.t1, one.t2, one.t3]
    .map((value, index) =>
      value === null
        ? ''
        : csvLine([
            one.account,
            '',
            one.serviceId,
            house.fiasGuid,
            addressOf(house, one),
            one.resource,
            one.serial,
            one.t2 === null ? SHORT_NAMES[one.resource] : `${SHORT_NAMES[one.resource]} Т${index + 1}`,
            '[]',
            value,
            formatNumericDate(one.takenOn),
          ]),
    )
    .join('');

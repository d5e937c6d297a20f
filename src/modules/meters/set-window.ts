import { type Actor, actingFor, authorise } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { type Db, transaction, violatedConstraint } from '../../platform/database/database.ts';
import { Conflict, Invalid } from '../../platform/errors.ts';
import type { HouseId, OrganisationId } from '../../platform/ids.ts';
import { addDays, addMonths, type Day, dayIn, firstDay, type Month, monthOf } from '../../platform/month.ts';
import { contractOf, type DatedRule, getRule } from '../../platform/rules/rules.ts';
import { readRuleHistory, setRule } from '../../platform/rules/set-rule.ts';
import { formatDate } from '../../ui/index.ts';
import { access } from './access.ts';
import { houseOfActor, type OrganisationTaking } from './own-meters.ts';
import { formatWindow, parseWindow, takingOf, takingOn, type Window } from './window.ts';

/** The day on the organisation's own desk, where no house is named. */
export const DESK_ZONE = 'Europe/Moscow';
const KEY = 'reading.window';

export interface WindowChange {
  /** Null: all houses of the organisation that have no window of their own. */
  houseId: HouseId | null;
  /** The first month that the new window takes. */
  from: Month;
  /** Null: back to the organisation's window for the house, to the law's for the organisation. */
  window: Window | null;
}

const scopeOf = (organisationId: OrganisationId, houseId: HouseId | null) =>
  houseId
    ? ({ key: KEY, scope: 'contract', scopeId: contractOf(organisationId, houseId) } as const)
    : ({ key: KEY, scope: 'organisation', scopeId: organisationId } as const);

/** The month that the organisation takes readings for today, where a house has no window of its own. */
export async function windowOfOrganisation(
  db: Db,
  organisationId: OrganisationId,
  at: Date,
): Promise<OrganisationTaking> {
  const today = dayIn(DESK_ZONE, at);
  const rule = await getRule(db, KEY, today, { organisationId });
  const window = parseWindow(rule.value);
  return { ...takingOn(window, today), window, source: rule.source };
}

/** All windows that the organisation has set for itself or for one house, the latest first. */
export const readWindowHistory = (
  db: Db,
  organisationId: OrganisationId,
  houseId: HouseId | null,
): Promise<DatedRule[]> => readRuleHistory(db, scopeOf(organisationId, houseId));

/**
 * The head of an organisation decides when readings are taken, from a month on that has not begun: what residents were told for this
 * month holds. The contract of management or supply is where it stands (354, п. 31 «ж»).
 * @throws NotFound for a house of others, Invalid for a month that has begun or a window longer than a month
 */
export async function setWindow(context: Context, actor: Actor, change: WindowChange): Promise<void> {
  authorise(actor, access.setWindow);
  const { personId, acting } = actingFor(actor);
  const { organisationId } = acting;
  const { db } = context;
  const at = context.clock();
  const house = change.houseId ? (await houseOfActor(db, actor, change.houseId)).house : null;
  const today = dayIn(house?.zone ?? DESK_ZONE, at);
  if (change.from <= monthOf(today))
    throw new Invalid([{ field: 'from', message: 'Новые дни действуют со следующего месяца или позже' }]);
  if (change.window && isTooLong(change.window))
    throw new Invalid([
      { field: 'end', message: 'Приём должен закончиться раньше, чем начнётся приём за следующий месяц' },
    ]);
  const place = {
    organisationId,
    ...(house && { houseId: house.houseId, regionCode: house.regionCode, oktmo: house.oktmo }),
  };
  const before = parseWindow((await getRule(db, KEY, addDays(firstDay(change.from), -1), place)).value);
  await transaction(db, async (trx) => {
    await setRule(trx, {
      ...scopeOf(organisationId, change.houseId),
      from: firstDayOf(change.from, before, change.window),
      value: change.window && formatWindow(change.window),
      unit: 'дни месяца, оба включительно',
      source: `Решение ${acting.name} от ${formatDate(today)}`,
    });
    await audit(trx, {
      actor: personId,
      action: 'meters.window_set',
      at,
      organisationId,
      houseId: change.houseId,
      details: { from: change.from, window: change.window && formatWindow(change.window) },
    });
  }).catch((error) => {
    if (violatedConstraint(error) !== 'dated_rule_no_overlap') throw error;
    throw new Conflict('Дни приёма только что изменил кто-то другой. Откройте страницу ещё раз.');
  });
}

/** The window of a month reaches into the window of the next one: a day would belong to two months. */
export const isTooLong = (window: Window): boolean =>
  ['2026-01', '2026-02', '2026-04'].some(
    (month) => takingOf(window, month as Month).to >= takingOf(window, addMonths(month as Month, 1)).from,
  );

/** The month before is taken to its end by its own window, also where that lies in the new month. */
function firstDayOf(month: Month, before: Window, after: Window | null): Day {
  const last = addMonths(month, -1);
  const ends = [before, ...(after ? [after] : [])].map((window) => takingOf(window, last).to);
  return ends.reduce((day, end) => (end >= day ? addDays(end, 1) : day), firstDay(month));
}

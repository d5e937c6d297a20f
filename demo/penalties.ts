import { type Due, type PenaltyRules, type Purse, penaltyOf } from '../src/modules/billing/index.ts';
import { kopecks } from '../src/platform/money.ts';
import { addDays, daysBetween, firstDay, lastDay, type Month } from '../src/platform/month.ts';
import type { AccountPlan } from './account.ts';
import { dueOn } from './calendar.ts';
import type { Provider } from './organisations.ts';

/** ЖК ст. 155 ч. 14 and 14.1, ПП 474 as amended by ПП 329: the rate is capped at 9.5 % until the end of 2026. */
const DWELLING: PenaltyRules = {
  freeDays: 30,
  steps: [
    { fromDay: 31, divisor: 300 },
    { fromDay: 91, divisor: 130 },
  ],
  rate: '9.5',
};
const CAPITAL_REPAIR: PenaltyRules = { ...DWELLING, steps: [{ fromDay: 31, divisor: 300 }] };

/** Charges and carried debt that are open: penalties bear no penalties. */
function principalOf(due: Due): bigint {
  let open = 0n;
  for (const { line, due: amount, settled } of due.lines) if (line >= 0) open += amount - settled;
  return open;
}

/** What the delay of one calendar month costs, for the debt that is open at its end. */
export function penaltiesOf(payee: Provider, purse: Purse, month: Month, kind: AccountPlan['kind']) {
  const [before, end] = [addDays(firstDay(month), -1), lastDay(month)];
  const rules = kind === 'capital_repair' ? CAPITAL_REPAIR : DWELLING;
  let [total, base] = [0n, 0n];
  for (const due of purse.dues) {
    if (daysBetween(dueOn(due.period), end) <= rules.freeDays) continue;
    const open = principalOf(due);
    if (open === 0n) continue;
    const dueDay = dueOn(due.period);
    total += penaltyOf(kopecks(open), dueDay, end, rules).total - penaltyOf(kopecks(open), dueDay, before, rules).total;
    base += open;
  }
  if (total === 0n) return [];
  const rubles = (Number(base) / 100).toFixed(2).replace('.', ',');
  const cause = `Пени за дни просрочки в месяце (ЖК РФ, ст. 155, ч. 14): долг старше 30 дней ${rubles} ₽, ставка 9,5 % годовых`;
  return [{ payee, cause, amount: Number(total) }];
}

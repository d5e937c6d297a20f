import type { Context } from '../../platform/context.ts';
import { dayIn, parseDay } from '../../platform/month.ts';
import { type DatedRule, selectRulesOn } from '../../platform/rules/queries.ts';

const MARKS: Readonly<Record<DatedRule['mark'], string>> = {
  checked: 'сверено с законом',
  unchecked: 'не сверено',
  operator: 'введено оператором',
};

/** Prints the numbers of laws in force on a day. @returns the code of the process */
export async function rules(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  { prefix, on }: { prefix: string; on: string | undefined },
  say: (line: string) => void,
): Promise<number> {
  const day = on ? parseDay(on) : dayIn('Europe/Moscow', clock());
  if (!day) {
    say(`--on: нужна дата ДД.ММ.ГГГГ, а не «${on}»`);
    return 2;
  }
  const rows = await selectRulesOn(db, day, prefix);
  for (const row of rows) say(lineOf(row));
  const unchecked = rows.filter(({ mark }) => mark === 'unchecked').length;
  say(`Правил в силе на ${day}: ${rows.length}, из них не сверено с текстом закона: ${unchecked}.`);
  return 0;
}

export function lineOf({ key, scope, scopeId, value, unit, validFrom, validTo, mark, source }: DatedRule): string {
  const place = scope === 'federal' ? '' : ` [${scope} ${scopeId}]`;
  const days = [validFrom && `с ${validFrom}`, validTo && `по ${validTo}`].filter(Boolean).join(' ');
  return [`${key}${place} = ${value}${unit && ` ${unit}`}`, days, MARKS[mark], source].filter(Boolean).join('; ');
}

import { z } from 'zod';
import type { Actor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Invalid } from '../../../platform/errors.ts';
import { monthField, parse } from '../../../platform/http/forms.ts';
import type { HouseId } from '../../../platform/ids.ts';
import { setWindow } from '../set-window.ts';
import { parseWindow, type Window, type WindowDay } from '../window.ts';

const dayText = (message: string) => z.string({ error: message }).regex(/^([1-9]|[12]\d|3[01]|-1)$/, message);
const month = z.enum(['own', 'next'], { error: 'Выберите месяц' });

const form = z.object({
  from: monthField('Выберите месяц, с которого действует решение'),
  startDay: dayText('Выберите первый день'),
  startMonth: month,
  endDay: dayText('Выберите последний день'),
  endMonth: month,
});

/** Sets the window that a form names, or drops the house's own one. @throws Invalid by field */
export async function applyWindow(
  context: Context,
  actor: Actor,
  houseId: HouseId | null,
  body: unknown,
): Promise<void> {
  if ((body as { drop?: string }).drop === '1') {
    const { from } = parse(form.pick({ from: true }), body);
    return setWindow(context, actor, { houseId, from, window: null });
  }
  const input = parse(form, body);
  const window: Window = {
    start: dayOf(input.startDay, input.startMonth),
    end: dayOf(input.endDay, input.endMonth),
  };
  return setWindow(context, actor, { houseId, from: input.from, window: checked(window) });
}

const dayOf = (day: string, of: 'own' | 'next'): WindowDay => ({ day: Number(day), next: of === 'next' });

/** @throws Invalid when it ends before it starts */
function checked(window: Window): Window {
  try {
    return parseWindow([window.start, window.end].map(({ day, next }) => `${next ? '+' : ''}${day}`).join('..'));
  } catch {
    throw new Invalid([{ field: 'endDay', message: 'Последний день должен быть не раньше первого' }]);
  }
}

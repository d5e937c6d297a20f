import { z } from 'zod';
import type { Actor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Invalid } from '../../../platform/errors.ts';
import { dayField, emptyAsAbsent, parse, requiredText, type Typed } from '../../../platform/http/forms.ts';
import type { MeterId } from '../../../platform/ids.ts';
import { archiveMeter, restoreMeter } from '../archive-meter.ts';
import { breakMeter, correctMeter, type MeterKey, repairMeter, sealMeter } from '../change-meter.ts';
import { enterReadings } from '../enter-readings.ts';
import type { Meter } from '../meter.ts';
import type { QuestionKind } from '../questions.ts';
import { markField } from '../record-marks.ts';
import { replaceMeter } from '../replace-meter.ts';
import { verifyMeter } from '../verify-meter.ts';
import { cardShape, dialShape, readMark } from './card-form.ts';
import type { Action } from './changes.ts';

const onDay = dayField();
const reason = requiredText('Выберите причину', 10);
const day = z.object({ onDay });
const dayAndReason = z.object({ onDay, reason });
const { tariffs: _tariffs, ...correctable } = cardShape;
const correction = z.object(correctable);
const replacement = z.object({ onDay, reason, ...dialShape });
const verification = z.object({
  startedOn: dayField(),
  onDay,
  sealedOn: emptyAsAbsent(dayField()).transform((value) => value ?? null),
  interval: z
    .string()
    .regex(/^\d{1,2}$/, 'Укажите межповерочный интервал в годах')
    .transform(Number),
  reason: emptyAsAbsent(z.string().max(10)).transform((value) => value ?? null),
});

/** The values of a mark; a wrong one is answered before anything is tried. @throws Invalid */
function values(body: Typed, prefix: string, meter: Meter) {
  const read = readMark(body, prefix, meter.resources);
  if (read.errors.length > 0) throw new Invalid(read.errors);
  return read.values;
}

/** Does what a form asks. @returns the device to be shown then: after a replacement the new one */
export async function act(context: Context, actor: Actor, meter: Meter, action: Action, body: Typed): Promise<MeterId> {
  const key: MeterKey = { houseId: meter.houseId, meterId: meter.meterId };
  if (action === 'replace') {
    const { onDay: day, reason: why, ...next } = parse(replacement, body);
    const [final, base] = [values(body, 'final', meter), values(body, 'base', meter)];
    return replaceMeter(context, actor, key, { onDay: day, reason: why, final, base, next });
  }
  await SIMPLE[action](context, actor, key, body, meter);
  return meter.meterId;
}

type Doing = (context: Context, actor: Actor, key: MeterKey, body: Typed, meter: Meter) => Promise<void>;

const SIMPLE: Readonly<Record<Exclude<Action, 'replace'>, Doing>> = {
  seal: (context, actor, key, body) => sealMeter(context, actor, key, parse(day, body)),
  repair: (context, actor, key, body) => repairMeter(context, actor, key, parse(day, body)),
  break: (context, actor, key, body) => breakMeter(context, actor, key, parse(dayAndReason, body)),
  restore: (context, actor, key, body) => restoreMeter(context, actor, key, parse(dayAndReason, body)),
  correct: (context, actor, key, body) => correctMeter(context, actor, key, parse(correction, body)),
  archive: (context, actor, key, body, meter) =>
    archiveMeter(context, actor, key, { ...parse(dayAndReason, body), final: values(body, 'final', meter) }),
  verify: (context, actor, key, body, meter) =>
    verifyMeter(context, actor, key, {
      ...parse(verification, body),
      start: values(body, 'start', meter),
      end: values(body, 'end', meter),
    }),
  control,
};

/** A control value goes the way of every other value, with its questions. */
async function control(context: Context, actor: Actor, key: MeterKey, body: Typed, meter: Meter): Promise<void> {
  const { onDay: takenOn } = parse(day, body);
  const given = values(body, 'value', meter);
  const items = [...given].map(([resource, value]) => ({
    ...value,
    meterId: key.meterId,
    resource,
    kind: 'control' as const,
    takenOn,
    confirmed: (body[`confirm-${resource}`]?.split(' ') ?? []) as QuestionKind[],
  }));
  const [first] = meter.resources;
  if (items.length === 0)
    throw new Invalid([{ field: markField('value', first!.resource, 't1'), message: 'Укажите показание' }]);
  const recorded = await enterReadings(context, actor, key.houseId, items);
  const errors = recorded.flatMap((result, index) => {
    const { resource } = items[index]!;
    if (result.state === 'asks')
      return [
        {
          field: `confirm-${resource}`,
          message: result.questions.map(({ text }) => text).join(' '),
        },
      ];
    if (result.state !== 'wrong') return [];
    return result.errors.map(({ field, message }) => ({
      field:
        field === 'takenOn' || field === 'period'
          ? 'onDay'
          : markField('value', resource, field === 'meter' ? 't1' : field),
      message,
    }));
  });
  if (errors.length > 0) throw new Invalid(errors);
}

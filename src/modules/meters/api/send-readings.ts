import { z } from 'zod';
import type { Api } from '../../../platform/api/api.ts';
import { FieldErrorSchema } from '../../../platform/api/problem.ts';
import { exactly, line, listOf, readItem } from '../../../platform/api/read.ts';
import type { Context } from '../../../platform/context.ts';
import type { HouseId } from '../../../platform/ids.ts';
import { access } from '../access.ts';
import { QUESTION_KINDS } from '../questions.ts';
import { type Taken, takeReadings } from '../take-readings.ts';
import { callKey, day, month, readingId, resource, uuid, value } from './fields.ts';

const meter = z
  .union([line(40).min(1), exactly({ houseId: uuid<HouseId>(), serial: line(50).min(1) })], {
    error: 'Прибор: номер строкой или {"houseId", "serial"}',
  })
  .meta({ description: 'Номер прибора, который дал Домовой, или дом и заводской номер' });

export const SentReading = exactly({
  meter,
  resource,
  t1: value,
  t2: value.nullable().default(null),
  t3: value.nullable().default(null),
  takenOn: day.meta({ description: 'Когда снято, день по времени дома' }),
  period: month.optional().meta({ description: 'За какой месяц; без него — месяц снятия' }),
  kind: z.enum(['current', 'control']).default('current').meta({ description: 'Текущее или контрольное' }),
  confirm: z
    .array(z.enum(QUESTION_KINDS))
    .max(QUESTION_KINDS.length)
    .default([])
    .meta({ description: 'Вопросы, на которые ответ «да, всё верно»: см. ответ asks' }),
});

const saved = (state: 'saved' | 'same', what: string) =>
  z
    .object({
      state: z.literal(state),
      id: readingId,
      meter: z.string().meta({ description: 'Номер прибора' }),
      period: z.string(),
      volume: z.string().nullable().meta({ description: 'Расход с прошлого показания; null, когда прошлого нет' }),
    })
    .meta({ description: what });

export const SentResult = z.discriminatedUnion('state', [
  saved('saved', 'Записано'),
  saved('same', 'Такое показание уже записано, ничего не изменилось'),
  z
    .object({
      state: z.literal('asks'),
      questions: z.array(z.object({ kind: z.enum(QUESTION_KINDS), text: z.string() })),
    })
    .meta({
      description:
        'Не записано: показание необычно. Проверьте его и, если всё верно, передайте снова, назвав вопросы в confirm.',
    }),
  z
    .object({ state: z.literal('wrong'), errors: z.array(FieldErrorSchema) })
    .meta({ description: 'Не записано: исправьте и передайте снова' }),
]);

const DESCRIPTION = `До 1000 показаний. Каждое судится само: хорошее записывается, необычное спрашивается, неверное называется;
ответы стоят в том же порядке. Показания одного дома записываются вместе. Если ответа нет, повторите вызов с тем же Idempotency-Key:
сделанное не повторится, остальное доделается. Чтобы передать исправленное, возьмите новый ключ.`;

export function addSendReadings(api: Api, context: Context): void {
  api.add({
    name: 'sendReadings',
    method: 'POST',
    path: '/readings',
    access: access.exchangeReadings,
    summary: 'Передать показания',
    description: DESCRIPTION,
    refusals: [409],
    headers: callKey,
    body: exactly({ readings: listOf(SentReading) }),
    answer: z.object({
      saved: z.int(),
      same: z.int(),
      asks: z.int(),
      wrong: z.int(),
      results: z.array(SentResult),
    }),
    async handle({ system, headers, body }) {
      const results = await takeReadings(context, system, {
        items: body.readings.map((raw) => readItem(SentReading, raw)),
        key: headers['idempotency-key'],
        request: body,
      });
      const count = (state: Taken['state']) => results.filter((result) => result.state === state).length;
      return { saved: count('saved'), same: count('same'), asks: count('asks'), wrong: count('wrong'), results };
    },
  });
}

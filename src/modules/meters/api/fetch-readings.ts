import { z } from 'zod';
import type { System } from '../../../platform/access.ts';
import type { Api } from '../../../platform/api/api.ts';
import { FieldErrorSchema } from '../../../platform/api/problem.ts';
import { exactly, line, listOf, type ReadItem, readItem } from '../../../platform/api/read.ts';
import type { Context } from '../../../platform/context.ts';
import { access } from '../access.ts';
import { type Delivered, listDeliveries } from '../list-deliveries.ts';
import { DELIVERY_TRANSITIONS, type DeliveryState, READING_KIND_WORDS, type ReadingKind } from '../meter.ts';
import { type Move, moveMany } from '../move-deliveries.ts';
import { formatReadingKey, readReadingKey } from '../reading-key.ts';
import { after, limit, month, next, readingId } from './fields.ts';

const STATES = Object.keys(DELIVERY_TRANSITIONS) as [DeliveryState, ...DeliveryState[]];
const KINDS = Object.keys(READING_KIND_WORDS) as [ReadingKind, ...ReadingKind[]];
const state = z.enum(STATES).meta({
  description:
    'received — ждёт вас, fetched — забрано, accepted — учтено, declined — отклонено, replaced — заменено новым',
});

const Filter = exactly({
  state: state.default('received'),
  period: month.optional().meta({ description: 'Только за этот месяц, ГГГГ-ММ' }),
  after,
  limit,
});

const tariff = z.string().nullable();
const DeliveredReading = z.object({
  id: readingId,
  meter: z.string().meta({ description: 'Номер прибора, который дал Домовой' }),
  serial: z.string().meta({ description: 'Заводской номер' }),
  houseId: z.string(),
  account: z.string().nullable().meta({ description: 'Ваш лицевой счёт' }),
  resource: z.string().meta({ description: 'НСИ 2' }),
  unit: z.string().meta({ description: 'ОКЕИ' }),
  kind: z.enum(KINDS),
  period: z.string().meta({ description: 'За какой месяц — по вашему сроку приёма' }),
  takenOn: z.string(),
  t1: z.string(),
  t2: tariff,
  t3: tariff,
  rolledOver: z.boolean().meta({ description: 'Прибор прошёл через ноль' }),
  confirmed: z.array(z.string()).meta({ description: 'Что в показании необычно и подтверждено передавшим' }),
  source: z.enum(['resident', 'organisation', 'automatic']),
  enteredAt: z.string().meta({ format: 'date-time' }),
  state,
  reason: z.string().nullable().meta({ description: 'Почему отклонено' }),
  changedAt: z.string().meta({ format: 'date-time' }),
  corrects: readingId.nullable().meta({ description: 'Прежнее показание, которое заменено этим' }),
});

const toAnswer = (one: Delivered): z.input<typeof DeliveredReading> => ({
  ...one,
  id: formatReadingKey(one.houseId, one.readingId),
  corrects: one.corrects && formatReadingKey(one.houseId, one.corrects),
  enteredAt: one.enteredAt.toISOString(),
  changedAt: one.changedAt.toISOString(),
});

const MovedAnswer = z.object({
  results: z.array(
    z.object({
      id: z.string(),
      result: z.enum(['done', 'same', 'wrong']).meta({ description: 'same — так уже и было' }),
      state: state.nullable().meta({ description: 'Состояние после вызова; null — такого показания у вас нет' }),
      errors: z.array(FieldErrorSchema).optional(),
    }),
  ),
});

const id = line(80).meta({ description: 'id из списка показаний' });
const Decision = z.discriminatedUnion(
  'decision',
  [
    exactly({ id, decision: z.literal('accept') }),
    exactly({
      id,
      decision: z.literal('decline'),
      reason: line(500).trim().min(5, 'Напишите, что не так и что жителю сделать: он это прочтёт'),
    }),
  ],
  { error: 'decision: accept или decline' },
);

export function addFetchReadings(api: Api, context: Context): void {
  api.add({
    name: 'listReadings',
    method: 'GET',
    path: '/readings',
    access: access.exchangeReadings,
    summary: 'Показания, переданные вашей организации',
    description: `По страницам, сначала изменившиеся раньше. Чтение ничего не меняет. Порядок работы: читайте страницы с state=received
до next = null, сохраните у себя, отметьте забранными и в следующий раз начните сначала: так ничего не потеряется и не придёт дважды.`,
    query: Filter,
    answer: z.object({ readings: z.array(DeliveredReading), next }),
    async handle({ system, query }) {
      const wish = { ...query, period: query.period ?? null, after: query.after ?? null };
      const page = await listDeliveries(context, system, wish);
      return { readings: page.deliveries.map(toAnswer), next: page.next };
    },
  });
  api.add({
    name: 'markFetched',
    method: 'POST',
    path: '/readings/fetched',
    access: access.exchangeReadings,
    summary: 'Отметить показания забранными',
    description:
      'До 1000. Житель увидит «забрано организацией». Повтор ничего не меняет, поэтому Idempotency-Key не нужен.',
    body: exactly({ ids: listOf(id) }),
    answer: MovedAnswer,
    handle: ({ system, body }) =>
      move(
        context,
        system,
        body.ids,
        body.ids.map((raw) => readItem(id, raw)),
        (text) => ({ id: text, to: 'fetched', reason: null }),
      ),
  });
  api.add({
    name: 'decideReadings',
    method: 'POST',
    path: '/readings/decisions',
    access: access.exchangeReadings,
    summary: 'Принять или отклонить показания',
    description:
      'До 1000. Причину отклонения житель прочтёт дословно. Повтор ничего не меняет, поэтому Idempotency-Key не нужен.',
    body: exactly({ decisions: listOf(Decision) }),
    answer: MovedAnswer,
    handle: ({ system, body }) =>
      move(
        context,
        system,
        body.decisions.map((raw) => (raw as { id?: unknown } | null)?.id),
        body.decisions.map((raw) => readItem(Decision, raw)),
        (one) =>
          one.decision === 'accept'
            ? { id: one.id, to: 'accepted', reason: null }
            : { id: one.id, to: 'declined', reason: one.reason },
      ),
  });
}

/** Moves what is well written; each item has its answer in its place. */
async function move<Item>(
  context: Context,
  system: System,
  names: readonly unknown[],
  items: readonly ReadItem<Item>[],
  wishOf: (item: Item) => { id: string } & Pick<Move, 'to' | 'reason'>,
): Promise<z.input<typeof MovedAnswer>> {
  const wishes = items.map((item) => {
    if (!item.ok) return null;
    const { id: text, to, reason } = wishOf(item.item);
    const key = readReadingKey(text);
    return key && { ...key, to, reason };
  });
  const moved = await moveMany(
    context,
    system,
    wishes.filter((wish) => wish !== null),
  );
  let place = 0;
  return {
    results: items.map((item, index) => {
      const name = names[index];
      const named = { id: typeof name === 'string' ? name.slice(0, 80) : '' };
      if (!item.ok) return { ...named, result: 'wrong', state: null, errors: item.errors };
      const result = wishes[index] ? moved[place++]! : null;
      if (!result)
        return { ...named, result: 'wrong', state: null, errors: [{ field: 'id', message: 'Это не id показания' }] };
      if (result.result !== 'wrong') return { ...named, result: result.result, state: result.now };
      return {
        ...named,
        result: 'wrong',
        state: result.now,
        errors: [{ field: result.field, message: result.message }],
      };
    }),
  };
}

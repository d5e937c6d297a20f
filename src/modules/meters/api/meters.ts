import { z } from 'zod';
import type { Api } from '../../../platform/api/api.ts';
import { FieldErrorSchema } from '../../../platform/api/problem.ts';
import { exactly, line, listOf, readItem } from '../../../platform/api/read.ts';
import type { Context } from '../../../platform/context.ts';
import type { HouseId, PremisesId, RoomId } from '../../../platform/ids.ts';
import { access } from '../access.ts';
import { type Exchanged, exchangeMeters } from '../exchange-meters.ts';
import { type ListedMeter, listMeters } from '../list-meters.ts';
import { KIND_NAMES, type MeterKind, UNITS } from '../meter.ts';
import { after, callKey, day, limit, next, resource, uuid, value } from './fields.ts';

const kind = z.enum(Object.keys(KIND_NAMES) as [MeterKind, ...MeterKind[]]).meta({
  description: Object.entries(KIND_NAMES)
    .map(([code, name]) => `${code} ${name.toLowerCase()}`)
    .join(', '),
});
const unit = z
  .string()
  .max(4)
  .meta({
    description: `ОКЕИ: ${Object.entries(UNITS)
      .map(([code, name]) => `${code} ${name}`)
      .join(', ')}`,
  });
const orNull = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().default(null);
const note = orNull(line(2000));

const SentMeter = exactly({
  number: orNull(line(40)).meta({
    description: 'Номер, который дал Домовой: тогда карточка исправляется, иначе прибор новый',
  }),
  houseId: orNull(uuid<HouseId>()).meta({ description: 'Нужен общедомовому прибору' }),
  accounts: z
    .array(line(30))
    .max(50)
    .default([])
    .meta({ description: 'Ваши лицевые счета, по которым начисляют по прибору' }),
  premisesId: orNull(uuid<PremisesId>()).meta({ description: 'Нужно, когда у лицевых счетов несколько помещений' }),
  roomId: orNull(uuid<RoomId>()),
  kind,
  serial: line(50).trim().min(1).meta({ description: 'Заводской номер' }),
  brand: line(100).trim().default(''),
  model: line(100).trim().default(''),
  place: line(100).trim().default('').meta({ description: 'Где стоит: «кухня», «санузел»' }),
  tariffs: z.int().min(1).max(3).default(1),
  ratio: z.string().max(20).default('1').meta({ description: 'Коэффициент трансформации, строкой' }),
  digits: orNull(z.int().min(1).max(15)).meta({ description: 'Цифр на приборе до запятой' }),
  givesVolume: z.boolean().default(false).meta({ description: 'Прибор сам даёт расход, а не нарастающий итог' }),
  remote: z.boolean().default(false),
  remoteNote: note,
  temperatureSensor: z.boolean().default(false),
  temperatureNote: note,
  pressureSensor: z.boolean().default(false),
  pressureNote: note,
  installedOn: orNull(day),
  usedFrom: orNull(day).meta({ description: 'Введён в эксплуатацию; нужна всем, кроме общедомовых' }),
  factorySealedOn: orNull(day),
  sealedOn: orNull(day),
  verifiedOn: orNull(day).meta({ description: 'Последняя поверка' }),
  verificationInterval: orNull(z.int()).meta({ description: 'Межповерочный интервал, лет (НСИ 16)' }),
  resources: z
    .array(
      exactly({
        resource,
        unit,
        base: orNull(exactly({ t1: value, t2: orNull(value), t3: orNull(value) })).meta({
          description: 'Начальное показание',
        }),
      }),
    )
    .max(3),
  baseOn: orNull(day).meta({ description: 'День начальных показаний; без него — день ввода' }),
});

const text = z.string().nullable();
const ListedMeterAnswer = z.object({
  number: z.string(),
  houseId: z.string(),
  houseFias: z.string().meta({ description: 'ФИАС дома' }),
  address: z.string(),
  accounts: z.array(z.string()),
  premisesId: text,
  roomId: text,
  kind,
  serial: z.string(),
  brand: z.string(),
  model: z.string(),
  place: z.string(),
  tariffs: z.int(),
  ratio: z.string(),
  digits: z.int().nullable(),
  givesVolume: z.boolean(),
  remote: z.boolean(),
  remoteNote: text,
  temperatureSensor: z.boolean(),
  temperatureNote: text,
  pressureSensor: z.boolean(),
  pressureNote: text,
  installedOn: text,
  usedFrom: text,
  factorySealedOn: text,
  sealedOn: text,
  verifiedOn: text,
  verificationInterval: z.int().nullable(),
  verifyBy: text.meta({ description: 'Последний день, когда показания учитываются' }),
  state: z.enum(['working', 'broken', 'archived']),
  archivedOn: text,
  archiveReason: text.meta({ description: 'НСИ 21' }),
  resources: z.array(z.object({ resource: z.string(), unit: z.string() })),
  updatedAt: z.string().meta({ format: 'date-time' }),
});

const toAnswer = ({ meter, house, accounts }: ListedMeter): z.input<typeof ListedMeterAnswer> => ({
  ...meter,
  accounts,
  houseFias: house.fiasGuid,
  address: house.address,
  updatedAt: meter.updatedAt.toISOString(),
});

const written = { number: z.string().meta({ description: 'Номер, который дал Домовой' }), houseId: z.string() };
const WrittenResult = z.discriminatedUnion('state', [
  z.object({ state: z.literal('new'), ...written }),
  z.object({ state: z.literal('changed'), ...written }),
  z.object({ state: z.literal('same'), ...written }),
  z.object({ state: z.literal('wrong'), errors: z.array(FieldErrorSchema) }),
]);

export function addMeters(api: Api, context: Context): void {
  api.add({
    name: 'listMeters',
    method: 'GET',
    path: '/meters',
    access: access.exchangeMeters,
    summary: 'Приборы вашей организации',
    description:
      'По страницам: приборы, по которым начисляют вашим лицевым счетам, и общедомовые ваших домов; архивные тоже.',
    refusals: [404],
    query: exactly({
      house: uuid<HouseId>().optional().meta({ description: 'Только этот дом (houseId)' }),
      after,
      limit,
    }),
    answer: z.object({ meters: z.array(ListedMeterAnswer), next }),
    async handle({ system, query }) {
      const wish = { houseId: query.house ?? null, after: query.after ?? null, limit: query.limit };
      const page = await listMeters(context, system, wish);
      return { meters: page.meters.map(toAnswer), next: page.next };
    },
  });
  api.add({
    name: 'writeMeters',
    method: 'POST',
    path: '/meters',
    access: access.exchangeMeters,
    summary: 'Завести приборы и исправить карточки',
    description: `До 1000. Карточка передаётся целиком: чего в ней нет, то станет пустым. Каждая судится сама, ответы стоят в том же
порядке. Повтор с тем же Idempotency-Key ничего не заведёт второй раз.`,
    refusals: [409],
    headers: callKey,
    body: exactly({ meters: listOf(SentMeter) }),
    answer: z.object({
      new: z.int(),
      changed: z.int(),
      same: z.int(),
      wrong: z.int(),
      results: z.array(WrittenResult),
    }),
    async handle({ system, headers, body }) {
      const results = await exchangeMeters(context, system, {
        items: body.meters.map((raw) => readItem(SentMeter, raw)),
        key: headers['idempotency-key'],
        request: body,
      });
      const count = (state: Exchanged['state']) => results.filter((result) => result.state === state).length;
      return { new: count('new'), changed: count('changed'), same: count('same'), wrong: count('wrong'), results };
    },
  });
}

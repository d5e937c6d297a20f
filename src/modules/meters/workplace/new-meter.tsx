import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../../pages/page.tsx';
import type { Context } from '../../../platform/context.ts';
import { type FieldError, Invalid } from '../../../platform/errors.ts';
import { idParam, optionalText, parse, type Typed, typed } from '../../../platform/http/forms.ts';
import type { HouseId } from '../../../platform/ids.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  ErrorSummary,
  errorOf,
  Field,
  FieldGroup,
  Form,
  PageTitle,
  Stack,
} from '../../../ui/index.ts';
import type { HouseCard } from '../../houses/index.ts';
import { access } from '../access.ts';
import {
  DEFAULT_UNITS,
  KIND_NAMES,
  parseReading,
  RESOURCE_NAMES,
  RESOURCES,
  type Resource,
  UNIT_FACTORS,
  UNITS,
  type Values,
} from '../meter.ts';
import { houseOfActor } from '../own-meters.ts';
import { findPlace } from '../queries/register.ts';
import { type NewMeter, registerMeter } from '../register-meter.ts';
import { DateFields, DialFields, FeatureFields, type FormState, VerificationFields } from './card-fields.tsx';
import { cardShape } from './card-form.ts';
import { houseCrumbs, pathOf } from './frame.tsx';

const form = z.object({
  kind: z.enum(['individual', 'house', 'common_flat', 'room'], { error: 'Выберите вид прибора' }),
  premises: optionalText(50),
  room: optionalText(50),
  givesVolume: z
    .string()
    .optional()
    .transform((value) => value === '1'),
  ...cardShape,
});

/** A device is put on the register of a house by hand; many of them come by file. */
export function registerNewMeter(app: FastifyInstance, context: Context): void {
  const changing = { config: { access: access.changeMeter, sensitive: true } };
  app.get('/work/meters/:houseId/new', changing, (request, reply) => {
    const { premises } = request.query as { premises?: string };
    return show(context, request, reply, { ...(premises && { premises: premises.slice(0, 50) }) }, []);
  });

  app.post('/work/meters/:houseId/new', changing, async (request, reply) => {
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const body = typed(request.body);
    try {
      // The house first: what others' houses hold is nobody's business.
      await houseOfActor(context.db, request.actor, houseId);
      const card = await readCard(context, houseId, body);
      const meterId = await registerMeter(context, request.actor, houseId, card);
      return reply.redirect(`${pathOf(houseId, meterId)}?done=installed`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(context, request, reply.code(error.status), body, named(error.fields));
    }
  });
}

/** Names that the check gives, as the fields of this form are called. */
const named = (errors: readonly FieldError[]): FieldError[] =>
  errors.map(({ field, message }) => {
    const [, place = '', part] = /^resources\.(\d)\.(unit|base)$/.exec(field) ?? [];
    const names: Record<string, string> = {
      premisesId: 'premises',
      roomId: 'room',
      accounts: 'premises',
      resources: 'resource0',
    };
    if (part) return { field: part === 'base' ? `base${place}t1` : `unit${place}`, message };
    return { field: names[field] ?? field, message };
  });

/** Whatever can be said of the form is said at once. */
async function readCard({ db }: Context, houseId: HouseId, body: Typed): Promise<NewMeter> {
  const { resources, errors } = readResources(body);
  const isHouse = body.kind === 'house';
  if (!isHouse && !body.premises?.trim())
    errors.unshift({ field: 'premises', message: 'Укажите номер квартиры или помещения' });
  const { premises, room, ...card } = parseBeside(body, errors);
  const place = !isHouse && premises ? await findPlace(db, houseId, { premises, room }) : null;
  if (!isHouse && !place) throw new Invalid([{ field: 'premises', message: 'Такого помещения в доме нет' }]);
  if (card.kind === 'room' && !place?.roomId)
    throw new Invalid([{ field: 'room', message: 'Такой комнаты в квартире нет' }]);
  return {
    ...card,
    premisesId: place?.premisesId ?? null,
    roomId: card.kind === 'room' ? (place?.roomId ?? null) : null,
    resources,
  };
}

/** @throws Invalid with the errors that were found before, too */
function parseBeside(body: Typed, errors: readonly FieldError[]): z.infer<typeof form> {
  try {
    const card = parse(form, body);
    if (errors.length === 0) return card;
  } catch (error) {
    if (error instanceof Invalid) throw new Invalid([...errors, ...error.fields]);
    throw error;
  }
  throw new Invalid(errors);
}

function readResources(body: Typed): { resources: NewMeter['resources']; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const resources = [0, 1, 2].flatMap((place) => {
    const resource = RESOURCES.find((one) => one === body[`resource${place}`]);
    if (!resource) return [];
    const values = ['t1', 't2', 't3'].map((tariff) => {
      const name = `base${place}${tariff}`;
      const text = body[name]?.trim();
      if (text && parseReading(text) === null)
        errors.push({ field: name, message: 'Укажите показание числом, например 0 или 12,5' });
      return text ? parseReading(text) : null;
    });
    const [t1 = null, t2 = null, t3 = null] = values;
    const base: Values | null = t1 === null ? null : { t1, t2, t3 };
    return [{ resource, unit: body[`unit${place}`] || DEFAULT_UNITS[resource as Resource], base }];
  });
  if (resources.length === 0) errors.push({ field: 'resource0', message: 'Выберите, что измеряет прибор' });
  return { resources, errors };
}

async function show(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  values: Typed,
  errors: readonly FieldError[],
) {
  const { house } = await houseOfActor(context.db, request.actor, idParam<HouseId>(request.params, 'houseId'));
  return sendPage(
    request,
    reply,
    {
      title: `Новый прибор, ${house.shortAddress}`,
      active: '/work/meters',
      breadcrumbs: houseCrumbs(house, { label: 'Новый прибор' }),
    },
    <NewMeterPage {...{ house, values, errors }} token={formToken(request, reply)} />,
  );
}

function NewMeterPage({ house, token, ...state }: FormState & { house: HouseCard; token: string }) {
  const { values, errors } = state;
  const of = (name: string) => ({ name, value: values[name], error: errorOf(errors, name) });
  return (
    <Stack>
      <PageTitle kicker={house.shortAddress} lead="Много приборов быстрее загрузить файлом.">
        Новый прибор учёта
      </PageTitle>
      <ErrorSummary errors={errors} />
      <Card>
        <Form action={pathOf(house.houseId, 'new')} csrf={token} marksRequired label="Новый прибор">
          <FieldGroup legend="Место">
            <Field
              kind="choice"
              as="select"
              {...of('kind')}
              value={values.kind ?? 'individual'}
              label="Вид прибора"
              options={Object.entries(KIND_NAMES).map(([value, label]) => ({ value, label }))}
            />
            <Field
              kind="text"
              short
              {...of('premises')}
              label="Квартира или помещение"
              hint="Номер. У общедомового прибора не нужен"
            />
            <Field kind="text" short {...of('room')} label="Комната" hint="Только для комнатного прибора" />
          </FieldGroup>
          <ResourceFields {...state} place={0} />
          <details open={Boolean(values.resource1 || values.resource2)}>
            <summary>Прибор измеряет ещё один ресурс</summary>
            <ResourceFields {...state} place={1} />
            <ResourceFields {...state} place={2} />
          </details>
          <DialFields {...state} />
          <DateFields {...state} />
          <VerificationFields {...state} />
          <details
            open={Boolean(values.remote || values.temperatureSensor || values.pressureSensor || values.givesVolume)}
          >
            <summary>Особенности: дистанционный съём, датчики</summary>
            <Field
              kind="choice"
              as="checkbox"
              {...of('givesVolume')}
              label="Объём вместо показания"
              options={[{ value: '1', label: 'Прибор сам показывает объём за месяц' }]}
            />
            <FeatureFields {...state} />
          </details>
          <Actions>
            <Button icon="check">Добавить прибор</Button>
            <ButtonLink kind="quiet" href={pathOf(house.houseId)}>
              Отмена
            </ButtonLink>
          </Actions>
        </Form>
      </Card>
    </Stack>
  );
}

const ALLOWED_UNITS = [...new Set(Object.values(UNIT_FACTORS).flatMap((units) => Object.keys(units)))];

function ResourceFields({ values, errors, place }: FormState & { place: number }) {
  const of = (name: string) => ({ name, value: values[name], error: errorOf(errors, name) });
  const isFirst = place === 0;
  return (
    <FieldGroup legend={isFirst ? 'Что измеряет' : `Ресурс ${place + 1}`}>
      <Field
        kind="choice"
        as="select"
        {...of(`resource${place}`)}
        label="Ресурс"
        placeholder={isFirst ? 'Выберите' : 'Нет'}
        required={isFirst}
        options={RESOURCES.map((value: Resource) => ({ value, label: RESOURCE_NAMES[value] }))}
      />
      <Field
        kind="choice"
        as="select"
        {...of(`unit${place}`)}
        label="Единица на приборе"
        placeholder="Обычная для ресурса"
        options={ALLOWED_UNITS.map((value) => ({ value, label: UNITS[value] ?? value }))}
      />
      <Field kind="number" {...of(`base${place}t1`)} label="Начальное показание" hint="У многотарифного: Т1, день" />
      {isFirst && (
        <>
          <Field kind="number" {...of('base0t2')} label="Начальное показание Т2" hint="Для двух тарифов" />
          <Field kind="number" {...of('base0t3')} label="Начальное показание Т3" hint="Для трёх тарифов" />
        </>
      )}
    </FieldGroup>
  );
}

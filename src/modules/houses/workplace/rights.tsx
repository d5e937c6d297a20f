import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { z } from 'zod';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import { auditLook } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { disclosedTo, recordOfPremises } from '../../../platform/disclosure/index.ts';
import { Invalid, NotFound } from '../../../platform/errors.ts';
import {
  dayField,
  idParam,
  optionalText,
  parse,
  requiredText,
  type Typed,
  typed,
} from '../../../platform/http/forms.ts';
import type { HouseId, PremisesId } from '../../../platform/ids.ts';
import { dayIn } from '../../../platform/month.ts';
import { type FieldError, formatNumericDate, IDEMPOTENCY_FIELD } from '../../../ui/index.ts';
import { isOgrn, isSnils } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { premisesLabel } from '../house.ts';
import { selectOwnerships } from '../queries/ownership.ts';
import { selectPremises } from '../queries/premises.ts';
import { endOwnership, recordOwnership } from '../record-ownership.ts';
import { parseShare, type Share } from '../share.ts';
import { NSI, readChoices } from '../words.ts';
import { houseCrumbs, managedByActor } from './house-frame.tsx';
import { EndRightForm, RightForm } from './right-forms.tsx';

const share = z.string({ error: 'Укажите долю' }).transform((text, issues): Share => {
  const read = parseShare(text);
  if (read) return read;
  issues.addIssue({ code: 'custom', message: 'Доля — дробь, например 1/2. Если помещение целиком, напишите 1' });
  return z.NEVER;
});
const right = {
  share,
  kindCode: optionalText(10),
  registrationNumber: requiredText('Укажите номер регистрации права, например 77:02:0021003:1045-77/051/2021-3', 100),
  registeredOn: dayField('Укажите день регистрации права: ДД.ММ.ГГГГ'),
};
const rightForm = z.discriminatedUnion('holder', [
  z.object({
    holder: z.literal('person'),
    familyName: requiredText('Укажите фамилию', 256),
    givenName: requiredText('Укажите имя', 256),
    middleName: optionalText(256),
    snils: z
      .string({ error: 'Укажите СНИЛС' })
      .transform((text) => text.replace(/\D/g, ''))
      .refine(isSnils, 'В СНИЛС 11 цифр, последние две — контрольные. Проверьте, нет ли опечатки'),
    ...right,
  }),
  z.object({
    holder: z.literal('organisation'),
    organisationName: requiredText('Укажите название организации'),
    ogrn: z
      .string({ error: 'Укажите ОГРН' })
      .trim()
      .refine(isOgrn, 'В ОГРН 13 цифр (в ОГРНИП — 15), последняя — контрольная. Проверьте, нет ли опечатки'),
    ...right,
  }),
]);
const formKey = z.object({ [IDEMPOTENCY_FIELD]: z.string().max(100).optional().catch(undefined) });
const endForm = z.object({ endedOn: dayField('Укажите день, когда право прекратилось: ДД.ММ.ГГГГ') });

/** Forms that record and end rights of ownership. */
export function registerRights(app: FastifyInstance, context: Context): void {
  const path = '/work/houses/:houseId/premises/:premisesId/rights';
  const recording = { config: { access: access.recordOwnership, sensitive: true } };
  const ending = { config: { access: access.endOwnership, sensitive: true } };

  app.get(`${path}/new`, recording, (request, reply) => {
    const { holder } = request.query as { holder?: string };
    return showNew(context, request, reply, { holder: holder === 'organisation' ? holder : 'person' }, []);
  });

  app.post(`${path}/new`, recording, async (request, reply) => {
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const premisesId = idParam<PremisesId>(request.params, 'premisesId');
    try {
      const { share: part, ...form } = parse(rightForm, request.body);
      const { [IDEMPOTENCY_FIELD]: key } = parse(formKey, request.body);
      await recordOwnership(context, request.actor, { ...form, ...part, houseId, premisesId }, key);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showNew(context, request, reply.code(error.status), typed(request.body), error.fields);
    }
    return reply.redirect(`/work/houses/${houseId}/premises/${premisesId}?recorded=new`, 303);
  });

  app.get(`${path}/:ownershipId/end`, ending, (request, reply) => showEnd(context, request, reply, null, []));

  app.post(`${path}/:ownershipId/end`, ending, async (request, reply) => {
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const premisesId = idParam<PremisesId>(request.params, 'premisesId');
    const ownershipId = idParam<never>(request.params, 'ownershipId') as string;
    try {
      const { endedOn } = parse(endForm, request.body);
      await endOwnership(context, request.actor, { houseId, premisesId, ownershipId, endedOn });
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showEnd(context, request, reply.code(error.status), typed(request.body), error.fields);
    }
    return reply.redirect(`/work/houses/${houseId}/premises/${premisesId}?recorded=ended`, 303);
  });
}

/** The premises of a house that the organisation manages. @throws NotFound */
async function premisesOf(context: Context, request: FastifyRequest) {
  const house = await managedByActor(context.db, request.actor, idParam<HouseId>(request.params, 'houseId'));
  const premisesId = idParam<PremisesId>(request.params, 'premisesId');
  const [premises] = await selectPremises(context.db, house.houseId, [premisesId]);
  if (!premises) throw new NotFound();
  const path = `/work/houses/${house.houseId}/premises/${premisesId}`;
  return { house, premises, path, label: premisesLabel(premises) || 'Дом целиком' };
}

async function showNew(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  values: Typed,
  errors: readonly FieldError[],
) {
  const [{ house, premises, path, label }, kinds] = await Promise.all([
    premisesOf(context, request),
    readChoices(context.db, NSI.ownership),
  ]);
  const title = values.holder === 'organisation' ? 'Право организации' : 'Право гражданина';
  return sendPage(
    request,
    reply,
    { title, active: '/work/houses', breadcrumbs: houseCrumbs(house, { href: path, label }, { label: title }) },
    <RightForm
      {...{ title, path, values, errors, kinds }}
      where={`${house.shortAddress}, ${label}`}
      current={premises.owners}
      token={formToken(request, reply)}
      idempotencyKey={values[IDEMPOTENCY_FIELD] ?? v7()}
    />,
  );
}

async function showEnd(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  values: Typed | null,
  errors: readonly FieldError[],
) {
  const { house, premises, path, label } = await premisesOf(context, request);
  const { ownershipId } = request.params as { ownershipId: string };
  const rights = await selectOwnerships(context.db, house.houseId, premises.premisesId);
  const found = rights.find((one) => one.ownershipId === ownershipId && one.endedOn === null);
  if (!found) throw new NotFound();
  const { houseId } = house;
  const { premisesId } = premises;
  const actor = actingFor(request.actor);
  const at = context.clock();
  const disclosed = await disclosedTo(context.db, actor, recordOfPremises(houseId, premisesId), at);
  await auditLook(context.db, actor, {
    action: 'premises.viewed',
    at,
    what: `${label}: собственники и лицевые счета`,
    thingId: premisesId,
    homes: [{ houseId, about: [premisesId] }],
    masked: disclosed === null,
    ...(disclosed && { purpose: disclosed.purpose }),
    details: { premisesId, rights: 1 },
  });
  const title = 'Прекращение права';
  return sendPage(
    request,
    reply,
    { title, active: '/work/houses', breadcrumbs: houseCrumbs(house, { href: path, label }, { label: title }) },
    <EndRightForm
      {...{ path, errors }}
      right={found}
      masked={disclosed === null}
      where={`${house.shortAddress}, ${label}`}
      endedOn={values?.endedOn ?? formatNumericDate(dayIn(house.zone, context.clock()))}
      token={formToken(request, reply)}
    />,
  );
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { z } from 'zod';
import { registerDisclosure } from '../../../pages/disclosure.tsx';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import { sendAttachment } from '../../../platform/attachments/index.ts';
import type { Context } from '../../../platform/context.ts';
import { Conflict, Invalid, NotFound } from '../../../platform/errors.ts';
import { dayField, idParam, parse, type Typed, typed } from '../../../platform/http/forms.ts';
import { type AppealId, type FileId, type HouseId, isUuid, type OrganisationId } from '../../../platform/ids.ts';
import { type FieldError, formatNumericDate, IDEMPOTENCY_FIELD } from '../../../ui/index.ts';
import { findHousesByFias } from '../../houses/index.ts';
import { searchOrganisations } from '../../organisations/index.ts';
import { access } from '../access.ts';
import type { AppealKey } from '../appeal.ts';
import { offerAddressees } from '../find-addressees.ts';
import { peopleOf } from '../open-at-desk.ts';
import { selectAppealWhole } from '../queries/read-appeals.ts';
import { requestInformation } from '../request-information.ts';
import { stateWord } from '../workplace/words.tsx';
import { FilePage } from './file-page.tsx';
import { crumbs, overseeing } from './list.tsx';
import { findOverseen, openOverseen, openOverseenFile, purposeOf } from './open-overseen.ts';
import { INSPECTOR_PURPOSES, recordOfAppeal } from './purposes.ts';
import { overseenPath, TERRITORY, ZONE } from './territory-query.ts';

const requestForm = z.object({
  organisationId: z
    .string({ error: 'Выберите организацию' })
    .refine(isUuid, 'Выберите организацию')
    .transform((id) => id as OrganisationId),
  text: z.string(),
  dueOn: dayField('Укажите, к какому дню нужен ответ: ДД.ММ.ГГГГ'),
});
const MOST_FOUND = 10;

const keyOf = ({ params }: FastifyRequest): AppealKey => ({
  houseId: idParam<HouseId>(params, 'houseId'),
  appealId: idParam<AppealId>(params, 'appealId'),
});

/** One appeal of the territory: read whole, for a purpose that is written down; requests to organisations. */
export function registerOverseenAppeal(app: FastifyInstance, context: Context): void {
  const path = `${TERRITORY}/:houseId/:appealId`;

  app.get(path, overseeing, async (request, reply) => {
    const key = keyOf(request);
    const { isOwn } = await findOverseen(context, request.actor, key);
    const purpose = await purposeOf(context, request.actor, key, isOwn);
    if (purpose) return showFile(context, request, reply, { key, purpose });
    return reply.redirect(overseenPath(key, 'disclose'), 303);
  });

  registerDisclosure(app, context, {
    path,
    access: access.oversee,
    purposes: INSPECTOR_PURPOSES,
    lead: 'Обращение адресовано не вам: в нём имя, телефон и дела жителя. Журнал запишет, кто его открыл и для чего.',
    async find({ params }, actor) {
      const key = { houseId: idParam<HouseId>(params, 'houseId'), appealId: idParam<AppealId>(params, 'appealId') };
      const { line } = await findOverseen(context, actor, key);
      const found = await selectAppealWhole(context.db, key);
      if (!found) throw new NotFound();
      return {
        record: recordOfAppeal(key),
        back: overseenPath(key),
        title: `Обращение № ${line.number}`,
        known: [
          { term: 'О чём', value: line.topicName },
          { term: 'Адрес', value: line.address },
          { term: 'Кто отвечает', value: line.addresseeName },
          { term: 'Отправлено', value: formatNumericDate(line.receivedAt, ZONE) },
          { term: 'Состояние', value: stateWord(line.state) },
        ],
        look: {
          action: 'appeals.disclosed',
          what: `Обращение № ${line.number}`,
          thingId: key.appealId,
          subjects: peopleOf(found),
          houseId: key.houseId,
          details: { appealId: key.appealId },
        },
        active: TERRITORY,
        breadcrumbs: crumbs(`№ ${line.number}`),
      };
    },
  });

  app.get(`${path}/files/:fileId`, overseeing, async (request, reply) => {
    const key = keyOf(request);
    const fileId = idParam<FileId>(request.params, 'fileId');
    const { isOwn } = await findOverseen(context, request.actor, key);
    const purpose = await purposeOf(context, request.actor, key, isOwn);
    if (!purpose) return reply.redirect(overseenPath(key), 303);
    const { preview, thumbnail } = typed(request.query);
    const as = thumbnail ? 'thumbnail' : preview ? 'preview' : 'download';
    const attachment = await openOverseenFile(context, request.actor, { ...key, fileId, purpose, as });
    return sendAttachment(request, reply, context, attachment, { as, whose: 'others' });
  });

  app.post(`${path}/requests`, { config: { access: access.oversee } }, async (request, reply) => {
    const key = keyOf(request);
    const sent = typed(request.body);
    const { line, isOwn } = await findOverseen(context, request.actor, key);
    const purpose = await purposeOf(context, request.actor, key, isOwn);
    if (!purpose) return reply.redirect(overseenPath(key), 303);
    try {
      const form = parse(requestForm, sent);
      const partId = line.kind === 'appeal' ? { partId: line.deskId as never } : {};
      await requestInformation(context, request.actor, { ...key, ...form, ...partId, key: formKeyOf(sent) });
    } catch (error) {
      if (!(error instanceof Invalid) && !(error instanceof Conflict)) throw error;
      const errors = error instanceof Invalid ? error.fields : [{ field: 'organisationId', message: error.sentence }];
      return showFile(context, request, reply.code(error.status), { key, purpose, sent, errors });
    }
    return reply.redirect(`${overseenPath(key)}?asked=1#requests`, 303);
  });
}

const formKeyOf = (sent: Typed): string => (isUuid(sent[IDEMPOTENCY_FIELD] ?? '') ? sent[IDEMPOTENCY_FIELD]! : v7());

interface Shown {
  key: AppealKey;
  purpose: string;
  sent?: Typed;
  errors?: readonly FieldError[];
}

async function showFile(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { key, purpose, sent = {}, errors = [] }: Shown,
): Promise<FastifyReply> {
  const { organisationId } = actingFor(request.actor).acting;
  const overseen = await openOverseen(context, request.actor, key, purpose);
  const { appeal } = overseen.whole;
  const query = typed(request.query);
  const find = query.find?.trim().slice(0, 100) ?? '';
  const [offered, found, houses] = await Promise.all([
    offerAddressees(context.db, appeal, appeal.topicCode),
    find ? searchOrganisations(context.db, { search: find, after: null, limit: MOST_FOUND }) : [],
    findHousesByFias(context.db, appeal.fiasGuid ? [appeal.fiasGuid] : []),
  ]);
  const candidates = new Map<OrganisationId, string>([
    ...found.map((one) => [one.organisationId, one.shortName] as const),
    ...overseen.whole.parts.map((part) => [part.organisationId, overseen.names.get(part.organisationId)!] as const),
    ...offered.map((one) => [one.organisationId, one.shortName] as const),
  ]);
  candidates.delete(organisationId);
  return sendPage(
    request,
    reply,
    { title: `Обращение № ${appeal.number}`, active: TERRITORY, breadcrumbs: crumbs(`№ ${appeal.number}`) },
    <FilePage
      {...{ overseen, purpose, sent, errors, find }}
      candidates={[...candidates].map(([value, label]) => ({ value, label }))}
      foundNothing={find !== '' && found.length === 0}
      houseIsHere={houses.size > 0}
      justAsked={query.asked === '1' && errors.length === 0}
      token={formToken(request, reply)}
      formKey={formKeyOf(sent)}
    />,
  );
}

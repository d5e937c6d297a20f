import type { FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import type { FieldError } from '../../../platform/errors.ts';
import { idParam, type Typed } from '../../../platform/http/forms.ts';
import { type AppealId, type AppealPartId, type HouseId, isUuid, newId } from '../../../platform/ids.ts';
import { dayIn } from '../../../platform/month.ts';
import { findPost } from '../../organisations/index.ts';
import { isOpen } from '../appeal.ts';
import { templatesFor } from '../fill-template.ts';
import { type AppealAtDesk, openAtDesk } from '../open-at-desk.ts';
import { selectTemplates } from '../queries/templates.ts';
import { AppealPage, type AppealPageProps } from './appeal-page.tsx';
import { findNext } from './next-appeal.ts';
import { DESK, parseFrom, type QueueQuery } from './queue-query.ts';

/** Which appeal the address names, which of the organisation's handlings, and the queue that it was opened from. */
export function readPlace(request: FastifyRequest, given: Readonly<Record<string, string | undefined>>) {
  const houseId = idParam<HouseId>(request.params, 'houseId');
  const appealId = idParam<AppealId>(request.params, 'appealId');
  const partId = isUuid(given.part ?? '') ? (given.part as AppealPartId) : null;
  return { key: { houseId, appealId }, partId, queue: parseFrom(given.from) };
}

interface Shown {
  at: AppealAtDesk;
  queue: QueueQuery;
  errors?: readonly FieldError[];
  sent?: Typed;
  said?: AppealPageProps['said'];
}

/** The page of an appeal that has been opened, with what is wrong in a form of it. */
export async function showAppeal(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { at, queue, errors = [], sent = {}, said = null }: Shown,
): Promise<FastifyReply> {
  const { personId, name, acting } = actingFor(request.actor);
  const { organisationId } = acting;
  const { db } = context;
  const now = context.clock();
  const { whole, part, line } = at;
  const [templates, post, next] = await Promise.all([
    isOpen(part.state) ? selectTemplates(db, organisationId) : [],
    findPost(db, organisationId, personId),
    findNext(db, { organisationId, houses: acting.houses, personId, queue, now, after: line }),
  ]);
  return sendPage(
    request,
    reply,
    {
      title: `Обращение № ${whole.appeal.number}`,
      active: DESK,
      breadcrumbs: [{ href: DESK, label: 'Обращения' }, { label: `№ ${whole.appeal.number}` }],
    },
    <AppealPage
      {...{ at, queue, next, said, post, errors, sent }}
      today={dayIn(whole.appeal.zone, now)}
      draft={draftOf(at)}
      templates={templatesFor(templates, whole.appeal.topicCode)}
      facts={{ appeal: whole.appeal, part, organisation: acting.name, performer: name, at: now }}
      token={formToken(request, reply)}
      formKey={newId<never>()}
    />,
  );
}

/** The newest draft of the part, whoever of the organisation has begun it. */
export const draftOf = ({ whole, part }: AppealAtDesk) =>
  whole.answers.findLast(({ state, partId }) => state === 'draft' && partId === part.partId) ?? null;

export const openPlace = (context: Context, request: FastifyRequest, { key, partId }: ReturnType<typeof readPlace>) =>
  openAtDesk(context, request.actor, key, partId);

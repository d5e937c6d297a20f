import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import type { Context } from '../../../platform/context.ts';
import { Invalid } from '../../../platform/errors.ts';
import { idParam, parse } from '../../../platform/http/forms.ts';
import type { OrganisationId, RequisiteChangeId } from '../../../platform/ids.ts';
import { Card, EmptyState, ErrorSummary, type FieldError, Notice, PageTitle, Stack } from '../../../ui/index.ts';
import { readNames } from '../../identity/index.ts';
import { access } from '../access.ts';
import { selectLonelyChanges } from '../queries/requisites.ts';
import { todayAt } from '../staff.ts';
import { decideRequisiteFor } from './decide-requisite.ts';
import { REQUISITES_DESK } from './paths.ts';
import { DecisionForms, type People, SetList } from './requisites-page.tsx';
import { peopleOf, refusal } from './workplace.tsx';

const MOST = 50;
type Lonely = Awaited<ReturnType<typeof selectLonelyChanges>>[number];

/** New accounts of organisations where one person works alone: the administrator is the second one. */
export function registerLonelyRequisites(app: FastifyInstance, context: Context): void {
  const administrator = { config: { access: access.decideLonelyRequisites, sensitive: true } };
  const path = `${REQUISITES_DESK}/:organisationId/:changeId`;
  const keyOf = ({ params }: FastifyRequest) => ({
    organisationId: idParam<OrganisationId>(params, 'organisationId'),
    changeId: idParam<RequisiteChangeId>(params, 'changeId'),
  });

  app.get(REQUISITES_DESK, administrator, (request, reply) => show(context, request, reply, null));

  app.post(`${path}/confirm`, administrator, async (request, reply) => {
    await decideRequisiteFor(context, request.actor, keyOf(request), { confirm: true });
    return reply.redirect(`${REQUISITES_DESK}?done=confirmed`, 303);
  });

  app.post(`${path}/refuse`, administrator, async (request, reply) => {
    const key = keyOf(request);
    try {
      const { reason } = parse(refusal, request.body);
      await decideRequisiteFor(context, request.actor, key, { confirm: false, reason });
      return reply.redirect(`${REQUISITES_DESK}?done=refused`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(context, request, reply.code(error.status), { changeId: key.changeId, errors: error.fields });
    }
  });
}

type Wrong = { changeId: string; errors: readonly FieldError[] } | null;

async function show(context: Context, request: FastifyRequest, reply: FastifyReply, wrong: Wrong) {
  const changes = await selectLonelyChanges(context.db, todayAt(context.clock()), MOST);
  const { done } = request.query as { done?: string };
  return sendPage(
    request,
    reply,
    {
      title: 'Банковские счета',
      active: '/administration/organisations',
      breadcrumbs: [{ href: '/administration/organisations', label: 'Организации' }, { label: 'Банковские счета' }],
    },
    <LonelyPage
      {...{ changes, wrong }}
      people={await readNames(context.db, peopleOf(changes))}
      done={wrong ? null : (done ?? null)}
      token={formToken(request, reply)}
    />,
  );
}

interface LonelyPageProps {
  changes: readonly Lonely[];
  people: People;
  done: string | null;
  wrong: Wrong;
  token: string;
}

function LonelyPage({ changes, people, done, wrong, token }: LonelyPageProps) {
  return (
    <Stack>
      <ErrorSummary errors={wrong?.errors ?? []} />
      <PageTitle lead="Новые счета организаций, где один руководитель: второго человека нет, и подтверждаете вы.">
        Банковские счета
      </PageTitle>
      {done === 'confirmed' && <Notice tone="good" announce title="Счёт подтверждён" />}
      {done === 'refused' && <Notice tone="good" announce title="В счёте отказано" />}
      {changes.length === 0 && (
        <EmptyState title="Подтверждать нечего">
          Счета организаций, где работают двое и больше, подтверждают они сами.
        </EmptyState>
      )}
      {changes.map((change) => (
        <Card key={change.changeId} title={change.organisation}>
          <SetList change={change} who={people.get(change.askedBy) ?? ''} />
          <DecisionForms
            path={`${REQUISITES_DESK}/${change.organisationId}/${change.changeId}`}
            token={token}
            errors={wrong?.changeId === change.changeId ? wrong.errors : []}
          />
        </Card>
      ))}
    </Stack>
  );
}

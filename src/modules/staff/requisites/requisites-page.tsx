import type { Selectable } from 'kysely';
import type { Typed } from '../../../platform/http/forms.ts';
import type { PersonId } from '../../../platform/ids.ts';
import {
  Actions,
  Button,
  Card,
  DefinitionList,
  DoneNotice,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  formatDate,
  formatDateTime,
  groupDigits,
  PageTitle,
  Stack,
  Status,
  type StatusTone,
  Table,
} from '../../../ui/index.ts';
import { RequisitesCard, type RequisiteTable } from '../../organisations/index.ts';
import type { RequisiteChange } from '../queries/requisites.ts';
import { ZONE } from '../staff.ts';
import { REQUISITES } from './paths.ts';

export type People = ReadonlyMap<PersonId, string>;

interface RequisitesPageProps {
  requisites: readonly Selectable<RequisiteTable>[];
  changedAt: Date | null;
  changes: readonly RequisiteChange[];
  people: People;
  self: PersonId;
  /** Somebody else of the organisation may confirm; otherwise the administrator does. */
  hasSecond: boolean;
  done: string | null;
  values: Typed;
  errors: readonly FieldError[];
  /** Of which change the reason is missing. */
  wrong: { changeId: string; errors: readonly FieldError[] } | null;
  token: string;
}

const DONE: Readonly<Record<string, string>> = {
  first: 'Счёт указан',
  pending: 'Счёт ждёт подтверждения',
  confirmed: 'Счёт подтверждён: его можно указывать в квитанциях',
  refused: 'В счёте отказано',
  withdrawn: 'Просьба отозвана',
};
const STATES: Readonly<Record<RequisiteChange['state'], readonly [StatusTone, string]>> = {
  pending: ['waiting', 'Ждёт подтверждения'],
  confirmed: ['good', 'Подтверждён'],
  refused: ['danger', 'Отказано'],
  withdrawn: ['neutral', 'Отозван'],
};

/** «Банковские счета»: those that take money, those that wait for a second person, and a new one. */
export function RequisitesPage(props: RequisitesPageProps) {
  const { requisites, changedAt, changes, people, done, errors, wrong } = props;
  const pending = changes.filter(({ state }) => state === 'pending');
  const decided = changes.filter(({ state }) => state !== 'pending');
  return (
    <Stack>
      <ErrorSummary errors={[...errors, ...(wrong?.errors ?? [])]} />
      <PageTitle
        kicker="Карточка организации"
        lead="Куда жители платят. Новый счёт начинает действовать, когда его подтвердит второй человек."
      >
        Банковские счета
      </PageTitle>
      <DoneNotice words={DONE} done={done} />
      {pending.map((change) => (
        <PendingCard key={change.changeId} {...props} change={change} />
      ))}
      {requisites.length > 0 ? (
        <RequisitesCard requisites={requisites} changedAt={changedAt} />
      ) : (
        <EmptyState title="Счёта пока нет">
          Первый счёт, который укажет руководитель, начинает действовать сразу.
        </EmptyState>
      )}
      <AskCard {...props} />
      {decided.length > 0 && (
        <Card title="Что решено раньше">
          <Table
            caption="Что решено раньше"
            captionHidden
            rows={decided}
            rowKey={({ changeId }) => changeId}
            columns={[
              { key: 'account', title: 'Счёт', heading: true, cell: ({ bankAccount }) => groupDigits(bankAccount) },
              {
                key: 'state',
                title: 'Решение',
                cell: ({ state }) => <Status tone={STATES[state][0]}>{STATES[state][1]}</Status>,
              },
              { key: 'when', title: 'Когда', cell: ({ decidedAt }) => (decidedAt ? formatDate(decidedAt, ZONE) : '') },
              {
                key: 'who',
                title: 'Кто решил',
                cell: ({ decidedBy }) => (decidedBy ? (people.get(decidedBy) ?? '') : ''),
              },
              { key: 'why', title: 'Почему', prose: true, cell: ({ reason }) => reason ?? '—' },
            ]}
          />
        </Card>
      )}
    </Stack>
  );
}

function PendingCard(props: RequisitesPageProps & { change: RequisiteChange }) {
  const { change, people, self, hasSecond, wrong, token } = props;
  const isOwn = change.askedBy === self;
  const path = `${REQUISITES}/${change.changeId}`;
  return (
    <Card title="Новый счёт" tone="tint" aside={<Status tone="waiting">Ждёт подтверждения</Status>}>
      <SetList change={change} who={people.get(change.askedBy) ?? ''} />
      {isOwn ? (
        <>
          <p>
            {hasSecond
              ? 'Вы попросили об этом счёте сами, подтвердить его должен другой руководитель или бухгалтер. Мы отправили им письмо.'
              : 'Кроме вас, подтвердить некому: это сделает администратор кабинета. Мы отправили ему письмо.'}
          </p>
          <Form action={`${path}/withdraw`} csrf={token} label="Отозвать">
            <Button kind="secondary">Отозвать просьбу</Button>
          </Form>
        </>
      ) : (
        <DecisionForms path={path} token={token} errors={wrong?.changeId === change.changeId ? wrong.errors : []} />
      )}
    </Card>
  );
}

export const SetList = ({ change, who }: { change: RequisiteChange; who: string }) => (
  <DefinitionList
    items={[
      { term: 'Расчётный счёт', value: groupDigits(change.bankAccount) },
      { term: 'БИК', value: change.bik },
      { term: 'Банк', value: change.bankName },
      ...(change.correspondentAccount ? [{ term: 'Корреспондентский счёт', value: change.correspondentAccount }] : []),
      { term: 'Кто попросил', value: who },
      { term: 'Когда', value: formatDateTime(change.askedAt, ZONE) },
    ]}
  />
);

/** Confirming and refusing are two forms: a reason belongs to the refusal alone. */
export function DecisionForms({ path, token, errors }: { path: string; token: string; errors: readonly FieldError[] }) {
  return (
    <Stack>
      <p>Сверьте номер с договором банка или позвоните тому, кто попросил: через этот счёт пойдут деньги жителей.</p>
      <Actions>
        <Form action={`${path}/confirm`} csrf={token} label="Подтвердить счёт">
          <Button>Подтвердить</Button>
        </Form>
      </Actions>
      <Form action={`${path}/refuse`} csrf={token} label="Отказать в счёте">
        <Field
          kind="text"
          name="reason"
          label="Почему отказано"
          required
          maxLength={500}
          error={errorOf(errors, 'reason')}
        />
        <Button kind="danger">Отказать</Button>
      </Form>
    </Stack>
  );
}

function AskCard({ requisites, changes, values, errors, token }: RequisitesPageProps) {
  const of = (name: string) => ({ name, value: values[name], error: errorOf(errors, name) });
  return (
    <Card title="Новый банковский счёт" note="Прежние счета остаются: на них ссылаются старые квитанции">
      <Form action={REQUISITES} csrf={token} marksRequired label="Новый банковский счёт">
        <Field kind="text" {...of('bankAccount')} label="Расчётный счёт" required inputMode="numeric" />
        <Field kind="text" {...of('bik')} label="БИК" required inputMode="numeric" short />
        <Field kind="text" {...of('bankName')} label="Название банка" required maxLength={255} />
        <Field kind="text" {...of('correspondentAccount')} label="Корреспондентский счёт" inputMode="numeric" />
        <Button kind="secondary">
          {requisites.length === 0 && changes.length === 0 ? 'Указать счёт' : 'Отправить на подтверждение'}
        </Button>
      </Form>
    </Card>
  );
}

import { DELEGATED_WORKS, type DelegatedWork } from '../../../platform/access.ts';
import type { Typed } from '../../../platform/http/forms.ts';
import type { Day } from '../../../platform/month.ts';
import {
  Button,
  ButtonLink,
  Card,
  DialogPage,
  DoneNotice,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  FieldGroup,
  Form,
  formatNumericDate,
  PageTitle,
  Stack,
  Status,
  Table,
} from '../../../ui/index.ts';
import type { Delegation } from '../../organisations/index.ts';
import { DELEGATIONS } from '../staff.ts';
import { WORK_HINTS, WORK_NAMES, workField } from './delegation-form.ts';

interface DelegationsPageProps {
  given: readonly Delegation[];
  taken: readonly Delegation[];
  today: Day;
  done: string | null;
  values: Typed;
  errors: readonly FieldError[];
  token: string;
}

const DONE: Readonly<Record<string, string>> = {
  given: 'Поручение дано',
  revoked: 'Поручение отозвано: действовать по нему больше нельзя',
};

const worksWords = (works: readonly DelegatedWork[]) => works.map((work) => WORK_NAMES[work].toLowerCase()).join(', ');

export type DelegationState = 'works' | 'future' | 'over' | 'revoked';
export const stateOf = ({ revokedAt, from, to }: Delegation, today: Day): DelegationState =>
  revokedAt ? 'revoked' : to < today ? 'over' : from > today ? 'future' : 'works';

function State({ one, today }: { one: Delegation; today: Day }) {
  switch (stateOf(one, today)) {
    case 'revoked':
      return <Status tone="danger">Отозвано</Status>;
    case 'over':
      return <Status tone="neutral">Закончилось</Status>;
    case 'future':
      return <Status tone="waiting">Начнётся {formatNumericDate(one.from)}</Status>;
    default:
      return <Status tone="good">Действует</Status>;
  }
}

/** «Поручения»: what a settlement centre may do for the organisation, and what the organisation does for others as one. */
export function DelegationsPage({ given, taken, today, done, values, errors, token }: DelegationsPageProps) {
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="Расчётный центр может работать за вас: загружать счета, квитанции и показания, решать заявки.">
        Поручения
      </PageTitle>
      <DoneNotice words={DONE} done={done} />
      {taken.length > 0 && <Taken {...{ taken, today }} />}
      <Table
        caption="Вы поручили"
        rows={given}
        rowKey={({ delegationId }) => delegationId}
        empty={
          <EmptyState title="Вы никому ничего не поручали">
            Поручение можно отозвать в любой день, оно кончается само.
          </EmptyState>
        }
        columns={[
          {
            key: 'centre',
            title: 'Расчётный центр',
            heading: true,
            cell: ({ centre, centreId }) => <a href={`/organisations/${centreId}`}>{centre}</a>,
          },
          { key: 'works', title: 'Что', prose: true, cell: ({ works }) => worksWords(works) },
          {
            key: 'days',
            title: 'Когда',
            cell: ({ from, to }) => `${formatNumericDate(from)} – ${formatNumericDate(to)}`,
          },
          { key: 'state', title: 'Состояние', cell: (one) => <State {...{ one, today }} /> },
          {
            key: 'act',
            title: 'Действие',
            cell: (one) =>
              one.revokedAt || one.to < today ? (
                (one.revocation ?? '—')
              ) : (
                <a href={`${DELEGATIONS}/${one.delegationId}`}>
                  Отозвать<span class="visually-hidden"> поручение: {one.centre}</span>
                </a>
              ),
          },
        ]}
      />
      <Give {...{ values, errors, token }} />
    </Stack>
  );
}

const Taken = ({ taken, today }: Pick<DelegationsPageProps, 'taken' | 'today'>) => (
  <Card
    title="Вам поручили"
    note="Сотрудник выбирает, за кого работает, на странице «От чьего имени вы действуете»"
    aside={<a href="/acting">Выбрать</a>}
  >
    <Table
      caption="Вам поручили"
      captionHidden
      rows={taken}
      rowKey={({ delegationId }) => delegationId}
      columns={[
        { key: 'who', title: 'Кто', heading: true, cell: ({ principal }) => principal },
        { key: 'works', title: 'Что', prose: true, cell: ({ works }) => worksWords(works) },
        { key: 'to', title: 'До', cell: ({ to }) => formatNumericDate(to) },
        { key: 'state', title: 'Состояние', cell: (one) => <State {...{ one, today }} /> },
      ]}
    />
  </Card>
);

function Give({ values, errors, token }: Pick<DelegationsPageProps, 'values' | 'errors' | 'token'>) {
  const of = (name: string) => ({ name, value: values[name], error: errorOf(errors, name) });
  const wrong = errorOf(errors, 'works');
  return (
    <Card title="Поручить расчётному центру">
      <Form action={DELEGATIONS} csrf={token} marksRequired label="Новое поручение">
        <Field
          kind="text"
          {...of('number')}
          label="ИНН или ОГРН расчётного центра"
          required
          inputMode="numeric"
          hint="Он должен быть зарегистрирован здесь с полномочием «Расчётный центр»"
        />
        <FieldGroup legend="Что поручаете">
          {wrong && (
            <p class="field__error" id="field-works">
              {wrong}
            </p>
          )}
          {DELEGATED_WORKS.map((work) => (
            <Field
              key={work}
              kind="choice"
              as="checkbox"
              name={workField(work)}
              label={WORK_NAMES[work]}
              value={values[workField(work)]}
              options={[{ value: '1', label: WORK_NAMES[work], hint: WORK_HINTS[work] }]}
            />
          ))}
        </FieldGroup>
        <Field kind="date" {...of('from')} label="Первый день" required />
        <Field
          kind="date"
          {...of('to')}
          label="Последний день"
          required
          hint="На следующий день поручение кончится само"
        />
        <Button>Поручить</Button>
      </Form>
    </Card>
  );
}

interface RevokePageProps {
  delegation: Delegation;
  reason: string | undefined;
  errors: readonly FieldError[];
  token: string;
}

/** Asks before a centre's right is ended. */
export function RevokeDelegationPage({ delegation, reason, errors, token }: RevokePageProps) {
  return (
    <DialogPage title={`Отозвать поручение: ${delegation.centre}?`} closeHref={DELEGATIONS}>
      <ErrorSummary errors={errors} />
      <p>
        Сотрудники расчётного центра сразу перестанут действовать за вас ({worksWords(delegation.works)}). То, что они
        уже сделали, останется.
      </p>
      <Form action={`${DELEGATIONS}/${delegation.delegationId}`} csrf={token} label="Отозвать поручение">
        <Field
          kind="text"
          name="reason"
          label="Причина"
          required
          rows={2}
          maxLength={500}
          value={reason}
          error={errorOf(errors, 'reason')}
        />
        <Button kind="danger">Отозвать</Button>
      </Form>
      <ButtonLink kind="quiet" href={DELEGATIONS}>
        Оставить
      </ButtonLink>
    </DialogPage>
  );
}

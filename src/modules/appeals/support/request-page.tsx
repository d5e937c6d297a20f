import type { ComponentChildren } from 'preact';
import type { Typed } from '../../../platform/http/forms.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  DefinitionList,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  formatDate,
  formatDateTime,
  Notice,
  Pager,
  PageTitle,
  Stack,
  Status,
  Table,
  Timeline,
  type TimelineItem,
  TypedText,
} from '../../../ui/index.ts';
import { isWaiting, REQUEST_STATES, type SupportMessage, type SupportRequest, ZONE } from './request.ts';

export const StateOf = ({ request }: { request: SupportRequest }) => (
  <Status tone={REQUEST_STATES[request.state].tone}>{REQUEST_STATES[request.state].label}</Status>
);

const wordsOf = (request: SupportRequest): ComponentChildren => {
  if (isWaiting(request.state))
    return (
      <>
        Ответим до {formatDate(request.dueOn!)} включительно, на {request.email}.
      </>
    );
  if (request.state === 'answered') return 'Мы ответили. Если остались вопросы, напишите ниже.';
  return 'Вопрос закрыт. Если понадобится, напишите ещё: он откроется снова.';
};

/** What was written from both sides, the question first. */
export function talkOf(request: SupportRequest, messages: readonly SupportMessage[], forDesk: boolean): TimelineItem[] {
  const question = {
    fromSupport: false,
    internal: false,
    personName: request.name,
    text: request.text,
    at: request.createdAt,
  };
  const answeredLast = messages.findLastIndex(({ fromSupport, internal }) => fromSupport && !internal) + 1;
  const waits = (index: number) => isWaiting(request.state) && index >= answeredLast;
  return [question, ...messages].map(({ fromSupport, internal, personName, text, at }, index) => ({
    title: forDesk
      ? `${personName || 'Без имени'}${internal ? ', заметка для своих' : fromSupport ? ', поддержка' : ''}`
      : fromSupport
        ? 'Поддержка'
        : 'Вы',
    when: formatDateTime(at, ZONE),
    text: <TypedText>{text}</TypedText>,
    state: internal ? ('future' as const) : !fromSupport && waits(index) ? ('current' as const) : ('done' as const),
  }));
}

interface RequestPageProps {
  request: SupportRequest;
  kind: string;
  messages: readonly SupportMessage[];
  /** Where this page's forms go: the page's own address. */
  path: string;
  justSent: boolean;
  values: Typed;
  errors: readonly FieldError[];
  token: string;
  formKey: string;
}

/** One's own question with its answers. */
export function RequestPage(props: RequestPageProps) {
  const { request, kind, messages, path, justSent, values, errors, token, formKey } = props;
  return (
    <Stack>
      <PageTitle kicker={`Вопрос в поддержку № ${request.number}`} lead={wordsOf(request)}>
        {request.subject}
      </PageTitle>
      {justSent && (
        <Notice tone="good" announce title={`Вопрос № ${request.number} отправлен`}>
          Ответ придёт на {request.email}
          {request.byGuest ? '; в том же письме ссылка на эту страницу.' : ' и появится на этой странице.'}
        </Notice>
      )}
      <ErrorSummary errors={errors} />
      <Card title="Переписка" aside={<StateOf request={request} />}>
        <DefinitionList
          compact
          items={[
            { term: 'О чём', value: kind },
            { term: 'Страница', value: request.page, empty: 'не указана' },
          ]}
        />
        <Timeline items={talkOf(request, messages, false)} />
      </Card>
      <Card title={isWaiting(request.state) ? 'Дополнить вопрос' : 'Написать ещё'}>
        <Form action={`${path}/messages`} csrf={token} idempotencyKey={formKey} label="Сообщение в поддержку">
          <Field
            kind="text"
            rows={5}
            name="text"
            label="Сообщение"
            value={values.text}
            error={errorOf(errors, 'text')}
            required
            maxLength={10_000}
          />
          <Button icon="send">Отправить</Button>
        </Form>
      </Card>
      {request.state !== 'closed' && (
        <Form action={`${path}/close`} csrf={token} label="Закрыть вопрос">
          <Button kind="quiet" icon="x">
            Вопрос решён, закрыть
          </Button>
        </Form>
      )}
    </Stack>
  );
}

interface OwnRequestsProps {
  requests: readonly SupportRequest[];
  next: string | undefined;
}

export function OwnRequestsPage({ requests, next }: OwnRequestsProps) {
  return (
    <Stack>
      <PageTitle lead="Что вы спрашивали у тех, кто ведёт этот кабинет.">Мои вопросы в поддержку</PageTitle>
      <Table
        caption="Вопросы"
        captionHidden
        rows={requests}
        rowKey={(row) => row.requestId}
        empty={
          <EmptyState title="Вы ещё ничего не спрашивали" action={{ href: '/support', label: 'Написать в поддержку' }}>
            Ответ придёт на почту и появится здесь.
          </EmptyState>
        }
        columns={[
          {
            key: 'subject',
            title: 'Вопрос',
            heading: true,
            cell: (row) => (
              <a class="typed-text" href={`/support/${row.requestId}`}>
                {row.subject}
              </a>
            ),
          },
          { key: 'number', title: 'Номер', cell: (row) => row.number },
          { key: 'state', title: 'Состояние', cell: (row) => <StateOf request={row} /> },
          { key: 'at', title: 'Отправлен', cell: (row) => formatDateTime(row.createdAt, ZONE) },
        ]}
      />
      {requests.length > 0 && (
        <Actions>
          <ButtonLink href="/support">Новый вопрос</ButtonLink>
        </Actions>
      )}
      <Pager label="Страницы вопросов" next={next} />
    </Stack>
  );
}

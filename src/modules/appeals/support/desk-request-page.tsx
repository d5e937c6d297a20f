import type { Typed } from '../../../platform/http/forms.ts';
import type { PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import {
  Button,
  Card,
  Columns,
  DefinitionList,
  DoneNotice,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  formatDateTime,
  PageTitle,
  Stack,
  Timeline,
} from '../../../ui/index.ts';
import { fullName, type Person } from '../../identity/index.ts';
import { DESK } from './desk-path.ts';
import { Term } from './queue-page.tsx';
import type { SupportMessage, SupportRequest } from './request.ts';
import { ZONE } from './request.ts';
import { talkOf } from './request-page.tsx';

interface DeskRequestProps {
  request: SupportRequest;
  kind: string;
  messages: readonly SupportMessage[];
  performers: readonly Person[];
  templates: readonly { templateId: string; title: string }[];
  organisation: { id: string; name: string } | null;
  me: PersonId;
  today: Day;
  done: string;
  values: Typed;
  errors: readonly FieldError[];
  token: string;
  formKey: string;
  noteKey: string;
}

const DONE: Readonly<Record<string, string>> = {
  assign: 'Исполнитель назначен',
  answers: 'Ответ отправлен',
  notes: 'Заметка сохранена',
  close: 'Вопрос закрыт',
};

/** A question at the desk: all that was written, and what can be done. */
export function DeskRequestPage(props: DeskRequestProps) {
  const { request, messages, done, errors, token } = props;
  return (
    <Stack>
      <PageTitle kicker={`Вопрос № ${request.number}`} lead={<Term row={request} today={props.today} />}>
        {request.subject}
      </PageTitle>
      {errors.length === 0 && <DoneNotice words={DONE} done={done} />}
      <ErrorSummary errors={errors} />
      <Columns>
        <Stack>
          <Card title="Переписка">
            <Timeline items={talkOf(request, messages, true)} />
          </Card>
          <Answer {...props} />
          <Notes {...props} />
        </Stack>
        <Stack>
          <About {...props} />
          <Assign {...props} />
          {request.state === 'answered' && (
            <Form action={`${DESK}/${request.requestId}/close`} csrf={token} label="Закрыть вопрос">
              <Button kind="secondary" icon="check">
                Закрыть вопрос
              </Button>
            </Form>
          )}
        </Stack>
      </Columns>
    </Stack>
  );
}

const About = ({ request, kind, organisation }: DeskRequestProps) => (
  <Card title="Кто и о чём">
    <DefinitionList
      items={[
        { term: 'О чём', value: kind },
        { term: 'Имя', value: `${request.name}${request.byGuest ? ' (без входа)' : ''}`.trim() },
        { term: 'Почта', value: <a href={`mailto:${request.email}`}>{request.email}</a> },
        ...(organisation
          ? [{ term: 'От имени', value: <a href={`/organisations/${organisation.id}`}>{organisation.name}</a> }]
          : []),
        { term: 'Страница', value: request.page && <a href={request.page}>{request.page}</a>, empty: 'не указана' },
        { term: 'Поступил', value: formatDateTime(request.createdAt, ZONE) },
      ]}
    />
  </Card>
);

function Answer({ request, templates, values, errors, token, formKey }: DeskRequestProps) {
  const path = `${DESK}/${request.requestId}`;
  return (
    <Card title="Ответ" note="Уйдёт на почту и появится на странице вопроса" id="answer">
      {templates.length > 0 && (
        <form class="form" action={`${path}#answer`} method="get" aria-label="Шаблон ответа">
          <Field
            kind="choice"
            as="select"
            name="template"
            label="Шаблон"
            placeholder="Без шаблона"
            options={templates.map(({ templateId, title }) => ({ value: templateId, label: title }))}
          />
          <Button kind="secondary">Подставить</Button>
        </form>
      )}
      <Form action={`${path}/answers`} csrf={token} idempotencyKey={formKey} label="Ответ">
        <Field
          kind="text"
          rows={8}
          name="text"
          label="Текст ответа"
          value={values.text}
          error={errorOf(errors, 'text')}
          required
          maxLength={10_000}
        />
        <Button icon="send">Отправить ответ</Button>
      </Form>
    </Card>
  );
}

const Notes = ({ request, values, errors, token, noteKey }: DeskRequestProps) => (
  <Card title="Заметка для своих" note="Её не видит тот, кто спросил">
    <NoteForm path={`${DESK}/${request.requestId}/notes`} {...{ values, errors, token, noteKey }} />
  </Card>
);

function NoteForm({
  path,
  values,
  errors,
  token,
  noteKey,
}: Pick<DeskRequestProps, 'values' | 'errors' | 'token' | 'noteKey'> & { path: string }) {
  return (
    <Form action={path} csrf={token} idempotencyKey={noteKey} label="Заметка">
      <Field
        kind="text"
        rows={3}
        name="note"
        label="Заметка"
        value={values.note}
        error={errorOf(errors, 'note')}
        maxLength={10_000}
      />
      <Button kind="secondary">Сохранить заметку</Button>
    </Form>
  );
}

function Assign({ request, performers, me, errors, token }: DeskRequestProps) {
  const others = performers.filter(({ personId }) => personId !== me);
  return (
    <Card title="Исполнитель">
      <Form action={`${DESK}/${request.requestId}/assign`} csrf={token} label="Исполнитель">
        <Field
          kind="choice"
          as="select"
          name="performer"
          label="Кто отвечает"
          value={request.performerId === null || request.performerId === me ? 'me' : request.performerId}
          error={errorOf(errors, 'performer')}
          options={[
            { value: 'me', label: 'Я' },
            ...others.map((person) => ({ value: person.personId, label: fullName(person) })),
            ...(request.performerId ? [{ value: '', label: 'Никто' }] : []),
          ]}
        />
        <Button kind="secondary">Назначить</Button>
      </Form>
      {request.performerName && <p class="quiet">Сейчас: {request.performerName}</p>}
    </Card>
  );
}

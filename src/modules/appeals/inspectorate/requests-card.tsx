import {
  Button,
  Card,
  ErrorSummary,
  errorOf,
  Field,
  Form,
  formatDate,
  Notice,
  Status,
  Table,
  TypedText,
} from '../../../ui/index.ts';
import { isOpen, type Part } from '../appeal.ts';
import type { FilePageProps } from './file-page.tsx';
import { overseenPath } from './territory-query.ts';
import { Answers, PartStatus, type WholeProps } from './whole-file.tsx';

/** What the inspectorate has asked of organisations about this appeal, their answers, and a new request. */
export function RequestsCard(props: FilePageProps & { file: WholeProps }) {
  const { file, errors } = props;
  const requests = file.whole.parts.filter(({ kind }) => kind === 'request');
  return (
    <Card
      title="Запросы сведений"
      note="Их и ответы на них видят инспекция и организация, автор не видит"
      id="requests"
    >
      <ErrorSummary errors={errors} />
      {requests.length > 0 && (
        <>
          <Table
            caption="Запросы"
            captionHidden
            rows={requests}
            rowKey={({ partId }) => partId}
            columns={[
              { key: 'who', title: 'Кому', heading: true, cell: (part) => file.names.get(part.organisationId) },
              {
                key: 'text',
                title: 'О чём',
                prose: true,
                cell: (part) => (
                  <div class="desk-line">
                    <TypedText>{part.requestText}</TypedText>
                    {part.dueOn && <small class="quiet">Ответить до {formatDate(part.dueOn)}</small>}
                  </div>
                ),
              },
              { key: 'state', title: 'Состояние', cell: (part) => <RequestStatus part={part} /> },
            ]}
          />
          <Answers {...file} of="request" empty="На запросы пока не ответили." />
        </>
      )}
      {file.whole.appeal.state === 'withdrawn' ? (
        <Notice tone="info" title="Автор отозвал обращение">
          Запросить сведения по нему уже нельзя.
        </Notice>
      ) : (
        <NewRequest {...props} />
      )}
    </Card>
  );
}

const RequestStatus = ({ part }: { part: Part }) =>
  part.state === 'executed' ? (
    <Status tone="good">Ответ получен</Status>
  ) : isOpen(part.state) && !part.overdueAt ? (
    <Status tone="waiting">Ждём ответа</Status>
  ) : (
    <PartStatus part={part} />
  );

function NewRequest({ overseen, candidates, find, foundNothing, sent, errors, token, formKey }: FilePageProps) {
  const { appeal } = overseen.whole;
  return (
    <>
      <Form action={`${overseenPath(appeal)}#requests`} method="get" label="Найти организацию">
        <Field
          kind="text"
          type="search"
          name="find"
          label="Нет нужной организации в списке ниже? Найдите её"
          hint={foundNothing ? 'Ничего не нашлось: проверьте название или номер' : 'Название, ИНН или ОГРН'}
          value={find}
        />
        <Button kind="secondary" icon="search">
          Найти
        </Button>
      </Form>
      <Form action={overseenPath(appeal, 'requests')} csrf={token} idempotencyKey={formKey} label="Новый запрос">
        <Field
          kind="choice"
          as="select"
          name="organisationId"
          label="У кого запросить"
          placeholder="Выберите организацию"
          value={sent.organisationId ?? (find ? candidates[0]?.value : undefined)}
          error={errorOf(errors, 'organisationId')}
          options={candidates}
          required
        />
        <Field
          kind="text"
          rows={4}
          name="text"
          label="Какие сведения нужны"
          value={sent.text}
          error={errorOf(errors, 'text')}
          maxLength={4000}
          required
        />
        <Field
          kind="date"
          name="dueOn"
          label="К какому дню"
          value={sent.dueOn}
          error={errorOf(errors, 'dueOn')}
          required
        />
        <Button icon="send">Отправить запрос</Button>
      </Form>
    </>
  );
}

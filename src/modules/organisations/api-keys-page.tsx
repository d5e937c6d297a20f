import type { Typed } from '../../platform/http/forms.ts';
import {
  Button,
  ButtonLink,
  Card,
  type Column,
  Copy,
  counted,
  DialogPage,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  formatDate,
  formatDateTime,
  Notice,
  PageTitle,
  Stack,
  Status,
  type StatusTone,
  Table,
} from '../../ui/index.ts';
import type { ApiKey, KeyState } from './api-keys.ts';
import { TERMS } from './api-keys.ts';

const ZONE = 'Europe/Moscow';
const TERM_LABELS: Readonly<Record<(typeof TERMS)[number], string>> = {
  30: '30 дней',
  90: '90 дней',
  365: 'Год',
};
const STATES: Readonly<Record<KeyState, readonly [StatusTone, string]>> = {
  works: ['good', 'Действует'],
  expired: ['neutral', 'Срок кончился'],
  revoked: ['neutral', 'Отозван'],
  unanswered: ['warn', 'Не действует: выпустивший его больше не руководит'],
};

interface ApiKeysProps {
  keys: readonly ApiKey[];
  /** Just made, shown this once. `sent twice`: it went with the answer before. */
  made: { token: string } | 'sent twice' | null;
  revoked: boolean;
  values: Typed;
  errors: readonly FieldError[];
  csrf: string;
  formKey: string;
}

/** «Ключи для программ». */
export function ApiKeysPage({ keys, made, revoked, values, errors, csrf, formKey }: ApiKeysProps) {
  const working = keys.filter(({ state }) => state === 'works').length;
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle
        lead="По ключу программа организации сама передаёт и забирает показания и приборы учёта."
        actions={
          <ButtonLink kind="secondary" href="/api/v1/openapi.json">
            Описание для программистов
          </ButtonLink>
        }
      >
        Ключи для программ
      </PageTitle>
      {made && made !== 'sent twice' && <Token token={made.token} />}
      {made === 'sent twice' && (
        <Notice tone="warn" announce title="Ключ уже выпущен">
          Он был показан один раз. Если вы не успели его сохранить, отзовите его и выпустите новый.
        </Notice>
      )}
      {revoked && (
        <Notice tone="good" announce title="Ключ отозван">
          Программа с этим ключом больше ничего не сделает.
        </Notice>
      )}
      {keys.length > 0 && (
        <Card title="Выпущенные ключи" note={`Действует ${counted(working, ['ключ', 'ключа', 'ключей'])}`}>
          <Table
            caption="Выпущенные ключи"
            captionHidden
            columns={COLUMNS}
            rows={keys}
            rowKey={(key) => key.keyId}
            empty={<EmptyState title="Ключей ещё нет" />}
          />
        </Card>
      )}
      <NewKey {...{ values, errors, csrf, formKey }} />
    </Stack>
  );
}

const COLUMNS: readonly Column<ApiKey>[] = [
  { key: 'name', title: 'Название', heading: true, cell: ({ name }) => name },
  {
    key: 'state',
    title: 'Состояние',
    cell: ({ state }) => <Status tone={STATES[state][0]}>{STATES[state][1]}</Status>,
  },
  { key: 'made', title: 'Выпущен', cell: ({ madeAt }) => formatDate(madeAt, ZONE) },
  {
    key: 'until',
    title: 'Действует до',
    cell: ({ expiresAt }) => (expiresAt ? formatDate(expiresAt, ZONE) : 'без срока'),
  },
  {
    key: 'used',
    title: 'Последний вызов',
    cell: ({ lastUsedAt }) => (lastUsedAt ? formatDateTime(lastUsedAt, ZONE) : 'ещё не было'),
  },
  {
    key: 'revoke',
    title: 'Действие',
    cell: ({ keyId, name, state }) =>
      state === 'works' || state === 'unanswered' ? (
        <a href={`/work/api-keys/${keyId}`}>
          Отозвать<span class="visually-hidden"> ключ «{name}»</span>
        </a>
      ) : (
        '—'
      ),
  },
];

const Token = ({ token }: { token: string }) => (
  <Notice tone="good" announce title="Ключ выпущен: сохраните его сейчас">
    <p>Показываем один раз: у нас хранится только его отпечаток. Передайте его тому, кто настраивает программу.</p>
    <Copy text={token} shown={token} what="ключ" long />
  </Notice>
);

function NewKey({ values, errors, csrf, formKey }: Pick<ApiKeysProps, 'values' | 'errors' | 'csrf' | 'formKey'>) {
  return (
    <Card title="Выпустить ключ" note="Ключ действует от имени организации, пока вы ею руководите">
      <Form action="/work/api-keys" csrf={csrf} idempotencyKey={formKey} marksRequired label="Новый ключ">
        <Field
          kind="text"
          name="name"
          label="Название"
          required
          maxLength={100}
          hint="Какая программа и где стоит, например «1С на сервере бухгалтерии»"
          value={values.name}
          error={errorOf(errors, 'name')}
        />
        <Field
          kind="choice"
          as="radio"
          name="term"
          label="Срок"
          required
          options={TERMS.map((value) => ({ value, label: TERM_LABELS[value] }))}
          value={values.term ?? '365'}
          error={errorOf(errors, 'term')}
        />
        <Button>Выпустить ключ</Button>
      </Form>
    </Card>
  );
}

/** Asks before a key stops for good. */
export function RevokePage({ name, keyId, csrf }: { name: string; keyId: string; csrf: string }) {
  return (
    <DialogPage title={`Отозвать ключ «${name}»?`}>
      <p>Программа с этим ключом сразу перестанет работать. Вернуть отозванный ключ нельзя, можно выпустить новый.</p>
      <Form action={`/work/api-keys/${keyId}/revoke`} csrf={csrf} label="Отозвать ключ">
        <Button kind="danger">Отозвать ключ</Button>
      </Form>
      <ButtonLink kind="quiet" href="/work/api-keys">
        Оставить
      </ButtonLink>
    </DialogPage>
  );
}

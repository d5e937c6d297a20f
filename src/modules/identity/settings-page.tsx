import type { SessionId } from '../../platform/ids.ts';
import {
  Button,
  Card,
  DefinitionList,
  Form,
  formatDateTime,
  formatPhone,
  Notice,
  PageTitle,
  Stack,
  Table,
} from '../../ui/index.ts';
import { fullName, missingForConfirmed, type Person } from './identity.ts';

const ZONE = 'Europe/Moscow';

interface SettingsProps {
  token: string;
  person: Person;
  current: SessionId;
  sessions: readonly { sessionId: SessionId; createdAt: Date; seenAt: Date; userAgent: string }[];
  acceptances: readonly { title: string; version: number; acceptedAt: Date; organisationId: string | null }[];
}

export function SettingsPage({ token, person, current, sessions, acceptances }: SettingsProps) {
  return (
    <Stack>
      <PageTitle lead="Имя, СНИЛС и почту передаёт сервис входа. Чтобы их изменить, исправьте их там и войдите заново.">
        Настройки
      </PageTitle>
      <ConfirmationNotice person={person} />
      <Card title="Кто вы">
        <DefinitionList
          items={[
            { term: 'Фамилия, имя, отчество', value: fullName(person) },
            {
              term: 'СНИЛС',
              value: person.snils ? `***-***-${person.snils.slice(6, 9)} ${person.snils.slice(9)}` : null,
            },
            { term: 'Электронная почта', value: person.email },
            { term: 'Телефон', value: person.phone && formatPhone(person.phone) },
          ]}
        />
      </Card>
      <Card
        title="Где выполнен вход"
        note="Если вы не узнаёте устройство, выйдите на остальных и смените пароль в сервисе входа."
      >
        <Table
          caption="Устройства"
          captionHidden
          rows={sessions}
          rowKey={(row) => row.sessionId}
          columns={[
            { key: 'device', title: 'Устройство', heading: true, cell: (row) => deviceOf(row.userAgent) },
            { key: 'since', title: 'Вход', cell: (row) => formatDateTime(row.createdAt, ZONE) },
            {
              key: 'seen',
              title: 'Последнее действие',
              cell: (row) => (row.sessionId === current ? 'это устройство' : formatDateTime(row.seenAt, ZONE)),
            },
          ]}
        />
        {sessions.length > 1 && (
          <Form action="/settings/end-sessions" csrf={token}>
            <Button kind="secondary">Выйти на остальных устройствах</Button>
          </Form>
        )}
      </Card>
      <Card title="Что вы приняли">
        <Table
          caption="Принятые документы"
          captionHidden
          rows={acceptances}
          rowKey={(row) => `${row.title}${row.version}${row.organisationId}${row.acceptedAt.getTime()}`}
          columns={[
            { key: 'title', title: 'Документ', heading: true, cell: (row) => `${row.title}, редакция ${row.version}` },
            {
              key: 'for',
              title: 'От чьего имени',
              cell: (row) => (row.organisationId ? 'организации' : 'собственного'),
            },
            { key: 'at', title: 'Когда', cell: (row) => formatDateTime(row.acceptedAt, ZONE) },
          ]}
        />
      </Card>
    </Stack>
  );
}

/** Tells an unconfirmed account what is missing (S-LOGIN-1); nothing for a confirmed one. */
export function ConfirmationNotice({ person }: { person: Person }) {
  const missing = missingForConfirmed(person);
  if (missing.length === 0) return null;
  return (
    <Notice tone="warn" title="Ваша учётная запись не подтверждена">
      <p>Подключать лицевые счета можно с подтверждённой записью. Осталось:</p>
      <ul>
        {missing.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ul>
      <p>После этого выйдите и войдите снова. Оплатить любой счёт по реквизитам можно уже сейчас.</p>
    </Notice>
  );
}

const KNOWN: readonly [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iPhone или iPad'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'Mac'],
  [/Linux/, 'Linux'],
];
const BROWSERS: readonly [RegExp, string][] = [
  [/YaBrowser/, 'Яндекс Браузер'],
  [/Edg\//, 'Edge'],
  [/Firefox/, 'Firefox'],
  [/Chrome/, 'Chrome'],
  [/Safari/, 'Safari'],
];
const named = (list: readonly [RegExp, string][], text: string) => list.find(([pattern]) => pattern.test(text))?.[1];
const deviceOf = (userAgent: string): string =>
  [named(BROWSERS, userAgent), named(KNOWN, userAgent)].filter(Boolean).join(', ') || 'Неизвестное устройство';

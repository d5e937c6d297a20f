import type { SessionId } from '../../platform/ids.ts';
import {
  ActionCard,
  Button,
  Card,
  CardGrid,
  DefinitionList,
  deviceName,
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

export interface OpenSession {
  sessionId: SessionId;
  createdAt: Date;
  seenAt: Date;
  userAgent: string;
  network: string;
}

interface SettingsProps {
  token: string;
  person: Person;
  current: SessionId;
  sessions: readonly OpenSession[];
  /** What the form just sent has done. */
  said: string | null;
}

export function SettingsPage({ token, person, current, sessions, said }: SettingsProps) {
  return (
    <Stack>
      <PageTitle lead="Имя, СНИЛС и почту передаёт сервис входа. Чтобы их изменить, исправьте их там и войдите заново.">
        Настройки
      </PageTitle>
      {said && <Notice tone="good" announce title={said} />}
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
      <Ways />
      <Sessions {...{ token, current, sessions }} />
    </Stack>
  );
}

/** The pages of settings. */
const Ways = () => (
  <CardGrid label="Ваши данные и уведомления">
    <ActionCard href="/settings/notices" title="Уведомления" icon="bell" text="О чём и куда писать вам" />
    <ActionCard
      href="/settings/views"
      title="Кто смотрел мои данные"
      icon="eye"
      text="Кто, из какой организации, что, когда и для чего"
    />
    <ActionCard href="/settings/consents" title="Согласия" icon="check" text="Что вы приняли и как отозвать" />
    <ActionCard
      href="/settings/export"
      title="Все мои данные"
      icon="download"
      text="Один архив: таблицы для программ, страница для чтения и файлы"
    />
    <ActionCard
      href="/settings/delete"
      title="Удалить мои данные"
      icon="trash-2"
      text="Что удаляется, что остаётся и почему"
    />
  </CardGrid>
);

function Sessions({ token, current, sessions }: Pick<SettingsProps, 'token' | 'current' | 'sessions'>) {
  return (
    <Card
      title="Где выполнен вход"
      id="sessions"
      note="Не узнаёте устройство — завершите вход на нём и смените пароль в сервисе входа. Время московское."
    >
      <Table
        caption="Устройства"
        captionHidden
        rows={sessions}
        rowKey={(row) => row.sessionId}
        columns={[
          { key: 'device', title: 'Устройство', heading: true, cell: (row) => deviceName(row.userAgent) },
          { key: 'network', title: 'Сеть', cell: (row) => row.network || 'не записана' },
          { key: 'since', title: 'Вход', cell: (row) => formatDateTime(row.createdAt, ZONE) },
          { key: 'seen', title: 'Последнее действие', cell: (row) => formatDateTime(row.seenAt, ZONE) },
          {
            key: 'end',
            title: 'Завершить',
            cell: (row) =>
              row.sessionId === current ? (
                'это устройство'
              ) : (
                <Form
                  action={`/settings/sessions/${row.sessionId}/end`}
                  csrf={token}
                  label={`Вход: ${deviceName(row.userAgent)}, ${formatDateTime(row.createdAt, ZONE)}`}
                >
                  <Button kind="secondary">Выйти</Button>
                </Form>
              ),
          },
        ]}
      />
      {sessions.length > 1 && (
        <Form action="/settings/end-sessions" csrf={token} label="Все остальные устройства">
          <Button kind="secondary">Выйти на остальных устройствах</Button>
        </Form>
      )}
    </Card>
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

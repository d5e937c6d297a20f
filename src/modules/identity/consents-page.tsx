import type { OrganisationId } from '../../platform/ids.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  counted,
  EmptyState,
  Form,
  formatDateTime,
  Notice,
  PageTitle,
  Stack,
  Status,
  Table,
} from '../../ui/index.ts';
import type { Capacity } from './identity.ts';
import type { Consent } from './queries/consents.ts';

const ZONE = 'Europe/Moscow';
const WAYS: Readonly<Record<string, string>> = { 'first entry': 'при входе' };

interface ConsentsPageProps {
  consents: readonly Consent[];
  names: ReadonlyMap<OrganisationId, string>;
  /** Capacities in which a consent is in force. */
  capacities: readonly Capacity[];
}

const onBehalf = (names: ConsentsPageProps['names'], capacity: Capacity): string =>
  capacity === null ? 'От собственного имени' : `От имени: ${names.get(capacity) ?? 'организации'}`;

export function ConsentsPage({ consents, names, capacities }: ConsentsPageProps) {
  return (
    <Stack>
      <PageTitle lead="Что вы приняли, когда и от чьего имени. Записи не меняются: отзыв добавляется к ним.">
        Согласия
      </PageTitle>
      {capacities.length > 0 && (
        <Card
          title="Действующие согласия на обработку данных"
          note="Соглашение и согласие целиком: внизу любой страницы."
        >
          <ul>
            {capacities.map((capacity) => (
              <li key={capacity}>
                {onBehalf(names, capacity)}.{' '}
                <a href={`/settings/consents/withdraw${capacity ? `?capacity=${capacity}` : ''}`}>Отозвать</a>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Table
        caption="История согласий"
        rows={consents}
        rowKey={({ id }) => id}
        empty={<EmptyState title="Вы ещё ничего не принимали">Документы предложим при первом входе.</EmptyState>}
        columns={[
          {
            key: 'what',
            title: 'Документ',
            heading: true,
            cell: ({ what, title, version }) =>
              what === 'accepted' ? `${title}, редакция ${version}` : 'Согласие на обработку персональных данных',
          },
          {
            key: 'state',
            title: 'Что сделано',
            cell: ({ what, way }) =>
              what === 'accepted' ? (
                <Status tone="good">Принято {WAYS[way] ?? ''}</Status>
              ) : (
                <Status tone="neutral">Отозвано</Status>
              ),
          },
          { key: 'at', title: 'Когда', cell: ({ at }) => formatDateTime(at, ZONE) },
          { key: 'for', title: 'От чьего имени', cell: ({ organisationId }) => onBehalf(names, organisationId) },
        ]}
      />
    </Stack>
  );
}

interface WithdrawPageProps {
  capacity: Capacity;
  organisation: string | null;
  days: number;
  token: string;
}

export function WithdrawPage({ capacity, organisation, days, token }: WithdrawPageProps) {
  const hidden: Record<string, string> = capacity ? { capacity } : {};
  return (
    <Stack>
      <PageTitle lead={capacity ? `Согласие, данное от имени: ${organisation ?? 'организации'}.` : undefined}>
        Отозвать согласие?
      </PageTitle>
      {capacity ? (
        <Notice tone="warn" title="Вы перестанете действовать от имени организации">
          Чтобы действовать снова, согласие придётся принять заново. Личный кабинет останется открытым.
        </Notice>
      ) : (
        <Notice tone="warn" title="Кабинет закроется для вас сразу">
          <ul>
            <li>Все входы завершатся. Счета, обращения и платежи станут недоступны, письма приходить не будут.</li>
            <li>
              Через {counted(days, ['день', 'дня', 'дней'])} мы удалим ваши данные, кроме тех, которые закон обязывает
              хранить: <a href="/settings/delete">что удаляется и что остаётся</a>.
            </li>
            <li>До этого дня можно вернуться: войдите и примите согласие снова.</li>
            <li>Начисления и долги от этого не исчезнут: их ведут организации.</li>
          </ul>
        </Notice>
      )}
      <Form action="/settings/consents/withdraw" csrf={token} hidden={hidden} label="Отзыв согласия">
        <Actions>
          <Button kind="danger">Отозвать согласие</Button>
          <ButtonLink kind="secondary" href="/settings/consents">
            Не отзывать
          </ButtonLink>
        </Actions>
      </Form>
    </Stack>
  );
}

import type { LinkId } from '../../platform/ids.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  Copy,
  counted,
  DefinitionList,
  EmptyState,
  Field,
  Form,
  formatDate,
  Notice,
  PageTitle,
  Stack,
  Status,
  withFullStop,
} from '../../ui/index.ts';
import type { LinkView } from './read-links.ts';

const STATES = {
  connected: { tone: 'good', label: 'Подключён' },
  pending: { tone: 'waiting', label: 'Ждёт ответа организации' },
  refused: { tone: 'danger', label: 'Отказано' },
  removed: { tone: 'neutral', label: 'Отключён' },
  shared: { tone: 'info', label: 'Доступ от другого' },
  suspended: { tone: 'warn', label: 'Приостановлен' },
} as const;

/** What the day of the last change was. */
const CHANGED = {
  connected: 'Подключён',
  pending: 'Заявка отправлена',
  refused: 'Отказано',
  removed: 'Отключён',
  shared: 'Доступ открыт',
  suspended: 'Приостановлен',
} as const;

const ENDING: Partial<Record<LinkView['state'], string>> = {
  pending: 'Отозвать заявку',
  shared: 'Отказаться от доступа',
};

interface LinksPageProps {
  links: readonly LinkView[];
  /** How many people each account is shared with, the invited among them. */
  shares: ReadonlyMap<LinkId, number>;
  token: string;
}

/** What the person has to do something about comes first. */
const isTrouble = ({ state, appeal }: LinkView): boolean => state === 'suspended' || appeal !== null;
const troubleFirst = (a: LinkView, b: LinkView): number => Number(isTrouble(b)) - Number(isTrouble(a));

export function LinksPage({ links, shares, token }: LinksPageProps) {
  return (
    <Stack>
      <PageTitle
        lead={links.length > 0 ? 'Квитанции и долги этих счетов собраны на главной странице.' : undefined}
        actions={links.length > 0 && <ButtonLink href="/accounts/connect">Подключить лицевой счёт</ButtonLink>}
      >
        Подключённые лицевые счета
      </PageTitle>
      {links.length === 0 && (
        <EmptyState
          title="Пока не подключено ни одного счёта"
          action={{ href: '/accounts/connect', label: 'Подключить лицевой счёт' }}
        >
          Нужен любой номер из квитанции. Если плательщик вы, это займёт меньше минуты.
        </EmptyState>
      )}
      {[...links].sort(troubleFirst).map((link) => (
        <LinkCard key={link.linkId} link={link} shares={shares.get(link.linkId) ?? 0} token={token} />
      ))}
      <p>
        Вам дали код доступа к чужому счёту? <a href="/accounts/shared">Введите его здесь</a>.
      </p>
    </Stack>
  );
}

/** When the answer comes; when it has not come, the appeal about it in one click. */
function Waiting({ link, claim }: { link: LinkView; claim: NonNullable<LinkView['claim']> }) {
  if (!link.appeal)
    return (
      <p>
        {`Организация ответит не позже ${formatDate(claim.dueOn)} `}
        <a href="/why/account">Что делать, если не ответит</a>
      </p>
    );
  return (
    <Notice tone="warn" title="Заявка просрочена">
      <p>{`Ответить должны были до ${formatDate(claim.dueOn)} Заявка остаётся в очереди организации.`}</p>
      <ButtonLink href={link.appeal} icon="send">
        Написать обращение об этом
      </ButtonLink>
    </Notice>
  );
}

function LinkCard({ link, shares, token }: { link: LinkView; shares: number; token: string }) {
  const state = STATES[link.state];
  return (
    <Card
      title={link.title || `${link.words}, ${link.address}`}
      note={link.title ? `${link.words}, ${link.address}` : undefined}
      aside={<Status tone={state.tone}>{state.label}</Status>}
    >
      {link.state === 'refused' && (
        <Notice tone="warn" title="Организация отказала">
          {withFullStop(link.refusal ?? '')} Исправьте это и подключите счёт ещё раз или позвоните в организацию.
        </Notice>
      )}
      {link.claim && <Waiting link={link} claim={link.claim} />}
      {link.sharedBy && <p>Доступ даёт {link.sharedBy}. Владелец видит, что и когда вы делали с этим счётом.</p>}
      {link.state === 'suspended' && (
        <Notice tone="warn" title="Доступ приостановлен">
          {withFullStop(link.refusal ?? '')} Квитанции до смены плательщика остаются на странице{' '}
          <a href="/bills">«Квитанции»</a>. Если плательщик по-прежнему вы, подтвердите счёт ещё раз: кодом, заявкой или
          по сумме новой квитанции.
        </Notice>
      )}
      {link.closed && (
        <Notice title="Счёт закрыт организацией">Новых начислений по нему не будет. История сохраняется.</Notice>
      )}
      <DefinitionList
        items={[
          { term: 'Организация', value: <a href={`/organisations/${link.providerId}`}>{link.provider}</a> },
          { term: 'Лицевой счёт', value: <Copy text={link.number} what="номер лицевого счёта" shown={link.number} /> },
          ...(link.els ? [{ term: 'ЕЛС', value: <Copy text={link.els} what="ЕЛС" shown={link.els} /> }] : []),
          ...(link.serviceId
            ? [
                {
                  term: 'Идентификатор ЖКУ',
                  value: <Copy text={link.serviceId} what="идентификатор ЖКУ" shown={link.serviceId} />,
                },
              ]
            : []),
          { term: CHANGED[link.state], value: formatDate(link.changedAt, 'Europe/Moscow') },
        ]}
      />
      {link.state === 'connected' && (
        <Actions>
          <ButtonLink kind="secondary" href={`/accounts/${link.linkId}/share`}>
            {shares > 0 ? `Доступ: ${counted(shares, ['человек', 'человека', 'человек'])}` : 'Открыть доступ другому'}
          </ButtonLink>
        </Actions>
      )}
      {(link.state === 'connected' || link.state === 'shared') && (
        <details>
          <summary>Переименовать</summary>
          <Form action={`/accounts/${link.linkId}/rename`} csrf={token}>
            <Field
              kind="text"
              name="title"
              label="Своё название"
              maxLength={60}
              hint="Например, «Квартира мамы». Пустое поле вернёт адрес."
              value={link.title}
            />
            <Button kind="secondary">Сохранить название</Button>
          </Form>
        </details>
      )}
      {link.state === 'refused' || link.state === 'suspended' ? (
        <Actions>
          <ButtonLink
            kind="secondary"
            href={`/accounts/connect?number=${encodeURIComponent(link.number)}&provider=${encodeURIComponent(link.provider)}`}
          >
            Подключить ещё раз
          </ButtonLink>
          {link.state === 'refused' && (
            <ButtonLink kind="quiet" href={`/accounts/${link.linkId}/disconnect`}>
              Убрать из списка
            </ButtonLink>
          )}
        </Actions>
      ) : (
        <Actions>
          <ButtonLink kind="quiet" href={`/accounts/${link.linkId}/disconnect`}>
            {ENDING[link.state] ?? 'Отключить'}
          </ButtonLink>
        </Actions>
      )}
    </Card>
  );
}

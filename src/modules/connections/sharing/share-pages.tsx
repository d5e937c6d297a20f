import type { Typed } from '../../../platform/http/forms.ts';
import type { LinkId } from '../../../platform/ids.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  Copy,
  counted,
  DefinitionList,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  FieldGroup,
  Form,
  formatDate,
  formatDateTime,
  formatNumericDate,
  Pager,
  PageTitle,
  plural,
  Stack,
  Status,
  Table,
} from '../../../ui/index.ts';
import {
  type InvitationId,
  rightsInWords,
  SHARE_RIGHT_NAMES,
  SHARE_RIGHTS,
  SHARE_USES,
  type ShareRight,
} from '../../accounts/index.ts';
import type { Share, UseOfShare } from '../queries/shares.ts';
import type { LinkView } from '../read-links.ts';
import { PROVED_BY, type ProvedBy } from '../tell-person.ts';
import type { Offer } from './accept-share.ts';
import { isLive } from './end-share.ts';

const ZONE = 'Europe/Moscow';
const STATES = {
  invited: { tone: 'waiting', label: 'Приглашение не принято' },
  accepted: { tone: 'good', label: 'Доступ открыт' },
  revoked: { tone: 'neutral', label: 'Закрыт вами' },
  declined: { tone: 'neutral', label: 'Отказался(лась)' },
  ended: { tone: 'neutral', label: 'Закончился' },
} as const;

const untilWords = (until: string | null): string =>
  until ? `до ${formatDate(until)} включительно` : 'пока не закроете';

/** «See» is in every share. */
export const MORE_RIGHTS = SHARE_RIGHT_NAMES.filter((right) => right !== 'see');
/** Of equal names a form brings the first alone: each right has a box of its own name. */
export const rightField = (right: ShareRight): string => `right_${right}`;

/** The box of another account that is opened by the same invitation. */
export const linkField = (linkId: LinkId): string => `link_${linkId}`;

interface SharesPageProps {
  link: LinkView;
  /** The owner's other accounts: they can be opened together with this one. */
  others: readonly LinkView[];
  /** People who have connected the account themselves: since when and by what, not who. */
  connected: readonly { proof: string; connectedAt: Date | null }[];
  /** How many accounts an invitation of the list opens still, this one among them. */
  together: ReadonlyMap<InvitationId, number>;
  shares: readonly Share[];
  uses: readonly UseOfShare[];
  /** Of the next page of the log. */
  older: string | null;
  errors: readonly FieldError[];
  sent: Typed;
  token: string;
  /** Of the form: a double click invites once. */
  formKey: string;
}

/** Who may use an account beside its owner, and what they did. */
export function SharesPage({
  link,
  others,
  together,
  connected,
  shares,
  uses,
  older,
  errors,
  sent,
  token,
  formKey,
}: SharesPageProps) {
  const names = new Map(shares.map((share) => [share.share_id, share.helper_name ?? share.invited_as]));
  const live = shares.filter(isLive);
  const over = shares.filter((share) => !live.includes(share));
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle
        kicker={`Лицевой счёт ${link.number}`}
        lead="Родственник, наниматель или помощник увидит счёт в своём кабинете. Ваш пароль для этого не нужен."
      >
        Доступ к счёту
      </PageTitle>
      {connected.length > 0 && <Connected connected={connected} />}
      {live.length === 0 && (
        <EmptyState
          title={connected.length > 0 ? 'Больше никому доступ не открыт' : 'Доступа нет ни у кого, кроме вас'}
        >
          Пригласите человека ниже.
        </EmptyState>
      )}
      {live.map((share) => (
        <ShareCard
          key={share.share_id}
          share={share}
          accounts={together.get(share.invitation_id) ?? 1}
          linkId={link.linkId}
          token={token}
        />
      ))}
      <InviteForm {...{ link, others, errors, sent, token, formKey }} />
      <Card
        title="Что делали с вашим счётом"
        note="Повторы за день стоят одной строкой. Человек знает, что вы это видите."
      >
        <Table
          caption="Что делали с вашим счётом"
          captionHidden
          rows={uses}
          rowKey={(use) => `${use.day} ${use.shareId} ${use.kind} ${use.thingId}`}
          empty={
            <EmptyState title="Пока ничего">Здесь появится, кто, когда и что смотрел, передал или оплатил.</EmptyState>
          }
          columns={[
            { key: 'who', title: 'Кто', heading: true, cell: (use) => names.get(use.shareId) ?? '' },
            { key: 'what', title: 'Что', cell: (use) => [SHARE_USES[use.kind], use.what].filter(Boolean).join(': ') },
            { key: 'when', title: 'Когда', cell: (use) => formatDateTime(use.lastAt, ZONE) },
            { key: 'times', title: 'Раз за день', numeric: true, cell: (use) => use.times },
          ]}
        />
        {older && <Pager label="Страницы журнала" next={older} />}
      </Card>
      {over.length > 0 && (
        <details>
          <summary>Закрытые доступы</summary>
          <ul>
            {over.map((share) => (
              <li key={share.share_id}>
                {share.helper_name ?? share.invited_as}: {rightsInWords(share.rights)}. {STATES[share.state].label}
                {share.ended_at && ` ${formatNumericDate(share.ended_at, ZONE)}`}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Stack>
  );
}

const endWords = ({ state }: Share): string => (state === 'invited' ? 'Отозвать приглашение' : 'Закрыть доступ');

/** They were not let in by this person, and are not theirs to put out. */
const Connected = ({ connected }: Pick<SharesPageProps, 'connected'>) => (
  <Card
    title={`${plural(connected.length, ['Счёт подключил', 'Счёт подключили', 'Счёт подключили'])} ещё ${counted(connected.length, ['человек', 'человека', 'человек'])}`}
    note="Без вашего приглашения: они видят те же квитанции, могут платить и передавать показания."
  >
    <ul>
      {connected.map(({ proof, connectedAt }) => (
        <li>
          {connectedAt && `С ${formatDate(connectedAt, ZONE)}: `}
          {PROVED_BY[proof as ProvedBy]}
        </li>
      ))}
    </ul>
    <p>
      Если вы не знаете, кто это, позвоните в организацию или <a href="/support">напишите в поддержку</a>.
    </p>
  </Card>
);

function ShareCard({
  share,
  accounts,
  linkId,
  token,
}: {
  share: Share;
  accounts: number;
  linkId: string;
  token: string;
}) {
  const state = STATES[share.state];
  return (
    <Card
      title={share.helper_name ?? share.invited_as}
      note={share.helper_name ? `Вы назвали: ${share.invited_as}` : undefined}
      aside={<Status tone={state.tone}>{state.label}</Status>}
    >
      <DefinitionList
        items={[
          { term: 'Что можно', value: rightsInWords(share.rights) },
          { term: 'Сколько', value: untilWords(share.until) },
          ...(accounts > 1
            ? [{ term: 'Этим приглашением', value: counted(accounts, ['счёт', 'счёта', 'счетов']) }]
            : []),
          ...(share.email ? [{ term: 'Приглашение отправлено на', value: share.email }] : []),
          share.accepted_at
            ? { term: 'Принято', value: formatDate(share.accepted_at, ZONE) }
            : { term: 'Приглашение действует', value: `до ${formatDate(share.expires_at, ZONE)}` },
        ]}
      />
      <Form action={`/accounts/${linkId}/share/${share.share_id}/revoke`} csrf={token}>
        <Actions>
          <Button kind="secondary">
            {endWords(share)}
            {accounts > 1 && ' к этому счёту'}
          </Button>
          {accounts > 1 && (
            <Button kind="secondary" name="whole" value="1">
              {`${endWords(share)} ко всем счетам (${accounts})`}
            </Button>
          )}
        </Actions>
      </Form>
    </Card>
  );
}

function InviteForm({
  link,
  others,
  errors,
  sent,
  token,
  formKey,
}: Pick<SharesPageProps, 'link' | 'others' | 'errors' | 'sent' | 'token' | 'formKey'>) {
  return (
    <Card title="Пригласить" note="СНИЛС, ЕЛС и идентификатор ЖКУ приглашённый не увидит и доступ никому не передаст.">
      <Form action={`/accounts/${link.linkId}/share`} csrf={token} idempotencyKey={formKey} marksRequired>
        <Field
          kind="text"
          name="invitedAs"
          label="Кого вы приглашаете"
          hint="Для вас: «Дочь Ольга», «Соседка»"
          maxLength={60}
          required
          value={sent.invitedAs}
          error={errorOf(errors, 'invitedAs')}
        />
        {others.length > 0 && (
          <FieldGroup legend="Какие ещё счета открыть вместе с этим">
            {others.map((one) => (
              <Field
                key={one.linkId}
                kind="choice"
                as="checkbox"
                name={linkField(one.linkId)}
                label={one.provider}
                value={sent[linkField(one.linkId)]}
                options={[
                  {
                    value: '1',
                    label: `${one.provider}, счёт ${one.number}`,
                    hint: [one.title, one.address].filter(Boolean).join(', '),
                  },
                ]}
              />
            ))}
          </FieldGroup>
        )}
        <p>{`Смотреть можно всегда: ${SHARE_RIGHTS.see.gives.toLowerCase()}.`}</p>
        <FieldGroup legend="Что ещё можно">
          {MORE_RIGHTS.map((right) => (
            <Field
              key={right}
              kind="choice"
              as="checkbox"
              name={rightField(right)}
              label={capitalised(SHARE_RIGHTS[right].words)}
              value={sent[rightField(right)]}
              options={[{ value: '1', label: capitalised(SHARE_RIGHTS[right].words), hint: SHARE_RIGHTS[right].gives }]}
            />
          ))}
        </FieldGroup>
        <Field
          kind="date"
          name="until"
          label="До какого дня"
          hint="День включительно. Пустое поле: пока вы не закроете доступ."
          value={sent.until}
          error={errorOf(errors, 'until')}
        />
        <Field
          kind="text"
          type="email"
          name="email"
          label="Электронная почта приглашённого"
          hint="Туда уйдёт одноразовая ссылка. Оставьте пустым, чтобы получить код и передать его самому."
          value={sent.email}
          error={errorOf(errors, 'email')}
        />
        <Button>Пригласить</Button>
      </Form>
    </Card>
  );
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function ShareCodePage({
  code,
  expiresAt,
  linkId,
  publicUrl,
}: {
  code: string;
  expiresAt: Date;
  linkId: string;
  publicUrl: string;
}) {
  return (
    <Stack>
      <PageTitle lead="Передайте код человеку сами: на других страницах его нет.">Код доступа к счёту</PageTitle>
      <Card title="Одноразовый код">
        <DefinitionList
          items={[
            { term: 'Код', value: <Copy text={code} what="код доступа" shown={code} /> },
            { term: 'Действует до', value: formatDate(expiresAt, ZONE) },
            { term: 'Где ввести', value: `${publicUrl}/accounts/shared` },
          ]}
        />
      </Card>
      <Actions>
        <ButtonLink kind="secondary" href={`/accounts/${linkId}/share`}>
          Вернуться к доступам
        </ButtonLink>
      </Actions>
    </Stack>
  );
}

export function EnterCodePage({ error, code }: { error: string | null; code: string }) {
  const errors = error ? [{ field: 'code', message: error }] : [];
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="Код даёт владелец счёта. Он сработает один раз.">Доступ к чужому счёту</PageTitle>
      <Form action="/accounts/shared" method="get">
        <Field
          kind="text"
          name="code"
          label="Код"
          maxLength={40}
          required
          value={code}
          error={errorOf(errors, 'code')}
        />
        <Button>Посмотреть приглашение</Button>
      </Form>
    </Stack>
  );
}

export function OfferPage({
  offer,
  path,
  error,
  token,
}: {
  offer: Offer;
  path: string;
  error: string | null;
  token: string;
}) {
  return (
    <Stack>
      <ErrorSummary errors={error ? [{ field: 'offer', message: error }] : []} />
      <PageTitle kicker="Приглашение">
        {`${offer.owner} открывает вам доступ к ${offer.accounts > 1 ? 'лицевым счетам' : 'лицевому счёту'}`}
      </PageTitle>
      <Card title="Что предлагают" id="offer">
        <DefinitionList
          items={[
            { term: offer.addresses.length > 1 ? 'Дома' : 'Дом', value: offer.addresses.join('; ') },
            ...(offer.accounts > 1 ? [{ term: 'Сколько счетов', value: offer.accounts }] : []),
            { term: 'Что можно', value: rightsInWords(offer.rights) },
            {
              term: 'Сколько',
              value: offer.until ? `до ${formatDate(offer.until)} включительно` : 'пока владелец не закроет',
            },
          ]}
        />
        <p>
          Владелец увидит ваше имя и то, что и когда вы делали{' '}
          {offer.accounts > 1 ? 'с этими счетами' : 'с этим счётом'}. Отказаться можно в любой момент на странице
          «Лицевые счета».
        </p>
        <Form action={path} csrf={token}>
          <Button>Принять приглашение</Button>
        </Form>
      </Card>
    </Stack>
  );
}

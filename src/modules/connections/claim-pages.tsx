import type { Selectable } from 'kysely';
import { ConcealedNotice } from '../../pages/disclosure.tsx';
import { useMay } from '../../pages/doors.tsx';
import type { Disclosed } from '../../platform/disclosure/index.ts';
import type { FieldError } from '../../platform/errors.ts';
import type { Typed } from '../../platform/http/forms.ts';
import { type Day, daysBetween } from '../../platform/month.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  counted,
  DefinitionList,
  DoneNotice,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  Filter,
  Form,
  formatDate,
  formatNumber,
  maskedFullName,
  maskedName,
  Pager,
  PageTitle,
  Stack,
  Status,
  Table,
} from '../../ui/index.ts';
import { type AccountCard, KIND_NAMES } from '../accounts/index.ts';
import { access } from './access.ts';
import { lettersPath } from './letters/letters-page.tsx';
import { REFUSALS } from './refusals.ts';
import type { ConnectionClaimTable } from './tables.ts';

type Claim = Selectable<ConnectionClaimTable>;

interface ClaimsPageProps {
  claims: readonly Claim[];
  more: boolean;
  today: Day;
  houses: readonly { houseId: string; shortAddress: string }[];
  houseId: string | null;
  /** Decided and withdrawn claims in place of the open ones. */
  isArchive: boolean;
  /** The decision that has just been made. */
  done: string | undefined;
}

const DECIDED = {
  open: { tone: 'waiting', label: 'открыта' },
  approved: { tone: 'good', label: 'подключён' },
  refused: { tone: 'danger', label: 'отказано' },
  withdrawn: { tone: 'neutral', label: 'отозвана' },
} as const;

const DONE: Readonly<Record<string, string>> = { approve: 'Счёт подключён', refuse: 'В подключении отказано' };

export function ClaimsPage({ claims, more, today, houses, houseId, isArchive, done }: ClaimsPageProps) {
  const last = claims.at(-1);
  const query = new URLSearchParams({ ...(isArchive && { state: 'decided' }), ...(houseId && { house: houseId }) });
  const addresses = new Map(houses.map((house) => [house.houseId, house.shortAddress]));
  if (last) {
    query.set('after', last.claim_id);
    if (isArchive) query.set('decidedAt', last.decided_at?.toISOString() ?? '');
    else query.set('dueOn', last.due_on);
  }
  return (
    <Stack>
      <PageTitle lead="Жители просят подключить лицевые счета. Первыми стоят те, у кого срок раньше.">
        Заявки на подключение
      </PageTitle>
      <DoneNotice words={DONE} done={done}>
        Человек узнает об этом в кабинете и из письма. <a href="/work/claims?state=decided">Решённые заявки</a>
      </DoneNotice>
      <Filter action="/work/claims" active={(isArchive ? 1 : 0) + (houseId ? 1 : 0)} resetHref="/work/claims">
        <Field
          kind="choice"
          as="select"
          name="state"
          label="Показать"
          value={isArchive ? 'decided' : 'open'}
          options={[
            { value: 'open', label: 'Открытые' },
            { value: 'decided', label: 'Решённые (архив)' },
          ]}
        />
        <Field
          kind="choice"
          as="select"
          name="house"
          label="Дом"
          value={houseId ?? ''}
          options={[
            { value: '', label: 'Все дома' },
            ...houses.map((house) => ({ value: house.houseId, label: house.shortAddress })),
          ]}
        />
      </Filter>
      <Table
        caption={isArchive ? 'Решённые заявки' : 'Открытые заявки'}
        captionHidden
        rows={claims}
        rowKey={(row) => row.claim_id}
        empty={
          <EmptyState title={isArchive ? 'Решённых заявок нет' : 'Открытых заявок нет'}>
            {isArchive ? 'Здесь остаются заявки с решением.' : 'Новые появятся здесь и останутся, пока вы не ответите.'}
          </EmptyState>
        }
        columns={[
          {
            key: 'who',
            title: 'Заявитель',
            heading: true,
            cell: (row) => <a href={`/work/claims/${row.claim_id}`}>{maskedFullName(row.claimant_name)}</a>,
          },
          { key: 'house', title: 'Дом', cell: (row) => addresses.get(row.house_id) ?? '' },
          { key: 'sent', title: 'Отправлена', cell: (row) => formatDate(row.created_at, 'Europe/Moscow') },
          isArchive
            ? {
                key: 'decided',
                title: 'Решена',
                cell: (row) => (row.decided_at ? formatDate(row.decided_at, 'Europe/Moscow') : ''),
              }
            : { key: 'due', title: 'Ответить до', cell: (row) => formatDate(row.due_on) },
          {
            key: 'state',
            title: isArchive ? 'Решение' : 'Срок',
            cell: (row) =>
              isArchive ? (
                <Status tone={DECIDED[row.state].tone}>{DECIDED[row.state].label}</Status>
              ) : (
                <TermLeft left={daysBetween(today, row.due_on as Day)} />
              ),
          },
        ]}
      />
      {more && last && <Pager label="Страницы заявок" next={`/work/claims?${query}`} />}
    </Stack>
  );
}

/** Calendar days: the term itself was counted in working days when the claim came. */
function TermLeft({ left }: { left: number }) {
  if (left < 0) return <Status tone="danger">{`просрочена на ${counted(-left, ['день', 'дня', 'дней'])}`}</Status>;
  if (left === 0) return <Status tone="warn">сегодня последний день</Status>;
  return <Status tone="waiting">{`осталось ${counted(left, ['день', 'дня', 'дней'])}`}</Status>;
}

const payerOf = (account: AccountCard, masked: boolean): string | null => {
  if (account.payer === 'organisation') return 'организация';
  const { familyName, givenName, middleName } = account;
  if (masked && familyName) return maskedName({ last: familyName, first: givenName ?? '', middle: middleName });
  return [familyName, givenName, middleName].filter(Boolean).join(' ') || null;
};

interface ClaimPageProps {
  claim: Claim;
  account: AccountCard;
  address: string;
  today: Day;
  errors: readonly FieldError[];
  /** What was sent and refused, to be shown again. */
  sent: Typed;
  token: string;
}

const termOf = (dueOn: string, today: Day): string =>
  dueOn < today
    ? `Срок прошёл ${formatDate(dueOn)} Жителю сообщили и предложили написать обращение: ответьте сейчас.`
    : `Ответьте не позже ${formatDate(dueOn)}`;

export function ClaimPage({ claim, account, address, today, errors, sent, token }: ClaimPageProps) {
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead={claim.state === 'open' ? termOf(claim.due_on, today) : 'Эта заявка уже решена.'}>
        {`Заявка: ${claim.claimant_name}`}
      </PageTitle>
      {claim.state !== 'open' && (
        <Card title="Решение" aside={<Status tone={DECIDED[claim.state].tone}>{DECIDED[claim.state].label}</Status>}>
          <DefinitionList
            items={[
              { term: 'Когда', value: claim.decided_at && formatDate(claim.decided_at, 'Europe/Moscow') },
              ...(claim.reason ? [{ term: 'Причина, которую прочёл житель', value: claim.reason }] : []),
            ]}
          />
        </Card>
      )}
      <Card title="Что просят">
        <DefinitionList
          items={[
            { term: 'Заявитель (учётная запись подтверждена)', value: claim.claimant_name },
            { term: 'Сообщение', value: claim.message },
            { term: 'Лицевой счёт', value: account.number },
            { term: 'Тип', value: KIND_NAMES[account.kind] },
            { term: 'Адрес', value: address },
            { term: 'Плательщик по вашим данным', value: payerOf(account, false) },
          ]}
        />
      </Card>
      {claim.state === 'open' && (
        <Form action={`/work/claims/${claim.claim_id}`} csrf={token}>
          <Field
            kind="choice"
            as="radio"
            name="decision"
            label="Решение"
            required
            value={sent.decision}
            error={errorOf(errors, 'decision')}
            options={[
              { value: 'approve', label: 'Подключить', hint: 'Заявитель увидит начисления и платежи этого счёта' },
              { value: 'refuse', label: 'Отказать', hint: 'Напишите причину и что человеку делать дальше' },
            ]}
          />
          <Field
            kind="choice"
            as="select"
            name="refusal"
            label="Причина отказа"
            hint="Житель прочтёт причину и что ему делать дальше"
            value={sent.refusal ?? 'other'}
            options={Object.entries(REFUSALS).map(([value, { name }]) => ({ value, label: name }))}
          />
          <Field
            kind="text"
            name="reason"
            label="Своими словами"
            hint="Обязательно для причины «Другое»"
            rows={3}
            maxLength={700}
            value={sent.reason}
            error={errorOf(errors, 'reason')}
          />
          <Button>Отправить решение</Button>
        </Form>
      )}
    </Stack>
  );
}

interface AccountPageProps {
  account: AccountCard;
  address: string;
  disclosed: Disclosed | null;
  zone: string;
  /** When a former payer's access was suspended. */
  suspendedAt: readonly Date[];
}

export function AccountPage({ account, address, disclosed, zone, suspendedAt }: AccountPageProps) {
  const mayMakeCode = useMay(access.makeCode);
  return (
    <Stack>
      <PageTitle kicker={KIND_NAMES[account.kind]}>{`Лицевой счёт ${account.number}`}</PageTitle>
      <ConcealedNotice
        disclosed={disclosed}
        path={`/work/houses/${account.houseId}/accounts/${account.accountId}`}
        zone={zone}
      />
      <Card title="Сведения">
        <DefinitionList
          items={[
            { term: 'Адрес', value: address },
            { term: 'ЕЛС', value: account.els },
            { term: 'Идентификатор ЖКУ', value: account.serviceId },
            { term: 'Плательщик', value: payerOf(account, disclosed === null) },
            { term: 'Наниматель', value: account.isTenant ? 'да' : 'нет' },
            {
              term: 'Общая площадь',
              value: account.totalArea && `${formatNumber(account.totalArea)} м²`,
              empty: 'значение не указано',
            },
            { term: 'Проживает', value: account.residents, empty: 'значение не указано' },
            ...suspendedAt.map((at) => ({
              term: 'Плательщик сменился',
              value: `${formatDate(at, zone)}: доступ прежнего плательщика приостановлен, ему сообщили`,
            })),
            { term: 'Состояние', value: account.closedOn ? `закрыт ${formatDate(account.closedOn)}` : 'открыт' },
          ]}
        />
      </Card>
      <Actions>
        <ButtonLink kind="secondary" href={`/work/houses/${account.houseId}/accounts/${account.accountId}/money`}>
          Начисления и оплата
        </ButtonLink>
      </Actions>
      {!account.closedOn && mayMakeCode && (
        <Card
          title="Одноразовый код для жителя"
          note="Житель вводит код и подключает счёт без проверки плательщика. Прежний код перестаёт действовать."
        >
          <ButtonLink kind="secondary" icon="printer" href={lettersPath(account.houseId, account.accountId)}>
            Сделать код
          </ButtonLink>
        </Card>
      )}
    </Stack>
  );
}

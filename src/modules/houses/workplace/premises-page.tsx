import { ConcealedNotice } from '../../../pages/disclosure.tsx';
import { useMay } from '../../../pages/doors.tsx';
import type { Disclosed } from '../../../platform/disclosure/index.ts';
import {
  Actions,
  ButtonLink,
  Card,
  DefinitionList,
  formatDate,
  formatNumericDate,
  formatQuantity,
  fullName,
  maskedName,
  NO_FIGURE,
  Notice,
  type Option,
  PageTitle,
  Stack,
  Status,
  Table,
} from '../../../ui/index.ts';
import { type AccountCard, KIND_NAMES } from '../../accounts/index.ts';
import { access } from '../access.ts';
import { CATEGORY_NAMES, type HouseCard, type Ownership, type PremisesCard, premisesLabel } from '../house.ts';
import type { selectOwnerships } from '../queries/ownership.ts';
import type { selectRooms } from '../queries/parts.ts';
import { formatShare } from '../share.ts';

type Right = Awaited<ReturnType<typeof selectOwnerships>>[number];

interface PremisesPageProps {
  house: HouseCard;
  premises: PremisesCard;
  rooms: Awaited<ReturnType<typeof selectRooms>>;
  rights: readonly Right[];
  accounts: readonly AccountCard[];
  manages: boolean;
  characteristics: readonly Option[];
  recorded: string | null;
  /** Names are shown in full. */
  disclosed: Disclosed | null;
}

/** «Иванова Анна Петровна» or the name of the organisation. */
export const holderName = (right: Ownership, masked: boolean): string => {
  if (right.holder === 'organisation') return right.organisationName ?? `ОГРН ${right.ogrn}`;
  const name = { last: right.familyName ?? '', first: right.givenName ?? '', middle: right.middleName };
  return masked ? maskedName(name) : fullName(name);
};

export function PremisesPage(props: PremisesPageProps) {
  const { house, premises, rooms, rights, accounts, manages, characteristics, recorded, disclosed } = props;
  const masked = disclosed === null;
  const area = (value: string | null) => (value === null ? null : formatQuantity(value, 'м²'));
  return (
    <Stack>
      <PageTitle kicker={CATEGORY_NAMES[premises.category]} lead={house.shortAddress}>
        {premisesLabel(premises) || 'Дом целиком'}
      </PageTitle>
      {recorded !== null && (
        <Notice tone="good" announce title={recorded === 'ended' ? 'Право прекращено' : 'Право записано'} />
      )}
      {(rights.length > 0 || accounts.length > 0) && (
        <ConcealedNotice disclosed={disclosed} path={pathOf(premises)} zone={house.zone} />
      )}
      {manages && <RightsCard path={pathOf(premises)} rights={rights} masked={masked} />}
      <Card title="Лицевые счета" note="Счета, которые ведёт ваша организация">
        <Accounts accounts={accounts} houseId={house.houseId} masked={masked} />
      </Card>
      <Card title="О помещении" note={`Обновлено ${formatDate(premises.updatedAt, house.zone)}`}>
        <DefinitionList
          items={[
            { term: 'Подъезд', value: premises.entranceNumber },
            {
              term: 'Характеристика',
              value: characteristics.find(({ value }) => value === premises.characteristicCode)?.label,
            },
            { term: 'Общая площадь', value: area(premises.totalArea), empty: NO_FIGURE },
            { term: 'Жилая площадь', value: area(premises.livingArea), empty: NO_FIGURE },
            { term: 'Кадастровый номер', value: premises.cadastralNumber },
            ...(premises.commonProperty ? [{ term: 'Общее имущество', value: 'да' }] : []),
            ...(rooms.length > 0
              ? [
                  {
                    term: 'Комнаты',
                    value: rooms.map((room) => `${room.number}${room.area ? ` (${area(room.area)})` : ''}`).join(', '),
                  },
                ]
              : []),
            ...(premises.closedOn ? [{ term: 'Закрыто', value: formatDate(premises.closedOn) }] : []),
          ]}
        />
      </Card>
    </Stack>
  );
}

const pathOf = (premises: PremisesCard) => `/work/houses/${premises.houseId}/premises/${premises.premisesId}`;

function RightsCard({ path, rights, masked }: { path: string; rights: readonly Right[]; masked: boolean }) {
  const mayRecord = useMay(access.recordOwnership);
  return (
    <Card title="Собственники">
      <Table
        caption="Права собственности"
        captionHidden
        rows={rights}
        rowKey={(right) => right.ownershipId}
        empty={<p>Прав собственности не записано. Пока права нет, житель видит «Вы являетесь плательщиком».</p>}
        columns={[
          { key: 'holder', title: 'Собственник', heading: true, cell: (right) => holderName(right, masked) },
          { key: 'share', title: 'Доля', cell: formatShare },
          {
            key: 'registered',
            title: 'Регистрация права',
            cell: (right) =>
              [right.registrationNumber, right.registeredOn && formatNumericDate(right.registeredOn)]
                .filter(Boolean)
                .join(' от ') || 'не указана',
          },
          {
            key: 'state',
            title: 'Состояние',
            cell: (right) =>
              right.endedOn ? (
                <Status tone="neutral">Прекращено {formatNumericDate(right.endedOn)}</Status>
              ) : (
                <Status tone="good">Действует</Status>
              ),
          },
          {
            key: 'act',
            title: 'Действие',
            cell: (right) =>
              right.endedOn || !mayRecord ? (
                '—'
              ) : (
                <a href={`${path}/rights/${right.ownershipId}/end`}>Прекратить право</a>
              ),
          },
        ]}
      />
      {mayRecord && (
        <Actions>
          <ButtonLink kind="secondary" icon="plus" href={`${path}/rights/new?holder=person`}>
            Записать право гражданина
          </ButtonLink>
          <ButtonLink kind="quiet" icon="plus" href={`${path}/rights/new?holder=organisation`}>
            Записать право организации
          </ButtonLink>
        </Actions>
      )}
    </Card>
  );
}

interface AccountsProps {
  accounts: readonly AccountCard[];
  houseId: string;
  masked: boolean;
}

function Accounts({ accounts, houseId, masked }: AccountsProps) {
  return (
    <Table
      caption="Лицевые счета"
      captionHidden
      rows={accounts}
      rowKey={(account) => account.accountId}
      empty={<p>На это помещение у вас нет лицевых счетов. Их загружают файлом по шаблону «Лицевые счета».</p>}
      columns={[
        {
          key: 'number',
          title: 'Лицевой счёт',
          heading: true,
          cell: (account) => <a href={`/work/houses/${houseId}/accounts/${account.accountId}`}>{account.number}</a>,
        },
        { key: 'kind', title: 'Тип', cell: (account) => KIND_NAMES[account.kind] },
        {
          key: 'payer',
          title: 'Плательщик',
          cell: (account) =>
            account.payer === 'organisation'
              ? 'Организация'
              : (masked ? maskedName : fullName)({
                  last: account.familyName ?? '',
                  first: account.givenName ?? '',
                  middle: account.middleName,
                }) || 'не указан',
        },
        {
          key: 'state',
          title: 'Состояние',
          cell: (account) =>
            account.closedOn ? (
              <Status tone="neutral">Закрыт {formatNumericDate(account.closedOn)}</Status>
            ) : (
              <Status tone="good">Открыт</Status>
            ),
        },
      ]}
    />
  );
}

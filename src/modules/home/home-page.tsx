import type { Kopecks } from '../../platform/money.ts';
import {
  ActionCard,
  ButtonLink,
  Card,
  CardGrid,
  counted,
  EmptyState,
  formatDate,
  formatDayMonth,
  formatMonth,
  formatRubles,
  Notice,
  plural,
  Stack,
  SumCard,
} from '../../ui/index.ts';
import { SHARE_RIGHTS, type ShareRight } from '../accounts/index.ts';
import { ConfirmationNotice, type Person } from '../identity/index.ts';
import { RefusedAddress } from '../notices/index.ts';
import { AppealCards } from './appeal-cards.tsx';
import type { Headline } from './home.ts';
import { PlaceCard } from './place-card.tsx';
import type { HomeView } from './read-home.ts';
import { PendingNotice } from './unconnected-page.tsx';

/** The home page with accounts connected (S-HOME-17): first how much and by when, then the seed's three blocks. */
export function HomePage({
  view,
  unconfirmed,
  now,
  token,
}: {
  view: HomeView;
  unconfirmed: Person | null;
  now: Date;
  token: string;
}) {
  const { places, pending, meters, unreadAppeals } = view;
  const debts = !view.may.has('pay') ? 0 : view.headline.debts;
  return (
    <Stack>
      <h1 class="visually-hidden">Главная страница личного кабинета</h1>
      <FirstCard view={view} />
      {pending > 0 && <PendingNotice pending={pending} />}
      {unconfirmed && <ConfirmationNotice person={unconfirmed} />}
      {view.refused && <RefusedAddress reader={view.refused} token={token} />}
      <h2>{places.length > 1 ? 'Помещения' : 'Помещение (жилой дом)'}</h2>
      {places.map((place) => (
        <PlaceCard key={place.key} place={place} now={now} />
      ))}
      <h2>Действия</h2>
      <CardGrid label="Действия">
        <ActionCard
          href="/pay"
          icon="credit-card"
          title="Оплатить ЖКУ"
          text={view.may.has('pay') ? (debts === 0 ? 'Неоплаченных счетов нет' : undefined) : lackOf('pay')}
          badge={{ count: debts, label: debts === 1 ? 'счёт к оплате' : 'к оплате' }}
        />
        <ActionCard
          href="/pay/any"
          icon="wallet"
          title="Оплатить ЖКУ по любому лицевому счету"
          text="За родных или за другую квартиру"
        />
        <ActionCard
          href="/readings"
          icon="gauge"
          title="Передать показания приборов учета"
          text={view.may.has('readings') ? readingsText(meters) : lackOf('readings')}
          badge={{
            count: meters.wanted,
            label: plural(meters.wanted, [
              'прибор ждёт показания',
              'прибора ждут показаний',
              'приборов ждут показаний',
            ]),
          }}
        />
        <ActionCard href="/meters" icon="list" title="Приборы учета" text="Показания, история, сроки поверки" />
        <AppealCards unread={unreadAppeals} />
        <ActionCard href="/statistics" icon="chart-column" title="Аналитика и отчёты" text="Расход и цена по месяцам" />
        <ActionCard href="/bills" icon="receipt" title="Квитанции" text="По месяцам, с расшифровкой каждой строки" />
        <ActionCard
          href="/accounts/connect"
          icon="link"
          title="Подключить ещё один счёт"
          text={unconfirmed ? 'После подтверждения личности' : 'Электричество, газ, капитальный ремонт'}
        />
      </CardGrid>
      <HouseInformation places={places} />
    </Stack>
  );
}

function readingsText({ devices, until }: HomeView['meters']): string {
  if (devices === 0) return 'Приборов по вашим счетам пока нет';
  if (until) return `Принимают по ${formatDayMonth(until)}`;
  return 'Сейчас ничего передавать не нужно';
}

/** «Информация по дому», when it is one house: with several each home has its own links. */
function HouseInformation({ places }: Pick<HomeView, 'places'>) {
  const [first] = places;
  if (!first || places.some((place) => place.house.houseId !== first.house.houseId)) return null;
  return (
    <>
      <h2>Информация по дому</h2>
      <CardGrid label="Информация по дому">
        <ActionCard
          href={`/houses/${first.house.houseId}`}
          icon="building-2"
          title="Информация о доме"
          text="Год постройки, состояние, износ, ремонт"
        />
        {first.house.managerId && (
          <ActionCard
            href={`/organisations/${first.house.managerId}`}
            icon="phone"
            title="Управляющая организация"
            text={first.manager ?? 'Телефоны, адреса, часы приёма'}
          />
        )}
      </CardGrid>
    </>
  );
}

const lackOf = (right: ShareRight): string => `Вам открыли доступ без права ${SHARE_RIGHTS[right].words}`;

function FirstCard({ view: { headline, places, may } }: { view: HomeView }) {
  if (headline.isEmpty) return <NoBills places={places} />;
  const { toPay, advance } = headline;
  if (!may.has('pay'))
    return (
      <SumCard
        label="К оплате по счетам других людей"
        amount={toPay}
        note={
          <>
            {toPay > 0n ? <ByWhen headline={headline} /> : noDebt(advance)}. {lackOf('pay')}
          </>
        }
        source={sourceOf(headline)}
      >
        <ButtonLink kind="secondary" href="/bills">
          Квитанции
        </ButtonLink>
      </SumCard>
    );
  if (toPay === 0n)
    return (
      <SumCard label="К оплате сейчас" amount={0n} note={noDebt(advance)} source={sourceOf(headline)}>
        <ButtonLink kind="secondary" href="/bills">
          Квитанции
        </ButtonLink>
      </SumCard>
    );
  return (
    <SumCard label="К оплате" amount={toPay} note={<ByWhen headline={headline} />} source={sourceOf(headline)}>
      <ButtonLink href="/pay" icon="wallet" wide>
        Оплатить
      </ButtonLink>
    </SumCard>
  );
}

const noDebt = (advance: Kopecks): string =>
  advance > 0n ? `Долга нет. Переплата ${formatRubles(advance)}` : 'Долга нет';

function ByWhen({ headline: { payBy, overdueSince, debts } }: { headline: Headline }) {
  const many = debts > 1 ? ` по ${counted(debts, ['счёту', 'счетам', 'счетам'])}` : '';
  if (overdueSince)
    return (
      <>
        <b>Срок оплаты прошёл {formatDayMonth(overdueSince)}</b>
        {payBy && `. Новые начисления — до ${formatDayMonth(payBy)}`}
      </>
    );
  return payBy ? (
    <>
      Оплатите <b>до {formatDayMonth(payBy)}</b>
      {many}
    </>
  ) : (
    <>Долг{many}</>
  );
}

/** «Источник: ООО «…», 5 ноября 2026 г.»: names cannot be declined by a program. */
function sourceOf({ issuers, updated }: Headline): string | undefined {
  if (!updated) return undefined;
  const whose =
    issuers.length === 1
      ? `Источник: ${issuers[0]}`
      : `По данным ${counted(issuers.length, ['организации', 'организаций', 'организаций'])}`;
  return `${whose}, ${formatDate(updated.at, updated.zone)}, с учётом оплат через кабинет`;
}

/** Accounts without a bill yet: why, and by when it comes. */
function NoBills({ places }: Pick<HomeView, 'places'>) {
  const waiting = places.flatMap((place) => place.accounts).filter(({ card }) => card.closedOn === null);
  const next = waiting
    .flatMap(({ owed }) => (owed.next ? [owed.next] : []))
    .sort((a, b) => (a.day < b.day ? -1 : 1))[0];
  if (waiting.length === 0)
    return (
      <Notice title="Подключённые счета закрыты">
        Новых начислений по ним не будет. <a href="/accounts/connect">Подключите новый счёт</a>, если переехали.
      </Notice>
    );
  const issuers = [...new Set(waiting.map(({ owed }) => owed.issuer))].join(', ');
  return (
    <Card>
      <EmptyState title="Квитанций пока нет" action={{ href: '/pay/any', label: 'Оплатить по бумажной квитанции' }}>
        Их размещает {issuers}
        {next && `: за ${formatMonth(next.period)} — до ${formatDayMonth(next.day)}`}. Сумма появится здесь.{' '}
        <a href="/why/bill">Почему нет квитанции</a>
      </EmptyState>
    </Card>
  );
}

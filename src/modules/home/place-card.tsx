import type { ComponentChildren } from 'preact';
import { type Day, dayIn } from '../../platform/month.ts';
import {
  Balance,
  Card,
  DefinitionList,
  formatDate,
  formatDayMonth,
  formatMonth,
  formatQuantity,
  formatRubles,
  NO_FIGURE,
  Table,
} from '../../ui/index.ts';
import { KIND_WORDS } from '../accounts/index.ts';
import { STANDING_WORDS } from '../houses/index.ts';
import { type AccountAtHome, figuresOf, type HomePlace } from './home.ts';

/** One of the person's homes: who they are to it, its accounts, its figures, its house (S-PREM). */
export function PlaceCard({ place, now }: { place: HomePlace; now: Date }) {
  const { standing, title, address, accounts } = place;
  return (
    <Card title={title} level={3} note={[address, standing && STANDING_WORDS[standing]].filter(Boolean).join('. ')}>
      <Table
        caption={`Лицевые счета: ${title}`}
        captionHidden
        rows={accounts}
        rowKey={(account) => account.linkId}
        columns={[
          { key: 'what', title: 'Счёт', heading: true, cell: (account) => <What account={account} /> },
          { key: 'bill', title: 'Квитанция', cell: (account) => <Bill account={account} now={now} /> },
          { key: 'owed', title: 'Сейчас', numeric: true, cell: (account) => <Now account={account} /> },
        ]}
      />
      <Figures place={place} />
    </Card>
  );
}

/** Nobody has billed yet: «Долга нет» would be a promise. */
const Now = ({ account: { owed } }: { account: AccountAtHome }) =>
  owed.latest === null && owed.owed === 0n ? (
    <span class="quiet">начислений пока нет</span>
  ) : (
    <Balance owed={owed.owed} />
  );

function What({ account: { card, owed, providerId, sharedBy } }: { account: AccountAtHome }) {
  return (
    <div>
      {KIND_WORDS[card.kind]}
      <Quiet>
        <a href={`/organisations/${providerId}`}>{owed.issuer}</a>, счёт {card.number}
      </Quiet>
      {sharedBy && <Quiet>доступ даёт {sharedBy}</Quiet>}
    </div>
  );
}

/** The latest bill with its source and time; or why there is none and by when it comes. */
function Bill({ account: { card, owed }, now }: { account: AccountAtHome; now: Date }) {
  const { latest, dueDay, overdue, next, zone } = owed;
  if (card.closedOn) return <div>Счёт закрыт {formatDate(card.closedOn)}</div>;
  if (!latest)
    return (
      <div>
        Квитанций пока нет
        {next && (
          <Quiet>
            Размещает {owed.issuer}: за {formatMonth(next.period)} — до {formatDayMonth(next.day)}
          </Quiet>
        )}
      </div>
    );
  const late = next !== null && next.day < dayIn(zone, now);
  return (
    <div>
      <a href={`/bills/${owed.houseId}/${latest.documentId}`}>
        За {formatMonth(latest.period)}: {formatRubles(latest.total)}
      </a>
      {owed.owed > 0n && dueDay && (
        <Quiet>{overdue ? overdueWords(owed.oldestDueDay!, dueDay) : `оплатить до ${formatDayMonth(dueDay)}`}</Quiet>
      )}
      <Quiet>
        {sourceOf(latest.issuer, owed.issuer)} на {formatDayMonth(latest.issuedAt, zone)}
      </Quiet>
      {late && (
        <Quiet>
          за {formatMonth(next.period)} квитанции нет: её обязаны были прислать до {formatDayMonth(next.day)}
        </Quiet>
      )}
    </div>
  );
}

/** What is overdue may be older than the bill that it stands under. */
const overdueWords = (oldest: Day, dueDay: Day): string =>
  oldest === dueDay
    ? `срок прошёл ${formatDayMonth(oldest)}`
    : `есть долг за прежние месяцы, его срок прошёл ${formatDayMonth(oldest)}`;

/** Whoever keeps the account is named beside it already. Names cannot be declined by a program. */
const sourceOf = (issuer: string, keeper: string): string =>
  issuer === keeper ? 'по данным организации' : `источник: ${issuer},`;

const Quiet = ({ children }: { children: ComponentChildren }) => <span class="quiet-line">{children}</span>;

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Areas and residents, the house and who manages it; each source stands once. */
function Figures({ place }: { place: HomePlace }) {
  const { house, manager, premises } = place;
  const { totalArea, livingArea, residents } = figuresOf(place);
  const cardSource = premises?.described
    ? `${manager ?? 'карточки дома'}, ${formatDate(premises.updatedAt, house.zone)}`
    : null;
  const shown = [
    { term: 'Общая площадь', figure: totalArea, unit: 'м²' },
    { term: 'Жилая площадь', figure: livingArea, unit: 'м²' },
    { term: 'Кол-во проживающих', figure: residents, unit: '' },
  ];
  const bySource = Map.groupBy(
    shown.filter(({ figure }) => figure !== null && (figure.issuer ?? cardSource)),
    ({ figure }) => figure!.issuer ?? cardSource!,
  );
  return (
    <>
      <DefinitionList
        compact
        items={[
          ...shown.map(({ term, figure, unit }) => ({
            term,
            value: figure && (unit ? formatQuantity(figure.value, unit) : figure.value),
            empty: NO_FIGURE,
          })),
          { term: 'Дом', value: <a href={`/houses/${house.houseId}`}>Информация о доме</a> },
          {
            term: 'Управляющая организация',
            value: house.managerId && manager && <a href={`/organisations/${house.managerId}`}>{manager}</a>,
          },
        ]}
      />
      {bySource.size > 0 && (
        <p class="quiet-line">
          {bySource.size === 1
            ? `Источник: ${[...bySource.keys()][0]}`
            : capitalised(
                [...bySource]
                  .map(([source, of]) => `${of.map(({ term }) => term.toLowerCase()).join(', ')}: источник — ${source}`)
                  .join('; '),
              )}
        </p>
      )}
    </>
  );
}

import type { ComponentChildren } from 'preact';
import { dayIn } from '../../platform/month.ts';
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

/** One of the person's homes: who they are to it, its accounts, its figures, its house (S-PREM). Of several, figures fold away. */
export function PlaceCard({ place, now, folded }: { place: HomePlace; now: Date; folded: boolean }) {
  const { standing, title, address, accounts } = place;
  return (
    <Card title={title} level={3} note={[address, STANDING_WORDS[standing]].filter(Boolean).join('. ')}>
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
      {folded ? (
        <details>
          <summary>О помещении и доме</summary>
          <Figures place={place} />
        </details>
      ) : (
        <Figures place={place} />
      )}
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

function What({ account: { card, owed, providerId } }: { account: AccountAtHome }) {
  return (
    <div>
      {KIND_WORDS[card.kind]}
      <Quiet>
        <a href={`/organisations/${providerId}`}>{owed.issuer}</a>, счёт {card.number}
      </Quiet>
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
        <Quiet>
          {overdue ? `срок прошёл ${formatDayMonth(owed.oldestDueDay!)}` : `оплатить до ${formatDayMonth(dueDay)}`}
        </Quiet>
      )}
      <Quiet>
        по данным {latest.issuer}, {formatDayMonth(latest.issuedAt, zone)}
      </Quiet>
      {late && (
        <Quiet>
          за {formatMonth(next.period)} квитанции нет: её обязаны были прислать до {formatDayMonth(next.day)}
        </Quiet>
      )}
    </div>
  );
}

const Quiet = ({ children }: { children: ComponentChildren }) => <span class="quiet-line">{children}</span>;

/** Areas and residents, the house and who manages it; the source stands once where it is one. */
function Figures({ place }: { place: HomePlace }) {
  const { house, manager, premises } = place;
  const { totalArea, livingArea, residents } = figuresOf(place);
  const cardSource = premises?.described
    ? `${manager ?? 'карточки дома'}, ${formatDate(premises.updatedAt, house.zone)}`
    : null;
  const given = [totalArea, livingArea, residents].filter((figure) => figure !== null);
  const sources = [...new Set(given.map((figure) => figure.issuer ?? cardSource))];
  const shown = (figure: { value: string | number; issuer: string | null } | null, unit: string) => {
    if (!figure) return null;
    const source = figure.issuer ?? cardSource;
    return (
      <>
        {unit ? formatQuantity(figure.value, unit) : figure.value}
        {sources.length > 1 && source && <Quiet>по данным {source}</Quiet>}
      </>
    );
  };
  return (
    <>
      <DefinitionList
        items={[
          { term: 'Общая площадь', value: shown(totalArea, 'м²'), empty: NO_FIGURE },
          { term: 'Жилая площадь', value: shown(livingArea, 'м²'), empty: NO_FIGURE },
          { term: 'Кол-во проживающих', value: shown(residents, ''), empty: NO_FIGURE },
          { term: 'Дом', value: <a href={`/houses/${house.houseId}`}>Информация о доме</a> },
          {
            term: 'Управляющая организация',
            value: house.managerId && manager && <a href={`/organisations/${house.managerId}`}>{manager}</a>,
          },
        ]}
      />
      {sources.length === 1 && sources[0] && <p class="quiet-line">По данным {sources[0]}</p>}
    </>
  );
}

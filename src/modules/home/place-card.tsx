import type { ComponentChildren } from 'preact';
import { dayIn } from '../../platform/month.ts';
import {
  Actions,
  Balance,
  ButtonLink,
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
  const { house, manager, standing, title, address, accounts } = place;
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
          { key: 'owed', title: 'Сейчас', numeric: true, cell: (account) => <Balance owed={account.owed.owed} /> },
        ]}
      />
      <DefinitionList items={figures(place)} />
      <Actions>
        <ButtonLink kind="quiet" icon="building-2" href={`/houses/${house.houseId}`}>
          Информация о доме
        </ButtonLink>
        {house.managerId && manager && (
          <p>
            Управляющая организация: <a href={`/organisations/${house.managerId}`}>{manager}</a>
          </p>
        )}
      </Actions>
    </Card>
  );
}

function What({ account: { card, owed, providerId } }: { account: AccountAtHome }) {
  return (
    <>
      {KIND_WORDS[card.kind]}
      <span class="quiet-line">
        <a href={`/organisations/${providerId}`}>{owed.issuer}</a>, счёт {card.number}
      </span>
    </>
  );
}

/** The latest bill with its source and time; or why there is none and by when it comes. */
function Bill({ account: { card, owed }, now }: { account: AccountAtHome; now: Date }) {
  const { latest, dueDay, overdue, next, zone } = owed;
  if (card.closedOn) return <>Счёт закрыт {formatDate(card.closedOn)}</>;
  if (!latest)
    return (
      <>
        Квитанций пока нет
        {next && (
          <Quiet>
            Размещает {owed.issuer}: за {formatMonth(next.period)} — до {formatDayMonth(next.day)}
          </Quiet>
        )}
      </>
    );
  const late = next !== null && next.day < dayIn(zone, now);
  return (
    <>
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
    </>
  );
}

const Quiet = ({ children }: { children: ComponentChildren }) => <span class="quiet-line">{children}</span>;

function figures(place: HomePlace) {
  const { totalArea, livingArea, residents } = figuresOf(place);
  const source = place.premises?.described
    ? `${place.manager ?? 'карточки дома'}, ${formatDate(place.premises.updatedAt, place.house.zone)}`
    : null;
  const shown = (figure: { value: string | number; issuer: string | null } | null, text: (value: string) => string) => {
    if (!figure) return null;
    const whose = figure.issuer ?? source;
    return (
      <>
        {text(String(figure.value))}
        {whose && <Quiet>по данным {whose}</Quiet>}
      </>
    );
  };
  const metres = (value: string) => formatQuantity(value, 'м²');
  return [
    { term: 'Общая площадь', value: shown(totalArea, metres), empty: NO_FIGURE },
    { term: 'Жилая площадь', value: shown(livingArea, metres), empty: NO_FIGURE },
    { term: 'Кол-во проживающих', value: shown(residents, (value) => value), empty: NO_FIGURE },
  ];
}

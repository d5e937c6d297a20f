import type { AppealId, HouseId } from '../../../platform/ids.ts';
import { EmptyState, formatNumericDate, Pager, Status, Table } from '../../../ui/index.ts';
import type { DeskLine } from '../queries/desk.ts';
import type { TerritoryCounts } from '../queries/territory.ts';
import { LineStatus } from '../workplace/words.tsx';
import { MISSING, TerritoryFrame } from './frame.tsx';
import { hrefOf } from './lines.tsx';

interface MissingHousesProps {
  lines: readonly DeskLine[];
  /** ФИАС of the house of each appeal. */
  guids: ReadonlyMap<AppealId, string | null>;
  /** Houses that are in the system by now. */
  houses: ReadonlyMap<string, HouseId>;
  counts: TerritoryCounts;
  isClosed: boolean;
  now: Date;
  next: string | undefined;
}

/** Houses that residents did not find (S-HOME-8), and whether they have appeared meanwhile. */
export function MissingHousesPage({ lines, guids, houses, counts, isClosed, now, next }: MissingHousesProps) {
  const isHere = (line: DeskLine) => houses.has(guids.get(line.appealId) ?? '');
  const appeared = lines.filter(isHere).length;
  return (
    <TerritoryFrame
      title="Дома нет в системе"
      lead="О каких домах сообщили жители. Дом размещает организация, которая им управляет."
      active={MISSING}
      counts={counts}
    >
      <p>
        {isClosed ? (
          <a href={MISSING}>Только те, что ждут ответа</a>
        ) : (
          <a href={`${MISSING}?state=closed`}>Показать и отвеченные</a>
        )}
        {appeared > 0 && `. На этой странице домов, которые уже появились: ${appeared}.`}
      </p>
      <Table
        caption="Дома, которых нет в системе"
        captionHidden
        rows={lines}
        rowKey={(line) => line.deskId}
        empty={
          <EmptyState
            title="Сообщений о пропавших домах нет"
            action={{ href: `${MISSING}?state=closed`, label: 'Показать и отвеченные' }}
          >
            Все, о ком сообщали, получили ответ.
          </EmptyState>
        }
        columns={[
          { key: 'address', title: 'Адрес', heading: true, cell: (line) => <a href={hrefOf(line)}>{line.address}</a> },
          {
            key: 'house',
            title: 'Дом сейчас',
            cell: (line) => (
              <HouseNow guid={guids.get(line.appealId) ?? null} isHere={isHere(line)} address={line.address} />
            ),
          },
          {
            key: 'number',
            title: 'Сообщение',
            cell: (line) => (
              <span>
                № {line.number}, {formatNumericDate(line.receivedAt, line.zone)}
              </span>
            ),
          },
          { key: 'term', title: 'Срок ответа', cell: (line) => <LineStatus line={line} now={now} /> },
        ]}
      />
      <Pager label="Страницы сообщений" next={next} />
    </TerritoryFrame>
  );
}

function HouseNow({ guid, isHere, address }: { guid: string | null; isHere: boolean; address: string }) {
  if (guid && isHere)
    return (
      <span class="desk-line">
        <Status tone="good">Появился</Status>
        <a href={`/find?address=${guid}`}>Кто обслуживает</a>
      </span>
    );
  if (guid) return <Status tone="waiting">Ещё нет</Status>;
  return (
    <span class="desk-line">
      <Status tone="warn">Нет в реестре адресов</Status>
      <a href={`/find?q=${encodeURIComponent(address)}`}>Поискать</a>
    </span>
  );
}

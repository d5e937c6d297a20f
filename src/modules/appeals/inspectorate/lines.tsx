import { type Column, formatNumericDate, Status } from '../../../ui/index.ts';
import type { DeskLine } from '../queries/desk.ts';
import { appealHref, parseQueue } from '../workplace/queue-query.ts';
import { LineStatus, Marks } from '../workplace/words.tsx';
import { overseenPath } from './territory-query.ts';

/** Appeals to the inspectorate itself open at its own desk, where they are answered. */
export const hrefOf = (line: DeskLine): string =>
  line.kind === 'appeal' ? appealHref(line, parseQueue({})) : overseenPath(line);

/** Columns of the lists of a territory. Names of authors stand nowhere in them: a matter is opened for a purpose. */
export function territoryColumns(now: Date): Column<DeskLine>[] {
  return [
    {
      key: 'topic',
      title: 'Обращение',
      heading: true,
      cell: (line) => (
        <span class="desk-line">
          <a href={hrefOf(line)}>{line.topicName}</a>
          <small class="quiet">
            № {line.number}, {formatNumericDate(line.receivedAt, line.zone)}
          </small>
          <span class="desk-line__marks">
            {line.kind === 'appeal' && <Status tone="info">К нам</Status>}
            <Marks line={line} now={now} />
            {line.assessment === 'none' && <Status tone="warn">Ответом не удовлетворён</Status>}
          </span>
        </span>
      ),
    },
    { key: 'address', title: 'Адрес', prose: true, cell: (line) => line.address },
    { key: 'addressee', title: 'Кто отвечает', prose: true, cell: (line) => line.addresseeName },
    { key: 'term', title: 'Срок', cell: (line) => <LineStatus line={line} now={now} /> },
  ];
}

import { type Column, formatNumericDate, maskedFullName } from '../../../ui/index.ts';
import type { DeskLine } from '../queries/desk.ts';
import { appealHref, type QueueQuery } from './queue-query.ts';
import { LineStatus, Marks } from './words.tsx';

/** Columns of every list of the desk. Authors are told apart, not named: who opens an appeal does it for a purpose, which is written down. */
export function lineColumns(queue: QueueQuery, now: Date): Column<DeskLine>[] {
  return [
    {
      key: 'topic',
      title: 'Обращение',
      heading: true,
      cell: (line) => (
        <span class="desk-line">
          <a href={appealHref(line, queue)} data-row>
            {line.topicName}
          </a>
          <small class="quiet">
            № {line.number}, {formatNumericDate(line.receivedAt, line.zone)}
          </small>
          <span class="desk-line__marks">
            <Marks line={line} now={now} />
          </span>
        </span>
      ),
    },
    {
      key: 'address',
      title: 'Адрес и автор',
      prose: true,
      cell: (line) => (
        <span class="desk-line">
          <span>{line.address}</span>
          <small class="quiet">{maskedFullName(line.authorName)}</small>
        </span>
      ),
    },
    { key: 'term', title: 'Срок', cell: (line) => <LineStatus line={line} now={now} /> },
    {
      key: 'performer',
      title: 'Исполнитель',
      prose: true,
      cell: (line) => line.performerName ?? <span class="quiet">не назначен</span>,
    },
  ];
}

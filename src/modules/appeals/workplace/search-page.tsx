import { EmptyState, Pager, PageTitle, Stack, Table } from '../../../ui/index.ts';
import type { DeskLine } from '../queries/desk.ts';
import { Keys, KeysHint, QUEUE_KEYS } from './keys.tsx';
import { lineColumns } from './lines.tsx';
import { DESK, parseQueue } from './queue-query.ts';
import { SearchLine } from './search-line.tsx';

interface SearchPageProps {
  text: string;
  lines: readonly DeskLine[];
  /** No words, or only such as are in every text. */
  nothingAsked: boolean;
  now: Date;
  next: string | undefined;
}

export function SearchPage({ text, lines, nothingAsked, now, next }: SearchPageProps) {
  return (
    <Keys keys={QUEUE_KEYS}>
      <Stack>
        <PageTitle
          lead="Ищем в номере, теме, адресе, имени автора, тексте и ответах, среди открытых и рассмотренных. Новые стоят первыми."
          actions={<KeysHint />}
        >
          Поиск обращений
        </PageTitle>
        <SearchLine text={text} />
        <Table
          caption={`Найдено по запросу «${text}»`}
          captionHidden
          rows={lines}
          rowKey={(line) => line.deskId}
          columns={lineColumns(parseQueue({}), now)}
          empty={
            nothingAsked ? (
              <EmptyState title="Напишите, что искать" action={{ href: DESK, label: 'К очереди' }}>
                Подойдёт номер обращения, улица и дом, фамилия или слова из текста. Союзы и предлоги есть в каждом
                тексте, по ним не ищем.
              </EmptyState>
            ) : (
              <EmptyState title="Ничего не нашлось" action={{ href: DESK, label: 'К очереди' }}>
                Искали обращения, в которых есть все эти слова. Попробуйте оставить одно или два.
              </EmptyState>
            )
          }
        />
        <Pager label="Страницы найденного" next={next} />
      </Stack>
    </Keys>
  );
}

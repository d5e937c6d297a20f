import { ButtonLink, Card, counted, Notice, PageTitle, Stack, Status, type StatusTone } from '../../ui/index.ts';
import type { Point } from './read-installation.ts';

const STATES: Readonly<Record<Point['state'], { tone: StatusTone; word: string }>> = {
  good: { tone: 'good', word: 'В порядке' },
  missing: { tone: 'waiting', word: 'Нужно сделать' },
  trouble: { tone: 'warn', word: 'Не работает как надо' },
};

/** Each point with its state as a word, what it means for people, and what to do. */
export function InstallationPage({ points }: { points: readonly Point[] }) {
  const open = points.filter(({ state }) => state !== 'good').length;
  return (
    <Stack>
      <PageTitle lead="Чего не хватает, чтобы люди могли пользоваться кабинетом, и что случилось в последнее время. Команды выполняются на машине, где он установлен.">
        Состояние установки
      </PageTitle>
      {open === 0 ? (
        <Notice tone="good" title="Всё на месте и работает" />
      ) : (
        <Notice tone="info" title={`Нужно ваше внимание: ${counted(open, ['пункт', 'пункта', 'пунктов'])}`} />
      )}
      {points.map((point) => (
        <PointCard key={point.title} {...point} />
      ))}
    </Stack>
  );
}

function PointCard({ title, state, words, command, page }: Point) {
  const { tone, word } = STATES[state];
  return (
    <Card title={title} aside={<Status tone={tone}>{word}</Status>}>
      <p>{words}</p>
      {command && (
        <p>
          <code>{command}</code>
        </p>
      )}
      {page && (
        <p>
          <ButtonLink href={page.href} kind="secondary">
            {page.label}
          </ButtonLink>
        </p>
      )}
    </Card>
  );
}

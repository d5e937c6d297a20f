import {
  Actions,
  Button,
  ButtonLink,
  Card,
  Form,
  formatDateTime,
  formatFileSize,
  Notice,
  PageTitle,
  Progress,
  Stack,
} from '../../ui/index.ts';
import type { DataExport } from './queries/exports.ts';

const ZONE = 'Europe/Moscow';

export const isRunning = (last: DataExport | null): boolean => last?.state === 'ordered' || last?.state === 'running';

export const progressNote = (last: DataExport | null): string =>
  last?.state === 'running' ? `Готово ${last.done} из ${last.parts} частей` : 'Ждёт своей очереди';

interface ExportPageProps {
  last: DataExport | null;
  /** What the archive holds, in words. */
  kinds: readonly string[];
  now: Date;
  token: string;
}

export function ExportPage({ last, kinds, now, token }: ExportPageProps) {
  const ready = last?.state === 'ready' && last.until && last.until > now ? last : null;
  return (
    <Stack>
      <PageTitle lead="Всё, что кабинет знает о вас, одним архивом: страница для чтения и печати, файлы JSON для программ и ваши вложения.">
        Все мои данные
      </PageTitle>
      {last && isRunning(last) && (
        <Card title="Архив готовится">
          <Progress
            label="Собираем данные"
            value={last.done}
            max={last.parts}
            note={progressNote(last)}
            src="/settings/export/progress"
          />
          <p>Страницу можно закрыть: когда архив будет готов, придёт письмо.</p>
        </Card>
      )}
      {ready && (
        <Card title="Архив готов" note={`Заказан ${formatDateTime(ready.orderedAt, ZONE)} (мск)`}>
          <p>
            Скачать можно до {formatDateTime(ready.until!, ZONE)}. В архиве имена, адреса и суммы: храните его как
            паспорт и никому не пересылайте.
          </p>
          <Actions>
            <ButtonLink href={`/settings/export/${ready.exportId}/file`} icon="download">
              {`Скачать архив, ${formatFileSize(ready.sizeBytes ?? 0)}`}
            </ButtonLink>
          </Actions>
        </Card>
      )}
      {last?.state === 'failed' && (
        <Notice tone="danger" title="Архив собрать не получилось">
          Данные на месте. Закажите архив ещё раз; если не получится снова, <a href="/support">напишите в поддержку</a>.
        </Notice>
      )}
      {!isRunning(last) && (
        <Card
          title={ready ? 'Заказать новый архив' : 'Заказать архив'}
          note={ready ? 'Прежний архив при этом исчезнет.' : undefined}
        >
          <p>
            Обычно он готов через минуту, с вложениями дольше. О готовности придёт письмо, скачать можно будет здесь.
          </p>
          <Form action="/settings/export" csrf={token} label="Заказ архива">
            <Button kind={ready ? 'secondary' : 'primary'}>Заказать архив</Button>
          </Form>
        </Card>
      )}
      <Card title="Что будет в архиве">
        <ul>
          {kinds.map((kind) => (
            <li key={kind}>{kind}</li>
          ))}
          <li>Файлы: снимки приборов, приложения к обращениям и ответам</li>
        </ul>
        <p>
          Квитанции и начисления по лицевым счетам принадлежат организациям; они открыты вам на страницах{' '}
          <a href="/bills">квитанций</a>.
        </p>
      </Card>
    </Stack>
  );
}

import type { ComponentChildren } from 'preact';
import type { Day } from '../../../platform/month.ts';
import { Actions, Button, ButtonLink, Card, formatDayMonth, Notice, Stack, Status } from '../../../ui/index.ts';
import type { OwnMeters } from '../read-own-meters.ts';
import { deadlineOf } from './words.ts';

interface OutboxProps {
  view: OwnMeters;
  /** The tag of the person, as browsers keep it. */
  person: string;
  /** `saved`: all of the form that was sent; `open`: some of it has come back. */
  state: 'fresh' | 'saved' | 'open';
}

/**
 * All that the page says of drafts and of what waits for a line. The script shows the parts that are true; without it none is. The time
 * that counts is the server's: on the last day of a window that must be known before, not after.
 */
export function Outbox({ view, person, state }: OutboxProps) {
  const end = endOf(view);
  return (
    <reading-outbox person={person} state={state} until={end?.day} zone={end?.zone}>
      <Part name="kept">
        <Notice
          tone="warn"
          title={
            <>
              Нет связи: показано сохранённое <time />
            </>
          }
        >
          <p>{HOW}</p>
        </Notice>
      </Part>
      <Part name="away">
        <Notice tone="warn" title="Связь пропала">
          <p>{HOW}</p>
        </Notice>
      </Part>
      <Part name="back">
        <Notice tone="good" title="Связь появилась">
          <p>
            <a href="/readings">Открыть форму заново</a>: что вписано, останется.
          </p>
        </Notice>
      </Part>
      {end && (
        <>
          <Part name="last-day">
            <Notice tone="warn" title={`Сегодня, ${formatDayMonth(end.day)}, последний день приёма`}>
              <p>
                Считается время, когда показания дойдут до нас, а не когда вы их вписали. Если связь появится позже, они
                пойдут в следующий месяц.
              </p>
            </Notice>
          </Part>
          <Part name="closed">
            <Notice tone="warn" title={`Приём закончился ${formatDayMonth(end.day)}`}>
              <p>Показания, которые дойдут до нас теперь, пойдут в следующий месяц.</p>
            </Notice>
          </Part>
        </>
      )}
      <Part name="restored">
        <Notice title="В форме то, что вы вписали раньше и не отправили">
          <p>Проверьте и нажмите «Сохранить».</p>
          <Button type="button" kind="secondary" name="forget">
            Очистить
          </Button>
        </Notice>
      </Part>
      <div data-part="entries" role="status" />
      <template>
        <Card title="Показания на этом устройстве" note={<time />}>
          <Stack>
            <p data-state="waiting">
              <Status tone="waiting">Отправим, когда появится связь</Status>
            </p>
            <p data-state="signed-out">
              <Status tone="warn">Войдите снова: показания сохранены и будут отправлены</Status>
            </p>
            <p data-state="open">
              <Status tone="warn">Нужно проверить</Status>
            </p>
            <p data-state="saved">
              <Status tone="good">Отправлено</Status>
            </p>
            <ul data-list="fields" />
            <ul data-list="lines" />
            <Actions>
              <Button type="button" kind="secondary" name="send" value="waiting">
                Отправить сейчас
              </Button>
              <span data-state="signed-out">
                <ButtonLink href="/sign-in?returnTo=/readings">Войти и отправить</ButtonLink>
              </span>
              <Button type="button" name="check" value="open">
                Проверить в форме
              </Button>
              <Button type="button" kind="quiet" name="remove" value="waiting signed-out open">
                Удалить
              </Button>
              <Button type="button" kind="secondary" name="remove" value="saved">
                Понятно
              </Button>
            </Actions>
          </Stack>
        </Card>
      </template>
    </reading-outbox>
  );
}

const HOW =
  'Вписывайте показания и нажимайте «Сохранить», как обычно: они останутся на этом устройстве и отправятся, когда появится связь.';

const Part = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div data-part={name} hidden>
    {children}
  </div>
);

/** The earliest end of the windows that are open, with the zone its day is counted in. */
function endOf({ homes }: OwnMeters): { day: Day; zone: string } | undefined {
  return homes
    .flatMap(({ meters, today, house: { zone } }) => {
      const day = deadlineOf(
        meters.flatMap(({ takings }) => takings),
        today,
      );
      return day ? [{ day, zone }] : [];
    })
    .sort((a, b) => (a.day < b.day ? -1 : 1))[0];
}

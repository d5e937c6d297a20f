import type { FieldError } from '../../../platform/errors.ts';
import type { Typed } from '../../../platform/http/forms.ts';
import type { ReadingId } from '../../../platform/ids.ts';
import {
  Button,
  Card,
  counted,
  ErrorSummary,
  Form,
  formatDayMonth,
  Notice,
  PageTitle,
  Stack,
} from '../../../ui/index.ts';
import type { OwnHome, OwnMeters } from '../read-own-meters.ts';
import type { OwnTaking } from '../windows.ts';
import { DialFields } from './dial-fields.tsx';
import { NoMeters } from './no-meters.tsx';
import type { OpenDial } from './open-dial.tsx';
import { Outbox } from './outbox.tsx';
import { dialKey, dialOf } from './reading-fields.ts';
import { deadlineOf, dialNames, isLapsed, isWanted, nameOf, savedLines, windowText } from './words.ts';

export interface ReadingsPageProps {
  view: OwnMeters;
  token: string;
  formKey: string;
  /** The tag of the person, as browsers keep it. */
  person: string;
  /** What was typed and is not settled; empty at the first showing. */
  typed: Typed;
  errors: readonly FieldError[];
  open: ReadonlyMap<string, OpenDial>;
  /** Readings that were just saved. */
  saved: ReadonlySet<ReadingId>;
  /** The form was sent before with other values: they were kept from being mixed. */
  repeated: boolean;
}

/** S-READ-1, S-READ-2: one form for all devices of all homes and providers. */
export function ReadingsPage(props: ReadingsPageProps) {
  const { view, token, formKey, person, errors, open, saved, repeated } = props;
  const asked = [...open.values()].filter(({ questions }) => questions.length > 0).length;
  return (
    <Stack>
      <ErrorSummary errors={namedErrors(view, errors)} />
      <PageTitle lead={leadOf(view)}>Внесение текущих показаний по приборам учета</PageTitle>
      {saved.size > 0 && <Saved view={view} saved={saved} />}
      {asked > 0 && (
        <Notice tone="warn" title={`Проверьте ${counted(asked, ['показание', 'показания', 'показаний'])}`} announce>
          Ниже отмечено, что в них необычного. Подтвердите или исправьте и нажмите «Сохранить».
        </Notice>
      )}
      {repeated && (
        <Notice tone="warn" title="Эта форма уже была отправлена" announce>
          Новые значения не записаны. Проверьте их и нажмите «Сохранить» ещё раз.
        </Notice>
      )}
      {view.homes.length > 0 && <Outbox {...{ view, person, state: outboxState(props) }} />}
      {view.homes.length === 0 ? (
        <NoMeters {...view} />
      ) : (
        <Form
          action="/readings"
          csrf={token}
          idempotencyKey={formKey}
          hidden={{ _person: person }}
          files
          label="Показания приборов"
        >
          <reading-form>
            <Stack>
              {view.homes.map((home) => (
                <HomeCard key={home.key} {...props} home={home} />
              ))}
            </Stack>
          </reading-form>
          <Button wide>Сохранить</Button>
        </Form>
      )}
      {view.homes.length > 0 && (
        <p>
          Пустые поля пропускаются: можно передать часть показаний сейчас, остальные потом.{' '}
          <a href="/meters">Приборы учёта и история показаний</a>
        </p>
      )}
    </Stack>
  );
}

const outboxState = ({ errors, open, saved, repeated }: ReadingsPageProps) =>
  errors.length > 0 || open.size > 0 || repeated ? 'open' : saved.size > 0 ? 'saved' : 'fresh';

/** At the top of a long form an error names its dial; at its field it need not. */
function namedErrors(view: OwnMeters, errors: readonly FieldError[]): FieldError[] {
  const names = dialNames(view);
  return errors.map(({ field, message }) => {
    const name = names.get(field.slice(field.indexOf('.') + 1));
    return { field, message: name ? `${name}: ${message.charAt(0).toLowerCase()}${message.slice(1)}` : message };
  });
}

/** How many are still to be sent, and by when. */
function leadOf({ homes }: OwnMeters): string | undefined {
  const dials = homes.flatMap((home) =>
    home.meters.flatMap(({ meter, takings, resources }) =>
      meter.state === 'working' && !isLapsed(meter, home.today)
        ? resources.map((one) => ({ one, takings, today: home.today }))
        : [],
    ),
  );
  if (dials.length === 0) return undefined;
  const wanted = dials.filter(({ one, takings, today }) => isWanted(one, takings, today));
  const deadline = wanted.map(({ takings, today }) => deadlineOf(takings, today)!).sort()[0];
  if (deadline)
    return `Осталось передать ${counted(wanted.length, ['показание', 'показания', 'показаний'])}, принимают по ${formatDayMonth(deadline)}.`;
  return dials.every(({ one }) => one.current)
    ? 'Все показания за этот месяц переданы.'
    : 'Сейчас показания не собирают, но передать их можно: они пойдут в следующий месяц.';
}

function HomeCard({ home, view, typed, errors, open }: ReadingsPageProps & { home: OwnHome }) {
  return (
    <Card title={home.title} note={home.address ?? undefined}>
      <Windows home={home} view={view} />
      {home.meters.flatMap((own) =>
        own.resources.map((one) => {
          const key = dialKey(dialOf(own, one));
          return (
            <DialFields
              key={key}
              {...{ home, own, one, typed, errors, providers: view.providers, open: open.get(key) }}
            />
          );
        }),
      )}
    </Card>
  );
}

/** Each provider's window, once for the home. */
function Windows({ home, view }: { home: OwnHome; view: OwnMeters }) {
  const takings = new Map<OwnTaking['providerId'], OwnTaking>(
    home.meters.flatMap(({ takings: own }) => own.map((taking) => [taking.providerId, taking] as const)),
  );
  return (
    <ul class="windows">
      {[...takings].map(([providerId, taking]) => (
        <li key={providerId}>
          <b>{nameOf(providerId, view.providers)}</b> {windowText(taking, home.today)}.
        </li>
      ))}
    </ul>
  );
}

/** «Передано, будет учтено в квитанции за ноябрь», for each provider. */
function Saved({ view, saved }: Pick<ReadingsPageProps, 'view' | 'saved'>) {
  const deliveries = view.homes.flatMap(({ meters }) =>
    meters.flatMap(({ resources }) =>
      resources.flatMap((one) => (one.current && saved.has(one.current.readingId) ? one.deliveries : [])),
    ),
  );
  if (deliveries.length === 0) return null;
  return (
    <Notice tone="good" title="Показания переданы" announce>
      <ul>
        {savedLines(deliveries, view.providers).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Notice>
  );
}

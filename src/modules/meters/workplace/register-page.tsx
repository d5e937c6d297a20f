import { OnlyFor } from '../../../pages/doors.tsx';
import type { FieldError } from '../../../platform/errors.ts';
import type { Typed } from '../../../platform/http/forms.ts';
import {
  ButtonLink,
  EmptyState,
  ErrorSummary,
  Field,
  Filter,
  monthWord,
  Notice,
  Pager,
  plural,
} from '../../../ui/index.ts';
import type { HouseCard } from '../../houses/index.ts';
import { access } from '../access.ts';
import { RESOURCE_NAMES, RESOURCES } from '../meter.ts';
import type { OrganisationTaking } from '../own-meters.ts';
import type { MeterLine, RegisterState } from '../queries/register.ts';
import { formatTaking } from '../window.ts';
import type { Entered } from './entries.ts';
import { DESK, HouseMetersFrame, pathOf, whereOf } from './frame.tsx';
import { queryOf, type RegisterView } from './house-register.tsx';
import { Entry } from './register-entry.tsx';

export const STATE_CHOICES: Readonly<Record<RegisterState, string>> = {
  missing: 'Не передали',
  sent: 'Передали',
  due: 'Поверка истекла или скоро',
  broken: 'Неисправные',
  archived: 'Снятые с учёта',
};

export interface RegisterPageProps {
  house: HouseCard;
  view: RegisterView;
  taking: OrganisationTaking;
  today: string;
  waiting: number;
  rows: readonly MeterLine[];
  hasMore: boolean;
  values: Typed;
  entered: Entered;
  saved: number | null;
  token: string;
}

export function RegisterPage(props: RegisterPageProps) {
  const { house, view, taking, waiting, rows, hasMore, entered, saved } = props;
  const path = pathOf(house.houseId);
  const active = [view.search, view.resource, view.state].filter(Boolean).length;
  return (
    <HouseMetersFrame
      {...{ house, waiting }}
      lead={`Показания за ${monthWord(taking.period)} принимаются ${formatTaking(taking)}.`}
      actions={
        <>
          <OnlyFor those={access.changeMeter}>
            <ButtonLink kind="secondary" icon="plus" href={`${path}/new`}>
              Добавить прибор
            </ButtonLink>
          </OnlyFor>
          <ButtonLink kind="quiet" icon="download" href={`${DESK}/export?house=${house.houseId}`}>
            Выгрузить
          </ButtonLink>
          <ButtonLink kind="quiet" icon="calendar" href={`${DESK}/window?house=${house.houseId}`}>
            Дни приёма
          </ButtonLink>
        </>
      }
    >
      <Outcome {...{ saved, entered, rows }} />
      <Filter action={path} active={active} resetHref={path} label="Найти прибор">
        <Field
          kind="text"
          type="search"
          name="search"
          label="Квартира, номер прибора или лицевой счёт"
          value={view.search}
        />
        <Field
          kind="choice"
          as="select"
          name="resource"
          label="Ресурс"
          placeholder="Все"
          options={RESOURCES.map((value) => ({ value, label: RESOURCE_NAMES[value] }))}
          value={view.resource ?? ''}
        />
        <Field
          kind="choice"
          as="select"
          name="state"
          label="Состояние"
          placeholder="Все действующие"
          options={Object.entries(STATE_CHOICES).map(([value, label]) => ({ value, label }))}
          value={view.state ?? ''}
        />
      </Filter>
      {rows.length === 0 ? <NoMeters {...{ house, active }} /> : <Entry {...props} />}
      <Pager
        label="Страницы приборов"
        next={hasMore ? `${path}${queryOf({ ...view, after: rows.at(-1)!.meterId })}` : undefined}
      />
    </HouseMetersFrame>
  );
}

/** At the top of the page an error names its device, in the order of the page; at its field it need not. */
function namedErrors({ entered, rows }: Pick<RegisterPageProps, 'entered' | 'rows'>): FieldError[] {
  const places = new Map(rows.map((row, place) => [row.meterId as string, place]));
  const rowOf = ({ field }: FieldError) => places.get(field.split('.')[1] ?? '') ?? -1;
  return entered.errors
    .toSorted((one, other) => rowOf(one) - rowOf(other))
    .map((error) => {
      const row = rows[rowOf(error)];
      if (!row) return error;
      const { field, message } = error;
      return {
        field,
        message: `${whereOf(row)}, №\u00a0${row.serial}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
      };
    });
}

function Outcome({ saved, entered, rows }: Pick<RegisterPageProps, 'saved' | 'entered' | 'rows'>) {
  const words = (count: number) => plural(count, ['показание', 'показания', 'показаний']);
  if (entered.errors.length > 0)
    return (
      <>
        {entered.saved > 0 && (
          <Notice tone="good" title={`Сохранено ${entered.saved} ${words(entered.saved)}`}>
            Остальные ждут внимания, они ниже.
          </Notice>
        )}
        <ErrorSummary errors={namedErrors({ entered, rows })} />
      </>
    );
  if (saved === null) return null;
  return saved > 0 ? (
    <Notice tone="good" announce title={`Сохранено ${saved} ${words(saved)}`} />
  ) : (
    <Notice tone="info" announce title="Показаний не указано: ничего не изменилось" />
  );
}

const NoMeters = ({ house, active }: { house: HouseCard; active: number }) =>
  active > 0 ? (
    <EmptyState
      title="Таких приборов в доме нет"
      action={{ href: pathOf(house.houseId), label: 'Показать все приборы' }}
    >
      Проверьте номер квартиры или прибора. Снятые с учёта приборы видны в состоянии «Снятые с учёта».
    </EmptyState>
  ) : (
    <EmptyState
      title="Приборов в этом доме пока нет"
      action={{ href: '/work/uploads/new?kind=meters', label: 'Загрузить приборы файлом' }}
    >
      Их загружают по шаблону «Приборы учёта» или добавляют по одному.
    </EmptyState>
  );

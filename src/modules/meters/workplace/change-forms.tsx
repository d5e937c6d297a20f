import type { ComponentChildren } from 'preact';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  ErrorSummary,
  errorOf,
  Field,
  FieldGroup,
  Form,
  formatDayMonth,
  PageTitle,
  Stack,
} from '../../../ui/index.ts';
import type { NsiItem } from '../../classifiers/index.ts';
import type { HouseCard } from '../../houses/index.ts';
import { type Meter, RESOURCE_NAMES, type Reading } from '../meter.ts';
import { REPLACEMENT_REASONS } from '../replace-meter.ts';
import {
  DateFields,
  DialFields,
  FeatureFields,
  type FormState,
  MarkFields,
  VerificationFields,
} from './card-fields.tsx';
import { ACTION_WORDS, type Action } from './changes.ts';
import { formatValues, pathOf, resourcesWord, unitOf } from './frame.tsx';

interface ChangePageProps extends FormState {
  house: HouseCard;
  meter: Meter;
  action: Action;
  where: string;
  last: readonly Reading[];
  lists: { archive: readonly NsiItem[]; failure: readonly NsiItem[]; restore: readonly NsiItem[] };
  token: string;
}

export function ChangePage(props: ChangePageProps) {
  const { house, meter, action, where, last, errors, token } = props;
  const words = ACTION_WORDS[action];
  const path = pathOf(house.houseId, meter.meterId);
  return (
    <Stack>
      <PageTitle
        kicker={`${where}, ${resourcesWord(meter.resources).toLowerCase()}, № ${meter.serial}`}
        lead={words.lead}
      >
        {words.label}
      </PageTitle>
      <ErrorSummary errors={errors} />
      <Card>
        {last.length > 0 && action !== 'correct' && action !== 'seal' && (
          <p>
            Последнее показание:{' '}
            {last
              .map(
                (reading) =>
                  `${last.length > 1 ? `${RESOURCE_NAMES[reading.resource].toLowerCase()} ` : ''}${formatValues(reading)} ${unitOf(
                    meter.resources.find(({ resource }) => resource === reading.resource)?.unit ?? '',
                  )} от ${formatDayMonth(reading.takenOn)}`,
              )
              .join('; ')}
          </p>
        )}
        <Form action={`${path}/${action}`} csrf={token} label={words.label}>
          {FORMS[action](props)}
          <Actions>
            <Button icon="check" kind={action === 'archive' ? 'danger' : 'primary'}>
              {words.button}
            </Button>
            <ButtonLink kind="quiet" href={path}>
              Отмена
            </ButtonLink>
          </Actions>
        </Form>
      </Card>
    </Stack>
  );
}

const of =
  ({ values, errors }: FormState) =>
  (name: string) => ({ name, value: values[name], error: errorOf(errors, name) });

const Day = ({
  state,
  label,
  name = 'onDay',
  hint,
}: {
  state: FormState;
  label: string;
  name?: string;
  hint?: string;
}) => <Field kind="date" {...of(state)(name)} label={label} hint={hint} />;

interface ReasonProps {
  state: FormState;
  label: string;
  items: readonly NsiItem[];
  placeholder?: string;
}

const Reason = ({ state, label, items, placeholder = 'Выберите причину' }: ReasonProps) => (
  <Field
    kind="choice"
    as="select"
    {...of(state)('reason')}
    label={label}
    placeholder={placeholder}
    options={items.filter(({ actual }) => actual).map(({ code, name }) => ({ value: code, label: name }))}
  />
);

const marks = (props: ChangePageProps, prefix: string, legend: string) =>
  props.meter.givesVolume ? null : (
    <MarkFields
      values={props.values}
      errors={props.errors}
      {...{ legend, prefix }}
      resources={props.meter.resources}
      tariffs={props.meter.tariffs}
    />
  );

const isElectric = ({ resources }: Meter) => resources.some(({ resource }) => resource === '3');
const isReplacement = ({ code }: NsiItem) => REPLACEMENT_REASONS.includes(code);

const FORMS: Readonly<Record<Action, (props: ChangePageProps) => ComponentChildren>> = {
  seal: (props) => <Day state={props} label="Когда поставлена пломба" />,
  break: (props) => (
    <>
      <Day state={props} label="Неисправен с какого дня" />
      <Reason state={props} label="Что с прибором" items={props.lists.failure} />
    </>
  ),
  repair: (props) => <Day state={props} label="Отремонтирован какого числа" />,
  restore: (props) => (
    <>
      <Day state={props} label="С какого дня прибор снова в работе" />
      <Reason state={props} label="Почему возвращается" items={props.lists.restore} />
    </>
  ),
  archive: (props) => (
    <>
      <Day state={props} label="Снят какого числа" />
      <Reason state={props} label="Почему снят" items={props.lists.archive.filter((item) => !isReplacement(item))} />
      {marks(props, 'final', 'Последнее показание, если его сняли')}
    </>
  ),
  control: (props) => (
    <>
      <Day state={props} label="Когда снято" />
      {marks({ ...props, meter: { ...props.meter, givesVolume: false } }, 'value', 'Показание')}
      {props.meter.resources.map(({ resource }) => {
        const name = `confirm-${resource}`;
        const error = errorOf(props.errors, name);
        return (
          error && (
            <Field
              key={name}
              kind="choice"
              as="checkbox"
              name={name}
              label="Проверено"
              options={[{ value: 'zero fall jump rollover swapped', label: 'Да, показание верное' }]}
              error={error}
            />
          )
        );
      })}
    </>
  ),
  verify: (props) => (
    <>
      <FieldGroup legend="Когда и почему">
        <Day state={props} name="startedOn" label="Прибор снят на поверку" hint="Если поверяли на месте, тот же день" />
        <Day state={props} label="Поверен и поставлен обратно" />
        <Reason state={props} label="Причина" items={props.lists.failure} placeholder="Плановая: кончался срок" />
        <Field
          kind="number"
          wholeOnly
          unit="лет"
          {...of(props)('interval')}
          label="Межповерочный интервал"
          hint="Из паспорта прибора: от него считается следующая поверка"
        />
        <Day state={props} name="sealedOn" label="Опломбирован" hint="Если пломбу ставили заново" />
      </FieldGroup>
      {marks(props, 'start', 'Показание до поверки')}
      {marks(props, 'end', 'Показание после поверки')}
    </>
  ),
  replace: (props) => (
    <>
      <FieldGroup legend="Старый прибор">
        <Day state={props} label="Когда заменён" />
        <Reason state={props} label="Причина" items={props.lists.archive.filter(isReplacement)} />
      </FieldGroup>
      {marks(props, 'final', 'Последнее показание старого')}
      <DialFields legend="Новый прибор" values={props.values} errors={props.errors} />
      <VerificationFields values={props.values} errors={props.errors} />
      {marks(
        { ...props, meter: { ...props.meter, tariffs: isElectric(props.meter) ? 3 : 1 } },
        'base',
        'Первое показание нового',
      )}
    </>
  ),
  correct: (props) => (
    <>
      <DialFields values={props.values} errors={props.errors} tariffsFixed />
      <DateFields values={props.values} errors={props.errors} />
      <VerificationFields values={props.values} errors={props.errors} />
      <FeatureFields values={props.values} errors={props.errors} />
    </>
  ),
};

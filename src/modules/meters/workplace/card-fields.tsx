import type { Typed } from '../../../platform/http/forms.ts';
import { errorOf, Field, type FieldError, FieldGroup } from '../../../ui/index.ts';
import type { Meter, Resource } from '../meter.ts';
import { RESOURCE_NAMES } from '../meter.ts';
import { markField } from '../record-marks.ts';
import { TARIFFS, tariffWord, unitOf } from './frame.tsx';

export interface FormState {
  values: Typed;
  errors: readonly FieldError[];
}

const fieldOf =
  ({ values, errors }: FormState) =>
  (name: string) => ({
    name,
    value: values[name],
    error: errorOf(errors, name),
  });

interface DialFieldsProps extends FormState {
  legend?: string;
  /** The number of tariffs stands: there are readings by it. */
  tariffsFixed?: boolean;
}

/** Number, passport and dial of a device. */
export function DialFields({ legend = 'Прибор', tariffsFixed, ...state }: DialFieldsProps) {
  const of = fieldOf(state);
  return (
    <FieldGroup legend={legend}>
      <Field kind="text" {...of('serial')} label="Заводской номер" maxLength={50} required />
      <Field kind="text" {...of('brand')} label="Марка" maxLength={100} />
      <Field kind="text" {...of('model')} label="Модель" maxLength={100} />
      <Field
        kind="number"
        wholeOnly
        {...of('digits')}
        label="Цифр до запятой"
        hint="Сколько цифр прибор показывает до запятой. Без этого переход через ноль придётся проверять вручную"
      />
      {!tariffsFixed && (
        <Field
          kind="choice"
          as="select"
          {...of('tariffs')}
          value={state.values.tariffs ?? '1'}
          label="Тарифов"
          hint="Больше одного только у электросчётчика"
          options={['1', '2', '3'].map((value) => ({ value, label: value }))}
        />
      )}
      <Field
        kind="number"
        {...of('ratio')}
        label="Коэффициент трансформации"
        hint="Для электросчётчика с трансформаторами; обычно 1"
      />
    </FieldGroup>
  );
}

export function VerificationFields(state: FormState) {
  const of = fieldOf(state);
  return (
    <FieldGroup legend="Поверка">
      <Field kind="date" {...of('verifiedOn')} label="Последняя поверка" />
      <Field
        kind="number"
        wholeOnly
        unit="лет"
        {...of('verificationInterval')}
        label="Межповерочный интервал"
        hint="Из паспорта прибора: от 1 до 20 лет или 30"
      />
    </FieldGroup>
  );
}

export function DateFields(state: FormState) {
  const of = fieldOf(state);
  return (
    <FieldGroup legend="Установка и пломбы">
      <Field kind="text" {...of('place')} label="Где стоит" hint="Например: санузел, кухня" maxLength={100} />
      <Field kind="date" {...of('installedOn')} label="Установлен" />
      <Field kind="date" {...of('usedFrom')} label="Введён в эксплуатацию" />
      <Field kind="date" {...of('factorySealedOn')} label="Опломбирован заводом" />
      <Field kind="date" {...of('sealedOn')} label="Опломбирован вами" />
    </FieldGroup>
  );
}

export function FeatureFields(state: FormState) {
  const of = fieldOf(state);
  const flag = (name: string, label: string) => (
    <Field kind="choice" as="checkbox" {...of(name)} label={label} options={[{ value: '1', label }]} />
  );
  return (
    <FieldGroup legend="Особенности">
      {flag('remote', 'Показания снимаются дистанционно')}
      <Field kind="text" {...of('remoteNote')} label="Какая система снимает показания" />
      {flag('temperatureSensor', 'Есть датчики температуры')}
      <Field kind="text" {...of('temperatureNote')} label="Где стоят датчики температуры" />
      {flag('pressureSensor', 'Есть датчики давления')}
      <Field kind="text" {...of('pressureNote')} label="Где стоят датчики давления" />
    </FieldGroup>
  );
}

interface MarkFieldsProps extends FormState {
  legend: string;
  prefix: string;
  resources: Meter['resources'];
  tariffs: number;
}

/** Values of a device at one moment: a field for each resource and tariff. */
export function MarkFields({ legend, prefix, resources, tariffs, ...state }: MarkFieldsProps) {
  const of = fieldOf(state);
  const label = (resource: Resource, word: string) => [RESOURCE_NAMES[resource], word].filter(Boolean).join(', ');
  return (
    <FieldGroup legend={legend}>
      {resources.flatMap(({ resource, unit }) =>
        TARIFFS.slice(0, tariffs).map((tariff) => (
          <Field
            key={`${resource}${tariff}`}
            kind="number"
            {...of(markField(prefix, resource, tariff))}
            label={label(resource, tariffWord(tariff, tariffs))}
            unit={unitOf(unit)}
          />
        )),
      )}
    </FieldGroup>
  );
}

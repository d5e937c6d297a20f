import type { Typed } from '../../../platform/http/forms.ts';
import {
  Button,
  Card,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  FieldGroup,
  Form,
  formatDateTime,
  formatNumericDate,
  Notice,
  type Option,
  Stack,
} from '../../../ui/index.ts';
import type { HouseCard } from '../house.ts';

interface HouseFormProps {
  house: HouseCard;
  values: Typed;
  errors: readonly FieldError[];
  states: readonly Option[];
  stages: readonly Option[];
  managements: readonly Option[];
  versions: readonly { versionId: string; replacedAt: Date }[];
  token: string;
  saved: boolean;
}

const text = (value: string | number | null): string => (value === null ? '' : String(value));
/** A decimal as people write it: a comma, no zeros that the database added. */
const decimal = (value: string | null): string =>
  value === null
    ? ''
    : value
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '')
        .replace('.', ',');

/** What the form shows before anything is typed. */
export const typedOf = (house: HouseCard): Typed => ({
  yearBuilt: text(house.yearBuilt),
  yearInUse: text(house.yearInUse),
  capitalRepairYear: text(house.capitalRepairYear),
  stateCode: text(house.stateCode),
  stageCode: text(house.stageCode),
  managementCode: text(house.managementCode),
  wearPercent: decimal(house.wearPercent),
  wearOn: house.wearOn ? formatNumericDate(house.wearOn) : '',
  totalArea: decimal(house.totalArea),
  storeysMax: text(house.storeysMax),
  storeysMin: text(house.storeysMin),
  undergroundStoreys: text(house.undergroundStoreys),
  cadastralNumber: text(house.cadastralNumber),
  uniqueNumber: text(house.uniqueNumber),
});

export function HouseForm({
  house,
  values,
  errors,
  states,
  stages,
  managements,
  versions,
  token,
  saved,
}: HouseFormProps) {
  const of = (name: string) => ({ name, value: values[name], error: errorOf(errors, name) });
  const choice = (name: string, label: string, options: readonly Option[]) => (
    <Field kind="choice" as="select" {...of(name)} label={label} options={options} placeholder="Не указано" />
  );
  return (
    <Stack>
      {saved && (
        <Notice tone="good" announce title="Карточка сохранена">
          Жители дома видят новые сведения. То, что было раньше, хранится в истории.
        </Notice>
      )}
      <ErrorSummary errors={errors} />
      <Card>
        <Form action={`/work/houses/${house.houseId}/card`} csrf={token} label="Карточка дома">
          <FieldGroup legend="Главное">
            <Field kind="number" wholeOnly {...of('yearBuilt')} label="Год постройки" />
            <Field kind="number" wholeOnly {...of('yearInUse')} label="Год ввода в эксплуатацию" />
            {choice('stateCode', 'Состояние', states)}
            <Field kind="number" {...of('wearPercent')} label="Общий износ" unit="%" />
            <Field kind="date" {...of('wearOn')} label="Износ оценён на дату" />
            <Field kind="number" wholeOnly {...of('capitalRepairYear')} label="Год последнего капитального ремонта" />
          </FieldGroup>
          <FieldGroup legend="Устройство и управление">
            {choice('stageCode', 'Стадия жизненного цикла', stages)}
            {choice('managementCode', 'Способ управления', managements)}
            <Field kind="number" {...of('totalArea')} label="Общая площадь дома" unit="м²" />
            <Field kind="number" wholeOnly {...of('storeysMax')} label="Этажей, наибольшее число" />
            <Field kind="number" wholeOnly {...of('storeysMin')} label="Этажей, наименьшее число" />
            <Field kind="number" wholeOnly {...of('undergroundStoreys')} label="Подземных этажей" />
            <Field kind="text" {...of('cadastralNumber')} label="Кадастровый номер" />
            <Field
              kind="text"
              {...of('uniqueNumber')}
              label="Код дома в ГИС ЖКХ"
              hint="Уникальный номер дома: 25 цифр, дефис и ещё 5 цифр. По нему дом находят при выборе адреса"
            />
          </FieldGroup>
          <Button>Сохранить</Button>
        </Form>
      </Card>
      {versions.length > 0 && (
        <Card title="История карточки" note="Прежние сведения хранятся и не меняются">
          <ul>
            {versions.map((version) => (
              <li key={version.versionId}>изменена {formatDateTime(version.replacedAt, house.zone)}</li>
            ))}
          </ul>
        </Card>
      )}
    </Stack>
  );
}

import { useMay } from '../../../pages/doors.tsx';
import type { Typed } from '../../../platform/http/forms.ts';
import { addMonths } from '../../../platform/month.ts';
import {
  Actions,
  Button,
  errorOf,
  Field,
  Form,
  formatDayMonth,
  formatMonth,
  monthWord,
  Stack,
  Status,
  Table,
} from '../../../ui/index.ts';
import { access } from '../access.ts';
import { DELIVERY_WORDS, RESOURCE_NAMES, SOURCE_WORDS } from '../meter.ts';
import type { LastValue, MeterLine } from '../queries/register.ts';
import { confirmField, type Entered, valueField } from './entries.ts';
import { formatValues, MeterStatus, pathOf, resourcesWord, TARIFFS, tariffWord, unitOf, whereOf } from './frame.tsx';
import { queryOf } from './house-register.tsx';
import type { RegisterPageProps } from './register-page.tsx';

export function Entry({ house, view, taking, today, rows, values, entered, token }: RegisterPageProps) {
  const canEnter = useMay(access.enterReadings) && rows.some(({ state }) => state !== 'archived');
  const table = (
    <Table
      caption="Приборы дома"
      captionHidden
      rows={rows}
      rowKey={(row) => row.meterId}
      columns={[
        {
          key: 'meter',
          title: 'Прибор',
          heading: true,
          cell: (row) => (
            <span>
              <a href={pathOf(house.houseId, row.meterId)}>
                {whereOf(row)}, {resourcesWord(row.resources).toLowerCase()}
              </a>
              <br />
              <small class="quiet">
                № {row.serial}
                {row.place && `, ${row.place}`}
              </small>
            </span>
          ),
        },
        { key: 'last', title: 'Последнее показание', cell: (row) => <Last row={row} /> },
        ...(canEnter
          ? [
              {
                key: 'new',
                title: `За ${monthWord(taking.period)}`,
                cell: (row: MeterLine) => <NewValues {...{ row, values, entered }} />,
              },
            ]
          : []),
        {
          key: 'state',
          title: 'Состояние',
          cell: (row) => <State row={row} today={today} />,
        },
      ]}
    />
  );
  if (!canEnter) return table;
  return (
    <Form action={`${pathOf(house.houseId, 'readings')}${queryOf(view)}`} csrf={token} wide label="Показания дома">
      <Stack>
        {table}
        <details open={entered.errors.some(({ field }) => field === 'takenOn' || field === 'period')}>
          <summary>Месяц, дата и кто снял показания</summary>
          <div class="filter__fields">
            <Field
              kind="choice"
              as="select"
              name="kind"
              label="Кто снял показания"
              options={[
                { value: 'current', label: 'Житель сообщил нам' },
                { value: 'control', label: 'Наш сотрудник: контрольное' },
              ]}
              value={values.kind ?? 'current'}
            />
            <Field
              kind="choice"
              as="select"
              name="period"
              label="За какой месяц"
              options={[taking.period, addMonths(taking.period, -1)].map((value) => ({
                value,
                label: formatMonth(value),
              }))}
              value={values.period ?? taking.period}
              error={errorOf(entered.errors, 'period')}
            />
            <Field
              kind="date"
              name="takenOn"
              label="Дата снятия"
              hint="Пустое поле: сегодня"
              value={values.takenOn}
              error={errorOf(entered.errors, 'takenOn')}
            />
          </div>
        </details>
        <Actions>
          <Button icon="check">Сохранить показания</Button>
        </Actions>
      </Stack>
    </Form>
  );
}

function Last({ row }: { row: MeterLine }) {
  if (row.last.length === 0) return <span class="quiet">показаний ещё не было</span>;
  return (
    <span>
      {row.last.map((value) => (
        <LastOf key={value.resource} row={row} value={value} />
      ))}
    </span>
  );
}

function LastOf({ row, value }: { row: MeterLine; value: LastValue }) {
  const unit = row.resources.find(({ resource }) => resource === value.resource)?.unit ?? '';
  return (
    <>
      {row.resources.length > 1 && `${RESOURCE_NAMES[value.resource]}: `}
      {formatValues(value)} {unitOf(unit)}
      <br />
      <small class="quiet">
        {formatDayMonth(value.takenOn)}, {SOURCE_WORDS[value.source]}
        {value.delivery && `, ${DELIVERY_WORDS[value.delivery]}`}
      </small>
      <br />
    </>
  );
}

function NewValues({ row, values, entered }: { row: MeterLine; values: Typed; entered: Entered }) {
  if (row.state === 'archived')
    return <span class="quiet">снят {row.archivedOn && formatDayMonth(row.archivedOn)}</span>;
  const about = `${whereOf(row)}, № ${row.serial}`;
  return (
    <div>
      {row.resources.map(({ resource, unit }) => {
        const box = confirmField(row.meterId, resource);
        const questions = entered.questions.get(box);
        return (
          <div key={resource}>
            {TARIFFS.slice(0, row.tariffs).map((tariff) => {
              const name = valueField(row.meterId, resource, tariff);
              const word = [row.resources.length > 1 && RESOURCE_NAMES[resource], tariffWord(tariff, row.tariffs)]
                .filter(Boolean)
                .join(', ');
              return (
                <Field
                  key={name}
                  kind="number"
                  name={name}
                  label={word || `Новое показание, ${about}`}
                  labelHidden={!word}
                  {...(word && { hint: about, hintHidden: true })}
                  unit={unitOf(unit)}
                  value={values[name]}
                  error={errorOf(entered.errors, name)}
                />
              );
            })}
            {questions && (
              <Field
                kind="choice"
                as="checkbox"
                name={box}
                label="Проверено"
                options={[{ value: questions.map(({ kind }) => kind).join(' '), label: 'Да, показание верное' }]}
                error={questions.map(({ text }) => text).join(' ')}
              />
            )}
          </div>
        );
      })}
    </div>
  );
}

function State({ row, today }: { row: MeterLine; today: string }) {
  if (row.state === 'working' && !(row.verifyBy && row.verifyBy < today))
    return row.isSent ? <Status tone="good">Передано</Status> : <Status tone="waiting">Не передано</Status>;
  return <MeterStatus state={row.state} verifyBy={row.verifyBy} today={today} />;
}

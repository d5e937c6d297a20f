import type { Typed } from '../../../platform/http/forms.ts';
import { addMonths, type Month } from '../../../platform/month.ts';
import type { DatedRule } from '../../../platform/rules/rules.ts';
import {
  Actions,
  Button,
  Card,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  FieldGroup,
  Form,
  formatMonth,
  formatNumericDate,
  monthWord,
  Notice,
  PageTitle,
  Stack,
  Table,
} from '../../../ui/index.ts';
import type { HouseCard } from '../../houses/index.ts';
import type { OrganisationTaking } from '../own-meters.ts';
import { formatTaking, parseWindow, type WindowDay } from '../window.ts';
import { DESK } from './frame.tsx';

interface WindowPageProps {
  house: HouseCard | null;
  taking: OrganisationTaking;
  history: readonly DatedRule[];
  values: Typed;
  errors: readonly FieldError[];
  isHead: boolean;
  token: string;
  saved: boolean;
}

/** «с 23-го по 3-е число следующего месяца». */
export function windowWords(text: string): string {
  const { start, end } = parseWindow(text);
  const day = ({ day: number }: WindowDay) => (number === -1 ? 'последний день' : `${number}-е`);
  const next = (at: WindowDay) => (at.next ? ' следующего месяца' : '');
  return `с ${start.day === -1 ? 'последнего дня' : `${start.day}-го`}${next(start)} по ${day(end)}${next(end)}`;
}

export function WindowPage(props: WindowPageProps) {
  const { house, taking, history, errors, isHead, saved } = props;
  return (
    <Stack>
      <PageTitle
        kicker={house?.shortAddress}
        lead={`Сейчас показания за ${monthWord(taking.period)} принимаются ${formatTaking(taking)}.`}
      >
        Дни приёма показаний
      </PageTitle>
      {saved && (
        <Notice tone="good" announce title="Решение записано">
          Оно действует с выбранного месяца. Жители увидят новые дни в своём кабинете.
        </Notice>
      )}
      <ErrorSummary errors={errors} />
      <Card title="Откуда взяты эти дни">
        <p>{taking.source}</p>
        {!house && <p>Для одного дома дни можно изменить отдельно: откройте его приборы и выберите «Дни приёма».</p>}
      </Card>
      {isHead ? (
        <NewWindow {...props} />
      ) : (
        <Notice tone="info" title="Дни приёма меняет руководитель организации">
          Попросите его, если они изменились в договоре.
        </Notice>
      )}
      <Card title="История">
        <Table
          caption="Решения о днях приёма"
          captionHidden
          rows={history}
          rowKey={(row) => row.ruleId}
          empty={
            <p>
              {house
                ? 'Для этого дома своих дней не было: действуют общие дни организации.'
                : 'Организация своих дней не назначала: действует срок из закона.'}
            </p>
          }
          columns={[
            { key: 'value', title: 'Дни', heading: true, cell: (row) => windowWords(row.value) },
            {
              key: 'from',
              title: 'Действует',
              cell: (row) =>
                [
                  row.validFrom && `с ${formatNumericDate(row.validFrom)}`,
                  row.validTo && `по ${formatNumericDate(row.validTo)}`,
                ]
                  .filter(Boolean)
                  .join(' '),
            },
            { key: 'source', title: 'Основание', cell: (row) => row.source },
          ]}
        />
      </Card>
    </Stack>
  );
}

const DAYS = [...Array.from({ length: 31 }, (_, index) => String(index + 1)), '-1'].map((value) => ({
  value,
  label: value === '-1' ? 'последний день' : value,
}));
const MONTH_CHOICES = [
  { value: 'own', label: 'того же месяца' },
  { value: 'next', label: 'следующего месяца' },
];
const AHEAD = 12;

function NewWindow({ house, taking, history, values, errors, token }: WindowPageProps) {
  const of = (name: string, fallback: string) => ({
    name,
    value: values[name] ?? fallback,
    error: errorOf(errors, name),
  });
  const side = (name: 'start' | 'end', legend: string) => {
    const day = taking.window[name];
    return (
      <FieldGroup legend={legend}>
        <Field kind="choice" as="select" {...of(`${name}Day`, String(day.day))} label="Число" options={DAYS} />
        <Field
          kind="choice"
          as="select"
          {...of(`${name}Month`, day.next ? 'next' : 'own')}
          label="Какого месяца"
          options={MONTH_CHOICES}
        />
      </FieldGroup>
    );
  };
  const first = addMonths(taking.period, 1);
  const months: Month[] = Array.from({ length: AHEAD }, (_, ahead) => addMonths(first, ahead));
  const from = (
    <Field
      kind="choice"
      as="select"
      {...of('from', first)}
      label="С какого месяца"
      hint="Показания за этот месяц и позже. Текущий месяц не меняется: жителям уже назвали дни"
      options={months.map((value) => ({ value, label: formatMonth(value) }))}
    />
  );
  const action = `${DESK}/window${house ? `?house=${house.houseId}` : ''}`;
  const hasOwn = history.some(({ validTo }) => validTo === null);
  return (
    <>
      <Card title={house ? 'Новые дни для этого дома' : 'Новые дни для всех домов'}>
        <Form action={action} csrf={token} label="Новые дни приёма">
          {side('start', 'Первый день приёма')}
          {side('end', 'Последний день приёма')}
          {from}
          <Actions>
            <Button icon="check">Назначить дни</Button>
          </Actions>
        </Form>
      </Card>
      {hasOwn && (
        <Card title={house ? 'Вернуть общие дни организации' : 'Вернуть срок из закона'}>
          <Form action={action} csrf={token} hidden={{ drop: '1', from: first }} label="Вернуть общие дни">
            <Actions>
              <Button kind="secondary">С {formatMonth(first, 'genitive')}</Button>
            </Actions>
          </Form>
        </Card>
      )}
    </>
  );
}

import { Card, DefinitionList, formatMonth, formatNumber, formatRubles, Money, Table } from '../../ui/index.ts';
import { PENALTY_NAMES } from './explain-line.ts';
import type { DocumentBody } from './payment-document.ts';
import type { Document } from './queries/reading.ts';

export const money = (amount: number | null | undefined) =>
  typeof amount === 'number' ? <Money amount={BigInt(amount)} /> : '—';
const figure = (value: string | null | undefined) => (value ? formatNumber(value) : '—');
const area = (value: string | null | undefined) => (value ? `${formatNumber(value)} м²` : null);

const NUMBERS = [
  { term: 'Единый лицевой счёт', key: 'els' },
  { term: 'Идентификатор ЖКУ', key: 'serviceId' },
  { term: 'Идентификатор платёжного документа', key: 'uid' },
] as const;

/** Section 1: the payer, the provider, where the money goes. */
export function PayerSection({ document }: { document: Document }) {
  const { payer, requisites, totals } = document.body;
  return (
    <Card title="Плательщик и исполнитель">
      <DefinitionList
        items={[
          { term: 'Лицевой счёт', value: document.accountNumber },
          ...NUMBERS.flatMap(({ term, key }) => (document[key] ? [{ term, value: document[key] }] : [])),
          { term: 'Плательщик', value: payer.name },
          { term: 'Адрес', value: payer.address ?? document.address },
          { term: 'Общая площадь', value: area(payer.totalArea), empty: 'значение не указано' },
          { term: 'Проживают', value: payer.residents?.toString(), empty: 'значение не указано' },
          { term: 'Исполнитель', value: document.issuer },
          ...(totals.paidThroughDay
            ? [{ term: 'Учтены платежи', value: `до ${totals.paidThroughDay}-го числа месяца включительно` }]
            : []),
        ]}
      />
      <Table
        caption="Платёжные реквизиты"
        columns={[
          { key: 'recipient', title: 'Получатель', heading: true, cell: ({ recipient }) => recipient },
          { key: 'inn', title: 'ИНН', cell: ({ inn }) => inn ?? '—' },
          { key: 'bik', title: 'БИК', cell: ({ bik }) => bik },
          { key: 'account', title: 'Расчётный счёт', cell: ({ bankAccount }) => bankAccount },
          { key: 'stated', title: 'К оплате', numeric: true, cell: ({ stated }) => money(stated) },
        ]}
        rows={requisites}
        rowKey={({ requisiteId }) => requisiteId}
      />
    </Card>
  );
}

/** Section 2: readings of the resident's own meters. */
export function MeterSection({ body }: { body: DocumentBody }) {
  if (body.meters.length === 0) return null;
  return (
    <Card title="Показания ваших приборов учёта">
      <Table
        caption="Показания приборов учёта"
        captionHidden
        columns={[
          { key: 'service', title: 'Услуга', heading: true, cell: ({ service }) => service },
          { key: 'serial', title: '№ прибора', cell: ({ serial }) => serial ?? '—' },
          { key: 'previous', title: 'Было', numeric: true, cell: ({ previous }) => figure(previous) },
          { key: 'current', title: 'Стало', numeric: true, cell: ({ current }) => figure(current) },
          { key: 'consumption', title: 'Расход', numeric: true, cell: ({ consumption }) => figure(consumption) },
          { key: 'unit', title: 'Единица', cell: ({ unit }) => unit ?? '—' },
        ]}
        rows={body.meters.map((meter, index) => ({ ...meter, index }))}
        rowKey={({ index }) => String(index)}
      />
    </Card>
  );
}

/** Debt lines of a debt document; penalties and court costs of either kind. */
export function DebtSection({ body }: { body: DocumentBody }) {
  return (
    <>
      {body.debts.length > 0 && (
        <Card title="Долг за прошлые месяцы">
          <Table
            caption="Долг за прошлые месяцы"
            captionHidden
            columns={[
              { key: 'service', title: 'Услуга', heading: true, cell: ({ service }) => service },
              { key: 'month', title: 'Месяц', cell: ({ month }) => formatMonth(month) },
              { key: 'amount', title: 'Долг', numeric: true, cell: ({ amount }) => money(amount) },
            ]}
            rows={body.debts.map((debt, index) => ({ ...debt, index }))}
            rowKey={({ index }) => String(index)}
          />
        </Card>
      )}
      {body.penalties.length > 0 && (
        <Card title="Неустойки и судебные расходы">
          <Table
            caption="Неустойки и судебные расходы"
            captionHidden
            columns={[
              { key: 'kind', title: 'Вид', heading: true, cell: ({ kind }) => PENALTY_NAMES[kind] },
              { key: 'cause', title: 'Основание', cell: ({ cause }) => cause ?? 'Информация не указана' },
              { key: 'amount', title: 'Сумма', numeric: true, cell: ({ amount }) => money(amount) },
            ]}
            rows={body.penalties.map((penalty, index) => ({ ...penalty, index }))}
            rowKey={({ index }) => String(index)}
          />
        </Card>
      )}
    </>
  );
}

/** Sections 4 to 6: reference figures, instalments, recalculations. */
export function OtherSections({ body }: { body: DocumentBody }) {
  const numbered = <T extends object>(rows: readonly T[]) => rows.map((row, index) => ({ ...row, index }));
  const key = ({ index }: { index: number }) => String(index);
  return (
    <>
      {(body.reference.length > 0 || body.electricity.length > 0) && (
        <Card title="Справочные сведения">
          <Table
            caption="Нормативы, показания и объёмы дома"
            columns={[
              {
                key: 'service',
                title: 'Услуга',
                heading: true,
                cell: ({ service, unit }) => (unit ? `${service}, ${unit}` : service),
              },
              { key: 'norm', title: 'Норматив', numeric: true, cell: (row) => figure(row.normIndividual) },
              {
                key: 'common',
                title: 'Норматив на общее имущество',
                numeric: true,
                cell: (row) => figure(row.normCommon),
              },
              {
                key: 'own',
                title: 'Показания вашего прибора',
                numeric: true,
                cell: (row) => figure(row.meterIndividual),
              },
              { key: 'house', title: 'Показания прибора дома', numeric: true, cell: (row) => figure(row.meterHouse) },
              {
                key: 'premises',
                title: 'Объём всех помещений',
                numeric: true,
                cell: (row) => figure(row.housePremises),
              },
              { key: 'all', title: 'Объём общего имущества', numeric: true, cell: (row) => figure(row.houseCommon) },
            ]}
            rows={numbered(body.reference)}
            rowKey={key}
          />
          {body.electricity.length > 0 && (
            <DefinitionList
              items={body.electricity.map(({ name, amount }) => ({ term: name, value: `${formatNumber(amount)} ₽` }))}
            />
          )}
        </Card>
      )}
      {body.instalments.length > 0 && (
        <Card title="Рассрочка">
          <Table
            caption="Рассрочка"
            captionHidden
            columns={[
              { key: 'service', title: 'Услуга', heading: true, cell: ({ service }) => service },
              { key: 'current', title: 'От платы за период', numeric: true, cell: ({ current }) => money(current) },
              { key: 'former', title: 'За прошлые периоды', numeric: true, cell: ({ former }) => money(former) },
              {
                key: 'fee',
                title: 'Проценты',
                numeric: true,
                cell: ({ fee, feePercent }) =>
                  feePercent ? `${formatRubles(BigInt(fee))} (${formatNumber(feePercent)} %)` : money(fee),
              },
              { key: 'total', title: 'К оплате', numeric: true, cell: ({ total }) => money(total) },
            ]}
            rows={numbered(body.instalments)}
            rowKey={key}
          />
        </Card>
      )}
      {body.recalculations.length > 0 && (
        <Card title="Перерасчёты">
          <Table
            caption="Перерасчёты"
            captionHidden
            columns={[
              { key: 'service', title: 'Услуга', heading: true, cell: ({ service }) => service },
              { key: 'reason', title: 'Основание', cell: ({ reason }) => reason },
              { key: 'amount', title: 'Сумма', numeric: true, cell: ({ amount }) => money(amount) },
            ]}
            rows={numbered(body.recalculations)}
            rowKey={key}
          />
        </Card>
      )}
    </>
  );
}

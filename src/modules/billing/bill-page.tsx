import type { ComponentChildren } from 'preact';
import {
  ButtonLink,
  Card,
  DefinitionList,
  formatDate,
  formatMonth,
  formatNumericDate,
  formatRubles,
  Money,
  Notice,
  PageTitle,
  Stack,
  Sum,
  withFullStop,
} from '../../ui/index.ts';
import { DebtSection, MeterSection, OtherSections, PayerSection } from './bill-sections.tsx';
import { ChargeSection } from './charge-section.tsx';
import type { DueDay } from './due-day.ts';
import type { ExplainedPenalty } from './explain-penalty.ts';
import type { Document } from './queries/reading.ts';

export interface BillView {
  document: Document;
  dueDay: DueDay;
  /** The due day has passed, by the calendar of the house. */
  overdue: boolean;
  /** «Пени, если заплатить сегодня»; null when it is not overdue or a rate is not entered. */
  penalty: ExplainedPenalty | null;
  /** Where the documents of this account are for whoever looks: residents' own pages, or the issuer's. */
  base?: string;
  /** The issuer's employee does not pay; the page goes on with what they may do instead. */
  staff?: ComponentChildren;
  /** Looked at by a former payer: the bill as it came, and nothing that has happened to it since. */
  isPast?: boolean;
  /** Looked at by somebody whom the payer lets in: to write to the organisation is the payer's. */
  helper?: { mayPay: boolean };
}

export function BillPage(view: BillView) {
  const {
    document,
    dueDay,
    overdue,
    penalty,
    base = `/bills/${document.houseId}`,
    staff,
    isPast = false,
    helper,
  } = view;
  const left = document.due - document.settled;
  const exposed = document.state === 'exposed' && !isPast;
  return (
    <Stack>
      <PageTitle
        kicker={`${document.kind === 'debt' ? 'Долговая квитанция' : 'Квитанция'} № ${document.number}`}
        lead={`${document.issuer}, лицевой счёт ${document.accountNumber}`}
      >
        Квитанция за {formatMonth(document.period)}
      </PageTitle>
      {isPast && (
        <Notice title="Плательщик этого счёта сменился">
          Квитанция показана такой, какой пришла вам. Как её оплачивали потом, видит нынешний плательщик.
        </Notice>
      )}
      <Marks document={document} base={base} />
      {exposed && (
        <Sum
          label={left > 0n ? 'Осталось заплатить по этой квитанции' : 'По этой квитанции всё оплачено'}
          amount={left}
          note={
            left > 0n && (
              <>
                {overdue ? `Срок прошёл ${formatDate(dueDay.day)}` : `До ${formatDate(dueDay.day)}`}
                {document.stated !== null && document.stated > document.due && (
                  <>
                    <br />
                    Вместе с прежними долгами в квитанции {formatRubles(document.stated)}
                  </>
                )}
              </>
            )
          }
          source={`По данным ${document.issuer}, ${formatDate(document.issuedAt, document.zone)}`}
        >
          {left > 0n && !staff && (helper?.mayPay ?? true) && (
            <ButtonLink href={`/pay?account=${document.accountId}`}>Оплатить</ButtonLink>
          )}
        </Sum>
      )}
      <Totals document={document} showsPaid={exposed} />
      {penalty && penalty.total > 0n && !isPast && <PenaltyCard penalty={penalty} />}
      <PayerSection document={document} />
      <MeterSection body={document.body} />
      <ChargeSection document={document} showsPaid={exposed} mayDispute={exposed && !staff && !helper} />
      <DebtSection body={document.body} />
      <OtherSections body={document.body} />
      {document.body.totals.note && <Card title="Дополнительная информация">{document.body.totals.note}</Card>}
      <p class="quiet">
        Форма платёжного документа: приказ Минстроя № {document.form}. Срок оплаты: {dueDay.source}.
      </p>
      {staff}
    </Stack>
  );
}

function Marks({ document, base }: { document: Document; base: string }) {
  const link = (id: string, label: string) => <a href={`${base}/${id}`}>{label}</a>;
  return (
    <>
      {document.undone && document.withdrawnAt && (
        <Notice
          tone="warn"
          title={`Квитанция отменена организацией ${formatNumericDate(document.withdrawnAt, document.zone)}: платить по ней не нужно`}
        >
          <p>Причина: {withFullStop(document.withdrawnReason ?? '')}</p>
          {document.replacedById && (
            <p>{link(document.replacedById, 'Открыть прежнюю квитанцию: она снова действует')}</p>
          )}
        </Notice>
      )}
      {document.state === 'withdrawn' && !document.undone && (
        <Notice tone="warn" title="Эта квитанция отозвана, платить по ней не нужно">
          {document.withdrawnAt && `${withFullStop(formatDate(document.withdrawnAt, document.zone))} `}
          {withFullStop(document.withdrawnReason ?? '')}{' '}
          {document.replacedById && link(document.replacedById, 'Открыть исправленную квитанцию')}
        </Notice>
      )}
      {document.replacesId && !document.undone && (
        <Notice title={document.restoresId ? 'Эта квитанция снова действует' : 'Это исправленная квитанция'}>
          {document.restoresId
            ? link(document.replacesId, 'Посмотреть исправление, которое организация отменила')
            : link(document.replacesId, 'Посмотреть прежнюю, отозванную')}
        </Notice>
      )}
    </>
  );
}

function Totals({ document, showsPaid }: { document: Document; showsPaid: boolean }) {
  const { totals } = document.body;
  const money = (amount: bigint | null) => (amount === null ? null : formatRubles(amount));
  const opening = document.opening;
  const voluntary = document.body.lines.reduce((sum, line) => sum + (line.voluntary ? line.payable : 0), 0);
  return (
    <Card title="Итоги">
      <DefinitionList
        items={[
          { term: 'К оплате за расчётный период', value: money(document.charged) },
          ...(opening === null || opening === 0n
            ? []
            : [
                opening > 0n
                  ? { term: 'Долг на начало периода', value: money(opening) }
                  : { term: 'Аванс на начало периода', value: money(-opening) },
              ]),
          ...(document.penalty === 0n
            ? []
            : [{ term: 'Неустойки и судебные расходы', value: money(document.penalty) }]),
          ...(document.stated === null
            ? []
            : [{ term: 'Итого к оплате, по данным организации', value: money(document.stated) }]),
          ...(document.carried === 0n
            ? []
            : [
                { term: 'В том числе прежний долг, о котором здесь не было квитанций', value: money(document.carried) },
              ]),
          ...(voluntary === 0
            ? []
            : [{ term: 'Добровольное страхование, не входит в долг', value: money(BigInt(voluntary)) }]),
          ...(typeof totals.subsidies === 'number'
            ? [{ term: 'Субсидии и компенсации', value: money(BigInt(totals.subsidies)) }]
            : []),
          ...(showsPaid ? [{ term: 'Оплачено по этой квитанции', value: money(document.settled) }] : []),
        ]}
      />
    </Card>
  );
}

const REASONS = { free: 'пени не начисляются', excluded: 'дни не учитываются', counted: '' } as const;

function PenaltyCard({ penalty }: { penalty: ExplainedPenalty }) {
  return (
    <Card
      title="Пени, если заплатить сегодня"
      note="Это расчёт по закону, а не требование: пени начисляет организация и показывает в квитанции."
    >
      <p>
        <Money amount={penalty.total} /> за {penalty.daysLate} дн. просрочки с долга <Money amount={penalty.base} />,
        ставка {penalty.rate.replace('.', ',')} %.
      </p>
      <ul>
        {penalty.rows.map((row) => (
          <li key={row.from}>
            {row.fromDay}–{row.toDay}-й день:{' '}
            {row.divisor ? `${row.days} × 1/${row.divisor} ставки` : REASONS[row.reason]}
          </li>
        ))}
      </ul>
      <p class="quiet">{penalty.sources.join('; ')}</p>
    </Card>
  );
}

import type { Typed } from '../../../platform/http/forms.ts';
import {
  Button,
  ButtonLink,
  Card,
  DefinitionList,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  FieldGroup,
  Form,
  formatDate,
  formatDateTime,
  Notice,
  PageTitle,
  Stack,
  Status,
  type StatusTone,
  Table,
} from '../../../ui/index.ts';
import { CardFields } from '../../organisations/index.ts';
import type { Application, AskedPower } from '../queries/applications.ts';
import { ZONE } from '../staff.ts';
import { oktmoField, POWER_ROWS, powerField, regionField } from './application-form.ts';
import { APPLICATIONS } from './paths.ts';

export const STATES: Readonly<Record<Application['state'], readonly [StatusTone, string]>> = {
  open: ['waiting', 'Рассматривается'],
  approved: ['good', 'Одобрена'],
  refused: ['danger', 'Отклонена'],
};

export interface Names {
  powers: readonly { code: string; name: string }[];
  regions: readonly { code: string; name: string }[];
}

/** «Управляющая организация: Москва, ОКТМО 45350000». */
export const powerWords = ({ powerCode, regionCode, oktmo }: AskedPower, { powers, regions }: Names): string => {
  const name = powers.find(({ code }) => code === powerCode)?.name ?? `код ${powerCode}`;
  const region = regions.find(({ code }) => code === regionCode)?.name ?? regionCode;
  return `${name}: ${region}${oktmo ? `, ОКТМО ${oktmo}` : ''}`;
};

interface ListProps {
  unregistered: readonly { ogrn: string; role: 'head' | 'clerk' }[];
  applications: readonly Application[];
  confirmed: boolean;
}

/** «Регистрация организации»: whom the identity provider names, and what became of each application. */
export function ApplicationsPage({ unregistered, applications, confirmed }: ListProps) {
  const waiting = new Set(applications.filter(({ state }) => state === 'open').map(({ ogrn }) => ogrn));
  const heads = unregistered.filter(({ role, ogrn }) => role === 'head' && !waiting.has(ogrn));
  const clerks = unregistered.filter(({ role }) => role === 'clerk');
  return (
    <Stack>
      <PageTitle lead="Организация начинает работать здесь, когда её карточку одобрит администратор кабинета.">
        Регистрация организации
      </PageTitle>
      {heads.map(({ ogrn }) => (
        <Unregistered key={ogrn} ogrn={ogrn} confirmed={confirmed} refused={lastRefused(applications, ogrn)} />
      ))}
      {clerks.map(({ ogrn }) => (
        <Notice key={ogrn} title="Ваша организация ещё не зарегистрирована">
          Сервис входа называет вас сотрудником организации с ОГРН {ogrn}. Зарегистрировать её может руководитель:
          попросите его войти сюда.
        </Notice>
      ))}
      <Table
        caption="Заявки"
        rows={applications}
        rowKey={({ applicationId }) => applicationId}
        empty={
          <EmptyState title="Заявок пока нет">
            {unregistered.length === 0
              ? 'Сервис входа не называет организаций, которых здесь нет. Если вы руководитель, проверьте свои полномочия там и войдите заново.'
              : 'Отправленная заявка появится здесь с решением и причиной.'}
          </EmptyState>
        }
        columns={[
          {
            key: 'name',
            title: 'Организация',
            heading: true,
            cell: ({ applicationId, card }) => <a href={`${APPLICATIONS}/${applicationId}`}>{card.short_name}</a>,
          },
          { key: 'ogrn', title: 'ОГРН', cell: ({ ogrn }) => ogrn },
          { key: 'sent', title: 'Отправлена', cell: ({ sentAt }) => formatDate(sentAt, ZONE) },
          {
            key: 'state',
            title: 'Состояние',
            cell: ({ state }) => <Status tone={STATES[state][0]}>{STATES[state][1]}</Status>,
          },
        ]}
      />
    </Stack>
  );
}

/** What the head of an organisation that is not here does next: begins, or corrects what was refused. */
function Unregistered(props: { ogrn: string; confirmed: boolean; refused: Application | undefined }) {
  const { ogrn, confirmed, refused } = props;
  return (
    <Notice
      tone={refused ? 'danger' : 'info'}
      title={refused ? 'Администратор отклонил заявку' : 'Ваша организация ещё не зарегистрирована'}
    >
      <p>
        {refused
          ? `${refused.card.short_name}, ${formatDate(refused.decidedAt!, ZONE)}: ${refused.reason}`
          : `Сервис входа называет вас руководителем организации с ОГРН ${ogrn}. Её карточки здесь пока нет.`}
      </p>
      {confirmed ? (
        <ButtonLink href={`${APPLICATIONS}/new?ogrn=${ogrn}`}>
          {refused ? 'Исправить и отправить снова' : 'Зарегистрировать'}
        </ButtonLink>
      ) : (
        <p>Чтобы зарегистрировать её, нужна подтверждённая учётная запись.</p>
      )}
    </Notice>
  );
}

/** The newest about the organisation, when it was refused. They come newest first. */
export function lastRefused(applications: readonly Application[], ogrn: string): Application | undefined {
  const last = applications.find((one) => one.ogrn === ogrn);
  return last?.state === 'refused' ? last : undefined;
}

interface FormProps extends Names {
  ogrn: string;
  values: Typed;
  errors: readonly FieldError[];
  /** Why the one before was refused. */
  refusal: string | null;
  token: string;
}

const KINDS = [
  { value: 'legal', label: 'Юридическое лицо' },
  { value: 'entrepreneur', label: 'Индивидуальный предприниматель' },
  { value: 'branch', label: 'Обособленное подразделение' },
  { value: 'foreign_branch', label: 'Филиал иностранного юридического лица' },
];

export function ApplicationFormPage({ ogrn, values, errors, refusal, powers, regions, token }: FormProps) {
  const of = (name: string) => ({ name, value: values[name], error: errorOf(errors, name) });
  const regionOptions = regions.map(({ code, name }) => ({ value: code, label: name }));
  const [, ...more] = POWER_ROWS;
  const power = (row: number) => (
    <FieldGroup key={row} legend={row === 0 ? 'Главное' : `Ещё, если есть (${row})`}>
      <Field
        kind="choice"
        as="select"
        {...of(powerField(row))}
        label="Полномочие"
        required={row === 0}
        options={powers.map(({ code, name }) => ({ value: code, label: name }))}
        placeholder="Выберите"
      />
      <Field
        kind="choice"
        as="select"
        {...of(regionField(row))}
        label="В каком регионе"
        required={row === 0}
        options={regionOptions}
        placeholder="Выберите"
      />
      <Field
        kind="text"
        {...of(oktmoField(row))}
        label="ОКТМО муниципалитета"
        hint="8 или 11 цифр, если только в одном муниципалитете"
        inputMode="numeric"
        maxLength={11}
        short
      />
    </FieldGroup>
  );
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle
        kicker="Регистрация организации"
        lead="Карточку проверит администратор. До его решения её никто не увидит."
      >
        {`ОГРН ${ogrn}`}
      </PageTitle>
      {refusal && (
        <Notice tone="warn" title="Прошлую заявку отклонили">
          {refusal}
        </Notice>
      )}
      <Form action={`${APPLICATIONS}/new`} csrf={token} marksRequired label="Регистрация организации" hidden={{ ogrn }}>
        <Card title="Регистрация" note="ОГРН назвал сервис входа, изменить его здесь нельзя">
          <Field
            kind="choice"
            as="select"
            {...of('kind')}
            value={values.kind ?? 'legal'}
            label="Вид"
            required
            options={KINDS}
          />
          <Field kind="text" {...of('kpp')} label="КПП" hint="Девять знаков; у предпринимателя его нет" short />
          <Field
            kind="choice"
            as="select"
            {...of('region_code')}
            label="Регион"
            options={regionOptions}
            placeholder="Не указан"
          />
        </Card>
        <Card title="Чем занимается организация" note="От этого зависит, что ей будет открыто">
          {power(POWER_ROWS[0])}
          <details
            open={more.some(
              (row) => Boolean(values[powerField(row)]) || errorOf(errors, powerField(row)) !== undefined,
            )}
          >
            <summary>Организация занимается ещё чем-то</summary>
            {more.map(power)}
          </details>
        </Card>
        <Card title="Карточка" note="Её увидят жители">
          <CardFields {...{ values, errors }} />
        </Card>
        <Button wide>Отправить на рассмотрение</Button>
      </Form>
    </Stack>
  );
}

export function CardList({ application, names }: { application: Application; names: Names }) {
  const { card, powers } = application;
  return (
    <DefinitionList
      items={[
        { term: 'Полное наименование', value: card.full_name },
        { term: 'Краткое наименование', value: card.short_name },
        { term: 'ОГРН', value: card.ogrn },
        { term: 'ИНН', value: card.inn },
        { term: 'КПП', value: card.kpp },
        { term: 'Полномочия', value: powers.map((power) => powerWords(power, names)).join('; ') },
        { term: 'Юридический адрес', value: card.legal_address },
        { term: 'Фактический адрес', value: card.actual_address },
        { term: 'Телефон', value: card.phone },
        { term: 'Электронная почта', value: card.email },
        { term: 'Сайт', value: card.site },
      ]}
    />
  );
}

/** One application as its sender sees it. */
export function OwnApplicationPage({ application, names }: { application: Application; names: Names }) {
  const { state, reason, sentAt, decidedAt, card, ogrn, organisationId } = application;
  const [tone, word] = STATES[state];
  return (
    <Stack>
      <PageTitle kicker="Регистрация организации" lead={`Отправлена ${formatDateTime(sentAt, ZONE)}`}>
        {card.short_name}
      </PageTitle>
      {state === 'open' && (
        <Notice title="Заявка рассматривается">О решении придёт письмо. До него организацию никто не видит.</Notice>
      )}
      {state === 'approved' && (
        <Notice tone="good" title={`Одобрена ${formatDate(decidedAt!, ZONE)}`}>
          <p>{reason}</p>
          <ButtonLink href={`/acting?capacity=${organisationId}`}>Действовать от имени организации</ButtonLink>
        </Notice>
      )}
      {state === 'refused' && (
        <Notice tone="danger" title={`Отклонена ${formatDate(decidedAt!, ZONE)}`}>
          <p>{reason}</p>
          <ButtonLink href={`${APPLICATIONS}/new?ogrn=${ogrn}`}>Исправить и отправить снова</ButtonLink>
        </Notice>
      )}
      <Card title="Что отправлено" aside={<Status tone={tone}>{word}</Status>}>
        <CardList {...{ application, names }} />
      </Card>
      <ButtonLink kind="quiet" href={APPLICATIONS}>
        Ко всем заявкам
      </ButtonLink>
    </Stack>
  );
}

import type { FieldError } from '../../platform/errors.ts';
import type { Typed } from '../../platform/http/forms.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  counted,
  ErrorSummary,
  errorOf,
  Field,
  Form,
  formatDayMonth,
  Notice,
  PageTitle,
  Stack,
} from '../../ui/index.ts';
import { type Candidate, MOST_MESSAGE } from './connection.ts';
import type { LinkView } from './read-links.ts';

export interface ConnectView {
  token: string;
  formKey: string;
  /** Sealed: the number that was found. */
  found: string;
  values: Typed;
  errors: readonly FieldError[];
  /** Found accounts that need a proof; empty before the search. */
  candidates: readonly Candidate[];
}

export function ConnectPage({ token, formKey, found, values, errors, candidates }: ConnectView) {
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle
        lead={
          candidates.length > 0
            ? 'Счёт найден, но плательщиком записаны не вы. Подтвердите, что он ваш.'
            : 'Введите один номер из квитанции. Если плательщик вы, счёт подключится сразу.'
        }
      >
        Подключить лицевой счёт
      </PageTitle>
      {candidates.length > 0 ? (
        <ProofForm {...{ token, formKey, found, values, errors, candidates }} />
      ) : (
        <NumberForm {...{ token, values, errors }} />
      )}
    </Stack>
  );
}

/** Where the person stands before a refusal: whose step is missing, and an appeal with the number written in. */
const WhyNotFound = ({ number }: { number: string }) => (
  <Notice title="Номер верный, а счёта нет?">
    <p>
      <a href={`/why/account?${new URLSearchParams({ number })}`}>Посмотрите, кто и когда должен его разместить</a>, или
      сразу <a href={`/appeals/new?${new URLSearchParams({ about: 'connect', number })}`}>напишите организации</a>:
      номер уже вписан.
    </p>
  </Notice>
);

function NumberForm({ token, values, errors }: Omit<ConnectView, 'candidates' | 'formKey' | 'found'>) {
  return (
    <>
      <Form action="/accounts/connect" csrf={token} marksRequired>
        <Field
          kind="text"
          name="number"
          label="Номер из квитанции"
          required
          maxLength={60}
          autocomplete="off"
          hint="ЕЛС, идентификатор ЖКУ, идентификатор платёжного документа или номер лицевого счёта организации"
          value={values.number}
          error={errorOf(errors, 'number')}
        />
        <Field
          kind="text"
          name="provider"
          label="Организация"
          maxLength={200}
          hint="Только для номера лицевого счёта, который выдала организация: её название или ИНН"
          value={values.provider}
          error={errorOf(errors, 'provider')}
        />
        <Button wide>Найти счёт</Button>
      </Form>
      {errorOf(errors, 'number') && values.number?.trim() && <WhyNotFound number={values.number} />}
      <Card title="Где искать номер">
        <p>
          Единый лицевой счёт (ЕЛС) похож на 77АВ123456, идентификатор ЖКУ на 77АВ123456-01: они напечатаны вверху
          квитанции, рядом с вашим адресом. Буквы можно вводить и латинские.
        </p>
        <p>
          Счёта нет в кабинете, или организация отказывается его разместить? На странице <a href="/help">«Помощь»</a>{' '}
          сказано, что делать.
        </p>
      </Card>
    </>
  );
}

const HINTS: Partial<Record<Candidate['state'], string>> = {
  connected: 'уже подключён',
  pending: 'ваша заявка ждёт ответа: можно дополнить её или подтвердить счёт иначе',
};

function ProofForm({ token, formKey, found, values, errors, candidates }: ConnectView) {
  const chosen = values.accountId ?? (candidates.length === 1 ? candidates[0]!.accountId : undefined);
  return (
    <>
      <Form action="/accounts/connect" csrf={token} idempotencyKey={formKey} hidden={{ found }}>
        <Field
          kind="choice"
          as="radio"
          name="accountId"
          label="Какой счёт подключить"
          value={chosen}
          error={errorOf(errors, 'accountId')}
          options={candidates.map((one) => ({
            value: one.accountId,
            label: `${one.provider}: ${one.words.toLowerCase()}`,
            hint: HINTS[one.state] ?? one.address,
            disabled: one.state === 'connected',
          }))}
        />
        <Field
          kind="choice"
          as="radio"
          name="proof"
          label="Как вы это подтвердите"
          value={values.proof && values.proof !== 'payer' ? values.proof : 'bill_sum'}
          options={[
            { value: 'bill_sum', label: 'Суммой последней квитанции', hint: 'Строка «Итого к оплате», до копейки' },
            { value: 'code', label: 'Одноразовым кодом', hint: 'Организация печатает его в письме по вашей просьбе' },
            { value: 'claim', label: 'Заявкой в организацию', hint: 'Она проверит и ответит в срок' },
          ]}
        />
        <Field
          kind="money"
          name="sum"
          label="Сумма последней квитанции"
          value={values.sum}
          error={errorOf(errors, 'sum')}
        />
        <Field
          kind="text"
          name="code"
          label="Одноразовый код"
          short
          autocomplete="one-time-code"
          value={values.code}
          error={errorOf(errors, 'code')}
        />
        <Field
          kind="text"
          name="message"
          label="Сообщение организации"
          rows={3}
          maxLength={MOST_MESSAGE}
          hint="Для заявки: кем вы приходитесь плательщику, какие документы можете показать"
          value={values.message}
          error={errorOf(errors, 'message')}
        />
        <Actions>
          <Button wide>Подключить</Button>
          <ButtonLink kind="quiet" href="/accounts/connect">
            Ввести другой номер
          </ButtonLink>
        </Actions>
      </Form>
      <Notice title="Заполните только то, что выбрали">Остальные поля можно оставить пустыми.</Notice>
    </>
  );
}

const connectedWords = (count: number): string => {
  if (count === 0) return 'Этот счёт уже подключён';
  return count > 1 ? `Подключено: ${counted(count, ['счёт', 'счёта', 'счетов'])}` : 'Лицевой счёт подключён';
};

/** @param count how many accounts of one number were connected at once; 0 when they were there already */
export function DonePage({ until, count }: { until: string | null; count: number }) {
  return (
    <Stack>
      <PageTitle
        lead={
          until
            ? `Организация ответит не позже ${formatDayMonth(until)}. Ответ придёт сюда и на вашу почту.`
            : 'Начисления и долги уже видны на главной странице.'
        }
      >
        {until ? 'Заявка отправлена' : connectedWords(count)}
      </PageTitle>
      <Actions>
        <ButtonLink href="/">На главную</ButtonLink>
        <ButtonLink kind="secondary" href="/accounts">
          К списку счетов
        </ButtonLink>
        <ButtonLink kind="quiet" href="/accounts/connect">
          Подключить ещё один
        </ButtonLink>
      </Actions>
      {!until && count < 2 && (
        <p>Электричество, газ и капитальный ремонт часто оплачивают отдельно: подключите и эти счета так же.</p>
      )}
    </Stack>
  );
}

const ENDING: Partial<Record<LinkView['state'], { question: string; action: string }>> = {
  pending: { question: 'Отозвать заявку?', action: 'Отозвать' },
  refused: { question: 'Убрать отказ из списка?', action: 'Убрать' },
  shared: { question: 'Отказаться от доступа?', action: 'Отказаться' },
};

export function DisconnectPage({ link, token }: { link: LinkView; token: string }) {
  return (
    <Stack>
      <PageTitle lead="Счёт исчезнет из вашего кабинета. Сведения организации и история платежей сохранятся, подключить его можно снова.">
        {ENDING[link.state]?.question ?? 'Отключить лицевой счёт?'}
      </PageTitle>
      <p>
        {link.provider}, лицевой счёт {link.number}, {link.address}
      </p>
      <Form action={`/accounts/${link.linkId}/disconnect`} csrf={token}>
        <Actions>
          <Button kind="danger">{ENDING[link.state]?.action ?? 'Отключить'}</Button>
          <ButtonLink kind="quiet" href="/accounts">
            Оставить
          </ButtonLink>
        </Actions>
      </Form>
    </Stack>
  );
}

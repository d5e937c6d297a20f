import type { z } from 'zod';
import { errorSchema, processingSchema } from './yookassa-protocol.ts';

/** What became of a request to the acquirer. Three answers, because "I do not know" is neither yes nor no. */
export type AcquirerOutcome<T> =
  | { kind: 'accepted'; value: T }
  /** Definite: nothing was done and a repeat will not help. `description` is a sentence for the payer. */
  | { kind: 'refused'; code: string; description: string; parameter: string | null; detail: string }
  /** It may have been done. Repeat the same request with the same key, or look the payment up. */
  | { kind: 'unknown'; reason: UnknownReason; retryAfterSeconds: number | null; detail: string };

export type UnknownReason =
  /** No answer in time. */
  | 'timeout'
  /** The connection failed or broke off. */
  | 'network'
  /** HTTP 5xx: «результат обработки запроса неизвестен». */
  | 'server'
  /** HTTP 202: an earlier request with this key is still being processed. */
  | 'processing'
  /** HTTP 429: not done, but the same request is right a little later. */
  | 'busy'
  /** An answer that is not of the protocol: a proxy's page, a broken body, a form not known to us. */
  | 'unreadable'
  /**
   * The key was used for other data within 24 hours. Something exists under it, so this is no refusal; repeating will
   * not help either: find the payment, then decide.
   */
  | 'key-reused';

const SENTENCES: Record<string, string> = {
  invalid_request: 'Банк не принял данные операции, она не проведена.',
  not_supported: 'Банк не проводит такие операции, она не проведена.',
  invalid_credentials: 'Приём платежей у получателя не настроен, операция не проведена.',
  forbidden: 'Получателю не разрешены такие операции, она не проведена.',
  not_found: 'Банк не знает такой операции.',
};
const ANY_REFUSAL = 'Банк отказал, операция не проведена.';

export const unknown = (reason: UnknownReason, detail: string, retryAfterSeconds: number | null = null) =>
  ({ kind: 'unknown', reason, retryAfterSeconds, detail }) as const;

/** Turns an HTTP answer into an outcome. `body` is the parsed JSON, or undefined when it was not JSON. */
export function readAnswer<T>(
  status: number,
  retryAfter: string | null,
  body: unknown,
  schema: z.ZodType<T>,
): AcquirerOutcome<T> {
  if (status === 200) {
    const parsed = schema.safeParse(body);
    if (parsed.success) return { kind: 'accepted', value: parsed.data };
    return unknown('unreadable', `200 with ${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')}`);
  }
  if (status === 202) {
    const wait = processingSchema.safeParse(body).data?.retry_after;
    return unknown('processing', '202', wait === undefined ? seconds(retryAfter) : Math.ceil(wait / 1000));
  }
  if (status === 429) return unknown('busy', '429', seconds(retryAfter));
  if (status >= 500) return unknown('server', String(status), seconds(retryAfter));
  const error = errorSchema.safeParse(body).data;
  // Without the error object it was not the acquirer who spoke: a proxy on the way proves nothing.
  if (status < 400 || !error) return unknown('unreadable', `${status} without an error object`);
  const detail = `${status} ${error.code}: ${error.description ?? ''}`;
  if (error.parameter === 'Idempotence-Key' && /duplicated/i.test(error.description ?? '')) {
    return unknown('key-reused', detail);
  }
  return {
    kind: 'refused',
    code: error.code,
    description: SENTENCES[error.code] ?? ANY_REFUSAL,
    parameter: error.parameter ?? null,
    detail,
  };
}

const seconds = (header: string | null): number | null => (header && /^\d{1,6}$/.test(header) ? Number(header) : null);

/** Why a payment ended as canceled, in words for the payer. Reasons: «Неуспешные платежи» of the acquirer's manual. */
export function cancellationSentence(reason: string): string {
  return CANCELLATIONS[reason] ?? 'Банк отклонил платёж. Деньги не списаны. Попробуйте другую карту или другой способ.';
}

const CANCELLATIONS: Record<string, string> = {
  '3d_secure_failed': 'Не пройдено подтверждение в банке. Деньги не списаны. Попробуйте ещё раз.',
  call_issuer:
    'Банк карты отклонил платёж и не назвал причину. Деньги не списаны. Обратитесь в банк, выпустивший карту.',
  canceled_by_merchant: 'Платёж отменён получателем. Деньги вернутся на карту.',
  card_expired: 'Срок действия карты истёк. Деньги не списаны. Возьмите другую карту.',
  expired_on_capture: 'Получатель не подтвердил платёж вовремя. Деньги вернутся на карту.',
  expired_on_confirmation: 'Время оплаты вышло. Деньги не списаны. Начните оплату заново.',
  fraud_suspected: 'Банк счёл платёж подозрительным и отменил его. Деньги не списаны. Попробуйте другую карту.',
  insufficient_funds: 'На карте не хватает денег. Деньги не списаны. Пополните карту или возьмите другую.',
  invalid_card_number: 'Номер карты указан с ошибкой. Деньги не списаны. Проверьте номер.',
  invalid_csc: 'Код с обратной стороны карты указан с ошибкой. Деньги не списаны. Проверьте код.',
  issuer_unavailable: 'Банк карты сейчас не отвечает. Деньги не списаны. Попробуйте позже.',
  payment_method_limit_exceeded:
    'Превышен лимит карты. Деньги не списаны. Возьмите другую карту или измените лимит в банке.',
  payment_method_restricted:
    'Операции по этой карте запрещены. Деньги не списаны. Обратитесь в банк, выпустивший карту.',
};

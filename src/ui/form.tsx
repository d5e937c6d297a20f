import type { ComponentChildren } from 'preact';

/** Names of the hidden inputs that every changing form carries. */
export const CSRF_FIELD = '_token';
export const IDEMPOTENCY_FIELD = '_key';

interface FormProps {
  action: string;
  method?: 'get' | 'post';
  /** The session's token; a POST form without it is refused by the server. */
  csrf?: string;
  /** A new key for every showing of the form where money, votes, readings or files are involved: the second sending does nothing. */
  idempotencyKey?: string;
  /** Has file fields. */
  files?: boolean;
  /** Values that go along unseen. */
  hidden?: Readonly<Record<string, string>>;
  /** Says what the star at a label means. */
  marksRequired?: boolean;
  label?: string;
  id?: string;
  /** As wide as the page: a form around a table. */
  wide?: boolean;
  children: ComponentChildren;
}

/**
 * A form that works without script. The browser's own checks are off: the server answers with all errors at once, in our words.
 * A form with an idempotency key is also guarded against a double click.
 */
export function Form(props: FormProps) {
  const {
    action,
    method = 'post',
    csrf,
    idempotencyKey,
    files,
    hidden = {},
    marksRequired,
    label,
    id,
    wide,
    children,
  } = props;
  const sent = {
    ...hidden,
    ...(csrf && { [CSRF_FIELD]: csrf }),
    ...(idempotencyKey && { [IDEMPOTENCY_FIELD]: idempotencyKey }),
  };
  const form = (
    <form
      class={wide ? 'form form--wide' : 'form'}
      action={action}
      method={method}
      enctype={files ? 'multipart/form-data' : undefined}
      noValidate
      aria-label={label}
      id={id}
    >
      {Object.entries(sent).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {marksRequired && (
        <p class="form__legend">
          Поля со звёздочкой <span class="required">*</span> обязательны.
        </p>
      )}
      {children}
    </form>
  );
  return idempotencyKey ? <submit-once>{form}</submit-once> : form;
}

/** Fields that belong together under a common heading. */
export function FieldGroup({ legend, children }: { legend: ComponentChildren; children: ComponentChildren }) {
  return (
    <fieldset class="field-group">
      <legend>{legend}</legend>
      {children}
    </fieldset>
  );
}

import { fieldId } from './field-parts.tsx';
import { plural } from './format.ts';
import { Icon } from './icon.tsx';

export interface FieldError {
  /** The name of the field; without one the error belongs to the whole form. */
  field?: string | undefined;
  message: string;
}

/** All errors of a form at its top, each a link to its field. Takes the focus when the page opens, without script too. */
export function ErrorSummary({ errors }: { errors: readonly FieldError[] }) {
  if (errors.length === 0) return null;
  return (
    <div class="error-summary" role="alert" tabindex={-1} autofocus>
      <h2 class="error-summary__title">
        <Icon name="circle-alert" />
        {errors.length === 1
          ? 'Исправьте ошибку'
          : `Исправьте ${errors.length} ${plural(errors.length, ['ошибку', 'ошибки', 'ошибок'])}`}
      </h2>
      <ul>
        {errors.map(({ field, message }) => (
          <li key={`${field}${message}`}>{field ? <a href={`#${fieldId(field)}`}>{message}</a> : message}</li>
        ))}
      </ul>
    </div>
  );
}

/** Picks the message of one field, for `Field`'s `error`. */
export const errorOf = (errors: readonly FieldError[], field: string): string | undefined =>
  errors.find((error) => error.field === field)?.message;

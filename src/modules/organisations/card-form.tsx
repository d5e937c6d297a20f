import type { Typed } from '../../platform/http/forms.ts';
import { errorOf, Field, type FieldError, FieldGroup } from '../../ui/index.ts';

/** The fields that an organisation says of itself: on its own form and on the administrator's. */
export function CardFields({ values, errors }: { values: Typed; errors: readonly FieldError[] }) {
  const of = (name: string) => ({ name, value: values[name], error: errorOf(errors, name) });
  return (
    <>
      <FieldGroup legend="Наименования и номера">
        <Field kind="text" {...of('full_name')} label="Полное наименование" required rows={2} maxLength={1000} />
        <Field kind="text" {...of('short_name')} label="Краткое наименование" required maxLength={300} />
        <Field kind="text" {...of('inn')} label="ИНН" required inputMode="numeric" />
        <Field kind="date" {...of('registered_on')} label="Дата регистрации" />
      </FieldGroup>
      <FieldGroup legend="Как связаться">
        <Field kind="text" type="tel" {...of('phone')} label="Телефон" />
        <Field kind="text" type="tel" {...of('dispatcher_phone')} label="Телефон аварийной службы" />
        <Field kind="text" {...of('dispatcher_hours')} label="Часы аварийной службы" hint="Например: круглосуточно" />
        <Field
          kind="text"
          {...of('reception_hours')}
          label="Часы приёма"
          maxLength={500}
          hint="Например: пн–чт 9:00–18:00, пт 9:00–17:00"
        />
        <Field kind="text" type="email" {...of('email')} label="Электронная почта" />
        <Field kind="text" type="url" {...of('site')} label="Сайт" />
        <Field kind="text" type="tel" {...of('fax')} label="Факс" />
      </FieldGroup>
      <FieldGroup legend="Адреса">
        <Field kind="text" {...of('legal_address')} label="Юридический адрес" maxLength={500} />
        <Field kind="text" {...of('actual_address')} label="Фактический адрес" maxLength={500} />
        <Field kind="text" {...of('postal_address')} label="Почтовый адрес" maxLength={500} />
      </FieldGroup>
    </>
  );
}

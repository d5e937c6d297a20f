import type { Typed } from '../../../platform/http/forms.ts';
import { errorOf, Field, type FieldError } from '../../../ui/index.ts';
import { isInspectorate, rolesOffered } from '../staff.ts';

interface FieldsProps {
  values: Typed;
  errors: readonly FieldError[];
}

/** Whom the letter goes to. */
export function NameFields({ values, errors }: FieldsProps) {
  const of = (name: string) => ({ name, value: values[name], error: errorOf(errors, name) });
  return (
    <>
      <Field kind="text" {...of('familyName')} label="Фамилия" required maxLength={256} />
      <Field
        kind="text"
        {...of('givenName')}
        label="Имя"
        required
        maxLength={256}
        hint="Как в паспорте: приглашение примет только учётная запись на это имя"
      />
      <Field kind="text" type="email" {...of('email')} label="Электронная почта" required maxLength={255} />
    </>
  );
}

/** What somebody may do, until when and where. */
export function WorkFields({ values, errors, powers }: FieldsProps & { powers: readonly string[] }) {
  const of = (name: string) => ({ name, value: values[name], error: errorOf(errors, name) });
  return (
    <>
      <Field kind="choice" as="radio" {...of('role')} label="Роль" required options={rolesOffered(powers)} />
      <Field
        kind="date"
        {...of('until')}
        label="Последний день работы"
        hint="Пусто: без срока. На следующий день доступ закроется сам"
      />
      {!isInspectorate(powers) && (
        <Field
          kind="choice"
          as="radio"
          name="houses"
          label="Какие дома открыть"
          value={values.houses ?? 'all'}
          error={errorOf(errors, 'houses')}
          options={[
            { value: 'all', label: 'Все дома организации' },
            {
              value: 'some',
              label: 'Только некоторые',
              hint: 'Выберете на следующей странице; до этого не видно ни одного',
            },
          ]}
        />
      )}
    </>
  );
}

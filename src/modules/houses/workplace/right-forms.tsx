import type { Typed } from '../../../platform/http/forms.ts';
import {
  Actions,
  Button,
  Card,
  DefinitionList,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  formatNumericDate,
  type Option,
  PageTitle,
  Stack,
} from '../../../ui/index.ts';
import type { Ownership } from '../house.ts';
import { formatShare, leftOf } from '../share.ts';
import { holderName } from './premises-page.tsx';

interface RightFormProps {
  title: string;
  /** Address of the premises' page. */
  path: string;
  where: string;
  values: Typed;
  errors: readonly FieldError[];
  kinds: readonly Option[];
  current: readonly Ownership[];
  token: string;
  idempotencyKey: string;
}

export function RightForm({
  title,
  path,
  where,
  values,
  errors,
  kinds,
  current,
  token,
  idempotencyKey,
}: RightFormProps) {
  const of = (name: string) => ({ name, value: values[name], error: errorOf(errors, name) });
  const left = leftOf(current);
  const isOrganisation = values.holder === 'organisation';
  return (
    <Stack>
      <PageTitle kicker={where} lead="Запишите право так, как оно зарегистрировано в Росреестре.">
        {title}
      </PageTitle>
      <ErrorSummary errors={errors} />
      <Card>
        <Form
          action={`${path}/rights/new`}
          csrf={token}
          idempotencyKey={idempotencyKey}
          hidden={{ holder: isOrganisation ? 'organisation' : 'person' }}
          marksRequired
          label={title}
        >
          {isOrganisation ? (
            <>
              <Field kind="text" {...of('organisationName')} label="Название организации" required maxLength={255} />
              <Field kind="text" {...of('ogrn')} label="ОГРН или ОГРНИП" required inputMode="numeric" />
            </>
          ) : (
            <>
              <Field kind="text" {...of('familyName')} label="Фамилия" required maxLength={256} autocomplete="off" />
              <Field kind="text" {...of('givenName')} label="Имя" required maxLength={256} autocomplete="off" />
              <Field kind="text" {...of('middleName')} label="Отчество" maxLength={256} autocomplete="off" />
              <Field
                kind="text"
                {...of('snils')}
                label="СНИЛС"
                required
                inputMode="numeric"
                autocomplete="off"
                hint="По нему житель увидит «Вы являетесь собственником»"
              />
            </>
          )}
          <Field
            kind="text"
            {...of('share')}
            label="Доля"
            required
            short
            hint={
              left.numerator === 0n
                ? 'Свободной доли нет: сначала прекратите прежнее право'
                : `Дробью, например 1/2; если помещение целиком — 1. Свободно: ${formatShare(left)}`
            }
          />
          <Field
            kind="choice"
            as="select"
            {...of('kindCode')}
            label="Вид собственности"
            options={kinds}
            placeholder="Не указан"
          />
          <Field kind="text" {...of('registrationNumber')} label="Номер регистрации права" required maxLength={100} />
          <Field kind="date" {...of('registeredOn')} label="Дата регистрации права" required />
          <Actions>
            <Button>Записать право</Button>
            <a href={path}>Отменить</a>
          </Actions>
        </Form>
      </Card>
    </Stack>
  );
}

interface EndRightProps {
  path: string;
  where: string;
  right: Ownership;
  masked: boolean;
  endedOn: string;
  errors: readonly FieldError[];
  token: string;
}

export function EndRightForm({ path, where, right, masked, endedOn, errors, token }: EndRightProps) {
  return (
    <Stack>
      <PageTitle kicker={where} lead="Запись останется в истории. Вернуть право можно только новой записью.">
        Прекратить право собственности?
      </PageTitle>
      <ErrorSummary errors={errors} />
      <Card>
        <DefinitionList
          items={[
            { term: 'Собственник', value: holderName(right, masked) },
            { term: 'Доля', value: formatShare(right) },
            { term: 'Зарегистрировано', value: right.registeredOn && formatNumericDate(right.registeredOn) },
          ]}
        />
        <Form action={`${path}/rights/${right.ownershipId}/end`} csrf={token}>
          <Field
            kind="date"
            name="endedOn"
            label="Когда право прекратилось"
            required
            value={endedOn}
            error={errorOf(errors, 'endedOn')}
          />
          <Actions>
            <Button kind="danger">Прекратить право</Button>
            <a href={path}>Отменить</a>
          </Actions>
        </Form>
      </Card>
    </Stack>
  );
}

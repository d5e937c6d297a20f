import type { Typed } from '../../../platform/http/forms.ts';
import {
  Button,
  Card,
  DefinitionList,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  fieldId,
  Icon,
  PageTitle,
  Stack,
} from '../../../ui/index.ts';
import { TRAP } from './ask-form.ts';
import { MATTERS, type Matter } from './request.ts';

interface AskPageProps {
  values: Typed;
  about: Matter | undefined;
  errors: readonly FieldError[];
  kinds: readonly { code: string; name: string }[];
  /** The name of whoever has signed in; null: it is asked for. */
  name: string | null;
  hasOwn: boolean;
  /** Working days of the term. */
  days: string;
  phone: string;
  token: string;
  formKey: string;
}

/** «Написать в поддержку» (S-SUP): for anybody. */
export function AskPage({ values, about, errors, kinds, name, hasOwn, days, phone, token, formKey }: AskPageProps) {
  const of = (field: string) => ({ name: field, value: values[field], error: errorOf(errors, field) });
  return (
    <Stack>
      <PageTitle
        lead={`О работе этого кабинета. Ответим на почту за ${days}. О начислениях и ремонте знает ваша организация: ей нужно отправить обращение.`}
        actions={hasOwn ? <a href="/support/requests">Мои вопросы</a> : undefined}
      >
        Написать в поддержку
      </PageTitle>
      <ErrorSummary errors={errors} />
      <Card>
        <Form
          action="/support"
          csrf={token}
          idempotencyKey={formKey}
          hidden={{ page: values.page ?? '', ...(about && { about }) }}
          marksRequired
          label="Вопрос в поддержку"
        >
          <Field
            kind="choice"
            as="radio"
            {...of('kind')}
            label="О чём вопрос"
            required
            options={kinds.map(({ code, name: label }) => ({ value: code, label }))}
          />
          <Field kind="text" {...of('subject')} label="Коротко" required maxLength={250} />
          <Field
            kind="text"
            rows={7}
            {...of('text')}
            label="Что случилось"
            hint={about ? MATTERS[about].hint : 'Пароли, коды и номер карты не пишите.'}
            required
            maxLength={10_000}
          />
          {name === null ? (
            <Field kind="text" {...of('name')} label="Как к вам обращаться" maxLength={300} autocomplete="name" />
          ) : (
            <DefinitionList items={[{ term: 'От кого', value: name }]} />
          )}
          <Field
            kind="text"
            type="email"
            {...of('email')}
            label="Почта для ответа"
            required
            maxLength={254}
            autocomplete="email"
          />
          <Trap />
          <Button icon="send" wide>
            Отправить
          </Button>
        </Form>
      </Card>
      {phone && (
        <p>
          <Icon name="phone" /> Можно и позвонить: <a href={`tel:${phone.replace(/[^+\d]/g, '')}`}>{phone}</a>
        </p>
      )}
    </Stack>
  );
}

/** Neither seen nor reached by a key nor read aloud; programs that fill every field fill it too. */
const Trap = () => (
  <div class="for-robots" aria-hidden="true">
    <label for={fieldId(TRAP)}>Оставьте пустым</label>
    <input id={fieldId(TRAP)} name={TRAP} type="text" tabindex={-1} autocomplete="off" />
  </div>
);

import type { FieldError } from '../../../../platform/errors.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  DefinitionList,
  ErrorSummary,
  errorOf,
  Field,
  Form,
  Notice,
  PageTitle,
  Stack,
} from '../../../../ui/index.ts';
import { type Draft, LIMITS, type TypedFields } from '../../draft.ts';
import { draftPath } from './draft-paths.ts';
import { FilesField } from './files-field.tsx';
import { EmergencyNotice } from './notices.tsx';
import type { FormView } from './read-form.ts';
import { Statement } from './regime-words.tsx';
import { Subject } from './subject-card.tsx';

export interface FormPageProps {
  view: FormView;
  /** What was typed and could not be kept; else what the draft says. */
  typed?: TypedFields | undefined;
  errors: readonly FieldError[];
  /** The link that a new draft begins with, sent along until it is saved. */
  about: Readonly<Record<string, string>>;
  token: string;
  saved: boolean;
  /** The draft as another window saved it, when this page is older. */
  stale: Draft | null;
}

/** «Добавление обращения» (S-APP-1…20). Every button sends the form, so nothing typed is lost on the way to a window. */
export function FormPage({ view, typed, errors, about, token, saved, stale }: FormPageProps) {
  const { draft } = view;
  const values = typed ?? draft;
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="Напишите управляющей компании, поставщику услуг, ТСЖ, жилищной инспекции или органу власти. Черновик сохраняется сам.">
        Добавление обращения
      </PageTitle>
      {saved && <Notice tone="good" title="Черновик сохранён" announce />}
      {stale && <StaleNotice saved={stale} />}
      {view.emergency && <EmergencyNotice dispatcher={view.emergency.dispatcher} />}
      <draft-form>
        <Form
          action={draftPath(draft.draftId)}
          csrf={token}
          hidden={{ ...about, version: String((stale ?? draft).version) }}
          marksRequired
          wide
          label="Обращение"
        >
          {/* Enter in a field presses the first button of its form: it must not open a window. */}
          <button type="submit" name="go" value="save" hidden tabIndex={-1} />
          <Stack>
            <Applicant view={view} values={values} errors={errors} />
            <Subject view={view} values={values} errors={errors} />
            <Words view={view} values={values} errors={errors} />
            <div>
              <Actions>
                <Button name="go" value="send" icon="send">
                  Отправить
                </Button>
                <Button kind="secondary" name="go" value="save">
                  Сохранить
                </Button>
                <ButtonLink kind="quiet" href={draft.version > 0 ? draftPath(draft.draftId, 'delete') : '/appeals'}>
                  Отменить
                </ButtonLink>
              </Actions>
              <p class="saved" role="status" data-saved />
            </div>
          </Stack>
        </Form>
      </draft-form>
    </Stack>
  );
}

export interface PartProps {
  view: FormView;
  values: TypedFields;
  errors: readonly FieldError[];
}

function Applicant({ view: { person, addressee }, values, errors }: PartProps) {
  return (
    <Card
      title="Информация о заявителе"
      note="Фамилия, имя и отчество — из вашего профиля, изменить их можно на Госуслугах"
    >
      <Stack>
        <DefinitionList
          compact
          items={[
            { term: 'Фамилия', value: person.familyName },
            { term: 'Имя', value: person.givenName },
            { term: 'Отчество', value: person.middleName },
          ]}
        />
        <Field
          kind="text"
          type="email"
          name="email"
          label="E-mail"
          autocomplete="email"
          inputMode="email"
          maxLength={LIMITS.email}
          value={values.email}
          error={errorOf(errors, 'email')}
        />
        <Field
          kind="text"
          type="tel"
          name="phone"
          label="Номер телефона"
          autocomplete="tel"
          inputMode="tel"
          placeholder="+7 (___) ___-__-__"
          maxLength={LIMITS.phone}
          value={values.phone}
          error={errorOf(errors, 'phone')}
        />
        <div class="text">
          <Statement regime={addressee?.regime ?? null} />
        </div>
        <Field
          kind="text"
          type="email"
          name="answerEmail"
          label="E-mail для ответа"
          required
          autocomplete="email"
          inputMode="email"
          maxLength={LIMITS.answerEmail}
          hint="Ответ придёт на этот адрес и повторится на странице «Обращения» личного кабинета"
          value={values.answerEmail}
          error={errorOf(errors, 'answerEmail')}
        />
      </Stack>
    </Card>
  );
}

function Words({ view, values, errors }: PartProps) {
  return (
    <Card title="Текст и файлы">
      <Stack>
        <Field
          kind="text"
          name="text"
          label="Текст обращения"
          required
          rows={10}
          maxLength={LIMITS.text}
          hint="Опишите вопрос объективно или сформулируйте предложение. Перед отправкой проверьте, что все поля заполнены верно."
          value={values.text}
          error={errorOf(errors, 'text')}
        />
        <FilesField view={view} error={errorOf(errors, 'files')} />
      </Stack>
    </Card>
  );
}

/** Two windows with one draft: the newer text is shown whole, and only the author decides which of the two stays. */
function StaleNotice({ saved }: { saved: Draft }) {
  return (
    <Notice tone="warn" title="Черновик изменили в другом окне" announce>
      <p>
        То, что вы набрали здесь, ещё не сохранено. Если нажать «Сохранить», останется текст из этого окна вместо того,
        что сохранён сейчас:
      </p>
      <blockquote class="typed">{saved.text || 'текста нет'}</blockquote>
      <p>
        <a href={draftPath(saved.draftId)}>Открыть сохранённый черновик</a>, а текст из этого окна отбросить.
      </p>
    </Notice>
  );
}

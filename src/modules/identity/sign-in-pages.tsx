import type { ComponentChildren } from 'preact';
import { ROLE_NAMES, type SignedIn } from '../../platform/access.ts';
import {
  Actions,
  Button,
  ErrorSummary,
  errorOf,
  Field,
  Form,
  formatDate,
  Notice,
  PageTitle,
  Stack,
} from '../../ui/index.ts';
import type { CapacityOption } from '../organisations/index.ts';

interface LegalText {
  kind: string;
  version: number;
  title: string;
  body: string;
  publishedAt: Date;
}

/** Where the head of an organisation that is not here yet registers it. */
export const REGISTRATION = '/organisations/applications';

const capacityValue = (own: string, whose: string | undefined): string => (whose ? `${own}.${whose}` : own);

const capacityOptions = (capacities: readonly CapacityOption[], { administrator }: SignedIn) => [
  {
    value: '',
    label: 'От собственного имени',
    // Whoever acts for an organisation has no administration in the menu.
    hint: `Ваши лицевые счета, начисления и оплата${administrator ? '; администрирование кабинета и вопросы в поддержку' : ''}`,
  },
  ...capacities.map((one) => ({
    value: capacityValue(one.organisationId, one.for?.organisationId),
    label: one.for ? `${one.name} для ${one.for.name}` : `От имени: ${one.name}`,
    hint: one.for ? 'Работа по поручению: что именно, указано в поручении' : `Ваша роль: ${ROLE_NAMES[one.role]}`,
  })),
];

/** The capacity that the person acts in now, as the form writes it. */
const chosenOf = ({ acting }: SignedIn): string =>
  acting
    ? acting.through
      ? capacityValue(acting.through.organisationId, acting.organisationId)
      : acting.organisationId
    : '';

/** What the provider names and has no card here: the head may register it, once the texts are accepted. */
const Unregistered = ({
  claims,
  next,
}: {
  claims: readonly { ogrn: string; role: 'head' | 'clerk' }[];
  next: ComponentChildren;
}) =>
  claims.length > 0 ? (
    <Notice title="Ваша организация ещё не зарегистрирована">
      <p>
        {claims.some(({ role }) => role === 'head')
          ? 'Сервис входа называет вас руководителем организации, карточки которой здесь ещё нет.'
          : 'Сервис входа называет вас сотрудником организации, карточки которой здесь ещё нет. Зарегистрировать её может руководитель.'}
      </p>
      <p>{next}</p>
    </Notice>
  ) : null;

const paragraphs = (body: string) => body.split('\n\n').map((paragraph) => <p key={paragraph}>{paragraph}</p>);

export function TextPage({ text }: { text: LegalText }) {
  return (
    <div class="prose">
      <PageTitle lead={`Редакция ${text.version} от ${formatDate(text.publishedAt, 'Europe/Moscow')}`}>
        {text.title}
      </PageTitle>
      {paragraphs(text.body)}
    </div>
  );
}

interface WelcomeProps {
  token: string;
  person: SignedIn;
  texts: readonly LegalText[];
  capacities: readonly CapacityOption[];
  unregistered: readonly { ogrn: string; role: 'head' | 'clerk' }[];
  returnTo: string;
  errors: readonly { field: string; message: string }[];
  /** The organisation for which the person has just acted and acts no more. */
  endedFor: string | null;
}

/** First entry (S-LOGIN-4): the texts are read and accepted on one's own behalf or for one of one's organisations. */
export function WelcomePage({
  token,
  person,
  texts,
  capacities,
  unregistered,
  returnTo,
  errors,
  endedFor,
}: WelcomeProps) {
  const chosen = chosenOf(person);
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="Перед началом работы прочтите и примите два документа. Это нужно один раз для каждой редакции: за себя и отдельно за каждую организацию, где вы работаете.">
        {`Здравствуйте, ${person.name}`}
      </PageTitle>
      {endedFor && (
        <Notice tone="warn" announce title={`Ваш доступ от имени ${endedFor} закрыт`}>
          Дальше вы действуете от собственного имени. Если это ошибка, спросите руководителя организации.
        </Notice>
      )}
      <Unregistered claims={unregistered} next="После входа откроется страница, где её регистрируют." />
      <Form action="/welcome" csrf={token} hidden={{ returnTo }}>
        {capacities.length > 0 && (
          <Field
            kind="choice"
            as="radio"
            name="capacity"
            label="От чьего имени вы входите"
            options={capacityOptions(capacities, person)}
            value={chosen}
          />
        )}
        {texts.map((text) => (
          <div key={text.kind} class="stack">
            <details class="legal-text">
              <summary>{`${text.title}, редакция ${text.version}`}</summary>
              {paragraphs(text.body)}
            </details>
            <Field
              kind="choice"
              as="checkbox"
              name={text.kind}
              label={text.title}
              required
              error={errorOf(errors, text.kind)}
              options={[
                {
                  value: String(text.version),
                  label:
                    text.kind === 'agreement' ? 'Принимаю условия соглашения' : 'Даю согласие на обработку моих данных',
                },
              ]}
            />
          </div>
        ))}
        <Actions>
          <Button wide>Войти</Button>
        </Actions>
      </Form>
      <Form action="/sign-out" csrf={token} label="Отказ">
        <Button kind="quiet">Не принимаю, выйти</Button>
      </Form>
      <p class="quiet">
        Больше не хотите пользоваться кабинетом? <a href="/settings/export">Заберите свои данные</a> или{' '}
        <a href="/settings/delete">удалите их</a>.
      </p>
    </Stack>
  );
}

export function ActingPage({
  token,
  person,
  capacities,
  unregistered,
  chosen = '',
}: {
  token: string;
  person: SignedIn;
  capacities: readonly CapacityOption[];
  unregistered: readonly { ogrn: string; role: 'head' | 'clerk' }[];
  /** An organisation to begin with, such as one just joined. */
  chosen?: string;
}) {
  return (
    <Stack>
      <PageTitle
        lead={
          capacities.length > 0
            ? 'Один человек может быть и жителем, и сотрудником организаций. Выберите, чьи дела вы сейчас ведёте.'
            : 'Пока вы действуете только от собственного имени. Чтобы работать от имени организации, попросите её руководителя прислать вам приглашение.'
        }
      >
        От чьего имени вы действуете
      </PageTitle>
      <Unregistered
        claims={unregistered}
        next={
          person.acting ? (
            'Чтобы зарегистрировать её, сначала выберите ниже «От собственного имени».'
          ) : (
            <a href={REGISTRATION}>Зарегистрировать организацию</a>
          )
        }
      />
      <Form action="/acting" csrf={token}>
        <Field
          kind="choice"
          as="radio"
          name="capacity"
          label="Действовать"
          options={capacityOptions(capacities, person)}
          value={chosen || chosenOf(person)}
        />
        <Button>Продолжить</Button>
      </Form>
    </Stack>
  );
}

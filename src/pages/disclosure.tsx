import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { personOf, type Role, type SignedIn } from '../platform/access.ts';
import type { Look } from '../platform/audit/audit.ts';
import type { Context } from '../platform/context.ts';
import {
  DISCLOSED_MINUTES,
  type Disclosed,
  type DisclosedRecord,
  disclose,
  type Purposes,
  readPurpose,
} from '../platform/disclosure/index.ts';
import { Invalid } from '../platform/errors.ts';
import { type Typed, typed } from '../platform/http/forms.ts';
import {
  Button,
  ButtonLink,
  Card,
  type Crumb,
  type Definition,
  DefinitionList,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  formatTime,
  Notice,
  PageTitle,
  Stack,
} from '../ui/index.ts';
import { formToken, sendPage } from './page.tsx';

/** What is to be opened, as its module finds it for whoever asks. */
export interface Concealed {
  record: DisclosedRecord;
  /** The page that then shows it in full. */
  back: string;
  title: string;
  /** What is known of it without opening. */
  known: readonly Definition[];
  look: Omit<Look, 'at' | 'purpose' | 'masked'>;
  active: string;
  breadcrumbs: Crumb[];
}

interface Opening {
  /** The record's own page; the question stands below it, at `/disclose`. */
  path: string;
  access: readonly Role[];
  purposes: Purposes;
  /** Why it is asked, in a sentence under the title. */
  lead: string;
  /** @throws NotFound when the record is not for whoever asks */
  find(request: FastifyRequest, actor: SignedIn): Promise<Concealed>;
}

/** The question for what a record is opened: a page, and its answer by POST. Nothing of the record is shown before. */
export function registerDisclosure(app: FastifyInstance, context: Context, opening: Opening): void {
  const guarded = { config: { access: opening.access, sensitive: true } };
  const url = `${opening.path}/disclose`;

  const show = async (request: FastifyRequest, reply: FastifyReply, errors: readonly FieldError[], sent: Typed) => {
    const asked = await opening.find(request, personOf(request.actor));
    const found = { ...asked, back: backTo(asked, request) };
    const { title, active, breadcrumbs } = found;
    return sendPage(
      request,
      reply,
      { title, active, breadcrumbs },
      <PurposePage {...{ found, errors, sent }} {...opening} action={request.url} token={formToken(request, reply)} />,
    );
  };

  app.get(url, guarded, (request, reply) => show(request, reply, [], {}));

  app.post(url, guarded, async (request, reply) => {
    const actor = personOf(request.actor);
    const found = await opening.find(request, actor);
    const { record, look } = found;
    try {
      const purpose = readPurpose(opening.purposes, request.body);
      await disclose(context.db, actor, { record, purpose, look: { ...look, at: context.clock() } });
      return await reply.redirect(backTo(found, request), 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(request, reply.code(error.status), error.fields, typed(request.body));
    }
  });
}

/** A page below the record's own may send people here and have them back. */
function backTo({ back }: Concealed, { query }: FastifyRequest): string {
  const { from } = query as { from?: string };
  return from?.startsWith(`${back}/`) && /^[!-[\]-~]{1,500}$/.test(from) ? from : back;
}

interface PurposePageProps {
  found: Concealed;
  purposes: Purposes;
  lead: string;
  action: string;
  errors: readonly FieldError[];
  sent: Typed;
  token: string;
}

function PurposePage({ found, purposes, lead, action, errors, sent, token }: PurposePageProps) {
  return (
    <Stack>
      <PageTitle lead={lead}>{found.title}</PageTitle>
      <ErrorSummary errors={errors} />
      {found.known.length > 0 && (
        <Card title="Что известно без открытия">
          <DefinitionList items={found.known} />
        </Card>
      )}
      <Card
        title="Для чего вы открываете"
        note={`Журнал запишет вас, время и цель; житель это увидит. Открыто будет ${DISCLOSED_MINUTES} минут.`}
      >
        <Form action={action} csrf={token} label="Цель">
          <Field
            kind="choice"
            as="radio"
            name="purpose"
            label="Цель"
            required
            options={Object.entries(purposes).map(([value, label]) => ({ value, label }))}
            value={sent.purpose}
            error={errorOf(errors, 'purpose')}
          />
          <Field
            kind="text"
            name="note"
            label="Подробности"
            hint="Например, номер обращения или день звонка"
            maxLength={200}
            value={sent.note}
            error={errorOf(errors, 'note')}
          />
          <Button>Показать</Button>
        </Form>
      </Card>
      <p>
        <a href={found.back}>Не открывать</a>
      </p>
    </Stack>
  );
}

interface ConcealedNoticeProps {
  disclosed: Disclosed | null;
  /** The record's own page. */
  path: string;
  /** The page below it that says this, to come back to. */
  from?: string;
  zone: string;
}

/** Says on a record's page whether names are hidden, and leads to the question. */
export function ConcealedNotice({ disclosed, path, zone, from }: ConcealedNoticeProps) {
  if (disclosed)
    return (
      <Notice tone="info" title={`Открыто до ${formatTime(disclosed.until, zone)}`}>
        {`Цель: ${disclosed.purpose}. Житель увидит, кто и для чего смотрел его данные.`}
      </Notice>
    );
  return (
    <Notice tone="info" title="Имена и контакты скрыты">
      <p>Чтобы увидеть их полностью, скажите, для чего.</p>
      <ButtonLink kind="secondary" href={`${path}/disclose${from ? `?from=${encodeURIComponent(from)}` : ''}`}>
        Показать
      </ButtonLink>
    </Notice>
  );
}

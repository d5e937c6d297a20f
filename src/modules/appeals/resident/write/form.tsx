import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage, wantsJson } from '../../../../pages/page.tsx';
import { personOf } from '../../../../platform/access.ts';
import type { Context } from '../../../../platform/context.ts';
import { type FieldError, Invalid, NotFound, TooMany } from '../../../../platform/errors.ts';
import { idParam, type Typed, typed as typedOf } from '../../../../platform/http/forms.ts';
import { refuseWith } from '../../../../platform/http/refuse.ts';
import { type DraftId, type FileId, isUuid, newId } from '../../../../platform/ids.ts';
import { formatTime } from '../../../../ui/index.ts';
import { access } from '../../access.ts';
import { beginDraft, placeOfHome } from '../../begin-draft.ts';
import { removeFile } from '../../change-files.ts';
import { cleanLine, cleanText } from '../../clean-text.ts';
import { type Draft, EMPTY_DRAFT, missingOf, StaleDraft, type TypedFields } from '../../draft.ts';
import { readOwnHomes } from '../../own-homes.ts';
import { ABOUT_FIELDS, aboutQuery } from '../../ready-texts.ts';
import { changeDraft, saveDraft, withAddressee } from '../../save-draft.ts';
import { draftPath, type Window } from './draft-paths.ts';
import { FormPage, type FormPageProps } from './form-page.tsx';
import { isSealed, sealNewDraft } from './new-draft-seal.ts';
import { describeDraft, type FormView, readForm } from './read-form.ts';

export const CRUMBS = [
  { href: '/', label: 'Личный кабинет' },
  { href: '/appeals', label: 'Обращения' },
];
export const WRITE_ACCESS = { access: access.writeAppeal, sensitive: true };

/** «Добавление обращения»: a new one, a saved one, and what its buttons do. */
export function registerForm(app: FastifyInstance, context: Context): void {
  // Writes nothing: browsers open addresses before anybody asks. The draft is there with the first saving.
  app.get('/appeals/new', { config: WRITE_ACCESS }, async (request, reply) => {
    const begun = await beginDraft(context, request.actor, aboutQuery.parse(request.query));
    // As the first saving will have it: an addressee must not turn up between «Отправить» and «Да».
    const content = await withAddressee(context.db, begun);
    const at = context.clock();
    const draft: Draft = { ...content, draftId: newId<DraftId>(), version: 0, createdAt: at, updatedAt: at };
    const view = await describeDraft(context, request.actor, draft);
    const { personId } = personOf(request.actor);
    const seal = sealNewDraft(context.config, personId, draft.draftId);
    return showForm(request, reply, view, { about: { ...aboutFields(typedOf(request.query)), seal } });
  });

  app.get('/appeals/drafts', { config: WRITE_ACCESS }, (_request, reply) =>
    reply.redirect('/appeals?state=draft', 303),
  );

  app.get('/appeals/drafts/:draftId', { config: WRITE_ACCESS }, async (request, reply) => {
    const view = await readForm(context, request.actor, idParam<DraftId>(request.params, 'draftId'));
    const { saved } = request.query as { saved?: string };
    return showForm(request, reply, view, { saved: saved === '1' });
  });

  app.post('/appeals/drafts/:draftId', { config: WRITE_ACCESS }, async (request, reply) => {
    const draftId = idParam<DraftId>(request.params, 'draftId');
    const body = typedOf(request.body);
    const fields = readTyped(body);
    try {
      const version = readVersion(context, request, draftId, body);
      // A saved draft does not begin anew: it is read, not made.
      const begun = version === 0 ? await beginDraft(context, request.actor, aboutQuery.parse(body)) : EMPTY_DRAFT;
      const draft = await saveDraft(context, request.actor, { draftId, version, typed: fields, begun });
      if (wantsJson(request))
        return {
          version: draft.version,
          saved: formatTime(context.clock(), 'Europe/Moscow'),
          path: draftPath(draftId),
        };
      return await followButton(context, request, reply, draft, body.go ?? '');
    } catch (error) {
      if (wantsJson(request)) throw error;
      return showRefused(context, request, reply, { draftId, fields, body, error });
    }
  });
}

/** @throws NotFound for a new draft whose id we have not given */
function readVersion(context: Context, request: FastifyRequest, draftId: DraftId, { version = '', seal = '' }: Typed) {
  const { personId } = personOf(request.actor);
  if (/^[1-9]\d{0,8}$/.test(version)) return Number(version);
  if (isSealed(context.config, personId, draftId, seal)) return 0;
  throw new NotFound();
}

export interface Shown extends Partial<Pick<FormPageProps, 'typed' | 'errors' | 'about' | 'saved' | 'stale'>> {}

export function showForm(request: FastifyRequest, reply: FastifyReply, view: FormView, shown: Shown): FastifyReply {
  return sendPage(
    request,
    reply,
    {
      title: 'Добавление обращения',
      active: '/appeals',
      breadcrumbs: [...CRUMBS, { label: 'Добавление обращения' }],
    },
    <FormPage
      view={view}
      typed={shown.typed}
      errors={shown.errors ?? []}
      about={shown.about ?? {}}
      saved={shown.saved ?? false}
      stale={shown.stale ?? null}
      token={formToken(request, reply)}
    />,
  );
}

/** Fields of the form, cleaned of what acts on the reader unseen. */
function readTyped(body: Typed): TypedFields {
  const line = (name: string) => cleanLine(body[name] ?? '');
  return {
    flat: line('flat'),
    ownTopic: line('ownTopic'),
    email: line('email'),
    phone: line('phone'),
    answerEmail: line('answerEmail'),
    text: cleanText(body.text ?? ''),
  };
}

const aboutFields = (values: Typed): Record<string, string> =>
  Object.fromEntries(ABOUT_FIELDS.flatMap((name) => (values[name] ? [[name, values[name]]] : [])));

const WINDOWS: readonly string[] = ['address', 'municipality', 'topic', 'addressee', 'files'] satisfies Window[];

/** Where the pressed button leads, once what is typed is kept. */
async function followButton(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  draft: Draft,
  pressed: string,
): Promise<FastifyReply> {
  const { draftId } = draft;
  const [verb = '', object = ''] = pressed.split('.');
  if (WINDOWS.includes(verb)) return reply.redirect(draftPath(draftId, verb as Window), 303);
  if (verb === 'search') return reply.redirect(`${draftPath(draftId, 'addressee')}?search=1`, 303);
  if (verb === 'home') {
    const home = (await readOwnHomes(context.db, personOf(request.actor).personId))[Number(object)];
    if (home) await changeDraft(context, request.actor, draftId, () => placeOfHome(context, home));
    return reply.redirect(`${draftPath(draftId)}#field-address`, 303);
  }
  if (verb === 'remove' && isUuid(object)) {
    await removeFile(context, request.actor, draftId, object as FileId);
    return reply.redirect(`${draftPath(draftId)}#field-files`, 303);
  }
  if (verb !== 'send') return reply.redirect(`${draftPath(draftId)}?saved=1`, 303);
  const errors = missingOf(draft);
  if (errors.length === 0) return reply.redirect(draftPath(draftId, 'confirm'), 303);
  return showForm(request, reply.code(422), await readForm(context, request.actor, draftId), { errors });
}

interface Refused {
  draftId: DraftId;
  fields: TypedFields;
  body: Typed;
  error: unknown;
}

/** The form again with what was typed and why it was not kept. */
async function showRefused(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { draftId, fields, body, error }: Refused,
): Promise<FastifyReply> {
  if (error instanceof StaleDraft) {
    const view = await readForm(context, request.actor, draftId);
    return showForm(request, reply.code(409), view, { typed: fields, stale: error.saved });
  }
  if (!(error instanceof Invalid || error instanceof TooMany)) throw error;
  const errors: readonly FieldError[] =
    error instanceof Invalid ? error.fields : [{ field: '', message: error.sentence }];
  const view = await readForm(context, request.actor, draftId).catch(async (cause: unknown) => {
    if (!(cause instanceof NotFound)) throw cause;
    const content = await beginDraft(context, request.actor, aboutQuery.parse(body));
    const at = context.clock();
    return describeDraft(context, request.actor, { ...content, draftId, version: 0, createdAt: at, updatedAt: at });
  });
  return showForm(request, refuseWith(reply, error), view, {
    typed: fields,
    errors,
    about: { ...aboutFields(body), seal: body.seal ?? '' },
  });
}

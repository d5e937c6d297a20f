import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { formToken, sendPage, wantsJson } from '../../../pages/page.tsx';
import { personOf } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Conflict, type FieldError } from '../../../platform/errors.ts';
import type { Typed } from '../../../platform/http/forms.ts';
import { isUuid, type ReadingId } from '../../../platform/ids.ts';
import { IDEMPOTENCY_FIELD } from '../../../ui/index.ts';
import { recordShareLooks } from '../../accounts/index.ts';
import { access } from '../access.ts';
import { type OwnMeters, readOwnMeters } from '../read-own-meters.ts';
import type { Recorded } from '../record-readings.ts';
import { submitReadings } from '../submit-readings.ts';
import { answerDraft } from './draft-answer.ts';
import { keptPhotos } from './kept-photo.ts';
import type { OpenDial } from './open-dial.tsx';
import { readForm } from './read-form.ts';
import {
  type Dial,
  dialKey,
  dialOf,
  keptField,
  photoField,
  readDials,
  type SentDial,
  sureValue,
  type Tariff,
  valueField,
} from './reading-fields.ts';
import { ReadingsPage } from './readings-page.tsx';

/** «Передать показания»: one form; what is good is saved, the rest comes back with its reason. */
export function registerReadings(app: FastifyInstance, context: Context): void {
  app.get('/readings', { config: { access: access.submitReadings, sensitive: true } }, async (request, reply) => {
    const { saved = '' } = request.query as { saved?: string };
    const view = await readOwnMeters(context, personOf(request.actor).personId, { right: 'readings' });
    await recordShareLooks(context.db, view.links, { kind: 'meters', what: 'прошлые показания' }, context.clock());
    const ids = String(saved).split(',').filter(isUuid) as ReadingId[];
    return show(request, reply, view, { ...NOTHING, saved: new Set(ids) });
  });

  // A worker that sends drafts has no page: whose they must be, and the token of their session.
  app.get('/readings/sender', { config: { access: access.submitReadings, sensitive: true } }, (request, reply) =>
    reply.send({ person: app.viewerOf(request.actor).person, token: formToken(request, reply) }),
  );

  app.post(
    '/readings',
    { config: { access: access.submitReadings, token: 'own', sensitive: true } },
    async (request, reply) => {
      const check = (token: unknown) => app.guard.check(request, reply, token);
      const form = await readForm(request, context.files, check);
      const person = personOf(request.actor);
      const photos = keptPhotos(context.config, person.personId, context.clock());
      const view = await readOwnMeters(context, person.personId, { archived: true, right: 'readings' });
      const photoOf = (dial: Dial) =>
        form.photos.get(photoField(dial)) ?? photos.unwrap(dial, form.fields[keptField(dial)]);
      const { sent, errors } = readDials(view, form.fields, photoOf);
      // A value whose picture cannot be read waits for it: the person wanted both.
      const badPhotos = new Set(form.errors.map(({ field }) => field));
      const good = sent.filter(({ dial }) => !badPhotos.has(photoField(dial)));
      const answer = await submit(context, request, good, form.fields[IDEMPOTENCY_FIELD]);
      const outcome = settle(good, answer, [...errors, ...form.errors]);
      if (wantsJson(request)) {
        if (answer === 'repeated') throw new Conflict('Эти показания уже отправлялись. Проверьте их в форме.');
        return reply.code(outcome.isSettled ? 200 : 422).send(answerDraft(view, answer, outcome));
      }
      if (outcome.isSettled) return reply.redirect(`/readings?saved=${[...outcome.saved].join(',')}`, 303);
      const open = openDials(view, outcome, sent, (dial) => {
        const photo = photoOf(dial);
        return photo && photos.wrap(dial, photo);
      });
      const typed = Object.fromEntries(
        Object.entries(form.fields).filter(([name]) => !outcome.settled.has(name.slice(name.indexOf('.') + 1))),
      );
      const { saved, errors: found } = outcome;
      const fresh = await readOwnMeters(context, person.personId, { right: 'readings' });
      return show(request, reply, fresh, { typed, errors: found, open, saved, repeated: answer === 'repeated' });
    },
  );
}

interface Shown {
  typed: Typed;
  errors: readonly FieldError[];
  open: ReadonlyMap<string, OpenDial>;
  saved: ReadonlySet<ReadingId>;
  repeated: boolean;
}
const NOTHING: Shown = { typed: {}, errors: [], open: new Map(), saved: new Set(), repeated: false };

function show(request: FastifyRequest, reply: FastifyReply, view: OwnMeters, shown: Shown) {
  const isOpen = shown.errors.length > 0 || shown.open.size > 0 || shown.repeated;
  return sendPage(
    request,
    reply,
    {
      title: 'Внесение текущих показаний',
      active: '/readings',
      breadcrumbs: [{ href: '/', label: 'Главная' }, { label: 'Внесение показаний' }],
      ...(isOpen ? { status: shown.repeated ? 409 : 422 } : {}),
    },
    <ReadingsPage
      view={view}
      token={formToken(request, reply)}
      formKey={v7()}
      person={request.server.viewerOf(request.actor).person}
      {...shown}
    />,
  );
}

/** The answers in the order of the dials; `repeated` when the form was sent before with other values («Назад» and a change). */
async function submit(
  context: Context,
  request: FastifyRequest,
  sent: readonly SentDial[],
  key: string | undefined,
): Promise<Recorded[] | 'repeated'> {
  if (sent.length === 0) return [];
  // Without a key nobody could tell a repeat from a new form.
  if (!key || !isUuid(key)) return 'repeated';
  try {
    return await submitReadings(
      context,
      request.actor,
      sent.map(({ item }) => item),
      key,
    );
  } catch (error) {
    if (error instanceof Conflict && error.code === 'idempotency_key_reused') return 'repeated';
    throw error;
  }
}

/** Dials that are asked about, and those whose pictures wait. */
function openDials(
  view: OwnMeters,
  { settled, questions }: ReturnType<typeof settle>,
  sent: readonly SentDial[],
  keptOf: (dial: Dial) => string | null,
): Map<string, OpenDial> {
  const values = new Map(sent.map(({ dial, item }) => [dialKey(dial), item]));
  const dials = view.homes.flatMap(({ meters }) =>
    meters.flatMap((own) => own.resources.map((one) => dialOf(own, one))),
  );
  return new Map(
    dials.flatMap((dial): [string, OpenDial][] => {
      const key = dialKey(dial);
      const [asked, item, kept] = [questions.get(key) ?? [], values.get(key), keptOf(dial)];
      if (settled.has(key) || (asked.length === 0 && !kept)) return [];
      return [[key, { questions: asked, sure: item ? sureValue(asked, item) : '', kept }]];
    }),
  );
}

/** What came of each dial. */
function settle(sent: readonly SentDial[], answer: Recorded[] | 'repeated', refused: readonly FieldError[]) {
  const saved = new Set<ReadingId>();
  const settled = new Set<string>();
  const questions = new Map<string, Extract<Recorded, { state: 'asks' }>['questions']>();
  const errors = [...refused];
  const answers = answer === 'repeated' ? [] : answer;
  for (const [index, recorded] of answers.entries()) {
    const { dial } = sent[index]!;
    if (recorded.state === 'asks') questions.set(dialKey(dial), recorded.questions);
    else if (recorded.state === 'wrong')
      errors.push(
        ...recorded.errors.map(({ field, message }) => ({ field: valueField(tariffOf(field), dial), message })),
      );
    else {
      saved.add(recorded.readingId);
      settled.add(dialKey(dial));
    }
  }
  if (sent.length === 0 && errors.length === 0)
    errors.push({ field: '', message: 'Впишите показание хотя бы одного прибора' });
  const isSettled = answer !== 'repeated' && errors.length === 0 && questions.size === 0;
  return { saved, settled, questions, errors, isSettled };
}

const tariffOf = (field: string): Tariff => (field === 't2' || field === 't3' ? field : 't1');

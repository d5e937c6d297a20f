import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../pages/page.tsx';
import type { Context } from '../../platform/context.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import { idParam, parse, requiredText, type Typed, typed } from '../../platform/http/forms.ts';
import type { ApiKeyId } from '../../platform/ids.ts';
import { type FieldError, IDEMPOTENCY_FIELD } from '../../ui/index.ts';
import { access } from './access.ts';
import { listKeys, makeKey, revokeKey, TERMS } from './api-keys.ts';
import { ApiKeysPage, RevokePage } from './api-keys-page.tsx';

const ACTIVE = '/work/api-keys';

const NewKey = z.object({
  name: requiredText('Назовите ключ, чтобы узнать его в списке', 100),
  term: z.enum(TERMS, { error: 'Выберите срок' }),
  [IDEMPOTENCY_FIELD]: z
    .string()
    .max(100)
    .default(() => randomUUID()),
});

interface Shown {
  made?: { token: string } | 'sent twice';
  values?: Typed;
  errors?: readonly FieldError[];
}

/** Keys of the organisation's systems, for its head. */
export function registerApiKeys(app: FastifyInstance, context: Context): void {
  const head = { config: { access: access.manageKeys, sensitive: true } };

  app.get('/work/api-keys', head, (request, reply) => show(context, request, reply, {}));

  // The answer itself shows the token: it is kept nowhere that a redirect could fetch it from.
  app.post('/work/api-keys', head, async (request, reply) => {
    try {
      const form = parse(NewKey, request.body);
      const token = await makeKey(context, request.actor, { ...form, formKey: form[IDEMPOTENCY_FIELD] });
      return show(context, request, reply, { made: token ? { token } : 'sent twice' });
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(context, request, reply.code(422), { values: typed(request.body), errors: error.fields });
    }
  });

  app.get('/work/api-keys/:keyId', head, async (request, reply) => {
    const keyId = idParam<ApiKeyId>(request.params, 'keyId');
    const key = (await listKeys(context, request.actor)).find((one) => one.keyId === keyId && !one.revokedAt);
    if (!key) throw new NotFound();
    return sendPage(
      request,
      reply,
      { title: 'Отозвать ключ', active: ACTIVE },
      <RevokePage name={key.name} keyId={keyId} csrf={formToken(request, reply)} />,
    );
  });

  app.post('/work/api-keys/:keyId/revoke', head, async (request, reply) => {
    await revokeKey(context, request.actor, idParam<ApiKeyId>(request.params, 'keyId'));
    return reply.redirect('/work/api-keys?revoked=yes', 303);
  });
}

async function show(context: Context, request: FastifyRequest, reply: FastifyReply, shown: Shown) {
  const { revoked } = request.query as { revoked?: string };
  return sendPage(
    request,
    reply,
    { title: 'Ключи для программ', active: ACTIVE, elements: ['copy-button'] },
    <ApiKeysPage
      keys={await listKeys(context, request.actor)}
      made={shown.made ?? null}
      revoked={revoked === 'yes'}
      values={shown.values ?? {}}
      errors={shown.errors ?? []}
      csrf={formToken(request, reply)}
      formKey={randomUUID()}
    />,
  );
}

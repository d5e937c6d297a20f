import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../pages/page.tsx';
import type { Context } from '../../platform/context.ts';
import { NotFound } from '../../platform/errors.ts';
import { parse } from '../../platform/http/forms.ts';
import { Button, ButtonLink, Form, Notice, PageTitle, Stack } from '../../ui/index.ts';
import { access } from './access.ts';
import { confirmAddress } from './change-address.ts';
import { BROKEN_LINK, endLetters } from './choose-notices.ts';
import { kindOf } from './kinds.ts';
import { readUnsubscribeToken } from './unsubscribe.ts';

const asked = z.object({ token: z.string().max(300).default('') });
/** Letters from before notices stood in one place name the second. */
const OFF_PATHS = ['/notices/off', '/reminders/off'];

/** What links of letters open, signed in or not. A letter is opened by programs that follow links: looking changes nothing, the button does. */
export function registerLetterLinks(app: FastifyInstance, context: Context): void {
  for (const path of OFF_PATHS) registerOff(app, context, path);

  app.get('/notices/address', { config: { access: access.confirmAddress, sensitive: true } }, (request, reply) => {
    const { token } = parse(asked, request.query);
    return sendPage(
      request,
      reply,
      { title: 'Подтверждение адреса' },
      <Stack>
        <PageTitle lead="На него будут приходить уведомления личного кабинета.">Подтвердить этот адрес?</PageTitle>
        <Form action="/notices/address" csrf={formToken(request, reply)} hidden={{ token }}>
          <Button>Подтвердить адрес</Button>
        </Form>
      </Stack>,
    );
  });

  app.post('/notices/address', { config: { access: access.confirmAddress } }, async (request, reply) => {
    const address = await confirmAddress(context, request.actor, parse(asked, request.body).token);
    return sendPage(
      request,
      reply,
      { title: 'Адрес подтверждён' },
      <Stack>
        <PageTitle>Адрес подтверждён</PageTitle>
        <Notice tone="good" title={address} announce>
          Уведомления теперь приходят сюда.
        </Notice>
        <ToSettings />
      </Stack>,
    );
  });
}

function registerOff(app: FastifyInstance, context: Context, path: string): void {
  app.get(path, { config: { access: access.endLetters, sensitive: true } }, (request, reply) => {
    const { token } = parse(asked, request.query);
    const read = readUnsubscribeToken(context.config, token);
    if (!read) throw new NotFound(BROKEN_LINK);
    return sendPage(
      request,
      reply,
      { title: 'Отказ от писем' },
      <Stack>
        <PageTitle lead={`Письма: «${kindOf(read.kind).name}».`}>Больше не присылать?</PageTitle>
        <Form action={`${path}?token=${token}`}>
          <Button>Больше не присылать</Button>
        </Form>
      </Stack>,
    );
  });

  // Mail programs send this themselves (RFC 8058), without cookies: the signed token is all that is asked.
  app.post(path, { config: { access: access.endLetters, token: 'none' } }, async (request, reply) => {
    const kind = await endLetters(context, request.actor, parse(asked, request.query).token);
    return sendPage(
      request,
      reply,
      { title: 'Письма отключены' },
      <Stack>
        <PageTitle>Больше не пришлём</PageTitle>
        <Notice tone="good" title={kindOf(kind).name}>
          Такие письма отключены. Включить их снова можно в настройках уведомлений.
        </Notice>
        <ToSettings />
      </Stack>,
    );
  });
}

const ToSettings = () => (
  <ButtonLink href="/settings/notices" kind="secondary">
    Все уведомления
  </ButtonLink>
);

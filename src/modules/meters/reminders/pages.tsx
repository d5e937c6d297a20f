import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { personOf } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { NotFound } from '../../../platform/errors.ts';
import { parse } from '../../../platform/http/forms.ts';
import { Button, ButtonLink, Card, Field, Form, Notice, PageTitle, Stack } from '../../../ui/index.ts';
import { readPerson } from '../../identity/index.ts';
import { access } from '../access.ts';
import { chooseReminders, endReminders, readReminders } from './choose-reminders.ts';
import { REMINDER_KINDS, REMINDER_NAMES, type ReminderKind, readUnsubscribeToken } from './reminder.ts';

const HINTS: Readonly<Record<ReminderKind, string>> = {
  readings_before: 'Одно письмо в месяц на каждый дом.',
  readings_last_day: 'Только если за месяц вы ещё ничего не передали.',
  verification: 'Несколько раз заранее, чтобы успеть заказать поверку или замену.',
  organisation: 'Не чаще раза в месяц от каждой организации и только если показаний ещё нет.',
};

const choices = z.object(
  Object.fromEntries(REMINDER_KINDS.map((kind) => [kind, z.literal('on').optional()])) as Record<
    ReminderKind,
    z.ZodOptional<z.ZodLiteral<'on'>>
  >,
);
const asked = z.object({ token: z.string().max(300).default('') });

/** «Напоминания»: what letters a resident wants, and the one click that ends them from a letter. */
export function registerReminders(app: FastifyInstance, context: Context): void {
  app.get('/reminders', { config: { access: access.chooseReminders } }, async (request, reply) => {
    const wanted = await readReminders(context, request.actor);
    const person = await readPerson(context.db, personOf(request.actor).personId);
    const { saved } = request.query as { saved?: string };
    return sendPage(
      request,
      reply,
      {
        title: 'Напоминания',
        active: '/meters',
        breadcrumbs: [
          { href: '/', label: 'Личный кабинет' },
          { href: '/meters', label: 'Приборы учёта' },
          { label: 'Напоминания' },
        ],
      },
      <RemindersPage
        wanted={wanted}
        email={person?.email ?? null}
        saved={saved === '1'}
        token={formToken(request, reply)}
      />,
    );
  });

  app.post('/reminders', { config: { access: access.chooseReminders } }, async (request, reply) => {
    const form = parse(choices, request.body);
    await chooseReminders(context, request.actor, new Set(REMINDER_KINDS.filter((kind) => form[kind] === 'on')));
    return reply.redirect('/reminders?saved=1', 303);
  });

  // A letter is opened by programs that follow links: looking changes nothing, the button does.
  app.get('/reminders/off', { config: { access: access.endReminders, sensitive: true } }, async (request, reply) => {
    const { token } = parse(asked, request.query);
    const read = readUnsubscribeToken(context.config, token);
    if (!read) throw new NotFound('Ссылка из письма неполная. Откройте письмо и нажмите на неё ещё раз.');
    return sendPage(
      request,
      reply,
      { title: 'Отказ от писем' },
      <Stack>
        <PageTitle lead={`Письма: «${REMINDER_NAMES[read.kind]}».`}>Больше не присылать?</PageTitle>
        <Form action={`/reminders/off?token=${token}`} csrf="">
          <Button>Больше не присылать</Button>
        </Form>
      </Stack>,
    );
  });

  // Mail programs send this themselves (RFC 8058), without cookies: the signed token is all that is asked.
  app.post('/reminders/off', { config: { access: access.endReminders, token: 'none' } }, async (request, reply) => {
    const { token } = parse(asked, request.query);
    const kind = await endReminders(context, request.actor, token);
    return sendPage(
      request,
      reply,
      { title: 'Письма отключены' },
      <Stack>
        <PageTitle>Больше не пришлём</PageTitle>
        <Notice tone="good" title={REMINDER_NAMES[kind]}>
          Такие письма отключены. Включить их снова можно в личном кабинете, в разделе «Напоминания».
        </Notice>
        <ButtonLink href="/reminders" kind="secondary">
          Все напоминания
        </ButtonLink>
      </Stack>,
    );
  });
}

function RemindersPage({
  wanted,
  email,
  saved,
  token,
}: {
  wanted: ReadonlyMap<ReminderKind, boolean>;
  email: string | null;
  saved: boolean;
  token: string;
}) {
  return (
    <Stack>
      <PageTitle lead={email ? `Письма приходят на ${email}.` : undefined}>Напоминания</PageTitle>
      {saved && <Notice tone="good" title="Сохранено" announce />}
      {!email && (
        <Notice tone="warn" title="Некуда писать">
          В вашей учётной записи нет почты. Добавьте её в сервисе входа и войдите заново.
        </Notice>
      )}
      <Card
        title="О чём напоминать по почте"
        note="Если организация отклонит ваше показание, мы напишем в любом случае: его нужно передать заново."
      >
        <Form action="/reminders" csrf={token}>
          {REMINDER_KINDS.map((kind) => (
            <Field
              key={kind}
              kind="choice"
              as="checkbox"
              name={kind}
              label={REMINDER_NAMES[kind]}
              options={[{ value: 'on', label: REMINDER_NAMES[kind], hint: HINTS[kind] }]}
              value={wanted.get(kind) ? 'on' : undefined}
            />
          ))}
          <Button>Сохранить</Button>
        </Form>
      </Card>
    </Stack>
  );
}

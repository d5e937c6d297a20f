import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../pages/page.tsx';
import { personOf } from '../../platform/access.ts';
import { sha256 } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { type FieldError, Invalid } from '../../platform/errors.ts';
import { idParam, parse, typed } from '../../platform/http/forms.ts';
import type { PersonId } from '../../platform/ids.ts';
import { access } from './access.ts';
import { askForAddress, dropAddress, tryAddressAgain } from './change-address.ts';
import { chooseNotices, readWanted } from './choose-notices.ts';
import { CHANNELS } from './kinds.ts';
import type { DeviceId } from './notice.ts';
import { pushKeys } from './push/keys.ts';
import { selectDevices } from './push/queries.ts';
import { turnOffDevice, turnOnDevice } from './push/turn-on-device.ts';
import { selectProof, selectReader } from './queries.ts';
import { NoticeSettingsPage, type SettingsView } from './settings-page.tsx';

const PAGE = '/settings/notices';

/** What is said after a change; the address names it by a word. */
const SAID: Readonly<Record<string, string>> = {
  saved: 'Сохранено',
  asked: 'Письмо для проверки отправлено',
  dropped: 'Письма снова приходят на адрес из сервиса входа',
  trying: 'Отправили проверочное письмо',
  on: 'Уведомления на этом устройстве включены',
  off: 'Уведомления на устройстве выключены',
};

/** «Уведомления»: what a person is told of, by what way and where to. */
export function registerNoticeSettings(app: FastifyInstance, context: Context): void {
  const changing = { config: { access: access.changeAddress } };
  const devices = { config: { access: access.turnOnDevice } };
  const back = (reply: FastifyReply, said: string) => reply.redirect(`${PAGE}?said=${said}`, 303);

  app.get(PAGE, { config: { access: access.chooseNotices, sensitive: true } }, (request, reply) => {
    const said = SAID[String((request.query as { said?: string }).said ?? '')] ?? null;
    return show(context, request, reply, { said });
  });

  app.post(PAGE, { config: { access: access.chooseNotices } }, async (request, reply) => {
    const form = typed(request.body);
    const shown = CHANNELS.filter((channel) => (form.shown ?? '').split(' ').includes(channel));
    await chooseNotices(context, request.actor, shown, (kind, channel) => form[`${kind}.${channel}`] === 'on');
    return back(reply, 'saved');
  });

  app.post(`${PAGE}/address`, changing, async (request, reply) => {
    const { address = '' } = typed(request.body);
    try {
      await askForAddress(context, request.actor, address);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      reply.code(422);
      return show(context, request, reply, { errors: error.fields, typed: address });
    }
    return back(reply, 'asked');
  });

  app.post(`${PAGE}/address/drop`, changing, async (request, reply) => {
    await dropAddress(context, request.actor);
    return back(reply, 'dropped');
  });

  app.post(`${PAGE}/try-again`, changing, async (request, reply) => {
    await tryAddressAgain(context, request.actor);
    return back(reply, 'trying');
  });

  app.post(`${PAGE}/devices`, devices, async (request, reply) => {
    const given = parse(subscription, request.body);
    await turnOnDevice(context, request.actor, given, request.headers['user-agent'] ?? '');
    return back(reply, 'on');
  });

  app.post(`${PAGE}/devices/:deviceId/remove`, devices, async (request, reply) => {
    await turnOffDevice(context, request.actor, idParam<DeviceId>(request.params, 'deviceId'));
    return back(reply, 'off');
  });

  // Where the reminders of meters were chosen before.
  app.get('/reminders', { config: { access: access.chooseNotices } }, (_request, reply) => reply.redirect(PAGE, 301));
}

const subscription = z.object({
  endpoint: z.string().max(2000),
  p256dh: z.string().max(100),
  auth: z.string().max(40),
});

async function show(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  shown: { said?: string | null; errors?: readonly FieldError[]; typed?: string },
) {
  const { said = null, errors = [] } = shown;
  const view = await readView(context, personOf(request.actor).personId);
  return sendPage(
    request,
    reply,
    {
      title: 'Уведомления',
      breadcrumbs: [{ href: '/settings', label: 'Настройки' }, { label: 'Уведомления' }],
    },
    <NoticeSettingsPage {...{ view, said, errors }} typed={shown.typed} token={formToken(request, reply)} />,
  );
}

async function readView(context: Context, personId: PersonId): Promise<SettingsView> {
  const { db } = context;
  const [reader, proof, wanted, devices, { publicKey }] = await Promise.all([
    selectReader(db, personId),
    selectProof(db, personId),
    readWanted(db, personId),
    selectDevices(db, personId),
    pushKeys(context),
  ]);
  const isOpen = proof && !proof.usedAt && proof.expiresAt > context.clock();
  return {
    reader: reader!,
    proof: isOpen ? proof : null,
    wanted,
    devices,
    marks: devices.map(({ endpoint }) => sha256(endpoint).toString('base64url')),
    pushKey: publicKey,
  };
}

import type { FastifyInstance } from 'fastify';
import { formToken, sendPage } from '../../pages/page.tsx';
import { audit } from '../../platform/audit/audit.ts';
import { sha256 } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { NotFound } from '../../platform/errors.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  DefinitionList,
  deviceName,
  Form,
  formatDateTime,
  PageTitle,
  Stack,
} from '../../ui/index.ts';
import { access } from './access.ts';
import { deleteDeviceByAlarm, selectAlarm } from './queries/devices.ts';
import { endAllSessions } from './queries/sessions.ts';
import { type Alarm, parseAlarm } from './recognise-device.ts';

const ZONE = 'Europe/Moscow';
const USED =
  'Ссылка уже использована или устарела. Войдите в кабинет: в «Настройках» видно, где выполнен вход, и лишнее можно завершить.';

/**
 * «Это не я»: the link of a letter ends every session of the person without signing in. Programs that read mail open links, so opening
 * it changes nothing: a button does, and once.
 */
export function registerNotMe(app: FastifyInstance, context: Context): void {
  const open = { config: { access: access.endByLetter, sensitive: true } };
  const readAlarm = ({ params }: { params: unknown }): Alarm => {
    const alarm = parseAlarm((params as { token: string }).token);
    if (!alarm) throw new NotFound(USED);
    return alarm;
  };

  app.get('/not-me/:token', open, async (request, reply) => {
    const { personId, deviceId, alarm } = readAlarm(request);
    const found = await selectAlarm(context.db, { personId, deviceId, hash: sha256(alarm) }, context.clock());
    if (!found) throw new NotFound(USED);
    return sendPage(
      request,
      reply,
      { title: 'Завершить все входы' },
      <Stack>
        <PageTitle lead="Если вы не входили с этого устройства, завершите все входы: кабинет закроется везде, в том числе у вас.">
          Это не вы?
        </PageTitle>
        <Card title="О каком входе письмо">
          <DefinitionList
            items={[
              { term: 'Когда', value: `${formatDateTime(found.firstAt, ZONE)} (мск)` },
              { term: 'Устройство', value: deviceName(found.userAgent) },
              { term: 'Сеть', value: found.network },
            ]}
          />
          <Form action={request.url} csrf={formToken(request, reply)} label="Завершить все входы">
            <Button kind="danger">Это не я, завершить все входы</Button>
          </Form>
        </Card>
      </Stack>,
    );
  });

  app.post('/not-me/:token', open, async (request, reply) => {
    await endByLetter(context, readAlarm(request));
    return reply.redirect('/not-me', 303);
  });

  app.get('/not-me', open, (request, reply) =>
    sendPage(
      request,
      reply,
      { title: 'Все входы завершены' },
      <Stack>
        <PageTitle lead="Кабинет закрыт на всех устройствах. Незнакомое устройство забыто: о новом входе с него придёт письмо.">
          Все входы завершены
        </PageTitle>
        <Card title="Что сделать дальше">
          <ol>
            <li>Смените пароль в сервисе входа: кто-то может его знать.</li>
            <li>Проверьте там же почту и телефон для восстановления.</li>
            <li>Войдите в кабинет и посмотрите лицевые счета и историю платежей.</li>
          </ol>
          <Actions>
            <ButtonLink href="/sign-in">Войти</ButtonLink>
          </Actions>
        </Card>
      </Stack>,
    ),
  );
}

/** @throws NotFound when the link was used already, or is no good */
async function endByLetter(context: Context, { personId, deviceId, alarm }: Alarm): Promise<void> {
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    if (!(await deleteDeviceByAlarm(trx, { personId, deviceId, hash: sha256(alarm) }, at))) throw new NotFound(USED);
    const ended = await endAllSessions(trx, personId, at);
    await audit(trx, { actor: personId, action: 'identity.not_me', at, subject: personId, details: { ended } });
  });
}

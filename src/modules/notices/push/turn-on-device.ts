import { type Actor, authorise, personOf } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import { sha256 } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/database/database.ts';
import { Conflict, Invalid, NotFound } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { deviceName } from '../../../ui/index.ts';
import { access } from '../access.ts';
import type { DeviceId } from '../notice.ts';
import { lockChoices } from '../queries.ts';
import { removeDevice } from './deliver-push.ts';
import { pushKeys } from './keys.ts';
import { isPublicEndpoint } from './public-host.ts';
import { deleteDevice, insertDevice, lockEndpoint, selectDevices, upsertEndpoint } from './queries.ts';
import type { Subscription } from './send-push.ts';

const MOST_DEVICES = 10;
const NOT_OURS =
  'Браузер сообщил адрес, на который нельзя отправлять уведомления. Обновите страницу и включите их ещё раз.';

/**
 * Turns notices on at the browser that asks. Whoever had turned them on there before gets none at it any more.
 * @throws Invalid for keys or an address that no browser gives, Conflict past the number of devices
 */
export async function turnOnDevice(
  context: Context,
  actor: Actor,
  given: Subscription,
  userAgent: string,
): Promise<void> {
  authorise(actor, access.turnOnDevice);
  const { personId } = personOf(actor);
  if (!isSubscription(given, context.config.PUSH_ALLOW_PRIVATE))
    throw new Invalid([{ field: 'endpoint', message: NOT_OURS }]);
  const at = context.clock();
  const { publicKey } = await pushKeys(context);
  const hash = sha256(given.endpoint);
  await transaction(context.db, async (trx) => {
    await lockChoices(trx, personId);
    const before = await lockEndpoint(trx, hash);
    if (before) await deleteDevice(trx, before.personId, before.deviceId, at);
    if ((await selectDevices(trx, personId)).length >= MOST_DEVICES)
      throw new Conflict(`Уведомления включены уже на ${MOST_DEVICES} устройствах. Уберите лишние из списка.`);
    const deviceId = newId<DeviceId>();
    const { endpoint, p256dh, auth } = given;
    const device = { deviceId, endpoint, p256dh, auth, serverKey: publicKey, createdAt: at };
    await insertDevice(trx, personId, { ...device, label: deviceName(userAgent) });
    await upsertEndpoint(trx, hash, personId, deviceId);
    await audit(trx, { actor: personId, action: 'notices.turned_on_device', at, subject: personId });
  });
}

/** RFC 8291: a point of P-256, uncompressed, and a secret of 16 bytes. */
const isSubscription = ({ endpoint, p256dh, auth }: Subscription, allowPrivate: boolean): boolean =>
  endpoint.length <= 2000 &&
  /^[!-~]+$/.test(endpoint) &&
  (allowPrivate ? /^https?:/.test(endpoint) && URL.canParse(endpoint) : isPublicEndpoint(endpoint)) &&
  /^B[\w-]{86}=?$/.test(p256dh) &&
  /^[\w-]{22}(==)?$/.test(auth);

/**
 * Takes a device off the person's list, from whichever device.
 * @throws NotFound for a device of somebody else, or one that is off the list
 */
export async function turnOffDevice(context: Context, actor: Actor, deviceId: DeviceId): Promise<void> {
  authorise(actor, access.turnOnDevice);
  const isRemoved = await removeDevice(context, personOf(actor).personId, deviceId);
  if (!isRemoved) throw new NotFound('Этого устройства уже нет в списке.');
}

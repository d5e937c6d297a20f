import { z } from 'zod';
import { sha256 } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import { addJob, defineJob, type JobKind } from '../../../platform/jobs/jobs.ts';
import type { DeviceId, PushId } from '../notice.ts';
import { pushKeys } from './keys.ts';
import { deleteDevice, deleteEndpoint, markPushSent, notePushTrouble, selectUnsentPush } from './queries.ts';
import { quietUntil, zoneOfPerson } from './quiet-hours.ts';
import { sendPush } from './send-push.ts';

export const PUSH_TRIES = 8;
/** Found by the worker later than this, it is no news any more. */
const NEWS_MS = 2 * 24 * 3_600_000;

interface Payload {
  personId: PersonId;
  pushId: PushId;
}

/**
 * Sends one message to one device. The device draws messages of one notice in one place, so one that is repeated after a crash is seen once.
 */
export const deliverPush: JobKind<Payload> = defineJob<Payload>({
  name: 'notices.push',
  payload: z.object({
    personId: z.uuid().transform((id) => id as PersonId),
    pushId: z.uuid().transform((id) => id as PushId),
  }),
  async run(context, { personId, pushId }, log) {
    const { db, config, clock } = context;
    const push = await selectUnsentPush(db, personId, pushId);
    if (!push) return;
    const now = clock();
    const refuse = (refusal: string) => notePushTrouble(db, push, { refusal, refusedAt: now });
    if (now.getTime() - push.createdAt.getTime() > NEWS_MS) return void (await refuse('too late'));
    // Tried in vain until the night came.
    const morning = quietUntil(now, await zoneOfPerson(db, personId));
    if (morning) return addJob(db, deliverPush, { personId, pushId }, { runAt: morning, maxAttempts: PUSH_TRIES });
    const keys = await pushKeys(context);
    if (push.serverKey !== keys.publicKey) return void (await removeDevice(context, personId, push.deviceId));
    const payload = { title: push.title, body: push.body, path: push.path, tag: push.noticeId };
    const outcome = await sendPush(config, keys, push, payload, topicOf(push.noticeId));
    if (outcome.kind === 'sent') return markPushSent(db, push, clock());
    if (outcome.kind === 'gone') return void (await removeDevice(context, personId, push.deviceId));
    log.warn({ pushId, refusal: outcome.words }, 'a push message is refused');
    if (outcome.kind === 'refused') return void (await refuse(outcome.words));
    const tries = await notePushTrouble(db, push, { refusal: outcome.words, refusedAt: null });
    if (tries >= PUSH_TRIES) return void (await refuse(outcome.words));
    throw new Error(`the push service does not take a message: ${outcome.words}`);
  },
});

/** At most 32 characters of base64url (RFC 8030, 5.4). */
const topicOf = (id: string): string => id.replaceAll('-', '');

/** @returns false when the person has no such device */
export function removeDevice({ db, clock }: Context, personId: PersonId, deviceId: DeviceId): Promise<boolean> {
  return transaction(db, async (trx) => {
    const endpoint = await deleteDevice(trx, personId, deviceId, clock());
    if (endpoint) await deleteEndpoint(trx, sha256(endpoint), deviceId);
    return endpoint !== null;
  });
}

import type { Config } from '../../../platform/config.ts';
import type { Transaction } from '../../../platform/database/database.ts';
import { newId, type PersonId } from '../../../platform/ids.ts';
import { addJob } from '../../../platform/jobs/jobs.ts';
import type { LetterLink } from '../../../platform/mail/content.ts';
import { isWanted, kindOf, type NoticeKindName } from '../kinds.ts';
import type { Message, NoticeId, PushId } from '../notice.ts';
import type { Choices } from '../queries.ts';
import { deliverPush, PUSH_TRIES } from './deliver-push.ts';
import { insertPush, selectDevices } from './queries.ts';
import { quietUntil, zoneOfPerson } from './quiet-hours.ts';

/** Puts a message for each device of the person, and the jobs that send them, into the caller's transaction. At night they wait for the morning. */
export async function pushNotice(
  { config }: { config: Pick<Config, 'PUBLIC_URL'> },
  trx: Transaction,
  notice: {
    kind: NoticeKindName;
    personId: PersonId;
    noticeId: NoticeId;
    message: Message;
    choices: Choices;
    at: Date;
  },
): Promise<void> {
  const { kind, personId, noticeId, message, choices, at } = notice;
  if (!isWanted(kind, 'push', choices.get(kind)?.push)) return;
  const devices = await selectDevices(trx, personId);
  if (devices.length === 0) return;
  const runAt = quietUntil(at, await zoneOfPerson(trx, personId)) ?? at;
  const { title, body } = message.brief ?? kindOf(kind).brief;
  const path = pathOf(config.PUBLIC_URL, message.content.action);
  for (const { deviceId } of devices) {
    const pushId = newId<PushId>();
    await insertPush(trx, { personId, pushId, noticeId, deviceId, kind, title, body, path }, at);
    await addJob(trx, deliverPush, { personId, pushId }, { runAt, maxAttempts: PUSH_TRIES });
  }
}

/** A notification opens pages of ours alone; an address that opens something by itself is for the letter, and is kept nowhere. */
function pathOf(own: string, action: LetterLink | undefined): string {
  if (action?.isSecret) return '/settings';
  return action?.url.startsWith(`${own}/`) ? action.url.slice(own.length) : '/';
}

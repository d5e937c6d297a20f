import { type Actor, authorise, personOf } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict } from '../../platform/errors.ts';
import type { PersonId } from '../../platform/ids.ts';
import { sendAgain } from '../../platform/mail/mail.ts';
import { countMail, type MailCount, type RefusedMail, selectRefusedMail } from '../../platform/mail/queries.ts';
import { daysAgo } from '../../platform/sweep.ts';
import { maskedEmail } from '../../ui/index.ts';
import { access } from './access.ts';
import { countPushes } from './push/queries.ts';

export const MAIL_DAYS = 7;
const MOST_REFUSED = 50;
const OPERATOR_ZONE = 'Europe/Moscow';

export interface MailView {
  counts: MailCount[];
  /** Addresses are masked, also where the mail server repeats them. */
  refused: RefusedMail[];
  pushes: Awaited<ReturnType<typeof countPushes>>;
}

/** What became of the letters of the last days, for whoever runs the installation: figures, no text and no whole address. */
export async function watchMail({ db, clock }: Context, actor: Actor): Promise<MailView> {
  authorise(actor, access.watchMail);
  const since = daysAgo(clock(), MAIL_DAYS);
  const [counts, refused, pushes] = await Promise.all([
    countMail(db, since, OPERATOR_ZONE),
    selectRefusedMail(db, MOST_REFUSED),
    countPushes(db, since),
  ]);
  return { counts, pushes, refused: refused.map(masked) };
}

const ADDRESS = /[^\s<>()",;:]+@[^\s<>()",;:]+/g;

const masked = (mail: RefusedMail): RefusedMail => ({
  ...mail,
  recipient: maskedEmail(mail.recipient),
  refusal: mail.refusal.replace(ADDRESS, maskedEmail),
});

/** @throws Conflict when the letter is not refused any more */
export async function retryMail(
  { db, clock }: Context,
  actor: Actor,
  { personId, mailId }: { personId: PersonId; mailId: string },
): Promise<void> {
  authorise(actor, access.retryMail);
  const { personId: by } = personOf(actor);
  await transaction(db, async (trx) => {
    if (!(await sendAgain(trx, personId, mailId))) throw new Conflict('Это письмо уже отправляется или ушло.');
    await audit(trx, { actor: by, action: 'mail.retried', at: clock(), subject: personId, details: { mailId } });
  });
}

import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import type { ScheduledJob } from '../../platform/jobs/jobs.ts';
import { mailboxOf, sendMail } from '../../platform/mail/mail.ts';
import { addDays, type Day, dayIn } from '../../platform/month.ts';
import { counted, formatDate } from '../../ui/index.ts';
import { readAccounts } from '../accounts/index.ts';
import { readHouse } from '../houses/index.ts';
import { sendNotice } from '../notices/index.ts';
import { readOrganisation } from '../organisations/index.ts';
import { appealAboutClaim, CLAIM_ZONE, remindUntil } from './claim-term.ts';
import { markOverdue, markReminded, type OverdueClaim, selectWatchedOrganisations } from './queries/claim-terms.ts';

/** No rule reminds earlier. */
const HORIZON_DAYS = 30;
/** Claimants who are told in one transaction. */
const TOGETHER = 200;

/**
 * Reminds organisations of the terms of claims, once before the last day and once after it, and tells the claimant who has no answer. What
 * is done is marked in the transaction of the letters, so a run that is killed or runs twice does nothing twice.
 */
export const watchClaims: ScheduledJob = {
  name: 'connections.watch_claims',
  // By day in Moscow: a phone is not woken at night because a term has ended at midnight.
  cron: '5 6-15 * * *',
  async run(context, log) {
    const at = context.clock();
    const today = dayIn(CLAIM_ZONE, at);
    let failed: unknown;
    for (const organisationId of await selectWatchedOrganisations(context.db, addDays(today, HORIZON_DAYS)))
      try {
        while (await watch(context, organisationId, { today, at }));
      } catch (error) {
        // One organisation that cannot be reminded keeps no other from its letter; the job fails in the end and is seen.
        log.error({ err: error, organisationId }, 'terms of claims could not be looked at');
        failed ??= error;
      }
    if (failed) throw failed;
  },
};

/** @returns whether more may be overdue */
const watch = (context: Context, organisationId: OrganisationId, { today, at }: { today: Day; at: Date }) =>
  transaction(context.db, async (trx) => {
    const until = await remindUntil(trx, organisationId, today);
    const late = await markOverdue(trx, organisationId, { today, at, limit: TOGETHER });
    const soon = await markReminded(trx, organisationId, { today, until, at });
    if (late.length + soon === 0) return false;
    const organisation = await readOrganisation(trx, organisationId);
    if (organisation?.email) {
      const told = { late: late.length, soon, until };
      await remind(context, trx, { organisationId, recipient: organisation.email }, told, at);
    }
    for (const claim of late)
      await tellClaimant(context, trx, claim, { organisationId, name: organisation?.short_name ?? 'Организация' });
    return late.length === TOGETHER;
  });

const CLAIMS = ['заявка', 'заявки', 'заявок'] as const;

/** Counts and days alone: the letter goes to a mailbox that many read. */
async function remind(
  { config }: Pick<Context, 'config'>,
  trx: Transaction,
  { organisationId, recipient }: { organisationId: OrganisationId; recipient: string },
  { late, soon, until }: { late: number; soon: number; until: Day },
  at: Date,
): Promise<void> {
  const subject = late > 0 ? 'Заявки на подключение просрочены' : 'Кончается срок ответа на заявки';
  const body = {
    title: subject,
    paragraphs: [
      ...(late > 0
        ? [
            `Срок прошёл, ответа нет: ${counted(late, CLAIMS)}. Жителям сообщили об этом и предложили написать обращение.`,
          ]
        : []),
      ...(soon > 0 ? [`Срок кончается до ${formatDate(until)} включительно: ${counted(soon, CLAIMS)}.`] : []),
    ],
    action: { label: 'Очередь заявок', url: `${config.PUBLIC_URL}/work/claims` },
    after: ['Об отказе нужно сказать с причиной. О каждой заявке мы напоминаем один раз до срока и один раз после.'],
  };
  await sendMail(trx, { personId: mailboxOf(organisationId), recipient, kind: 'claim_desk', subject, body }, at);
}

async function tellClaimant(
  context: Pick<Context, 'config' | 'clock'>,
  trx: Transaction,
  { claimId, personId, houseId, accountId, createdAt, dueOn }: OverdueClaim,
  { organisationId, name }: { organisationId: OrganisationId; name: string },
): Promise<void> {
  const [[account], house] = [await readAccounts(trx, houseId, [accountId]), await readHouse(trx, houseId)];
  const number = account?.number ?? '';
  const late = { sentOn: dayIn(CLAIM_ZONE, createdAt), dueOn };
  const appeal = appealAboutClaim({ providerId: organisationId, fiasGuid: house?.fiasGuid ?? null, number, late });
  await sendNotice(context, trx, {
    kind: 'claim_decided',
    personId,
    object: `${claimId}:overdue`,
    subject: 'Срок ответа на вашу заявку прошёл',
    brief: { title: 'Срок ответа на заявку прошёл', body: 'Посмотрите, что можно сделать' },
    content: {
      title: 'На вашу заявку не ответили в срок',
      paragraphs: [
        `${name} должна была ответить на заявку о подключении лицевого счёта до ${formatDate(dueOn)}, а ответа нет.`,
        'Заявка остаётся в очереди. Можно написать обращение: текст уже готов, на него обязаны ответить по закону.',
      ],
      facts: [{ name: 'Лицевой счёт', value: number }],
      action: { label: 'Написать обращение', url: `${context.config.PUBLIC_URL}${appeal}` },
      after: ['Подключить счёт можно и без ответа: по сумме последней квитанции или одноразовым кодом организации.'],
    },
  });
}

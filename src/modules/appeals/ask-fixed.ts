import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import type { ScheduledJob } from '../../platform/jobs/jobs.ts';
import { dayIn } from '../../platform/month.ts';
import { getWholeNumber } from '../../platform/rules/rules.ts';
import { formatDate } from '../../ui/index.ts';
import type { AppealKey } from './appeal.ts';
import { writeToAuthor } from './letters.ts';
import { projectAppeal } from './project-appeal.ts';
import { lockAppeal } from './queries/read-appeals.ts';
import { selectUnasked, type Unasked } from './queries/watch.ts';
import { updateAppeal } from './queries/write-appeals.ts';
import { recordEvent } from './record-event.ts';

const BATCH = 200;
const DAY = 86_400_000;
/** A worker that stood still asks later; nobody is asked about what is long past. */
const WINDOW_DAYS = 30;

/** Asks authors, once for each answer, whether what was promised is really fixed. */
export async function askFixed(context: Context): Promise<void> {
  const { db } = context;
  const at = context.clock();
  const days = await getWholeNumber(db, 'appeal.fixed_after_days', dayIn('Europe/Moscow', at));
  const until = new Date(at.getTime() - days * DAY);
  const from = new Date(until.getTime() - WINDOW_DAYS * DAY);
  let failed: unknown;
  for (let after: Unasked | null = null; ; ) {
    const found: Unasked[] = await selectUnasked(db, { from, until, after, limit: BATCH });
    for (const key of found)
      await askOne(context, key, at).catch((error: unknown) => {
        // One author who cannot be asked keeps no other from the question; the job fails in the end and is seen.
        context.log.error({ err: error, ...key }, 'an author could not be asked whether it is fixed');
        failed ??= error;
      });
    if (found.length < BATCH) break;
    after = found.at(-1)!;
  }
  if (failed) throw failed;
}

async function askOne(context: Context, key: AppealKey, at: Date): Promise<void> {
  await transaction(context.db, async (trx) => {
    const appeal = await lockAppeal(trx, key);
    if (appeal?.state !== 'executed' || appeal.fixedAskedAt) return;
    await updateAppeal(trx, appeal, { fixed_asked_at: at });
    await recordEvent(trx, appeal, { kind: 'fixed_asked' }, at);
    const executedOn = formatDate(dayIn(appeal.zone, appeal.executedAt!));
    const letter = {
      subject: `Исправлено ли на самом деле? Обращение № ${appeal.number}`,
      lines: [
        `${executedOn} на ваше обращение ответили, что вопрос решён.`,
        'Скажите в личном кабинете, так ли это. Если нет, там же можно вернуть обращение в работу или пожаловаться в вышестоящий орган.',
      ],
    };
    await writeToAuthor(context, trx, appeal, letter);
    await projectAppeal(trx, appeal, at, true);
  });
}

export const askFixedEveryDay: ScheduledJob = {
  name: 'appeals.ask_fixed',
  cron: '0 7 * * *',
  run: (context) => askFixed(context),
};

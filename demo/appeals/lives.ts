import { askFixed, watchTerms } from '../../src/modules/appeals/index.ts';
import { contextAt, daysAgo, type Past } from './past.ts';

/**
 * One appeal from its sending to its end, step after step. What it yields is a moment at which the job that watches terms has to run
 * before the next step: it marks what is overdue. A life that waits for nothing is a function.
 */
export type Life = AsyncGenerator<Date, void> | (() => Promise<void>);

/** Lives that are lived side by side: more would only wait for the database. */
const LANES = 4;

/**
 * Lives all appeals. The job that watches terms looks at every open appeal: it runs at a moment only when no life is behind that moment,
 * or it would take an appeal for forgotten that is answered in the next step.
 */
export async function liveAll(past: Past, lives: readonly Life[]): Promise<void> {
  const waiting: { moment: Date; life: Life }[] = [];
  const goOn = async (life: Life): Promise<void> => {
    if (typeof life === 'function') return life();
    const { value, done } = await life.next();
    if (!done) waiting.push({ moment: value, life });
  };
  const queue = lives.values();
  const lane = async (): Promise<void> => {
    for (const life of queue) await goOn(life);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  while (waiting.length > 0) {
    waiting.sort((a, b) => a.moment.getTime() - b.moment.getTime());
    const { moment, life } = waiting.shift()!;
    await watchTerms(contextAt(past, moment));
    await goOn(life);
  }
  // Whoever was answered four weeks ago and more was asked yesterday. Reminders of terms that still run are left to the worker.
  await askFixed(contextAt(past, daysAgo(past, 1, 10)));
}

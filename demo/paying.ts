import { addMonths, type Month } from '../src/platform/month.ts';
import type { Story } from './account.ts';
import { at, dayOf } from './calendar.ts';
import type { Random } from './random.ts';

interface Moment {
  /** The month whose bill has just come. */
  month: Month;
  /** How many bills are still to come. */
  left: number;
  /** Debt (+) or advance (-) of the account for one recipient. */
  asked: bigint;
  /** The last bill. */
  billed: bigint;
  random: Random;
}

const THOUSAND = 100_000n;
const upToThousand = (amount: bigint): bigint => ((amount + THOUSAND - 1n) / THOUSAND) * THOUSAND;

/** What a payer pays in the month after a bill, by habit; null: nothing. Always after the 5th, when the bill is out. */
export function paymentFor(story: Story, moment: Moment): { amount: bigint; at: Date } | null {
  const { month, random } = moment;
  // The chance is drawn in any case, so that one account's story does not move the next one's.
  const early = random.between(8, 14);
  const late = random.between(18, 27);
  const minute = random.below(12 * 60);
  if (story.paidUntil && month > story.paidUntil) return null;
  const amount = amountFor(story, moment);
  if (amount <= 0n) return null;
  const day = dayOf(addMonths(month, 1), story.habit === 'late' || story.habit === 'part' ? late : early);
  return { amount, at: at(day, 8, minute) };
}

function amountFor({ habit }: Story, { left, asked, billed, month }: Moment): bigint {
  switch (habit) {
    case 'punctual':
    case 'late':
      return asked;
    case 'quarterly':
      return Number(month.slice(5)) % 3 === 0 ? asked : 0n;
    case 'rounding':
      return asked > 0n ? upToThousand(asked) : 0n;
    case 'part':
      return (asked * 2n) / 3n;
    case 'ahead':
      return left % 6 === 3 ? upToThousand(asked + billed * 6n) : 0n;
    case 'never':
      return 0n;
  }
}

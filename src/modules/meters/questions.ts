import Big from 'big.js';
import { formatNumber, plural } from '../../ui/index.ts';
import type { Values } from './meter.ts';
import { type Counting, type Volume, volumeOf } from './volume.ts';

/** What is unusual about a value. Each is asked, none refused: people move in, go away, and pipes burst. */
export const QUESTION_KINDS = ['fall', 'rollover', 'zero', 'jump', 'swapped'] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];

export interface Question {
  kind: QuestionKind;
  /** What the person is asked, with the figures. */
  text: string;
}

export interface Asked {
  counting: Counting;
  /** The value before; null when there is none. */
  last: Values | null;
  value: Values;
  /** The average volume of a month; null when fewer than three are known. */
  average: string | null;
  /** Months since the value before, at least 1. */
  months: number;
  /** `reading.jump_factor`. */
  jumpFactor: string;
}

/** «в 64 раза», «в 5,4 раза»: past ten a fraction says nothing more. */
function timesOver(times: Big): string {
  const rounded = times.round(times.gte(10) ? 0 : 1);
  const word = rounded.mod(1).eq(0) ? plural(rounded.toNumber(), ['раз', 'раза', 'раз']) : 'раза';
  return `${formatNumber(rounded.toFixed())} ${word}`;
}

/** The dial stood in its last tenth and begins again in its first: more likely past the end than a slip of the pen. */
function looksRolledOver(digits: number | null, last: string, value: string): boolean {
  if (digits === null) return false;
  const span = new Big(10).pow(digits);
  return new Big(last).gte(span.times('0.9')) && new Big(value).lt(span.times('0.1'));
}

const TARIFFS = ['t1', 't2', 't3'] as const;

/** A question about one dial of several says which. */
const ofTariff = ({ t2 }: Values, tariff: (typeof TARIFFS)[number], text: string): string =>
  t2 === null ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : `${tariff.replace('t', 'Т')}: ${text}`;

/** The volume that a value would mean, with a roll-over where it looks like one; null without a value before. */
export function impliedVolume({ counting, last, value }: Pick<Asked, 'counting' | 'last' | 'value'>): {
  volume: Volume;
  rolledOver: boolean;
} | null {
  if (!last && !counting.givesVolume) return null;
  const from = last ?? { t1: '0', t2: null, t3: null };
  const rolledOver =
    !counting.givesVolume &&
    TARIFFS.some((tariff) => {
      const [before, after] = [from[tariff], value[tariff]];
      return before !== null && after !== null && new Big(after).lt(before)
        ? looksRolledOver(counting.digits, before, after)
        : false;
    });
  return { volume: volumeOf(counting, from, value, rolledOver), rolledOver };
}

/** Everything that is unusual about one value. */
export function questionsOf(asked: Asked): Question[] {
  const implied = impliedVolume(asked);
  if (!implied) return [];
  const { counting, last, value, average, months, jumpFactor } = asked;
  const { volume } = implied;
  if (!counting.givesVolume && last) {
    // Each tariff by itself: one may have gone around while another has fallen.
    const fallen = TARIFFS.filter(
      (tariff) => last[tariff] !== null && value[tariff] !== null && new Big(value[tariff]).lt(last[tariff]),
    );
    const around = fallen.find((tariff) => looksRolledOver(counting.digits, last[tariff]!, value[tariff]!));
    const below = fallen.find((tariff) => !looksRolledOver(counting.digits, last[tariff]!, value[tariff]!));
    const questions: Question[] = [];
    if (around)
      questions.push({
        kind: 'rollover',
        text: ofTariff(
          last,
          around,
          `прошлое показание ${formatNumber(last[around]!)}, новое ${formatNumber(value[around]!)}: счётчик прошёл через ноль? Тогда расход ${formatNumber(volume.total)}.`,
        ),
      });
    if (below)
      questions.push({
        kind: 'fall',
        text: ofTariff(
          last,
          below,
          `новое показание ${formatNumber(value[below]!)} меньше прошлого ${formatNumber(last[below]!)}. Проверьте цифры на приборе. Если всё верно, подтвердите: значит, ошибка в прошлом показании.`,
        ),
      });
    if (questions.length > 0) return questions;
  }
  const total = new Big(volume.total);
  if (total.eq(0))
    return [{ kind: 'zero', text: 'Показание не изменилось. Вы действительно ничего не израсходовали?' }];
  if (average !== null && new Big(average).gt(0)) {
    const usual = new Big(average).times(months);
    if (total.gt(usual.times(jumpFactor)))
      return [
        {
          kind: 'jump',
          text: `Расход ${formatNumber(volume.total)} больше обычного (${formatNumber(usual.round(3).toFixed())}) в ${timesOver(total.div(usual))}. Проверьте запятую и цифры.`,
        },
      ];
  }
  return [];
}

/**
 * Cold and hot water of one home were put into each other's fields: each value is odd where it stands and would be usual in the
 * other's place.
 */
export function looksSwapped(cold: Asked, hot: Asked): boolean {
  if (!cold.last || !hot.last) return false;
  const isOdd = (asked: Asked) => questionsOf(asked).some(({ kind }) => kind === 'fall' || kind === 'jump');
  const isUsual = (asked: Asked) => questionsOf(asked).every(({ kind }) => kind === 'zero');
  return (
    (isOdd(cold) || isOdd(hot)) && isUsual({ ...cold, value: hot.value }) && isUsual({ ...hot, value: cold.value })
  );
}

export const SWAPPED: Question = {
  kind: 'swapped',
  text: 'Похоже, показания холодной и горячей воды перепутаны местами. Проверьте, где какой прибор.',
};

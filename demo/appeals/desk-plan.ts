import { addDays, type Day, monthOf } from '../../src/platform/month.ts';
import { isHeatingSeason } from '../calendar.ts';
import { DISTRICT } from '../district.ts';
import { type Random, randomOf } from '../random.ts';
import { MATTERS, type Matter } from './matters.ts';
import { type Past, receivedFor, workingDay, workingDaysAgo } from './past.ts';

/** What becomes of an appeal at the desk. */
export type Fate = 'answered' | 'late' | 'overdue' | 'in work' | 'new';

export interface PlannedAppeal {
  house: number;
  /** Which of the residents of the house who write. */
  author: number;
  topicCode: string;
  text: string;
  sentOn: Day;
  hour: number;
  minute: number;
  fate: Fate;
  /** How much of the term has passed when it is answered, in percent; days after the term when it is late. */
  pace: number;
  reply: Matter['replies'][number];
  byHead: boolean;
  /** Given to a performer, not just answered by whoever sat at the desk. */
  isAssigned: boolean;
  assessment: 'full' | 'partial' | 'none' | null;
}

/** Appeals long ago. More than these are planned by their terms. */
const LONG_AGO = 30;
/** Houses of the managing organisation by index, each as often as it is written about. */
const HOUSES = [0, 0, 0, 0, 0, 2, 2, 2, 2, 3, 3, 4, 4, 5, 6];
/** Houses as low as these have no lift. */
const STOREYS_WITH_LIFT = 8;
/** Working days of a term that is neither short nor of an emergency. */
const ORDINARY_TERM = 10;

/** The queue of the managing organisation over a year: the same for the same seed and day. */
export function planDesk(past: Pick<Past, 'seed' | 'now' | 'today' | 'calendar'>): PlannedAppeal[] {
  const random = randomOf(past.seed, 'desk');
  const { today } = past;
  const old = Array.from({ length: LONG_AGO }, (_, index) => {
    // Through the whole year, or chance would leave months empty; of late people write more, as more of them come to the cabinet.
    const ago = 22 + Math.floor(322 * (index / LONG_AGO) ** 1.35) + random.below(9);
    const fate = index % 6 === 3 ? 'late' : 'answered';
    return planOne(random, addDays(today, -ago), fate, MATTERS);
  });
  let left: Matter[] = [];
  const byTerm = (workingDays: number, fate: Fate) => {
    const due = workingDays < 0 ? workingDaysAgo(past, -workingDays) : workingDay(past, workingDays);
    const sentOn = receivedFor(past, due, ORDINARY_TERM);
    // One after another: a queue that is about roofs alone would look strange.
    if (!left.some(({ season }) => !season || isSeason(season, sentOn)))
      left = MATTERS.filter(({ topicCode }) => ORDINARY.includes(topicCode));
    const planned = planOne(random, sentOn, fate, left);
    left = left.filter(({ topicCode }) => topicCode !== planned.topicCode);
    return planned;
  };
  return [
    ...old,
    ...[-1, -5].map((days) => byTerm(days, 'overdue')),
    // Due today and tomorrow, and later.
    ...[0, 0, 1, 1, 3, 5].map((days) => byTerm(days, 'in work')),
    ...[6, 8].map((days) => byTerm(days, 'new')),
  ];
}

/** Topics of maintenance, answered in the ordinary term. */
const ORDINARY = ['2.4', '2.6', '2.7', '2.10', '2.22', '1.2', '1.3', '1.4', '1.6'];

function planOne(random: Random, sentOn: Day, fate: Fate, from: readonly Matter[]): PlannedAppeal {
  const house = random.pick(HOUSES);
  const { storeys, entrances } = DISTRICT[house]!;
  const fits = from.filter(
    ({ season, lift }) => (!season || isSeason(season, sentOn)) && (!lift || storeys >= STOREYS_WITH_LIFT),
  );
  const { topicCode, letters, replies } = weighted(random, fits);
  const text = random
    .pick(letters)
    .replaceAll('{п}', String(random.between(1, entrances)))
    .replaceAll('{э}', String(random.between(2, storeys)));
  const lot = random.below(100);
  return {
    house,
    author: random.below(1000),
    topicCode,
    text,
    sentOn,
    hour: random.between(7, 21),
    minute: random.below(60),
    fate,
    pace: fate === 'late' ? random.between(1, 6) : random.between(10, 95),
    reply: random.chance(70) ? replies[0]! : random.pick(replies),
    byHead: random.chance(30),
    isAssigned: fate !== 'answered' || random.chance(50),
    assessment: lot < 40 ? 'full' : lot < 48 ? 'partial' : lot < 54 ? 'none' : null,
  };
}

function isSeason(season: NonNullable<Matter['season']>, on: Day): boolean {
  if (season === 'snow') return ['11', '12', '01', '02', '03'].includes(on.slice(5, 7));
  return isHeatingSeason(monthOf(on)) === (season === 'heating');
}

function weighted(random: Random, matters: readonly Matter[]): Matter {
  return random.pick(matters.flatMap((matter) => Array.from({ length: matter.weight }, () => matter)));
}

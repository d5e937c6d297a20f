import type { FoundOrganisation } from '../find-house.ts';

/** A step on the way to what does not work. */
export interface WhyStep {
  title: string;
  /** `waiting`: somebody acts, and the term runs. `unknown`: it follows a step that is missing, or we cannot see it. */
  state: 'done' | 'waiting' | 'missing' | 'unknown';
  /** What is there, or who must do it and by when. */
  words?: string;
  /** The act or the setting that the term follows from. */
  source?: string;
}

/** One thing that is blocked, with all its steps. */
export interface WhyCase {
  key: string;
  title: string;
  steps: readonly WhyStep[];
  /** The appeal about it, with its fields filled. */
  appeal: string | null;
  /** What to do when nothing is missing. */
  next?: { href: string; label: string };
  /** Whom to call: the second way. */
  contacts: FoundOrganisation | null;
}

/** The first step that is not done: what the person has to know. */
export const stepMissing = ({ steps }: WhyCase): WhyStep | null => steps.find(({ state }) => state !== 'done') ?? null;

/** What follows a missing step cannot be told. */
export function untilMissing(steps: readonly WhyStep[]): WhyStep[] {
  const first = steps.findIndex(({ state }) => state === 'missing');
  if (first < 0) return [...steps];
  return steps.map((step, index) =>
    index > first && step.state !== 'done' ? { title: step.title, state: 'unknown' } : step,
  );
}

/** A path with the fields that are not empty. */
export function appealAbout(fields: Readonly<Record<string, string | null | undefined>>): string {
  const given = Object.entries(fields).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return `/appeals/new?${new URLSearchParams(given)}`;
}

/** The person's own name for the account alone may stand over several accounts of one home. */
export const accountTitle = (own: string, provider: string | undefined, number: string): string =>
  [own, provider, `лицевой счёт ${number}`].filter(Boolean).join(', ');

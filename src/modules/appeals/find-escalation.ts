import type { Db } from '../../platform/database/database.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import { addDays, dayIn, startOfDay } from '../../platform/month.ts';
import { getWholeNumber } from '../../platform/rules/rules.ts';
import { listItems, type NsiItem } from '../classifiers/index.ts';
import { findBodies } from '../organisations/index.ts';
import { type AppealKey, type AppealWhole, isOpen, type Part } from './appeal.ts';
import { isUnsatisfied, lastAnswered } from './author-actions.ts';
import { selectChildren } from './queries/read-appeals.ts';

/**
 * Why the author may turn to the body above: the term has passed, who has no term by law is silent for long, the answer is not enough,
 * or nobody answers any more.
 */
export type EscalationReason = 'overdue' | 'silent' | 'unsatisfied' | 'nowhere';

export interface Escalation {
  reason: EscalationReason;
  /** Whose handling is complained of. */
  part: Part;
  /** The body that НСИ 222 names for the addressee's role, in the region of the appeal. */
  body: { organisationId: OrganisationId; powerCode: string; shortName: string };
  /** It was made already, and not withdrawn: its key. */
  made: (AppealKey & { number: string }) | null;
}

const POWERS = 20;
const ESCALATIONS = 222;

/** What the button «Пожаловаться в …» needs; null when there is no reason, no body above, or none that works here. */
export async function findEscalation(db: Db, whole: AppealWhole, at: Date): Promise<Escalation | null> {
  const { appeal } = whole;
  const why = reasonOf(whole, at, await silentFrom(db, whole, at));
  if (!why) return null;
  const above = await powersAbove(db, why.part.powerCode);
  const bodies = await findBodies(db, { ...appeal, powerCodes: above });
  const body = bodies.find(({ organisationId }) => organisationId !== why.part.organisationId);
  if (!body) return null;
  const { organisationId, powerCode, shortName } = body;
  const child = (await selectChildren(db, appeal)).find(
    ({ relation, state }) => relation === 'escalation' && state !== 'withdrawn',
  );
  const made = child ? { houseId: child.houseId, appealId: child.appealId, number: child.number } : null;
  return { ...why, body: { organisationId, powerCode, shortName }, made };
}

/**
 * Before which day a part without a term must have been received for its addressee to count as silent: a council of a house has none by
 * law (НСИ 222 names a body above it all the same), and an author who gets no answer must not wait for ever. Null: no part is without one.
 */
async function silentFrom(db: Db, { appeal, parts }: AppealWhole, at: Date): Promise<Date | null> {
  if (!parts.some(isTermless)) return null;
  const days = await getWholeNumber(db, 'appeal.council.complain_days', dayIn(appeal.zone, at), appeal);
  return startOfDay(appeal.zone, addDays(dayIn(appeal.zone, at), -days));
}

const isTermless = ({ kind, state, dueOn }: Part): boolean => kind === 'appeal' && isOpen(state) && dueOn === null;

/** Pure. @param silentFrom see above */
export function reasonOf(
  whole: AppealWhole,
  at: Date,
  silentFrom: Date | null,
): { reason: EscalationReason; part: Part } | null {
  const { appeal } = whole;
  if (appeal.state === 'withdrawn') return null;
  const today = dayIn(appeal.zone, at);
  const parts = whole.parts.filter(({ kind }) => kind === 'appeal');
  const open = parts.filter(({ state }) => isOpen(state));
  const late = open.find(({ dueOn, overdueAt }) => overdueAt !== null || (dueOn !== null && dueOn < today));
  if (late) return { reason: 'overdue', part: late };
  const silent = open.find((part) => isTermless(part) && silentFrom !== null && part.receivedAt < silentFrom);
  const answered = lastAnswered(whole);
  if (silent && !answered) return { reason: 'silent', part: silent };
  if (answered) return isUnsatisfied(whole) ? { reason: 'unsatisfied', part: answered } : null;
  const last = parts.at(-1);
  const hasReturned = new Set(parts.map(({ organisationId }) => organisationId)).size < parts.length;
  return last && (open.length === 0 || hasReturned) ? { reason: 'nowhere', part: last } : null;
}

/** Codes of НСИ 20 of who stands above a role: rows of НСИ 222 that are in force and the default. They name roles by their short names. */
async function powersAbove(db: Db, powerCode: string): Promise<string[]> {
  const [powers, rows] = [await listItems(db, POWERS), await listItems(db, ESCALATIONS)];
  const name = powers.find(({ code, actual }) => actual && code === powerCode)?.fields['Краткое наименование'];
  const above = rows
    .filter((row) => row.actual && row.fields['Является значением по умолчанию'] === 'true')
    .filter((row) => same(row.fields['Краткое наименование полномочия организации'], name))
    .map((row) => row.fields['Краткое наименование полномочия вышестоящей организации']);
  return powers
    .filter(({ actual, fields }) => actual && above.some((one) => same(fields['Краткое наименование'], one)))
    .map(({ code }) => code);
}

const same = (a: NsiItem['fields'][string] | undefined, b: NsiItem['fields'][string] | undefined): boolean =>
  typeof a === 'string' && typeof b === 'string' && a.trim().toLowerCase() === b.trim().toLowerCase();

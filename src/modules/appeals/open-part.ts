import type { Transaction } from '../../platform/database/database.ts';
import { type AppealPartId, newId, type OrganisationId } from '../../platform/ids.ts';
import type { Day } from '../../platform/month.ts';
import type { RulePlace } from '../../platform/rules/rules.ts';
import type { Appeal } from './appeal.ts';
import { loadTerms } from './load-terms.ts';
import { insertPart } from './queries/write-appeals.ts';
import type { Term } from './term.ts';
import { topicOf } from './topics.ts';

type Subject = Pick<Appeal, 'houseId' | 'appealId' | 'regionCode' | 'oktmo' | 'zone' | 'topicCode' | 'emergency'>;

export interface NewPart {
  kind: 'appeal' | 'request';
  organisationId: OrganisationId;
  /** The role by НСИ 20 in which it is addressed. */
  powerCode: string;
  /** The part that this one was redirected from, or that asks. */
  fromPartId?: AppealPartId;
  requestText?: string;
  /** A request names its day itself. */
  dueOn?: Day;
}

/** Whose dated rules an addressee's term follows. */
export const placeOf = (appeal: Subject, organisationId: OrganisationId): RulePlace => ({
  regionCode: appeal.regionCode,
  oktmo: appeal.oktmo,
  houseId: appeal.houseId,
  organisationId,
});

/** Begins an addressee's handling with its own term, counted from now. The caller records the event and projects the appeal. */
export async function openPart(trx: Transaction, appeal: Subject, part: NewPart, at: Date): Promise<AppealPartId> {
  const partId = newId<AppealPartId>();
  const term =
    part.kind === 'request'
      ? { dueOn: part.dueOn ?? null, dueAt: null, key: 'request', source: 'Срок назвала запросившая инспекция' }
      : await countTerm(trx, appeal, { ...part, receivedAt: at, registeredOn: null }, at);
  await insertPart(trx, {
    house_id: appeal.houseId,
    appeal_id: appeal.appealId,
    part_id: partId,
    kind: part.kind,
    organisation_id: part.organisationId,
    power_code: part.powerCode,
    state: 'received',
    from_part_id: part.fromPartId ?? null,
    request_text: part.requestText ?? '',
    received_at: at,
    due_on: term.dueOn,
    due_at: term.dueAt,
    term_key: term.key,
    term_source: term.source,
    look_at: at,
  });
  return partId;
}

/** The term of an addressee by the rules that were in force on the day of the receipt. */
export async function countTerm(
  trx: Transaction,
  appeal: Subject,
  part: { organisationId: OrganisationId; powerCode: string; receivedAt: Date; registeredOn: Day | null },
  at: Date,
): Promise<Term> {
  const place = placeOf(appeal, part.organisationId);
  const { termOf } = await loadTerms(trx, [place], at);
  const { powerCode, receivedAt, registeredOn } = part;
  const { matter } = topicOf(appeal.topicCode);
  return termOf({
    powerCode,
    matter,
    emergency: appeal.emergency,
    receivedAt,
    registeredOn,
    zone: appeal.zone,
    place,
  });
}

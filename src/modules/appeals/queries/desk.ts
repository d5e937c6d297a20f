import { type RawBuilder, sql } from 'kysely';
import type { Desk } from '../../../platform/access.ts';
import type { Db } from '../../../platform/database/database.ts';
import { inScope } from '../../../platform/database/scope.ts';
import type { AppealId, HouseId, PersonId } from '../../../platform/ids.ts';
import { type Day, dayIn } from '../../../platform/month.ts';
import type { AppealState, Assessment, PartState } from '../appeal.ts';
import type { DeskKind } from '../tables.ts';
import '../tables.ts';

/** A row of a desk as the queue shows it. */
export interface DeskLine {
  /** Of the part; of a territory's row that of the appeal. */
  deskId: string;
  kind: DeskKind;
  houseId: HouseId;
  appealId: AppealId;
  number: string;
  topicCode: string;
  topicName: string;
  address: string;
  authorName: string;
  addresseeName: string;
  state: PartState | AppealState;
  isOpen: boolean;
  emergency: boolean;
  escalated: boolean;
  reopened: boolean;
  joined: number;
  receivedAt: Date;
  dueOn: Day | null;
  /** Of an emergency that nobody has taken up: by when its first measures are due. */
  firstDueAt: Date | null;
  performerId: PersonId | null;
  performerName: string | null;
  closedAt: Date | null;
  assessment: Assessment | null;
  /** Of the place: its terms are counted there. */
  zone: string;
}

export const deskColumns = sql`
  desk_id as "deskId", kind, house_id as "houseId", appeal_id as "appealId", number, topic_code as "topicCode",
  topic_name as "topicName", address, author_name as "authorName", addressee_name as "addresseeName", state, is_open as "isOpen",
  emergency, escalated, reopened, joined, received_at as "receivedAt", due_on as "dueOn",
  first_due_at as "firstDueAt", performer_id as "performerId",
  performer_name as "performerName", closed_at as "closedAt", assessment, zone`;

/** Where the day begins first. */
const EASTERNMOST = 'Asia/Kamchatka';

/** The last day of the term has passed by the clock of the place. The first condition is for the index, the second is exact. */
export const isLate = (now: Date): RawBuilder<unknown> =>
  sql`due_on < ${dayIn(EASTERNMOST, now)}::date and due_on < (${now}::timestamptz at time zone zone)::date`;

export type QueueView = 'open' | 'mine' | 'overdue' | 'unassigned' | 'requests' | 'answered';

export interface QueueFilter {
  /** Number of a group of НСИ 220. */
  topicGroup: string | null;
  /** Words of the address, each of which is in it: «лескова 12». */
  address: string;
  performerId: PersonId | null;
  escalated: boolean;
  joint: boolean;
  emergency: boolean;
  reopened: boolean;
}

export const NO_FILTER: QueueFilter = {
  topicGroup: null,
  address: '',
  performerId: null,
  escalated: false,
  joint: false,
  emergency: false,
  reopened: false,
};

/** The last row shown: its term (null: none) and its id; of an emergency that nobody has taken up the moment of its first measures. */
export interface QueueKey {
  firstDueAt: Date | null;
  dueOn: Day | null;
  deskId: string;
}

interface QueueInput extends Desk {
  /** Whose own queue «mine» is. */
  personId: PersonId;
  view: QueueView;
  filter: QueueFilter;
  now: Date;
  after: QueueKey | null;
  limit: number;
}

const kindsOf = (view: QueueView): DeskKind[] => (view === 'requests' ? ['request'] : ['appeal', 'request']);

/** The database's own locale may know no capital letters of ours: the Russian collation does. */
const addressIs = (address: string): RawBuilder<unknown> =>
  sql.join(
    address
      .toLowerCase()
      .split(/[\s,.]+/)
      .filter(Boolean)
      .slice(0, 8)
      .map((word) => sql`and lower(address collate "ru-x-icu") like ${`%${word.replace(/[%_\\]/g, '\\$&')}%`}`),
    sql` `,
  );

const conditionOf = (filter: QueueFilter): RawBuilder<unknown> => sql`
  ${filter.topicGroup ? sql`and split_part(topic_code, '.', 1) = ${filter.topicGroup}` : sql``}
  ${addressIs(filter.address)}
  ${filter.performerId ? sql`and performer_id = ${filter.performerId}` : sql``}
  ${filter.escalated ? sql`and escalated` : sql``} ${filter.joint ? sql`and joined > 0` : sql``}
  ${filter.emergency ? sql`and emergency` : sql``} ${filter.reopened ? sql`and reopened` : sql``}`;

const viewOf = ({ view, personId, now }: Pick<QueueInput, 'view' | 'personId' | 'now'>): RawBuilder<unknown> => {
  if (view === 'mine') return sql`and performer_id = ${personId}`;
  if (view === 'unassigned') return sql`and performer_id is null`;
  return view === 'overdue' ? sql`and ${isLate(now)}` : sql``;
};

/** The three parts of the queue, in this order: emergencies that nobody has taken up, rows with a term, rows without one. */
const SPANS = ['urgent', 'dated', 'undated'] as const;
type Span = (typeof SPANS)[number];

const spanOf = ({ firstDueAt, dueOn }: QueueKey): Span => (firstDueAt ? 'urgent' : dueOn ? 'dated' : 'undated');

const BELONGS: Readonly<Record<Span, RawBuilder<unknown>>> = {
  urgent: sql`first_due_at is not null`,
  dated: sql`first_due_at is null and due_on is not null`,
  undated: sql`first_due_at is null and due_on is null`,
};
const ORDER: Readonly<Record<Span, RawBuilder<unknown>>> = {
  urgent: sql`first_due_at, desk_id`,
  dated: sql`due_on, desk_id`,
  undated: sql`desk_id`,
};

function rowsAfter(span: Span, after: QueueKey | null): RawBuilder<unknown> {
  if (!after || spanOf(after) !== span) return sql``;
  if (span === 'urgent')
    return sql`and (first_due_at, desk_id) > (${after.firstDueAt}::timestamptz, ${after.deskId}::uuid)`;
  if (span === 'dated') return sql`and (due_on, desk_id) > (${after.dueOn}::date, ${after.deskId}::uuid)`;
  return sql`and desk_id > ${after.deskId}::uuid`;
}

/**
 * A page of the open queue: emergencies that nobody has taken up, then by term, rows without one last. Each kind and each of these spans
 * is a walk along its index from the last row shown on; their heads are merged.
 */
export async function selectQueue(db: Db, input: QueueInput): Promise<DeskLine[]> {
  const { organisationId, houses, view, filter, after, limit } = input;
  const branch = (kind: DeskKind, span: Span) =>
    sql`(select * from desk_appeal where organisation_id = ${organisationId} and kind = ${kind} and is_open
      and ${inScope('house_id', houses)} and ${BELONGS[span]} ${viewOf(input)} ${conditionOf(filter)} ${rowsAfter(span, after)}
      order by ${ORDER[span]} limit ${limit})`;
  const spans = SPANS.slice(after ? SPANS.indexOf(spanOf(after)) : 0);
  const branches = kindsOf(view).flatMap((kind) =>
    // A request is no emergency.
    spans.filter((span) => kind === 'appeal' || span !== 'urgent').map((span) => branch(kind, span)),
  );
  const { rows } = await sql<DeskLine>`
    select ${deskColumns} from (${sql.join(branches, sql` union all `)}) desk_appeal
    order by first_due_at nulls last, case when first_due_at is null then due_on end nulls last, desk_id limit ${limit}`.execute(
    db,
  );
  return rows;
}

/** So many of the rows closed last are looked through for a filter: a desk may have closed a million. */
export const ANSWERED_LOOKED_THROUGH = 20_000;

/** A page of what is closed, the last closed first. */
export async function selectAnswered(
  db: Db,
  input: Desk & {
    filter: QueueFilter;
    after: { closedAt: Date; deskId: string } | null;
    limit: number;
  },
): Promise<DeskLine[]> {
  const { organisationId, houses, filter, after, limit } = input;
  const branches = (['appeal', 'request'] as const).map(
    (kind) => sql`(
      select * from (
        select * from desk_appeal where organisation_id = ${organisationId} and kind = ${kind} and not is_open
          and ${inScope('house_id', houses)}
          ${after ? sql`and (closed_at, desk_id) < (${after.closedAt}, ${after.deskId}::uuid)` : sql``}
        order by closed_at desc, desk_id desc limit ${ANSWERED_LOOKED_THROUGH}
      ) newest where true ${conditionOf(filter)} order by closed_at desc, desk_id desc limit ${limit})`,
  );
  const { rows } = await sql<DeskLine>`
    select ${deskColumns} from (${sql.join(branches, sql` union all `)}) desk_appeal
    order by closed_at desc, desk_id desc limit ${limit}`.execute(db);
  return rows;
}

export type QueueCounts = Record<Exclude<QueueView, 'answered'> | 'emergency', number>;

/** Counting ends there: a longer queue is «1000+». */
export const COUNTED_AT_MOST = 1000;

/** How many rows each view of the open queue has. */
export async function countQueue(
  db: Db,
  { organisationId, houses, personId, now }: Desk & { personId: PersonId; now: Date },
): Promise<QueueCounts> {
  const count = (view: Exclude<QueueView, 'answered'>, more = sql``) => sql`
    (select count(*)::int from (select from desk_appeal where organisation_id = ${organisationId}
      and kind = any(${kindsOf(view)}::text[]) and is_open and ${inScope('house_id', houses)}
      ${viewOf({ view, personId, now })} ${more}
      limit ${COUNTED_AT_MOST}) counted)`;
  const { rows } = await sql<QueueCounts>`
    select ${count('open')} as open, ${count('mine')} as mine, ${count('overdue')} as overdue,
      ${count('unassigned')} as unassigned, ${count('requests')} as requests, ${count('open', sql`and emergency`)} as emergency`.execute(
    db,
  );
  return rows[0]!;
}

/** The desk's rows of one appeal. */
export async function selectDeskLines(
  db: Db,
  { organisationId, houses }: Desk,
  appealId: AppealId,
): Promise<DeskLine[]> {
  const { rows } = await sql<DeskLine>`
    select ${deskColumns} from desk_appeal where organisation_id = ${organisationId} and appeal_id = ${appealId}
      and ${inScope('house_id', houses)}
    order by desk_id`.execute(db);
  return rows;
}

/** Rows of a desk by their ids. */
export async function selectDeskLinesOf(
  db: Db,
  { organisationId, houses }: Desk,
  deskIds: readonly string[],
): Promise<DeskLine[]> {
  if (deskIds.length === 0) return [];
  const { rows } = await sql<DeskLine>`
    select ${deskColumns} from desk_appeal where organisation_id = ${organisationId} and desk_id = any(${deskIds}::uuid[])
      and ${inScope('house_id', houses)}`.execute(db);
  return rows;
}

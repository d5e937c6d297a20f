import type { Transaction } from '../../platform/database/database.ts';
import type { OrganisationId, PersonId } from '../../platform/ids.ts';
import { fullName } from '../identity/index.ts';
import { findOrganisationWithPower, readOrganisations } from '../organisations/index.ts';
import { type Appeal, type AppealKey, type AppealWhole, isOpen, isRunning, type Part, stateOf } from './appeal.ts';
import { type DeskRow, replaceAddressees, replaceDeskRows, upsertOwnAppeals } from './queries/projections.ts';
import { selectAppealWhole } from './queries/read-appeals.ts';
import { updateAppeal } from './queries/write-appeals.ts';
import { recountLater } from './recount-desk.ts';
import { foldWords, spansOf } from './search-spans.ts';
import { INSPECTORATE } from './topics.ts';

/**
 * After a change, in its transaction: the appeal's state from its parts, the desks' queues and the lists of its author and of those who
 * joined, all made anew from the house's rows. So no change can forget one of them.
 * @param news what the author has not seen: marks the row in the list
 */
export async function projectAppeal(trx: Transaction, key: AppealKey, at: Date, news = false): Promise<AppealWhole> {
  const { whole, rows } = await projectUncounted(trx, key, at, news);
  await recountLater(trx, rows, at);
  return whole;
}

/** The same without the statistics: a transaction that changes several appeals counts them together, by the rows of all. */
export async function projectUncounted(
  trx: Transaction,
  key: AppealKey,
  at: Date,
  news = false,
): Promise<{ whole: AppealWhole; rows: DeskRow[] }> {
  const whole = await selectAppealWhole(trx, key);
  if (!whole) throw new Error('an appeal to show is not there');
  const { parts } = whole;
  const state = stateOf(parts);
  const appeal: Appeal = { ...whole.appeal, state, executedAt: executedAt(state, parts), changedAt: at };
  await updateAppeal(trx, key, { state, executed_at: appeal.executedAt, changed_at: at });
  const rows = await replaceDesks(trx, { ...whole, appeal });
  const owners = [appeal.authorId, ...whole.joiners.map((joiner) => joiner.personId)];
  await upsertOwnAppeals(
    trx,
    owners.map((personId) => ownRow(appeal, parts, personId)),
    news,
  );
  return { whole: { ...whole, appeal }, rows };
}

/** When the last of the parts that had to answer did. */
function executedAt(state: Appeal['state'], parts: readonly Part[]): Date | null {
  return state === 'executed' ? endOf(parts.filter((part) => part.state === 'executed')) : null;
}

/** When the last of the addressees was done with it. */
const endOf = (parts: readonly Part[]): Date =>
  new Date(
    Math.max(...parts.flatMap(({ kind, closedAt }) => (kind === 'appeal' && closedAt ? [closedAt.getTime()] : []))),
  );

/** The nearest term that still runs; without one, of what is answered the last. */
export function termShown(parts: readonly Part[]): Part | null {
  const answering = parts.filter(({ kind, state }) => kind === 'appeal' && state !== 'redirected');
  const open = answering.filter(({ state, dueOn }) => isOpen(state) && dueOn !== null);
  return open.sort((a, b) => a.dueOn!.localeCompare(b.dueOn!))[0] ?? answering.at(-1) ?? null;
}

function ownRow(appeal: Appeal, parts: readonly Part[], personId: PersonId) {
  const term = termShown(parts);
  return {
    person_id: personId,
    appeal_id: appeal.appealId,
    house_id: appeal.houseId,
    role: personId === appeal.authorId ? ('author' as const) : ('joined' as const),
    number: appeal.number,
    topic_code: appeal.topicCode,
    topic_name: appeal.ownTopic || appeal.topicName,
    address: appeal.address,
    state: appeal.state,
    due_on: term && isOpen(term.state) ? term.dueOn : null,
    overdue: parts.some((part) => part.kind === 'appeal' && isOpen(part.state) && part.overdueAt !== null),
    zone: appeal.zone,
    sent_at: appeal.sentAt,
    changed_at: appeal.changedAt,
  };
}

async function replaceDesks(trx: Transaction, whole: AppealWhole): Promise<DeskRow[]> {
  const { appeal, parts } = whole;
  const inspectorate = await findOrganisationWithPower(trx, INSPECTORATE, appeal.regionCode);
  const ids = [
    ...new Set([...parts.map((part) => part.organisationId), ...(inspectorate ? [inspectorate.organisation_id] : [])]),
  ];
  const names = new Map((await readOrganisations(trx, ids)).map((card) => [card.organisationId, card.shortName]));
  const searchable = wordsOf(whole);
  const addressees = parts.filter(({ kind, state }) => kind === 'appeal' && state !== 'redirected');
  const addresseeName = addressees.map((part) => names.get(part.organisationId)).join(', ');
  const rows: DeskRow[] = parts.map((part) => ({
    ...deskRow(appeal, searchable),
    ...partRow(part, addresseeName),
    first_due_at: firstDueAt(appeal, part),
  }));
  const isAddressed = addressees.some(({ organisationId }) => organisationId === inspectorate?.organisation_id);
  if (inspectorate && !isAddressed)
    rows.push({
      // Looking through a territory must not tell who has complained of what: a matter is opened for a purpose.
      ...deskRow(appeal, foldWords(wordsOfMatter(whole).join('\n'))),
      ...territoryRow(inspectorate.organisation_id, appeal, parts, addresseeName),
    });
  const asked = askedRows(whole, names).map((row) => ({ ...deskRow(appeal, searchable), ...row }));
  const desks = [...ids, ...asked.map((row) => row.organisation_id)];
  await replaceDeskRows(trx, appeal.appealId, desks, [...rows, ...asked]);
  if (inspectorate)
    await replaceAddressees(
      trx,
      { organisationId: inspectorate.organisation_id, appealId: appeal.appealId },
      addressees.map(({ organisationId }) => organisationId),
    );
  return [...rows, ...asked];
}

/** What a body has asked of others stands at its own desk too. */
const askedRows = ({ parts, events }: AppealWhole, names: ReadonlyMap<OrganisationId, string>) =>
  parts.flatMap((part) => {
    if (part.kind !== 'request') return [];
    const asker = events.find(({ kind, partId }) => kind === 'requested' && partId === part.partId)?.organisationId;
    const row = partRow(part, names.get(part.organisationId) ?? '');
    return asker ? [{ ...row, kind: 'asked' as const, organisation_id: asker }] : [];
  });

/** Whoever has taken the emergency up is held to the last day alone. */
const firstDueAt = ({ emergency }: Appeal, { kind, state, dueAt }: Part): Date | null =>
  emergency && kind === 'appeal' && state === 'received' ? dueAt : null;

const deskRow = (appeal: Appeal, searchable: string) => ({
  house_id: appeal.houseId,
  appeal_id: appeal.appealId,
  number: appeal.number,
  topic_code: appeal.topicCode,
  topic_name: appeal.ownTopic || appeal.topicName,
  address: appeal.address,
  author_name: fullName({ familyName: appeal.familyName, givenName: appeal.givenName, middleName: appeal.middleName }),
  emergency: appeal.emergency,
  escalated: appeal.relation === 'escalation',
  reopened: appeal.reopened > 0,
  joined: appeal.joined,
  assessment: appeal.assessment,
  zone: appeal.zone,
  searchable,
});

const partRow = (part: Part, addresseeName: string) => ({
  organisation_id: part.organisationId,
  desk_id: part.partId,
  kind: part.kind,
  addressee_name: addresseeName,
  state: part.state,
  is_open: isOpen(part.state),
  received_at: part.receivedAt,
  due_on: part.dueOn,
  overdue: part.overdueAt !== null,
  performer_id: part.performerId,
  performer_name: part.performerName,
  closed_at: part.closedAt,
  spans: spansOf(part.receivedAt),
});

function territoryRow(organisationId: OrganisationId, appeal: Appeal, parts: readonly Part[], addresseeName: string) {
  const term = termShown(parts);
  return {
    organisation_id: organisationId,
    desk_id: appeal.appealId,
    kind: 'territory' as const,
    addressee_name: addresseeName,
    state: appeal.state,
    is_open: isRunning(appeal.state),
    received_at: appeal.sentAt,
    due_on: term?.dueOn ?? null,
    overdue: parts.some((part) => part.kind === 'appeal' && part.overdueAt !== null),
    performer_id: null,
    performer_name: null,
    closed_at: isRunning(appeal.state) ? null : endOf(parts),
    spans: spansOf(appeal.sentAt),
  };
}

const wordsOf = (whole: AppealWhole): string =>
  foldWords([...wordsOfMatter(whole), ...wordsOfPeople(whole)].filter(Boolean).join('\n'));

function wordsOfMatter({ appeal, parts, answers }: AppealWhole): string[] {
  const sent = answers.filter(({ state }) => state === 'sent');
  return [
    appeal.number,
    appeal.topicCode,
    appeal.topicName,
    appeal.ownTopic,
    appeal.address,
    appeal.text,
    ...parts.map(({ registrationNumber }) => registrationNumber ?? ''),
    ...sent.map(({ number, text }) => `${number} ${text}`),
  ];
}

const wordsOfPeople = ({ appeal, joiners }: AppealWhole): string[] => [
  appeal.flat && `кв ${appeal.flat}`,
  appeal.familyName,
  appeal.givenName,
  appeal.middleName,
  ...joiners.map(({ familyName }) => familyName),
];

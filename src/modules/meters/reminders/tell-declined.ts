import { z } from 'zod';
import type { Context } from '../../../platform/context.ts';
import { type Db, transaction } from '../../../platform/database/database.ts';
import type { HouseId, OrganisationId, PersonId } from '../../../platform/ids.ts';
import { addJob, defineJob } from '../../../platform/jobs/jobs.ts';
import { counted, formatDate, formatMonth, formatNumber } from '../../../ui/index.ts';
import { readHouse } from '../../houses/index.ts';
import { type Message, sendTogether } from '../../notices/index.ts';
import { readOrganisation } from '../../organisations/index.ts';
import { RESOURCE_NAMES } from '../meter.ts';
import { type Declined, selectDeclines, selectPeopleOfAccounts } from '../queries/reminders.ts';

/** A clerk who goes through a home's values is one letter, and who takes a refusal back at once is none. */
const DELAY_MS = 60_000;
/** Refusals that are older are no news, even where the worker stood still. */
const NEWS_MS = 3 * 24 * 60 * 60 * 1000;

/**
 * Tells the people of a house which of their values an organisation has not taken, and why: a service notice, which no choice of
 * reminders ends. Each refusal is told of once. A value that a resident sent is its sender's, while they have an account of the device.
 */
export async function tellDeclined(context: Context, houseId: HouseId, organisationId: OrganisationId): Promise<void> {
  const { db } = context;
  const since = new Date(context.clock().getTime() - NEWS_MS);
  const declines = await selectDeclines(db, houseId, organisationId, since);
  const people = await selectPeopleOfAccounts(db, houseId, [
    ...new Set(declines.flatMap(({ accountIds }) => accountIds)),
  ]);
  const [house, organisation] = [await readHouse(db, houseId), await readOrganisation(db, organisationId)];
  if (!house || !organisation) return;
  for (const [personId, links] of Map.groupBy(people, (link) => link.personId)) {
    const own = declines.filter(
      (one) =>
        (one.source !== 'resident' || one.personId === personId) &&
        links.some(({ accountId }) => one.accountIds.includes(accountId)),
    );
    await tell(context, personId, own, {
      address: house.shortAddress,
      organisationId,
      provider: organisation.short_name,
    });
  }
}

async function tell(
  context: Context,
  personId: PersonId,
  declines: readonly Declined[],
  of: { address: string; organisationId: OrganisationId; provider: string },
): Promise<void> {
  const news = new Map(
    declines.map((one) => [`${one.readingId} ${of.organisationId} ${one.changedAt.toISOString()}`, one]),
  );
  if (news.size === 0) return;
  await transaction(context.db, (trx) =>
    sendTogether(context, trx, {
      kind: 'reading_declined',
      personId,
      objects: [...news.keys()],
      compose: (fresh) =>
        letterOf(
          context,
          [...news].flatMap(([object, one]) => (fresh.has(object) ? [one] : [])),
          of,
        ),
    }),
  );
}

const VALUES = ['показание', 'показания', 'показаний'] as const;

function letterOf(
  { config }: Pick<Context, 'config'>,
  declines: readonly Declined[],
  { address, provider }: { address: string; provider: string },
): Message {
  const [only] = declines;
  return {
    subject:
      declines.length === 1
        ? `Показание отклонено: ${RESOURCE_NAMES[only!.resource].toLowerCase()}, № ${only!.serial}`
        : `Отклонено: ${counted(declines.length, VALUES)}`,
    content: {
      title: declines.length === 1 ? 'Показание отклонено' : `Отклонено: ${counted(declines.length, VALUES)}`,
      paragraphs: [`${provider} не приняла ${counted(declines.length, VALUES)}: ${address}.`],
      facts: declines.map(({ resource, serial, t1, t2, t3, takenOn, period, reason }) => ({
        name: `${RESOURCE_NAMES[resource]}, № ${serial}`,
        value: `${[t1, t2, t3].flatMap((value) => (value === null ? [] : formatNumber(value, 7))).join(' / ')}, снято ${formatDate(takenOn)}, за ${formatMonth(period)}.\nПричина: ${reason}`,
      })),
      action: { label: 'Проверить прибор и передать заново', url: `${config.PUBLIC_URL}/readings` },
    },
  };
}

export const tellDeclinedJob = defineJob({
  name: 'meters.tell_declined',
  payload: z.object({
    houseId: z.uuid().transform((value) => value as HouseId),
    organisationId: z.uuid().transform((value) => value as OrganisationId),
  }),
  run: (context, { houseId, organisationId }) => tellDeclined(context, houseId, organisationId),
});

/** In the transaction of a refusal. */
export const addDeclined = (trx: Db, houseId: HouseId, organisationId: OrganisationId, at: Date): Promise<void> =>
  addJob(
    trx,
    tellDeclinedJob,
    { houseId, organisationId },
    { key: `meters.tell_declined:${houseId}:${organisationId}`, runAt: new Date(at.getTime() + DELAY_MS) },
  );

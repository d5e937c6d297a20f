import { z } from 'zod';
import type { Context } from '../../../platform/context.ts';
import { type Db, transaction } from '../../../platform/database/database.ts';
import type { HouseId, OrganisationId, PersonId } from '../../../platform/ids.ts';
import { addJob, defineJob } from '../../../platform/jobs/jobs.ts';
import { sendMail } from '../../../platform/mail/mail.ts';
import { counted, formatDate, formatMonth, formatNumber } from '../../../ui/index.ts';
import { readHouse } from '../../houses/index.ts';
import { readPerson } from '../../identity/index.ts';
import { readOrganisation } from '../../organisations/index.ts';
import { RESOURCE_NAMES } from '../meter.ts';
import { type Declined, noteSent, selectDeclines, selectPeopleOfAccounts } from '../queries/reminders.ts';

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
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const person = await readPerson(trx, personId);
    if (!person?.email) return;
    const news: Declined[] = [];
    for (const one of declines)
      if (
        await noteSent(
          trx,
          personId,
          'declined',
          `${one.readingId} ${of.organisationId} ${one.changedAt.toISOString()}`,
          at,
        )
      )
        news.push(one);
    if (news.length === 0) return;
    await sendMail(trx, { personId, recipient: person.email, ...letterOf(context, news, of) }, at);
  });
}

const VALUES = ['показание', 'показания', 'показаний'] as const;

function letterOf(
  { config }: Pick<Context, 'config'>,
  declines: readonly Declined[],
  { address, provider }: { address: string; provider: string },
): { subject: string; body: string } {
  const [only] = declines;
  return {
    subject:
      declines.length === 1
        ? `Показание отклонено: ${RESOURCE_NAMES[only!.resource].toLowerCase()}, № ${only!.serial}`
        : `Отклонено: ${counted(declines.length, VALUES)}`,
    body: [
      `${provider} не приняла ${counted(declines.length, VALUES)}: ${address}.`,
      ...declines.map(
        ({ resource, serial, t1, t2, t3, takenOn, period, reason }) =>
          `${RESOURCE_NAMES[resource]}, № ${serial}: ${[t1, t2, t3].flatMap((value) => (value === null ? [] : formatNumber(value, 7))).join(' / ')}, снято ${formatDate(takenOn)}, за ${formatMonth(period)}.\nПричина: ${reason}`,
      ),
      `Проверьте прибор и передайте показание ещё раз: ${config.PUBLIC_URL}/readings`,
    ].join('\n\n'),
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

import { z } from 'zod';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/database/database.ts';
import type { AccountId, HouseId, OrganisationId } from '../../../platform/ids.ts';
import { addJob, defineJob, type ScheduledJob } from '../../../platform/jobs/jobs.ts';
import { addDays, type Day, type Month } from '../../../platform/month.ts';
import { getRule } from '../../../platform/rules/rules.ts';
import { counted, formatDate, formatMonth } from '../../../ui/index.ts';
import { type HouseCard, readHouse } from '../../houses/index.ts';
import { type Message, type NoticeKindName, sendNotice } from '../../notices/index.ts';
import { readOrganisation } from '../../organisations/index.ts';
import { RESOURCE_NAMES, type Resource } from '../meter.ts';
import { selectHousesWithMeters } from '../queries/estimates.ts';
import {
  selectAccountsWithoutReadings,
  selectEndingVerifications,
  selectPeopleOfAccounts,
} from '../queries/reminders.ts';
import { selectOrganisationsOfHouse } from '../queries/summary.ts';
import { loadMeterRules, takingsFor, todayAt } from '../windows.ts';

const HOUSES = 500;

type ReminderKind = Extract<
  NoticeKindName,
  'readings_before' | 'readings_last_day' | 'readings_asked' | 'verification'
>;

interface Reminder extends Message {
  kind: ReminderKind;
  /** What it is about: the same reminder is not sent again. */
  object: string;
}

/** Reminders of one house for today, in the house's own zone. A repeated run sends nothing again. */
export async function remindHouse(context: Context, houseId: HouseId): Promise<void> {
  const house = await readHouse(context.db, houseId);
  if (!house) return;
  const today = todayAt(house, context.clock());
  await remindOfReadings(context, house, today);
  await remindOfVerification(context, house, today);
}

async function remindOfReadings(context: Context, house: HouseCard, today: Day): Promise<void> {
  const { db } = context;
  const providers = await selectOrganisationsOfHouse(db, house.houseId);
  const rules = await loadMeterRules(db, [house], providers);
  const before = Number((await getRule(db, 'reminder.before_days', today, house)).value);
  // Two providers that close on one day are one letter.
  const waiting = new Map<string, { kind: ReminderKind; period: Month; to: Day; accounts: Map<AccountId, number> }>();
  for (const { providerId, period, from, to } of takingsFor(rules, house, providers, today)) {
    const kind = today === to ? 'readings_last_day' : addDays(today, before) === from ? 'readings_before' : null;
    if (!kind || !providerId) continue;
    const key = `${kind} ${period}`;
    const known = waiting.get(key) ?? { kind, period, to, accounts: new Map<AccountId, number>() };
    for (const { accountId, meters } of await selectAccountsWithoutReadings(
      db,
      house.houseId,
      providerId,
      period,
      today,
    ))
      known.accounts.set(accountId, meters);
    waiting.set(key, known);
  }
  for (const { kind, period, to, accounts } of waiting.values())
    await notify(context, house, accounts, (meters) => readingsNotice(context, house, { kind, period, to, meters }));
}

function readingsNotice(
  { config }: Pick<Context, 'config'>,
  house: HouseCard,
  { kind, period, to, meters }: { kind: ReminderKind; period: Month; to: Day; meters: number },
): Reminder {
  const count = counted(meters, ['прибора', 'приборов', 'приборов']);
  const isLast = kind === 'readings_last_day';
  return {
    kind,
    object: `${house.houseId} ${period}`,
    subject: isLast ? 'Сегодня последний день для показаний' : `Скоро приём показаний за ${formatMonth(period)}`,
    content: {
      title: isLast ? 'Сегодня последний день для показаний' : 'Скоро приём показаний',
      paragraphs: [
        `${house.shortAddress}: за ${formatMonth(period)} ещё не переданы показания ${count}.`,
        isLast
          ? 'Их принимают сегодня до полуночи. Позже они пойдут в следующий месяц, а этот начислят по среднему.'
          : `Их принимают до ${formatDate(to)} включительно.`,
      ],
      action: sendReadings(config),
    },
  };
}

const sendReadings = ({ PUBLIC_URL }: Context['config']) => ({
  label: 'Передать показания',
  url: `${PUBLIC_URL}/readings`,
});

async function remindOfVerification(context: Context, house: HouseCard, today: Day): Promise<void> {
  const rule = await getRule(context.db, 'verification.warn_days', today, house);
  const days = rule.value.split(',').map((text) => addDays(today, Number(text)));
  for (const meter of await selectEndingVerifications(context.db, house.houseId, days)) {
    const name = `${RESOURCE_NAMES[meter.resource as Resource].toLowerCase()}, № ${meter.serial}`;
    const accounts = new Map(meter.accountIds.map((accountId) => [accountId, 1]));
    await notify(context, house, accounts, () => ({
      kind: 'verification',
      object: `${meter.meterId} ${meter.verifyBy} ${today}`,
      subject: `Поверка прибора кончается ${formatDate(meter.verifyBy)}`,
      content: {
        title: 'Скоро кончается поверка прибора',
        paragraphs: [
          `${house.shortAddress}: прибор (${name}) поверен до ${formatDate(meter.verifyBy)}.`,
          'После этого дня его показания не учитывают: сначала начисляют по среднему, потом по нормативу с повышающим коэффициентом. Закажите поверку или замену заранее у организации, которая имеет на это право, и передайте документ своей управляющей организации.',
        ],
        action: { label: 'Мои приборы', url: `${context.config.PUBLIC_URL}/meters` },
      },
    }));
  }
}

/** A letter to each person behind the accounts who wants letters of the kind; each is one transaction and is sent once. */
async function notify(
  context: Context,
  { houseId }: HouseCard,
  accounts: ReadonlyMap<AccountId, number>,
  compose: (meters: number) => Reminder,
): Promise<void> {
  const people = await selectPeopleOfAccounts(context.db, houseId, [...accounts.keys()]);
  for (const [personId, links] of Map.groupBy(people, (link) => link.personId)) {
    const reminder = compose(Math.max(...links.map(({ accountId }) => accounts.get(accountId)!)));
    await transaction(context.db, (trx) => sendNotice(context, trx, { personId, ...reminder }));
  }
}

/**
 * An organisation asks those of its accounts that have sent nothing in a month, once in the month for each person and house.
 * @returns how many people were written to
 */
export async function remindMissing(
  context: Context,
  organisationId: OrganisationId,
  houseId: HouseId,
  period: Month,
): Promise<number> {
  const { db } = context;
  const [house, organisation] = [await readHouse(db, houseId), await readOrganisation(db, organisationId)];
  if (!house || !organisation) return 0;
  const today = todayAt(house, context.clock());
  const accounts = await selectAccountsWithoutReadings(db, houseId, organisationId, period, today);
  const people = await selectPeopleOfAccounts(
    db,
    houseId,
    accounts.map(({ accountId }) => accountId),
  );
  const taking = takingsFor(await loadMeterRules(db, [house], [organisationId]), house, [organisationId], today)[0]!;
  const reminder: Reminder = {
    kind: 'readings_asked',
    object: `${organisationId} ${houseId} ${period}`,
    subject: `Передайте показания за ${formatMonth(period)}`,
    content: {
      title: `Передайте показания за ${formatMonth(period)}`,
      paragraphs: [
        `${organisation.short_name} просит передать показания приборов учёта: ${house.shortAddress}.`,
        ...(taking.period === period ? [`Их принимают до ${formatDate(taking.to)} включительно.`] : []),
      ],
      action: sendReadings(context.config),
    },
  };
  let sent = 0;
  for (const personId of new Set(people.map((link) => link.personId))) {
    const { mailId } = await transaction(db, (trx) => sendNotice(context, trx, { personId, ...reminder }));
    if (mailId) sent += 1;
  }
  return sent;
}

const house = z.uuid().transform((value) => value as HouseId);

export const remindMissingJob = defineJob({
  name: 'meters.remind_missing',
  payload: z.object({
    organisationId: z.uuid().transform((value) => value as OrganisationId),
    houseId: house,
    period: z
      .string()
      .regex(/^\d{4}-\d{2}$/)
      .transform((value) => value as Month),
  }),
  run: async (context, { organisationId, houseId, period }) =>
    void (await remindMissing(context, organisationId, houseId, period)),
});

export const remindJob = defineJob({
  name: 'meters.remind',
  payload: z.object({ houseId: house }),
  run: (context, { houseId }) => remindHouse(context, houseId),
});

/** Once a day, when it is day from Kaliningrad (9) to Kamchatka (19). */
export const remindEveryDay: ScheduledJob = {
  name: 'meters.remind_all',
  cron: '0 7 * * *',
  run: async ({ db }) => {
    for (let after: HouseId | null = null; ; ) {
      const houses: HouseId[] = await selectHousesWithMeters(db, { after, limit: HOUSES });
      for (const houseId of houses) await addJob(db, remindJob, { houseId }, { key: `meters.remind:${houseId}` });
      if (houses.length < HOUSES) return;
      after = houses.at(-1)!;
    }
  },
};

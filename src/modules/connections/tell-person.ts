import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import type { ClaimId, LinkId, PersonId } from '../../platform/ids.ts';
import { addJob, defineJob } from '../../platform/jobs/jobs.ts';
import { counted, formatDate } from '../../ui/index.ts';
import { sendNotice, sendTogether } from '../notices/index.ts';
import { selectLinks, selectOthersOf } from './queries.ts';
import { describeLinks, type LinkView } from './read-links.ts';

/** Three accounts of one home are connected one after another, and are one letter. */
const DELAY_MS = 30_000;
/** Found by the worker later than this, it is no news. */
const NEWS_MS = 3 * 24 * 3_600_000;

type Sender = Pick<Context, 'config' | 'clock'>;
type Link = Awaited<ReturnType<typeof selectLinks>>[number];

/** What was connected by a claim is told of with the decision; others who have the account are told whatever the proof. */
async function tellConnected(context: Context, personId: PersonId): Promise<void> {
  const since = context.clock().getTime() - NEWS_MS;
  const fresh = (await selectLinks(context.db, personId)).filter(
    ({ state, changed_at }) => state === 'connected' && changed_at.getTime() >= since,
  );
  await tellOthers(context, personId, fresh);
  const own = fresh.filter(({ proof }) => proof !== 'claim');
  if (own.length === 0) return;
  const views = await describeLinks(context.db, personId);
  await transaction(context.db, (trx) =>
    sendTogether(context, trx, {
      kind: 'account_connected',
      personId,
      objects: own.map(({ link_id }) => link_id),
      compose: (news) =>
        connectedLetter(
          context,
          views.filter(({ linkId }) => news.has(linkId)),
        ),
    }),
  );
}

/** How somebody has shown that an account is theirs, for others who have it. */
export const PROVED_BY = {
  payer: 'записан плательщиком у организации',
  bill_sum: 'назвал(а) сумму последней квитанции',
  code: 'ввёл(а) одноразовый код от организации',
  claim: 'организация подтвердила заявку',
} as const;
export type ProvedBy = keyof typeof PROVED_BY;

/**
 * Whoever had the accounts before learns that another has connected them, and by what; not who. Once for each account and newcomer, however
 * often they leave and come back.
 */
async function tellOthers(context: Context, newcomer: PersonId, links: readonly Link[]): Promise<void> {
  const told = new Map<PersonId, Map<LinkId, ProvedBy>>();
  for (const { house_id: houseId, account_id: accountId, proof, connected_at: at } of links)
    for (const other of await selectOthersOf(context.db, { personId: newcomer, houseId, accountId }))
      if (other.connectedAt && at && other.connectedAt < at)
        told.set(other.personId, (told.get(other.personId) ?? new Map()).set(other.linkId, proof as ProvedBy));
  for (const [personId, proofs] of told) {
    const views = await describeLinks(context.db, personId);
    const objectOf = (linkId: LinkId) => `${linkId}:${newcomer}`;
    await transaction(context.db, (trx) =>
      sendTogether(context, trx, {
        kind: 'access_changed',
        personId,
        objects: [...proofs.keys()].map(objectOf),
        compose: (news) =>
          anotherLetter(
            context,
            views.filter(({ linkId }) => news.has(objectOf(linkId))),
            proofs,
          ),
      }),
    );
  }
}

function anotherLetter({ config }: Sender, links: readonly LinkView[], proofs: ReadonlyMap<LinkId, ProvedBy>) {
  const [only] = links;
  const what =
    links.length === 1
      ? 'Ваш лицевой счёт подключил ещё один человек'
      : 'Ваши лицевые счета подключил ещё один человек';
  return {
    subject: what,
    content: {
      title: what,
      paragraphs: ['Он видит те же квитанции, может платить и передавать показания.'],
      facts: links.map(({ linkId, address, provider, words }) => ({
        name: address,
        value: `${words}, ${provider}\n${PROVED_BY[proofs.get(linkId)!]}`,
      })),
      action: {
        label: 'Кому открыт счёт',
        url: `${config.PUBLIC_URL}/accounts${links.length === 1 ? `/${only!.linkId}/share` : ''}`,
      },
      after: [
        'Это может быть ваш родственник или новый владелец. Если вы не знаете, кто это, позвоните в организацию или напишите в поддержку кабинета, и не показывайте квитанции посторонним: суммы последней из них хватает, чтобы подключить счёт.',
      ],
    },
  };
}

function connectedLetter({ config }: Sender, links: readonly LinkView[]) {
  const what =
    links.length === 1 ? 'Лицевой счёт подключён' : `Подключено: ${counted(links.length, ['счёт', 'счёта', 'счетов'])}`;
  return {
    subject: what,
    content: {
      title: what,
      paragraphs: ['Квитанции, долги и показания теперь видны в вашем личном кабинете.'],
      facts: links.map(({ address, provider, words, number }) => ({
        name: address,
        value: `${words}\n${provider}, лицевой счёт ${number}`,
      })),
      action: { label: 'Мои счета', url: `${config.PUBLIC_URL}/accounts` },
      after: ['Если вы этого не делали, отключите счёт на той же странице и напишите в поддержку.'],
    },
  };
}

export const tellConnectedJob = defineJob({
  name: 'connections.tell_connected',
  payload: z.object({ personId: z.uuid().transform((id) => id as PersonId) }),
  run: (context, { personId }) => tellConnected(context, personId),
});

/** In the transaction that connects. */
export const addTellConnected = (trx: Transaction, personId: PersonId, at: Date): Promise<void> =>
  addJob(
    trx,
    tellConnectedJob,
    { personId },
    { key: `connections.tell_connected:${personId}`, runAt: new Date(at.getTime() + DELAY_MS) },
  );

/** The claim has gone to the organisation. */
export const tellClaimed = (
  context: Sender,
  trx: Transaction,
  claim: { personId: PersonId; claimId: ClaimId; provider: string; number: string; dueOn: string },
) =>
  sendNotice(context, trx, {
    kind: 'account_connected',
    personId: claim.personId,
    object: claim.claimId,
    subject: 'Заявка на подключение лицевого счёта отправлена',
    content: {
      title: 'Заявка отправлена',
      paragraphs: [`${claim.provider} получила вашу заявку на подключение лицевого счёта.`],
      facts: [
        { name: 'Лицевой счёт', value: claim.number },
        { name: 'Ответ не позже', value: formatDate(claim.dueOn) },
      ],
      action: { label: 'Посмотреть заявку', url: `${context.config.PUBLIC_URL}/accounts` },
      after: ['Ответ придёт в личный кабинет и на эту почту.'],
    },
  });

/** @param reason of a refusal, in the organisation's words */
export const tellDecided = (
  context: Sender,
  trx: Transaction,
  claim: { personId: PersonId; claimId: ClaimId; provider: string; approved: boolean; reason: string | null },
) =>
  sendNotice(context, trx, {
    kind: 'claim_decided',
    personId: claim.personId,
    object: claim.claimId,
    ...(claim.approved ? approvedLetter(context, claim) : refusedLetter(context, claim)),
  });

const approvedLetter = ({ config }: Sender, { provider }: { provider: string }) => ({
  subject: 'Лицевой счёт подключён',
  content: {
    title: 'Лицевой счёт подключён',
    paragraphs: [`${provider} подключила лицевой счёт к вашему кабинету. Квитанции и долги уже видны.`],
    action: { label: 'Мои счета', url: `${config.PUBLIC_URL}/accounts` },
  },
});

const refusedLetter = ({ config }: Sender, { provider, reason }: { provider: string; reason: string | null }) => ({
  subject: 'В подключении лицевого счёта отказано',
  content: {
    title: 'В подключении счёта отказано',
    paragraphs: [`${provider} не подключила лицевой счёт к вашему кабинету.`],
    facts: [{ name: 'Причина', value: reason ?? '' }],
    action: { label: 'Исправить и подключить ещё раз', url: `${config.PUBLIC_URL}/accounts` },
    after: ['Если вы не согласны с причиной, позвоните в организацию: её телефон есть на странице счёта.'],
  },
});

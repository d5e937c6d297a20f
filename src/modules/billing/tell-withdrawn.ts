import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { AccountId, DocumentId, HouseId, OrganisationId } from '../../platform/ids.ts';
import type { Kopecks } from '../../platform/money.ts';
import type { Month } from '../../platform/month.ts';
import { formatMonth, formatRubles, withFullStop } from '../../ui/format.ts';
import { readAccounts } from '../accounts/index.ts';
import { readHouse } from '../houses/index.ts';
import { sendNotice, whoWasTold } from '../notices/index.ts';
import { readOrganisation } from '../organisations/index.ts';
import { selectPeopleOf, selectSeeing, selectSeen } from './queries/views.ts';

export interface WithdrawnBill {
  houseId: HouseId;
  documentId: DocumentId;
  accountId: AccountId;
  providerId: OrganisationId;
  period: Month;
  /** «К оплате» of it. */
  asked: Kopecks;
  reason: string;
}

/**
 * Tells whoever has the account, and helpers and former payers who have opened the bill or were told of it, that it was withdrawn. In the
 * transaction that withdraws it.
 */
export async function tellWithdrawn(
  context: Pick<Context, 'config' | 'clock'>,
  trx: Transaction,
  { houseId, documentId, accountId, providerId, period, asked, reason }: WithdrawnBill,
): Promise<void> {
  const connected = await selectPeopleOf(trx, houseId, [accountId]);
  const seeing = (await selectSeeing(trx, houseId, [accountId])).map(({ personId }) => personId);
  const witnesses = [
    ...(await selectSeen(trx, seeing, [documentId])),
    ...(await whoWasTold(trx, 'new_bill', seeing, [documentId])),
  ];
  const people = new Set([...connected, ...witnesses].map(({ personId }) => personId));
  if (people.size === 0) return;
  const [house, [account], issuer] = [
    await readHouse(trx, houseId),
    await readAccounts(trx, houseId, [accountId]),
    await readOrganisation(trx, providerId),
  ];
  for (const personId of people)
    await sendNotice(context, trx, {
      kind: 'bill_withdrawn',
      personId,
      object: `document ${documentId}`,
      subject: 'Квитанция отменена, платить по ней не нужно',
      content: {
        title: 'Квитанция отменена',
        paragraphs: [
          `${issuer?.short_name ?? 'Организация'} отозвала квитанцию за ${formatMonth(period)}. Причина: ${withFullStop(reason)}`,
          'Если по ней уже платили, деньги стали переплатой и закрывают другие долги этого счёта. Если придёт новая квитанция, вы увидите её в кабинете.',
        ],
        facts: [
          {
            name: `${house?.shortAddress ?? ''}, счёт ${account?.number ?? ''}`,
            value: `${formatRubles(asked)} — отменено`,
          },
        ],
        action: { label: 'Открыть квитанцию', url: `${context.config.PUBLIC_URL}/bills/${houseId}/${documentId}` },
      },
    });
}

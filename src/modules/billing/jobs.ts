import type { ScheduledJob } from '../../platform/jobs/jobs.ts';
import { listHouseIds } from '../houses/index.ts';
import { findImbalances, findUnevenDues } from './queries/imbalances.ts';

const PAGE = 500;

/** Every night each house's ledger, dues, receipts and balances are compared. A difference is an error in the log and stops nothing. */
export const checkBalances: ScheduledJob = {
  name: 'billing.check_balances',
  cron: '40 23 * * *',
  async run({ db }, log) {
    let wrong = 0;
    let houses = 0;
    for (
      let page = await listHouseIds(db, null, PAGE);
      page.length > 0;
      page = await listHouseIds(db, page.at(-1)!, PAGE)
    )
      for (const houseId of page) {
        const [imbalances, uneven] = await Promise.all([findImbalances(db, houseId), findUnevenDues(db, houseId)]);
        houses += 1;
        wrong += imbalances.length + uneven.length;
        for (const { accountId, requisiteId } of imbalances)
          log.error({ houseId, accountId, requisiteId }, 'the money of an account does not add up');
        for (const { documentId, requisiteId } of uneven)
          log.error({ houseId, documentId, requisiteId }, 'a due does not add up');
      }
    log.info({ houses, wrong }, 'balances compared');
  },
};

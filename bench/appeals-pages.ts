import { pickResidents } from '../demo/pick-residents.ts';
import { connectedAccounts } from '../src/modules/accounts/index.ts';
import { insertNumbered } from '../src/modules/appeals/insert-numbered.ts';
import { openPart } from '../src/modules/appeals/open-part.ts';
import { projectAppeal } from '../src/modules/appeals/project-appeal.ts';
import { selectAppeal } from '../src/modules/appeals/queries/read-appeals.ts';
import { recordEvent } from '../src/modules/appeals/record-event.ts';
import { readHouse } from '../src/modules/houses/index.ts';
import { readConfig } from '../src/platform/config.ts';
import type { Context } from '../src/platform/context.ts';
import { transaction } from '../src/platform/database/database.ts';
import { type AppealId, newId, type PersonId } from '../src/platform/ids.ts';
import { createContext } from '../src/process.ts';
import { benchPages, type PageCost, type Visit } from './home-page.ts';

const RESIDENTS = 100;
const APPEALS_OF_EACH = 12;

/**
 * The list and the view of an author's own appeals, measured as the home page is, and the home page of the same people in the same run:
 * these pages ask much less than it, so that what every page costs (session, layout, log) outweighs their queries.
 */
export async function benchOwnAppeals(
  environment: Record<string, string>,
): Promise<{ name: string; cost: PageCost }[]> {
  const context = createContext(readConfig(environment), 'bench');
  const homes: Visit[] = [];
  const lists: Visit[] = [];
  const views: Visit[] = [];
  for (const { personId, cookie } of await pickResidents(context, RESIDENTS)) {
    const paths = await writeAppeals(context, personId);
    homes.push({ cookie, path: '/' });
    lists.push({ cookie, path: '/appeals' });
    views.push({ cookie, path: paths.at(-1)! });
  }
  await context.db.destroy();
  return [
    { name: 'главная', cost: await benchPages(environment, homes) },
    { name: 'список', cost: await benchPages(environment, lists) },
    { name: 'обращение', cost: await benchPages(environment, views) },
  ];
}

/** Appeals to the managers of the person's houses. @returns their pages */
async function writeAppeals(context: Context, personId: PersonId): Promise<string[]> {
  const accounts = await connectedAccounts(context.db, personId);
  const paths: string[] = [];
  for (let index = 0; index < APPEALS_OF_EACH; index += 1) {
    const { houseId, providerId } = accounts[index % accounts.length]!;
    const house = (await readHouse(context.db, houseId))!;
    const at = context.clock();
    const appealId = newId<AppealId>();
    await transaction(context.db, async (trx) => {
      await insertNumbered(trx, {
        house_id: houseId,
        appeal_id: appealId,
        state: 'sent',
        author_id: personId,
        family_name: 'Петрова',
        given_name: 'Анна',
        answer_email: 'anna@example.test',
        fias_guid: null,
        address: house.address,
        region_code: '77',
        oktmo: '45350000',
        municipality: 'Бибирево',
        zone: house.zone,
        topic_code: '1.3',
        topic_name: 'Уборка придомовой территории',
        text: 'Двор не убирали две недели. Просим убрать и сказать, по каким дням это делают.',
        parent_id: null,
        relation: null,
        assessment: null,
        fixed_asked_at: null,
        fixed: null,
        created_at: at,
        sent_at: at,
        executed_at: null,
        changed_at: at,
      });
      const appeal = (await selectAppeal(trx, { houseId, appealId }))!;
      await openPart(trx, appeal, { kind: 'appeal', organisationId: providerId, powerCode: '1' }, at);
      await recordEvent(trx, appeal, { kind: 'sent' }, at);
      await projectAppeal(trx, appeal, at);
    });
    paths.push(`/appeals/${houseId}/${appealId}`);
  }
  return paths;
}

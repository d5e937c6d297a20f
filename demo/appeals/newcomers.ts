import { aboutQuery, beginDraft } from '../../src/modules/appeals/index.ts';
import { selectNumberOfPayer } from '../queries.ts';
import type { Life } from './lives.ts';
import { contextAt, daysAgo, type Past } from './past.ts';
import { type Author, addressee, asAuthor, asEmployee } from './people.ts';
import { send, take } from './steps.ts';

/** A house of the register of addresses that nobody has placed in the system: улица Академика Королёва, 12. */
const UNPLACED = '5c97dcd2-5b6f-5f02-a24a-87044a8098f9';

/** Appeals of those who have not got in yet: an account that is not connected, houses that are not found. */
export const newcomerLives = (past: Past, neighbour: Author): Life[] => [
  () => connection(past),
  () => unplacedHouse(past),
  () => unknownHouse(past, neighbour),
];

async function connection(past: Past): Promise<void> {
  const author = asAuthor('pervovhodov', 0, '20');
  const moment = daysAgo(past, 1, 20, 30);
  const to = addressee('dubravushka');
  const number = await selectNumberOfPayer(past.context.db, author.actor.snils!);
  const about = aboutQuery.parse({ about: 'connect', number, provider: to.organisationId });
  const content = await beginDraft(contextAt(past, moment), author.actor, about);
  const { topicCode, text } = content;
  const part = await send(past, author, moment, { topicCode, text, addressee: to });
  await take(past, asEmployee('zayavkina'), new Date(moment.getTime() + 40 * 60_000), part);
}

async function unplacedHouse(past: Past): Promise<void> {
  const author = { ...asAuthor('kvartirosyomova', 0, ''), flat: '31' };
  const moment = daysAgo(past, 9, 12, 45);
  const about = aboutQuery.parse({ about: 'house', address: UNPLACED });
  const content = await beginDraft(contextAt(past, moment), author.actor, about);
  await send(past, author, moment, {
    topicCode: content.topicCode,
    text: content.text,
    content,
    addressee: addressee('inspektsiya'),
  });
}

/** Not even the register of addresses knows this one. */
async function unknownHouse(past: Past, author: Author): Promise<void> {
  const moment = daysAgo(past, 23, 9, 50);
  const { regionCode = '', oktmo = '', municipality = '' } = past.places[0]!;
  const address = 'г. Москва, Учебный переулок, д. 7, к. 3';
  const about = aboutQuery.parse({ about: 'house', address, region: regionCode });
  const content = await beginDraft(contextAt(past, moment), author.actor, about);
  const to = addressee('inspektsiya');
  const part = await send(past, { ...author, flat: '2' }, moment, {
    topicCode: content.topicCode,
    text: content.text,
    content: { ...content, fiasGuid: null, oktmo, municipality },
    addressee: to,
  });
  await take(past, asEmployee('proveryalova'), daysAgo(past, 22, 11), part);
}

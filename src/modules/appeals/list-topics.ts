import type { Db } from '../../platform/database/database.ts';
import { findItem, listItems } from '../classifiers/index.ts';
import { countMatches, stemsOf } from './everyday-words.ts';
import { CONNECT_TOPIC, compareCodes } from './topics.ts';

const TOPICS = 220;

export interface ListedTopic {
  code: string;
  name: string;
}

export interface TopicGroup extends ListedTopic {
  topics: ListedTopic[];
}

/** The groups of НСИ 220 with their topics, by number; last the topic of our own. */
export async function listTopics(db: Db): Promise<TopicGroup[]> {
  const items = (await listItems(db, TOPICS))
    .filter(({ actual }) => actual)
    .sort((a, b) => compareCodes(a.code, b.code));
  const listed = ({ code, name }: ListedTopic): ListedTopic => ({ code, name: name.replace(/\.$/, '') });
  const groups = items
    .filter(({ parentGuid }) => parentGuid === null)
    .map((group) => ({
      code: group.code,
      name: group.name,
      topics: items.filter(({ parentGuid }) => parentGuid === group.guid).map(listed),
    }));
  return [...groups, { ...CONNECT_TOPIC, topics: [] }];
}

/** «2.16. Прорыв трубы»; a topic of our own has no number that anybody knows. */
export const topicWords = ({ code, name }: ListedTopic): string =>
  code === CONNECT_TOPIC.code ? name : `${code}. ${name.replace(/\.$/, '')}`;

/** Null for a code that no topic in force has. */
export async function findTopic(db: Db, code: string): Promise<ListedTopic | null> {
  if (code === CONNECT_TOPIC.code) return { ...CONNECT_TOPIC };
  const item = await findItem(db, TOPICS, code);
  return item?.actual ? { code, name: item.name.replace(/\.$/, '') } : null;
}

/**
 * Groups narrowed by the number's beginning and by words of the name, or of what people call it, in any order and form. A group that itself
 * answers keeps all its topics. Where no topic has all the words, those with the most of them are found.
 */
export function searchTopics(
  groups: readonly TopicGroup[],
  { number, name }: { number: string; name: string },
): TopicGroup[] {
  const stems = stemsOf(name);
  const wanted = number.trim().toUpperCase().replaceAll(',', '.').replace(/\.$/, '');
  const isNumbered = ({ code }: ListedTopic) =>
    wanted === '' || code === wanted || code.startsWith(`${wanted}.`) || isPrefix(code, wanted);
  const matches = (topic: ListedTopic) => (isNumbered(topic) ? countMatches(stems, topic.code, topic.name) : 0);
  const most = Math.max(...groups.flatMap((group) => [group, ...group.topics]).map(matches));
  // Words without meaning alone («нет», «у нас») seek nothing.
  if (most === 0 && name.trim() !== '') return [];
  const answers = (topic: ListedTopic) => isNumbered(topic) && matches(topic) >= most;
  return groups.flatMap((group) => {
    if (answers(group)) return [group];
    const topics = group.topics.filter(answers);
    return topics.length > 0 ? [{ ...group, topics }] : [];
  });
}

/** «2.1» finds 2.1 and 2.10…2.19, as one who is still typing expects; «2» finds the group alone. */
const isPrefix = (code: string, wanted: string) => wanted.includes('.') && code.startsWith(wanted);

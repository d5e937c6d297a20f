/**
 * What a topic of НСИ 220 is about, for the term, the addressee and the phone that is shown first. The state's list names topics only;
 * this reading of it is ours. A code that is not named takes the reading of its group.
 */

/** What is asked for: with the addressee's role it decides the term. */
export type Matter = 'quality' | 'upkeep' | 'charges' | 'information' | 'meter' | 'violation' | 'other';

export interface Topic {
  matter: Matter;
  /** Powers (НСИ 20) of whom it is for, the likeliest first. */
  powers: readonly string[];
  /** Communal services (НСИ 3) whose provider answers; empty: whoever has the power. */
  services: readonly string[];
  /** Life or property is in danger now: the dispatcher's phone comes before the form. */
  emergency: boolean;
}

/** Codes of НСИ 20: those who manage a house, whatever their form. */
export const MANAGERS = ['1', '19', '22', '20', '21', '34'] as const;
export const SUPPLIER = '2';
export const INSPECTORATE = '4';
export const MUNICIPALITY = '8';
export const CAPITAL_REPAIR = '14';
export const WASTE = '18';
export const URBAN = '38';

/** НСИ 220, code 4: «Другая тема», which needs words of the author's own. */
export const OTHER_TOPIC = '4';
/** Not in the state's list (the seed's list of own appeals shows it). In exchanges with the state: 10.3. */
export const CONNECT_TOPIC = { code: 'Д.1', name: 'Подключение лицевого счета к системе' } as const;

const topic = (matter: Matter, powers: readonly string[], rest: Partial<Topic> = {}): Topic => ({
  matter,
  powers,
  services: [],
  emergency: false,
  ...rest,
});
const upkeep = topic('upkeep', MANAGERS);
const charges = topic('charges', MANAGERS);
const information = topic('information', MANAGERS);
const danger = topic('upkeep', MANAGERS, { emergency: true });
const municipal = topic('other', [MUNICIPALITY]);
const violation = topic('violation', [INSPECTORATE]);
const suppliers = topic('information', [SUPPLIER]);
const quality = (services: readonly string[], emergency = false) =>
  topic('quality', [...MANAGERS, SUPPLIER], { services, emergency });

const GROUPS: Readonly<Record<string, Topic>> = {
  1: upkeep,
  2: upkeep,
  3: charges,
  4: topic('other', [...MANAGERS, INSPECTORATE]),
  5: quality([]),
  6: upkeep,
  7: information,
  8: violation,
  9: topic('other', [URBAN, MUNICIPALITY]),
  10: violation,
  Д: topic('information', [...MANAGERS, SUPPLIER]),
};

const TOPICS: Readonly<Record<string, Topic>> = {
  '1.1': municipal,
  '1.5': topic('upkeep', [WASTE, ...MANAGERS]),
  '1.10': danger,
  '1.15': municipal,
  '1.16': municipal,
  '1.17': municipal,
  '1.18': municipal,
  '2.1': quality(['6'], true),
  '2.2': quality(['1', '2'], true),
  '2.3': quality(['2']),
  '2.5': danger,
  '2.8': quality(['1', '2']),
  '2.11': topic('other', [CAPITAL_REPAIR, ...MANAGERS]),
  '2.15': danger,
  '2.16': danger,
  '2.17': danger,
  '2.18': violation,
  '2.23': danger,
  '2.24': danger,
  '3.1': municipal,
  '3.2': municipal,
  '3.4': violation,
  '3.6': quality([]),
  '3.7': topic('charges', [SUPPLIER], { services: ['5'] }),
  '3.8': municipal,
  '3.12': topic('charges', [SUPPLIER], { services: ['4'] }),
  '3.13': violation,
  '5.3': topic('charges', [...MANAGERS, SUPPLIER]),
  '5.4': topic('charges', [...MANAGERS, SUPPLIER]),
  '5.5': topic('information', [...MANAGERS, SUPPLIER]),
  '5.6': topic('meter', [...MANAGERS, SUPPLIER]),
  '6.3': charges,
  '6.4': charges,
  '6.5': information,
  '7.1': topic('information', [CAPITAL_REPAIR, ...MANAGERS]),
  '7.2': municipal,
  '7.3': municipal,
  '7.6': suppliers,
  '7.7': suppliers,
  '7.8': suppliers,
  '7.11': municipal,
  '7.12': municipal,
};

/** @throws RangeError for a code of no group */
export function topicOf(code: string): Topic {
  const found = TOPICS[code] ?? GROUPS[code.split('.')[0]!];
  if (!found) throw new RangeError(`no such topic: ${code}`);
  return found;
}

/** By the numeric parts: 1.10 follows 1.9. */
export function compareCodes(a: string, b: string): number {
  return a.localeCompare(b, 'ru', { numeric: true });
}

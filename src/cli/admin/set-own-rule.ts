import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { type Day, parseDay } from '../../platform/month.ts';
import { type DatedRule, selectRuleHistory } from '../../platform/rules/queries.ts';
import { setRule } from '../../platform/rules/set-rule.ts';
import { lineOf } from './rules.ts';

/** Numbers that no release brings, with their units: the Bank of Russia changes the one, each region sets the others. */
const OWN: Readonly<Record<string, string>> = {
  key_rate: '% годовых',
  'norm.1': 'м³ на человека в месяц',
  'norm.2': 'м³ на человека в месяц',
  'norm.3': 'кВт·ч на человека в месяц',
  'norm.4': 'м³ на человека в месяц',
  'norm.5': 'Гкал на м² в месяц',
};

export interface RuleWords {
  value?: string | undefined;
  from?: string | undefined;
  source?: string | undefined;
  region?: string | undefined;
  oktmo?: string | undefined;
  /** Rows that begin later go. */
  replace?: boolean | undefined;
}

/** Enters a number of a law from a day on; days before keep theirs. @returns the code of the process */
export async function setOwnRule(
  { db }: Pick<Context, 'db'>,
  key: string,
  words: RuleWords,
  say: (line: string) => void,
): Promise<number> {
  const place = placeOf(words);
  const history = place ? await selectRuleHistory(db, { key, ...place }) : [];
  const known = history[0] ?? (await selectRuleHistory(db, { key, scope: 'federal', scopeId: '' }))[0];
  const from = parseDay(words.from ?? '');
  const value = (words.value ?? '').trim().replace(',', '.');
  const source = (words.source ?? '').trim();
  const later = from ? history.filter(({ validFrom }) => validFrom !== null && validFrom > from) : [];
  const wrong = [
    !known && !OWN[key] && `Правила «${key}» нет. Все печатает: npm run admin -- rules`,
    known?.mandatory && `${key}: обязательное для всех; его меняет закон, а с ним версия программы.`,
    !place && '--region (две цифры) или --oktmo (8 или 11 цифр): что-то одно, или ничего для всей страны',
    !from && `--from: нужна дата ДД.ММ.ГГГГ, а не «${words.from ?? ''}»`,
    !isLike(value, known) && `--value: нужно число, например 16.5, а не «${words.value ?? ''}»`,
    !source && '--source: чьё это решение и от какого дня; это прочтут люди',
    later.length > 0 && !words.replace && laterWords(later),
  ].filter((line) => typeof line === 'string');
  if (wrong.length > 0 || !place || !from) {
    for (const line of wrong) say(line);
    return 2;
  }
  const unit = known?.unit ?? OWN[key] ?? '';
  await transaction(db, (trx) => setRule(trx, { key, ...place, from, value, unit, source }));
  for (const row of await selectRuleHistory(db, { key, ...place })) say(lineOf(row));
  return 0;
}

const laterWords = (later: readonly DatedRule[]): string =>
  `Есть значения с более позднего дня (${later.map(({ validFrom, value }) => `${validFrom as Day}: ${value}`).join(', ')}). Вводите от раннего к позднему, или с ключом --replace они уйдут.`;

/** A number where there was one; what is no number is checked by those who read it, so only its kind is asked for here. */
const isLike = (value: string, known: DatedRule | undefined): boolean =>
  known && Number.isNaN(Number(known.value)) ? value !== '' : /^\d{1,9}(\.\d{1,6})?$/.test(value);

function placeOf({ region, oktmo }: RuleWords): Pick<DatedRule, 'scope' | 'scopeId'> | null {
  if (region && oktmo) return null;
  if (region) return /^\d{2}$/.test(region) ? { scope: 'region', scopeId: region } : null;
  if (oktmo) return /^(\d{8}|\d{11})$/.test(oktmo) ? { scope: 'municipality', scopeId: oktmo } : null;
  return { scope: 'federal', scopeId: '' };
}

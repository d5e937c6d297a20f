import type { Transaction } from '../src/platform/database/database.ts';
import type { Day } from '../src/platform/month.ts';
import { setRule } from '../src/platform/rules/set-rule.ts';
import { decimal } from './amounts.ts';
import { LIGHT_DAYS, WATER_DAYS } from './flat-devices.ts';
import { providerOf } from './organisations.ts';
import { NORMS } from './tariffs.ts';

/** Before the first bill of any demonstration. */
const SINCE = '2024-01-01' as Day;
const REGION = { scope: 'region', scopeId: '77' } as const;

const windowOf = (key: 'teplorodnik' | 'svetlyachok', [from, to]: readonly [number, number]) => ({
  key: 'reading.window',
  scope: 'organisation' as const,
  scopeId: providerOf(key).organisationId as string,
  value: `${from}..${to}`,
  unit: 'дни месяца, оба включительно',
  source: `Учебные данные: договоры с ${providerOf(key).shortName}`,
});

const norm = (resource: string, volume: number, unit: string) => ({
  key: `norm.${resource}`,
  ...REGION,
  value: decimal(volume),
  unit,
  source: 'Учебные данные: норматив потребления учебного района',
});

const RULES = [
  windowOf('teplorodnik', WATER_DAYS),
  windowOf('svetlyachok', LIGHT_DAYS),
  norm('1', NORMS.cold, 'м³ на человека в месяц'),
  norm('2', NORMS.hot, 'м³ на человека в месяц'),
  norm('3', NORMS.electricity, 'кВт·ч на человека в месяц'),
  norm('5', NORMS.heat, 'Гкал на м² в месяц'),
];

/** Windows of two suppliers and the norms of the region, entered as an operator enters them. */
export async function enterMeterRules(trx: Transaction): Promise<void> {
  for (const rule of RULES) await setRule(trx, { ...rule, from: SINCE });
}

export async function removeMeterRules(trx: Transaction): Promise<void> {
  for (const rule of RULES) await setRule(trx, { ...rule, value: null, from: SINCE });
}

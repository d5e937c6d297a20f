import { parseArgs } from 'node:util';
import { type DemoOptions, makeDemo } from '../../demo/index.ts';
import { ConfigError } from '../platform/config.ts';
import type { Context } from '../platform/context.ts';

export const USAGE = `npm run demo -- [--accounts N] [--months M] [--seed S]
  --accounts N  лицевых счетов сверх учебного района: от 0 до 1000000 (без ключа 0)
  --months M    месяцев начислений этих счетов: от 1 до 24 (без ключа 2)
  --seed S      начало случайного ряда: одни и те же S, N и M дают одни и те же данные`;

function wholeNumber(text: string | undefined, name: string, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new ConfigError(`--${name}: нужно целое число от ${least} до ${most}, а дано «${text}».`);
}

/** @throws ConfigError that says what is wrong and what is possible */
export function readDemoOptions(argv: readonly string[]): DemoOptions {
  let values: { accounts?: string; months?: string; seed?: string };
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: { accounts: { type: 'string' }, months: { type: 'string' }, seed: { type: 'string' } },
    }));
  } catch {
    throw new ConfigError(`Ключи не разобраны: ${argv.join(' ')}\n${USAGE}`);
  }
  const accounts = wholeNumber(values.accounts, 'accounts', 0, 1_000_000);
  const months = wholeNumber(values.months, 'months', 1, 24);
  if (values.seed !== undefined && !/^[\w-]{1,40}$/.test(values.seed))
    throw new ConfigError('--seed: от 1 до 40 латинских букв, цифр и знаков - и _.');
  return {
    ...(accounts === undefined ? {} : { accounts }),
    ...(months === undefined ? {} : { months }),
    ...(values.seed === undefined ? {} : { seed: values.seed }),
  };
}

/** Makes the demonstration data, saying how far it is. */
export async function demo(argv: readonly string[], context: Context): Promise<void> {
  await makeDemo(context, { ...readDemoOptions(argv), onProgress: (line) => console.log(line) });
}

import { parseArgs } from 'node:util';
import { type ImportReport, importGar } from '../modules/addresses/index.ts';
import type { Context } from '../platform/context.ts';

const USAGE = `Загрузка адресов ГАР:
  npm run admin -- gar <архив.zip или папка> [--region 77] [--delta] [--premises] [--shrink]

  --region    только этот регион; можно повторить
  --delta     архив изменений за неделю (иначе узнаётся по слову delta в имени файла)
  --full      полный архив, даже если в его имени есть слово delta
  --premises  загрузить и помещения
  --shrink    принять полный архив, в котором домов меньше половины прежнего`;

const OPTIONS = {
  region: { type: 'string', multiple: true },
  delta: { type: 'boolean' },
  full: { type: 'boolean' },
  premises: { type: 'boolean' },
  shrink: { type: 'boolean' },
} as const;

/**
 * The command `gar:import`: loads a ZIP or a folder of the state address register and prints what it did.
 * @returns the exit code: 0 done, 1 some region was not loaded, 2 wrong arguments
 */
export async function garImport(
  argv: readonly string[],
  context: Context,
  say: (line: string) => void = console.log,
): Promise<number> {
  let parsed: ReturnType<typeof read>;
  try {
    parsed = read(argv);
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
  const { source, regions, values } = parsed;
  const started = performance.now();
  const kind = values.delta ? 'delta' : values.full ? 'full' : null;
  try {
    const report = await importGar(context, source, {
      say,
      premises: values.premises ?? false,
      shrink: values.shrink ?? false,
      ...(regions ? { regions } : {}),
      ...(kind ? { kind } : {}),
    });
    summarise(report, (performance.now() - started) / 1000, say);
    return report.regions.every(({ state }) => state !== 'failed') ? 0 : 1;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

function read(argv: readonly string[]) {
  const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  const [source] = positionals;
  if (!source || positionals.length > 1) throw new Error('Назовите один архив или одну папку.');
  if (values.delta && values.full) throw new Error('Ключи --delta и --full не сочетаются.');
  const regions = values.region?.map((code) => {
    if (!/^\d{1,2}$/.test(code)) throw new Error(`Код региона — две цифры: ${code}`);
    return Number(code);
  });
  return { source, regions, values };
}

function summarise(report: ImportReport, seconds: number, say: (line: string) => void): void {
  for (const { region, unlinked, counts } of report.regions) {
    if (unlinked.length === 0) continue;
    say(
      `${region}: строк без места в дереве адресов: ${counts.unlinked}. Они не загружены; все перечислены в таблице address_unlinked. Первые:`,
    );
    for (const { kind, objectId, label, parentId, reason } of unlinked)
      say(
        `  ${kind} ${objectId} «${label}»: ${reason === 'no place' ? 'нет строки в иерархии' : `нет родителя ${parentId}`}`,
      );
  }
  const done = report.regions.filter(({ state }) => state === 'done').length;
  const megabytes = report.bytes / 1e6;
  say(
    `Загружено регионов: ${done} из ${report.regions.length}; ${Math.round(megabytes)} МБ за ${Math.round(seconds)} с.`,
  );
}

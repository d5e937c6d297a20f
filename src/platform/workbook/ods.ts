import { brokenWorkbook } from './errors.ts';
import type { LimitGuard } from './limits.ts';
import { OdsListener } from './ods-content.ts';
import type { MergedRange, ReadOptions, WorkbookEvent } from './types.ts';
import { XmlScanner } from './xml-scanner.ts';
import { encrypted, Package } from './zip.ts';

const MANIFEST = 'META-INF/manifest.xml';

export async function* readOds(path: string, guard: LimitGuard, options: ReadOptions): AsyncGenerator<WorkbookEvent> {
  const pack = await Package.open(path, guard);
  try {
    if (pack.has(MANIFEST) && (await pack.text(MANIFEST)).includes('encryption-data')) throw encrypted();
    // Merges stand inside the rows, and a sheet is announced before its rows: so the content is read twice.
    const merges = new Map<number, MergedRange[]>();
    const onMerge = (index: number, range: MergedRange) => {
      const ranges = merges.get(index);
      if (ranges) ranges.push(range);
      else merges.set(index, [range]);
    };
    const survey = new OdsListener({ guard, onMerge });
    for await (const _ of scan(pack, survey));
    const listener = new OdsListener({
      guard,
      onSheet: (sheet) => options.onSheet?.(sheet) !== false,
      mergesOf: (index) => merges.get(index) ?? [],
    });
    for await (const events of scan(pack, listener)) yield* events;
  } finally {
    pack.close();
  }
}

async function* scan(pack: Package, listener: OdsListener): AsyncGenerator<WorkbookEvent[]> {
  const scanner = new XmlScanner(listener);
  for await (const piece of pack.pieces('content.xml')) {
    scanner.write(piece);
    if (listener.events.length > 0) yield listener.events.splice(0);
  }
  scanner.end();
  if (listener.sheets === 0) throw brokenWorkbook('в нём нет ни одного листа с таблицей');
}

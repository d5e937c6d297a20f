import { beforeAll, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../tests/support/context.ts';
import { garImport } from './gar-import.ts';

let context: TestContext;
beforeAll(async () => {
  context = await createTestContext();
});

const run = async (...argv: string[]) => {
  const lines: string[] = [];
  const code = await garImport(argv, context, (line) => lines.push(line));
  return { code, text: lines.join('\n') };
};

test.each([[], ['a', 'b'], ['a', '--region', 'Москва'], ['a', '--delta', '--full'], ['a', '--what']])(
  'wrong arguments: %j',
  async (...argv) => {
    const { code, text } = await run(...(argv as string[]));
    expect(code).toBe(2);
    expect(text).toContain('npm run admin -- gar');
  },
);

test('an archive that is not there is said in one line', async () => {
  expect(await run('/no/such')).toEqual({ code: 1, text: 'Нет такого файла или папки: /no/such' });
});

test('the demo set loads, and the cut files say what they lack', async () => {
  const demo = await run('data/gar/demo-77', '--region', '77');
  expect(demo.code).toBe(0);
  expect(demo.text).toContain('записано объектов 33, домов 356');
  const cut = await run('src/modules/addresses/fixtures');
  expect(cut.code).toBe(0);
  expect(cut.text).toContain('address_unlinked');
});

import { test } from 'vitest';
import { benchGar } from '/work/main/bench/gar.ts';
import { createTestContext } from '/work/main/tests/support/context.ts';

test('bench', async () => {
  const c = await createTestContext();
  console.log(JSON.stringify(await benchGar(c, Number(process.env.N ?? 100000)), null, 1));
}, 600000);

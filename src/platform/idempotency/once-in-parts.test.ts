import { beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { Conflict } from '../errors.ts';
import { onceInParts, type Part } from './once-in-parts.ts';

let context: TestContext;
let done: string[];

beforeAll(async () => {
  context = await createTestContext();
});

const part = (name: string, fails = false): Part<{ name: string }> => ({
  name,
  async work() {
    if (fails) throw new Error('cut off');
    done.push(name);
    return { name };
  },
});
const call = (key: string, parts: Part<{ name: string }>[], request: unknown = 'body') =>
  onceInParts(context.db, { key, request, at: context.now }, parts, (results) => ({
    names: results.map(({ name }) => name),
    random: Math.random(),
  }));

describe('a call in parts', () => {
  test('another request under its key is refused, before and after it is done', async () => {
    done = [];
    await expect(call('another', [part('a'), part('b', true)])).rejects.toThrow('cut off');
    await expect(call('another', [part('a'), part('b')], 'other')).rejects.toThrow(Conflict);
    await call('another', [part('a'), part('b')]);
    await expect(call('another', [part('a'), part('b')], 'other')).rejects.toThrow(Conflict);
    expect(done).toEqual(['a', 'b']);
  });

  test.each([0, 1, 2, 3])('of %i parts gives the same answer again', async (count) => {
    done = [];
    const parts = ['a', 'b', 'c'].slice(0, count).map((name) => part(name));
    const first = await call(`same-${count}`, parts);
    expect(await call(`same-${count}`, parts)).toEqual(first);
    expect(await call(`same-${count}`, [part('z')])).toEqual(first);
    expect(done).toEqual(['a', 'b', 'c'].slice(0, count));
  });

  test('that was cut off is finished by its repetition', async () => {
    done = [];
    await expect(call('cut', [part('a'), part('b', true), part('c')])).rejects.toThrow('cut off');
    const answer = await call('cut', [part('a'), part('b'), part('c')]);
    expect(answer.names).toEqual(['a', 'b', 'c']);
    expect(done).toEqual(['a', 'b', 'c']);
  });

  test('a call of one part that fails leaves nothing behind', async () => {
    done = [];
    await expect(call('one', [part('a', true)])).rejects.toThrow('cut off');
    expect((await call('one', [part('a')], 'mended')).names).toEqual(['a']);
  });

  test.each([1, 3])('%i parts, a hundred times at once: done once, answered alike', async (count) => {
    done = [];
    const names = ['a', 'b', 'c'].slice(0, count);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        call(
          `storm-${count}`,
          names.map((name) => part(name)),
        ),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify([answer.names, answer.random]))).size).toBe(1);
    expect(done).toEqual(names);
  });
});

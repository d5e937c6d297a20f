import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from './journal.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'journal-'));
  path = join(directory, 'deep', 'bank.journal');
});
afterEach(() => rmSync(directory, { recursive: true }));

function replay(): unknown[] {
  const entries: unknown[] = [];
  openJournal(path, (entry) => entries.push(entry)).close();
  return entries;
}

function write(entries: unknown[]): void {
  const journal = openJournal(path, () => {});
  for (const entry of entries) journal.append(entry);
  journal.close();
}

describe('the journal', () => {
  it('refuses to start from a line damaged in the middle: money is not guessed', () => {
    write([1, 2]);
    writeFileSync(path, `1\n{"broken\n${readFileSync(path)}`);
    expect(() => replay()).toThrow(SyntaxError);
  });

  it('is cut at every byte and keeps exactly the whole lines', () => {
    const entries = [{ n: 1 }, { text: 'рубли\nи копейки' }, { n: 3 }];
    write(entries);
    const whole = readFileSync(path);
    for (let size = 0; size <= whole.length; size += 1) {
      writeFileSync(path, whole.subarray(0, size));
      const lines = whole.subarray(0, size).filter((byte) => byte === 0x0a).length;
      expect(replay()).toEqual(entries.slice(0, lines));
      write([{ after: size }]);
      expect(replay()).toEqual([...entries.slice(0, lines), { after: size }]);
    }
  });

  it('goes on after what is there', () => {
    write([1]);
    appendFileSync(path, '{"cut sho');
    write([2]);
    expect(replay()).toEqual([1, 2]);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const TABLE = readFileSync('docs/asvs.md', 'utf8');
const HOW = ['tested', 'written', 'by design', 'operator', 'identity provider', 'not applicable', 'gap'];

interface Requirement {
  number: string;
  level: string;
  how: string;
  where: string;
}

const requirements = (): Requirement[] =>
  Array.from(
    TABLE.matchAll(/^\| (\d+\.\d+\.\d+) \| ([12]) \| [^|]+ \| ([^|]+) \| (.+) \|$/gm),
    ([, number, level, how, where]) => ({
      number: number!,
      level: level!,
      how: how!,
      where: where!,
    }),
  );

/** A title as the source has it: in quotes of either kind, or a key of a table of cases. */
const holds = (source: string, title: string): boolean =>
  source.includes(title) || source.includes(title.replaceAll("'", "\\'"));

describe('the table of the security standard', () => {
  test('has each requirement of levels 1 and 2 once', () => {
    const numbers = requirements().map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
    // ASVS 5.0.0 has 70 requirements of level 1 and 183 of level 2.
    expect(requirements().filter(({ level }) => level === '1').length).toBe(70);
    expect(requirements().filter(({ level }) => level === '2').length).toBe(183);
  });

  test('says how each is met, and says why where no test shows it', () => {
    for (const { number, how, where } of requirements()) {
      expect(HOW, number).toContain(how);
      expect(where.length, number).toBeGreaterThan(5);
    }
  });

  test('names tests that are there', () => {
    const named = requirements().filter(({ how }) => how === 'tested');
    const wrong = named.flatMap(({ number, where }) => {
      const [, file = '', title = ''] = /^`([^`]+)` › (.+)$/.exec(where) ?? [];
      if (!existsSync(file)) return [`${number}: no file ${file}`];
      return holds(readFileSync(file, 'utf8'), title) ? [] : [`${number}: no test «${title}» in ${file}`];
    });
    expect(wrong).toEqual([]);
  });

  test('counts itself truly', () => {
    for (const how of HOW) {
      const count = requirements().filter((one) => one.how === how).length;
      expect(TABLE).toContain(`| ${how} | ${count} |`);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { ORGANISATIONS, UNREGISTERED } from './organisations.ts';
import { PEOPLE } from './people.ts';

const digits = (text: string) => [...text].map(Number);
const weighted = (text: string, weights: number[]) =>
  weights.reduce((total, weight, index) => total + weight * digits(text)[index]!, 0);

function snilsCheck(snils: string): string {
  const rest = weighted(snils, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101;
  return String(rest === 100 ? 0 : rest).padStart(2, '0');
}

describe('demo people', () => {
  it('have different logins, subjects, SNILS, INN and mail', () => {
    for (const field of ['login', 'sub', 'snils', 'inn', 'email', 'phone'] as const) {
      expect(new Set(PEOPLE.map((person) => person[field])).size, field).toBe(PEOPLE.length);
    }
  });

  it.each(PEOPLE)('$login has a SNILS and an INN that pass their checks', ({ snils, inn }) => {
    expect(snils).toMatch(/^\d{11}$/);
    expect(snils.slice(9)).toBe(snilsCheck(snils));
    expect(inn).toMatch(/^\d{12}$/);
    expect((weighted(inn, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10).toBe(digits(inn)[10]);
    expect((weighted(inn, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10).toBe(digits(inn)[11]);
  });

  it('work only at organisations that exist', () => {
    const known = new Set<string>([...ORGANISATIONS.map(({ ogrn }) => ogrn), UNREGISTERED.ogrn]);
    for (const { organizations } of PEOPLE) for (const { ogrn } of organizations) expect(known).toContain(ogrn);
  });
});

describe('demo organisations', () => {
  it.each(ORGANISATIONS)('$key has an OGRN, an INN and a KPP of the right form', ({ ogrn, inn, kpp }) => {
    expect(ogrn).toMatch(/^1\d{12}$/);
    expect((BigInt(ogrn.slice(0, 12)) % 11n) % 10n).toBe(BigInt(ogrn.slice(12)));
    expect(inn).toMatch(/^98\d{8}$/);
    expect((weighted(inn, [2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10).toBe(digits(inn)[9]);
    expect(kpp).toMatch(/^98\d{7}$/);
  });
});

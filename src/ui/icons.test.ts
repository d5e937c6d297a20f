import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LUCIDE } from './icons.ts';

const inside = (svg: string) =>
  svg
    .replace(/^[\s\S]*?<svg[\s\S]*?>/, '')
    .replace('</svg>', '')
    .replace(/\s*\n\s*/g, '')
    .replaceAll(' />', '/>');

test('icons are those of the set under the same names', () => {
  for (const [name, drawing] of Object.entries(LUCIDE)) {
    const original = readFileSync(
      new URL(`../../node_modules/lucide-static/icons/${name}.svg`, import.meta.url),
      'utf8',
    );
    expect(drawing, name).toBe(inside(original));
  }
});

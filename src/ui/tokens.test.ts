import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const colours = (text: string) =>
  Object.fromEntries(Array.from(text.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g), ([, name, value]) => [name!, value!]));
const [day = '', night = ''] = css.split('@media (prefers-color-scheme: dark)');
const light = colours(day);
const dark = { ...light, ...colours(night) };

/** WCAG 2.1 relative luminance. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

const TEXT: readonly [string, readonly string[]][] = [
  ['ink', ['ground', 'surface', 'sunken', 'tint', 'good-tint', 'warn-tint', 'danger-tint']],
  ['quiet', ['ground', 'surface', 'sunken', 'tint']],
  ['link', ['ground', 'surface', 'tint', 'sunken', 'good-tint', 'warn-tint', 'danger-tint']],
  ['link-hover', ['ground', 'surface']],
  ['on-tint', ['tint']],
  ['on-action', ['action', 'action-hover', 'action-pressed', 'danger-action']],
  ['on-bar', ['bar', 'bar-hover']],
  ['danger', ['surface', 'ground', 'danger-tint']],
  ['good', ['surface', 'good-tint']],
  ['warn', ['surface', 'warn-tint']],
];
const SIGNS: readonly [string, readonly string[]][] = [
  ['control-line', ['surface', 'ground']],
  ['focus', ['surface', 'ground', 'tint']],
  ['chart', ['surface']],
  ['chart-second', ['surface']],
  ['chart-third', ['surface']],
];

describe.each([
  ['light', light],
  ['dark', dark],
])('%s scheme', (_name, scheme) => {
  test.each(TEXT)('text %s reads on its grounds', (fore, grounds) => {
    for (const ground of grounds) expect(contrast(scheme[fore]!, scheme[ground]!), ground).toBeGreaterThanOrEqual(4.5);
  });
  test.each(SIGNS)('%s is seen on its grounds', (fore, grounds) => {
    for (const ground of grounds) expect(contrast(scheme[fore]!, scheme[ground]!), ground).toBeGreaterThanOrEqual(3);
  });
});

import { expect, test } from 'vitest';
import { formatVision, ORDINARY_VISION, parseVision, visionAttributes, visionFromForm } from './vision.ts';

test.each([undefined, '', 'x', '200.blue', '200.blue.wide.off.serif.more'])(
  'a cookie that is not ours: %s',
  (cookie) => {
    expect(parseVision(cookie)).toBe(ORDINARY_VISION);
    expect(visionAttributes(parseVision(cookie))).toEqual({});
  },
);

test('a value that is not offered becomes the first offer', () => {
  expect(parseVision('900."><script>.wide.off.serif')).toMatchObject({
    size: '150',
    scheme: 'black-on-white',
    spacing: 'wide',
  });
});

test('what the form chose comes back from the cookie', () => {
  const chosen = visionFromForm({ size: '200', scheme: 'blue', spacing: 'very-wide', images: 'off', font: 'serif' });
  expect(parseVision(formatVision(chosen))).toEqual(chosen);
  expect(visionAttributes(chosen)).toEqual({
    'data-vision-size': '200',
    'data-vision-scheme': 'blue',
    'data-vision-spacing': 'very-wide',
    'data-vision-images': 'off',
    'data-vision-font': 'serif',
  });
});

test('the ordinary version empties the cookie', () => {
  expect(formatVision(visionFromForm({ version: 'ordinary', size: '200' }))).toBe('');
});

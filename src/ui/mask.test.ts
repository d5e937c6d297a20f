import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskedEmail, maskedFullName, maskedName, maskedPhone } from './mask.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test.each([
  [{ last: 'Петрова', first: 'Анна', middle: 'Ивановна' }, 'П***ва А. И.'],
  [{ last: 'Ли', first: 'Ян', middle: null }, 'Л*** Я.'],
  [{ last: 'Оганесян-Петросян', first: 'Ё', middle: '' }, 'О***ян Ё.'],
  [{ last: '', first: 'Анна', middle: null }, 'А.'],
])('%o is shown as %s', (name, shown) => expect(plain(maskedName(name))).toBe(shown));

test('a name in one line is masked by its parts', () => {
  expect(plain(maskedFullName(' Петрова  Анна Ивановна '))).toBe('П***ва А. И.');
  expect(maskedFullName('')).toBe('');
});

test('contacts keep what tells them apart, and no more', () => {
  expect(plain(maskedPhone('8 (916) 123-45-67'))).toBe('+7 *** ***-**-67');
  expect(maskedPhone('12')).toBe('***');
  expect(maskedEmail('anna.petrova@example.ru')).toBe('a***@example.ru');
  expect(maskedEmail('anna')).toBe('***');
});

test('no name of more than three letters can be read from its mask', () =>
  fc.assert(
    fc.property(fc.string({ minLength: 4, maxLength: 60 }), (last) => {
      fc.pre(last.trim().length > 3 && !last.includes('*'));
      expect(maskedName({ last, first: '', middle: null })).not.toContain(last.trim());
    }),
  ));

/** Names and contacts as staff see them before they say why they open a record: told apart, and not readable. Pure. */
import { initials, type PersonName } from './format.ts';

const STARS = '***';

/** «П***ва»: the first letter and the last two; of a short word the first alone. Always three stars: they tell no length. */
function maskedWord(word: string): string {
  const letters = [...word.trim()];
  if (letters.length === 0) return '';
  return letters[0]! + STARS + (letters.length > 4 ? letters.slice(-2).join('') : '');
}

/** «П***ва А. И.» */
export const maskedName = ({ last, first, middle }: PersonName): string =>
  last.trim() ? initials({ last: maskedWord(last), first, middle }) : initials({ last: '', first, middle }).trim();

/** «П***ва А. И.» of a name in one line, the family name first: «Петрова Анна Ивановна». */
export function maskedFullName(name: string): string {
  const [last = '', first = '', middle = ''] = name.trim().split(/\s+/);
  return maskedName({ last, first, middle });
}

/** «+7 *** ***-**-67»; of what is no phone nothing is left. */
export function maskedPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  return digits.length >= 10 ? `+7\u00a0***\u00a0***-**-${digits.slice(-2)}` : STARS;
}

/** «a***@example.ru» */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at > 0 ? `${[...email][0]}${STARS}${email.slice(at)}` : STARS;
}

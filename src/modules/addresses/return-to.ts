import { z } from 'zod';

/** Where a chosen address goes: a path of our own with one parameter more. */
export interface ReturnTo {
  path: string;
  parameter: string;
}

const OWN_ORIGIN = 'http://own.invalid';

/** Only a path of our own: no other host, no scheme, no back slash that a browser reads as a slash. */
export function ownPath(text: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop them, so «/\t/host» is another host
  if (!text.startsWith('/') || text.startsWith('//') || /[\\\x00-\x20\x7f]/.test(text) || text.length > 2000)
    return null;
  try {
    const url = new URL(text, OWN_ORIGIN);
    return url.origin === OWN_ORIGIN ? `${url.pathname}${url.search}${url.hash}` : null;
  } catch {
    return null;
  }
}

const STANDING = '/addresses/search';

/** What is wrong is left out: a link from outside must not lead anywhere, and it need not be explained. */
export const returnFields = z.object({
  return_to: z
    .string()
    .optional()
    .catch(undefined)
    .transform((text) => (text && ownPath(text)) || STANDING),
  param: z
    .string()
    .regex(/^[a-z][a-z_]{0,39}$/i)
    .catch('address'),
});

export const readReturn = (query: z.output<typeof returnFields>): ReturnTo => ({
  path: query.return_to,
  parameter: query.param,
});

/** The path with the GUID of the chosen house. */
export function returnWith({ path, parameter }: ReturnTo, guid: string): string {
  const url = new URL(path, OWN_ORIGIN);
  url.searchParams.set(parameter, guid);
  return `${url.pathname}${url.search}${url.hash}`;
}

/** The fields that carry the way back through the forms. */
export const hiddenReturn = ({ path, parameter }: ReturnTo): Record<string, string> => ({
  return_to: path,
  param: parameter,
});

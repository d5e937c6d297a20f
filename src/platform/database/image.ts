/**
 * A row as JSON text from the database, with its numbers kept as the text that they are: `numeric` has more digits than a floating point
 * number. What is read so can be written back by `json_populate_recordset`.
 */
export type Image = Readonly<Record<string, unknown>>;

type Reviver = (this: unknown, key: string, value: unknown, context: { source: string }) => unknown;
const keepDigits: Reviver = (_key, value, context) => (typeof value === 'number' ? context.source : value);

export const parseImage = (text: string): Image =>
  JSON.parse(text, keepDigits as Parameters<typeof JSON.parse>[1]) as Image;

/** Two values of images: their keys come in one order, for the database writes them so. */
export const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

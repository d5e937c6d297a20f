/**
 * Fields of an address or of a form, each once: of a name that is there twice the first counts, so that what a page takes for a
 * text is a text. NUL goes: no field of ours can hold it, and PostgreSQL refuses the whole statement for it.
 */
export function readFields(text: string): Record<string, string> {
  const pairs = Array.from(new URLSearchParams(text), ([name, value]) => [name, value.replaceAll('\0', '')] as const);
  return Object.fromEntries(pairs.reverse());
}

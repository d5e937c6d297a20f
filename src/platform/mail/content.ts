import { z } from 'zod';

/** A line of the table of facts. */
export interface Fact {
  name: string;
  value: string;
}

export interface LetterLink {
  label: string;
  /** Absolute, http or https. */
  url: string;
  /** Whoever has it needs no signing in: the address is not kept once the letter has gone out. */
  isSecret?: boolean | undefined;
}

/** What a letter says, once, for its text and its HTML. Plain words everywhere: what looks like markup is shown as it stands. */
export interface LetterContent {
  /** The heading inside the letter; the subject line is apart. */
  title: string;
  /** Mail programs show it beside the subject; by default the first paragraph. */
  preheader?: string | undefined;
  /** A line break inside a paragraph is kept. */
  paragraphs: readonly string[];
  facts?: readonly Fact[] | undefined;
  /** The one thing to do. */
  action?: LetterLink | undefined;
  /** Other addresses, such as a receipt at somebody else's. */
  links?: readonly LetterLink[] | undefined;
  /** Said below the button in small print: what to do if it was not you. */
  after?: readonly string[] | undefined;
}

const link = z.object({ label: z.string(), url: z.url({ protocol: /^https?$/ }), isSecret: z.boolean().optional() });

/** Checked when it is written and when it is read: a link of another scheme never gets into a letter. */
export const letterContent: z.ZodType<LetterContent> = z.object({
  title: z.string(),
  preheader: z.string().optional(),
  paragraphs: z.array(z.string()),
  facts: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  action: link.optional(),
  links: z.array(link).optional(),
  after: z.array(z.string()).optional(),
});

/** What is kept of a letter that has gone out: a backup opens nothing that its links did. */
export function withoutSecrets({ action, links, ...rest }: LetterContent): LetterContent {
  const hide = (one: LetterLink): LetterLink => (one.isSecret ? { ...one, url: new URL(one.url).origin } : one);
  return { ...rest, action: action && hide(action), links: links?.map(hide) };
}

/** The plain text of a letter, without its footer. The heading only where the subject line does not say the same. */
export function textOf(
  { title, paragraphs, facts = [], action, links = [], after = [] }: LetterContent,
  subject: string,
): string {
  return [
    title === subject ? '' : title,
    ...paragraphs,
    facts.map(({ name, value }) => `${name}: ${value}`).join('\n'),
    ...[...(action ? [action] : []), ...links].map(({ label, url }) => `${label}: ${url}`),
    ...after,
  ]
    .filter(Boolean)
    .join('\n\n');
}

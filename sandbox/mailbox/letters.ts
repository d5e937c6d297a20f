import { randomUUID } from 'node:crypto';
import { type AddressObject, simpleParser } from 'mailparser';

export interface Letter {
  id: string;
  /** When it arrived here, not what its header says. */
  receivedAt: Date;
  from: string;
  /** Addresses of the envelope: they include hidden copies. */
  recipients: string[];
  to: string;
  subject: string;
  text: string;
  /** As sent: never to be shown outside a sandboxed frame. */
  html: string | null;
  attachments: { name: string; content: Buffer }[];
  source: Buffer;
}

export async function readLetter(source: Buffer, recipients: string[], receivedAt: Date): Promise<Letter> {
  const parsed = await simpleParser(source);
  return {
    id: randomUUID(),
    receivedAt,
    from: parsed.from?.text ?? '',
    recipients,
    to: addresses(parsed.to) || recipients.join(', '),
    subject: parsed.subject?.trim() || 'Без темы',
    text: parsed.text ?? '',
    html: parsed.html || null,
    attachments: parsed.attachments.map(({ filename, content }, index) => ({
      name: filename ?? `вложение-${index + 1}`,
      content,
    })),
    source,
  };
}

const addresses = (header: AddressObject | AddressObject[] | undefined): string =>
  (Array.isArray(header) ? header : header ? [header] : []).map(({ text }) => text).join(', ');

export const MOST_LETTERS = 500;

/** The last 500 letters, newest first. In memory: a restart empties the box. */
export interface Letters {
  add(letter: Letter): void;
  get(id: string): Letter | undefined;
  /** Letters with a recipient that contains the text, in any case; an empty text finds all. */
  find(recipient: string): Letter[];
}

export function createLetters(): Letters {
  let letters: Letter[] = [];
  return {
    add: (letter) => {
      letters = [letter, ...letters].slice(0, MOST_LETTERS);
    },
    get: (id) => letters.find((letter) => letter.id === id),
    find(recipient) {
      const wanted = recipient.trim().toLowerCase();
      return letters.filter(({ recipients, to }) =>
        [...recipients, to].some((address) => address.toLowerCase().includes(wanted)),
      );
    },
  };
}

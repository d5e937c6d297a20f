import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { insertLegalText } from './queries/consents.ts';

const texts = z.array(
  z.object({
    kind: z.enum(['agreement', 'consent']),
    version: z.number().int().positive(),
    title: z.string(),
    body: z.string(),
    publishedAt: z.iso.datetime(),
  }),
);

/** Loads the versions of the texts from data/legal-texts.json. A published version is never changed: a new text is a new version. */
export async function loadLegalTexts(db: Db, path = 'data/legal-texts.json'): Promise<void> {
  for (const text of texts.parse(JSON.parse(await readFile(path, 'utf8')))) await insertLegalText(db, text);
}

import type { Context } from '../../src/platform/context.ts';
import { letterContent, withoutSecrets } from '../../src/platform/mail/content.ts';

/** Whether the last letter to an address has such a link, which is not kept once it has gone out. */
export async function isLinkForgotten(context: Context, recipient: string, link: string): Promise<boolean> {
  const { content } = await context.db
    .selectFrom('mail_message')
    .select('content')
    .where('recipient', '=', recipient)
    .orderBy('mail_id', 'desc')
    .executeTakeFirstOrThrow();
  const has = (value: unknown) => JSON.stringify(value).includes(link);
  return has(content) && !has(withoutSecrets(letterContent.parse(content)));
}

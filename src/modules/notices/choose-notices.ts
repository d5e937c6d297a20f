import { type Actor, authorise, personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { type Db, transaction } from '../../platform/database/database.ts';
import { NotFound } from '../../platform/errors.ts';
import type { PersonId } from '../../platform/ids.ts';
import { access } from './access.ts';
import { CHANNELS, type Channel, isWanted, kindOf, NOTICE_KIND_NAMES, type NoticeKindName } from './kinds.ts';
import { lockChoices, selectChoices, upsertChoice } from './queries.ts';
import { readUnsubscribeToken } from './unsubscribe.ts';

export type Wanted = Readonly<Record<Channel, boolean>>;

/** What a person gets, with the defaults where nothing was chosen. */
export async function readWanted(db: Db, personId: PersonId): Promise<ReadonlyMap<NoticeKindName, Wanted>> {
  const choices = await selectChoices(db, personId);
  return new Map(
    NOTICE_KIND_NAMES.map((kind) => {
      const chosen = choices.get(kind);
      return [kind, { email: isWanted(kind, 'email', chosen?.email), push: isWanted(kind, 'push', chosen?.push) }];
    }),
  );
}

/** Whether the person has a say in it at all. */
export const mayChoose = (kind: NoticeKindName, channel: Channel): boolean =>
  channel === 'push' || kindOf(kind).optional;

/**
 * Everything that the form has shown is said at once: what is named is wanted, the rest not. Only what differs from before is written,
 * so that a default which changes later reaches those who left it as it was.
 * @param shown the channels that the form had
 */
export async function chooseNotices(
  context: Context,
  actor: Actor,
  shown: readonly Channel[],
  isNamed: (kind: NoticeKindName, channel: Channel) => boolean,
): Promise<void> {
  authorise(actor, access.chooseNotices);
  const { personId } = personOf(actor);
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    await lockChoices(trx, personId);
    const before = await readWanted(trx, personId);
    for (const kind of NOTICE_KIND_NAMES)
      for (const channel of CHANNELS) {
        const wanted = isNamed(kind, channel);
        if (!shown.includes(channel) || !mayChoose(kind, channel) || before.get(kind)![channel] === wanted) continue;
        await upsertChoice(trx, personId, { kind, channel, wanted }, at);
      }
  });
}

export const BROKEN_LINK = 'Ссылка из письма неполная. Откройте письмо и нажмите на неё ещё раз.';

/**
 * Ends letters of the kind that a token names, without signing in.
 * @throws NotFound for a token that we did not sign
 */
export async function endLetters(context: Context, actor: Actor, token: string): Promise<NoticeKindName> {
  authorise(actor, access.endLetters);
  const read = readUnsubscribeToken(context.config, token);
  if (!read) throw new NotFound(BROKEN_LINK);
  await upsertChoice(context.db, read.personId, { kind: read.kind, channel: 'email', wanted: false }, context.clock());
  return read.kind;
}

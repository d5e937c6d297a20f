import type { Id, PersonId } from '../../platform/ids.ts';
import type { Day } from '../../platform/month.ts';
import type { ConnectedAccount } from './account.ts';

/**
 * What the owner of a connected account may let somebody do. Whoever sends readings or pays must see for what: «see» is in every share.
 * A right is all that a share gives: appeals, «Кто смотрел», the account's own numbers and sharing further stay the owner's.
 */
export const SHARE_RIGHTS = {
  see: { words: 'смотреть', gives: 'Квитанции, долг, движение по счёту, приборы и расход' },
  readings: { words: 'передавать показания', gives: 'Показания приборов этого счёта, с фотографией' },
  pay: { words: 'оплачивать', gives: 'Оплата со своей карты; ваших карт никто не видит' },
} as const satisfies Record<string, { words: string; gives: string }>;
export type ShareRight = keyof typeof SHARE_RIGHTS;
export const SHARE_RIGHT_NAMES = Object.keys(SHARE_RIGHTS) as ShareRight[];

/** «смотреть и передавать показания» */
export const rightsInWords = (rights: readonly ShareRight[]): string =>
  new Intl.ListFormat('ru', { type: 'conjunction' }).format(
    SHARE_RIGHT_NAMES.filter((right) => rights.includes(right)).map((right) => SHARE_RIGHTS[right].words),
  );

export type ShareId = Id<'share'>;
/** Shares of several accounts that were offered together. */
export type InvitationId = Id<'share invitation'>;

/** Somebody else's account, as its helper has it. */
export interface HeldShare {
  shareId: ShareId;
  ownerId: PersonId;
  /** «Мария Д.» */
  ownerName: string;
  rights: readonly ShareRight[];
  /** The last day, inclusive; null: until it is revoked. */
  until: Day | null;
}

/** An account that the person may use in some way: their own, or shared with them. */
export interface UsableAccount extends ConnectedAccount {
  /** Null: the person's own, with every right. */
  share: HeldShare | null;
}

/** «Мария Д., до 31.12.2026, смотреть и передавать показания» */
export const shareInWords = ({ ownerName, until, rights }: Pick<HeldShare, 'ownerName' | 'until' | 'rights'>): string =>
  [ownerName, ...(until ? [`до ${until.split('-').reverse().join('.')}`] : []), rightsInWords(rights)].join(', ');

/** What a helper did, for the owner to read. */
export const SHARE_USES = {
  bill: 'Смотрел(а) квитанцию',
  bills: 'Смотрел(а) счёт',
  meters: 'Смотрел(а) приборы',
  debt: 'Смотрел(а), сколько к оплате',
  reading: 'Передал(а) показания',
  payment: 'Начал(а) оплату',
} as const;
export type ShareUse = keyof typeof SHARE_USES;

export interface NewShareUse {
  kind: ShareUse;
  /** What repeats of the day are told by: the bill, the device, the order. */
  thingId: string;
  /** In words of the page, without the kind: «за октябрь 2026». */
  what: string;
}

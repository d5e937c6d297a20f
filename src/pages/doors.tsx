import type { ComponentChildren } from 'preact';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Actor, may, type Role } from '../platform/access.ts';

const Looking = createContext<Actor>({ kind: 'anonymous' });

/** Says to the components of a page who looks at it. */
export const LookedAtBy = ({ actor, children }: { actor: Actor; children: ComponentChildren }) => (
  <Looking.Provider value={actor}>{children}</Looking.Provider>
);

/** Whether whoever looks may do a thing: a page offers nothing that the next one would refuse. */
export const useMay = (allowed: readonly Role[]): boolean => may(useContext(Looking), allowed);

/** A link where it opens, plain words where it does not. */
export function Door({ to, href, children }: { to: readonly Role[]; href: string; children: ComponentChildren }) {
  return useMay(to) ? <a href={href}>{children}</a> : children;
}

/** Shown to those who may. */
export function OnlyFor({ those, children }: { those: readonly Role[]; children: ComponentChildren }) {
  return useMay(those) ? children : null;
}

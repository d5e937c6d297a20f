import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';
import type { IconName } from './icons.ts';

export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger';

interface Look {
  kind?: ButtonKind;
  icon?: IconName | undefined;
  /** Takes the whole line on a phone and its own width elsewhere; a page has one main action. */
  wide?: boolean;
  /** The key that presses it where `desk-keys` listens: «t», «Ctrl+Enter». */
  shortcut?: string;
  children: ComponentChildren;
}

const shortcutOf = (shortcut: string | undefined) =>
  shortcut ? { 'data-key': shortcut, 'aria-keyshortcuts': shortcut.replace('Ctrl', 'Control') } : {};

export const classesOf = (kind: ButtonKind = 'primary', wide = false): string =>
  `button button--${kind}${wide ? ' button--wide' : ''}`;

interface ButtonProps extends Look {
  type?: 'submit' | 'button' | 'reset';
  name?: string;
  value?: string;
  /** Another address for this button alone. */
  formAction?: string;
  formEncType?: 'multipart/form-data';
  form?: string;
  disabled?: boolean;
}

export function Button({ kind, icon, wide, shortcut, children, type = 'submit', ...rest }: ButtonProps) {
  return (
    <button type={type} class={classesOf(kind, wide)} {...shortcutOf(shortcut)} {...rest}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

interface ButtonLinkProps extends Look {
  href: string;
  download?: boolean | string;
}

export function ButtonLink({ kind, icon, wide, shortcut, children, href, download }: ButtonLinkProps) {
  return (
    <a class={classesOf(kind, wide)} href={href} download={download} {...shortcutOf(shortcut)}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </a>
  );
}

/** «Распечатать», where script can do that: without it the browser's own menu prints the page as well. */
export function PrintButton() {
  return (
    <print-button hidden>
      <Button kind="secondary" type="button" icon="printer">
        Распечатать
      </Button>
    </print-button>
  );
}

/** Buttons in a row; on a phone one below another, the main one first. */
export function Actions({ children }: { children: ComponentChildren }) {
  return <div class="actions">{children}</div>;
}

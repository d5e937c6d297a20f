import type { ComponentChildren } from 'preact';
import { Button, type ButtonKind, ButtonLink, classesOf } from './button.tsx';

interface DialogProps {
  id: string;
  title: string;
  children: ComponentChildren;
  /** The answers, the one that acts last: buttons inside the form given as children need no place here. */
  actions?: ComponentChildren;
}

/** A native window. It opens by `DialogOpener`; without script the opener's link leads to the same question as a page. */
export function Dialog({ id, title, children, actions }: DialogProps) {
  return (
    <dialog class="dialog" id={id} aria-labelledby={`${id}-title`}>
      <div class="dialog__head">
        <h2 class="dialog__title" id={`${id}-title`}>
          {title}
        </h2>
        <form method="dialog">
          <Button kind="quiet" icon="x">
            Закрыть
          </Button>
        </form>
      </div>
      {children}
      {actions && <div class="actions">{actions}</div>}
    </dialog>
  );
}

interface DialogPageProps extends Omit<DialogProps, 'id'> {
  /** Where the ✕ leads. */
  closeHref?: string;
}

/** The same content where it is a page of its own. */
export function DialogPage({ title, children, actions, closeHref }: DialogPageProps) {
  return (
    <section class="card dialog-page">
      <div class="dialog__head">
        <h1 class="dialog__title">{title}</h1>
        {closeHref && (
          <ButtonLink kind="quiet" icon="x" href={closeHref}>
            Закрыть
          </ButtonLink>
        )}
      </div>
      {children}
      {actions && <div class="actions">{actions}</div>}
    </section>
  );
}

interface OpenerProps {
  dialog: string;
  /** The page that asks the same when script is off. */
  href: string;
  kind?: ButtonKind;
  children: ComponentChildren;
}

export function DialogOpener({ dialog, href, kind = 'secondary', children }: OpenerProps) {
  return (
    <dialog-open dialog={dialog}>
      <a class={classesOf(kind)} href={href}>
        <span>{children}</span>
      </a>
    </dialog-open>
  );
}

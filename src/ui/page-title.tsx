import type { ComponentChildren } from 'preact';

interface PageTitleProps {
  children: ComponentChildren;
  /** One or two sentences that answer what the person came for. */
  lead?: ComponentChildren;
  /** Small words above: the kind of the thing, its number. */
  kicker?: ComponentChildren;
  actions?: ComponentChildren;
}

export function PageTitle({ children, lead, kicker, actions }: PageTitleProps) {
  return (
    <div class="page-title">
      <div class="page-title__words">
        {kicker && <p class="page-title__kicker">{kicker}</p>}
        <h1>{children}</h1>
        {lead && <p class="page-title__lead">{lead}</p>}
      </div>
      {actions && <div class="page-title__actions">{actions}</div>}
    </div>
  );
}

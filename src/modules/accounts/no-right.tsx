import { EmptyState } from '../../ui/index.ts';
import { SHARE_RIGHTS, type ShareRight } from './sharing.ts';

interface NoRightProps {
  right: ShareRight;
  /** What the person can do instead. */
  action: { href: string; label: string };
}

/** To whoever sees accounts of others and may do this with none of them. */
export const NoRight = ({ right, action }: NoRightProps) => (
  <EmptyState title={`Вам открыли доступ без права ${SHARE_RIGHTS[right].words}`} action={action}>
    Если оно вам нужно, попросите владельца счёта закрыть доступ и пригласить вас ещё раз с этим правом.
  </EmptyState>
);

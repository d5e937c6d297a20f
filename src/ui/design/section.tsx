import type { ComponentChildren } from 'preact';
import { Card, Stack } from '../card.tsx';

export function Section({ id, title, children }: { id: string; title: string; children: ComponentChildren }) {
  return (
    <Card id={id} title={title}>
      <Stack>{children}</Stack>
    </Card>
  );
}

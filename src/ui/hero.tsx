import type { ComponentChildren } from 'preact';
import { HouseDrawing } from './drawing.tsx';

/** The first block of a page without figures: a house at dusk, one heading, one sentence and what to do. */
export function Hero({ title, lead, children }: { title: string; lead: string; children?: ComponentChildren }) {
  return (
    <section class="hero">
      <div class="hero__words">
        <h1>{title}</h1>
        <p class="hero__lead">{lead}</p>
        {children}
      </div>
      <HouseDrawing />
    </section>
  );
}

import type { ComponentChildren } from 'preact';

/** The custom elements of elements/, as the server writes them. */
declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'answer-desk': { children: ComponentChildren };
      'address-levels': { children: ComponentChildren };
      'address-search': { src: string; choice: string; children: ComponentChildren };
      'copy-button': { text: string; what: string };
      'desk-keys': { children: ComponentChildren };
      'dialog-open': { dialog: string; children: ComponentChildren };
      'draft-form': { children: ComponentChildren };
      'file-limit': { bytes: string; refusal: string; children: ComponentChildren };
      'file-upload': { most: number; sends?: boolean | undefined; children: ComponentChildren };
      'poll-progress': { src: string; children: ComponentChildren };
      'print-button': { hidden: true; children: ComponentChildren };
      'push-switch': { 'server-key': string; known: string; token: string; children: ComponentChildren };
      'reading-form': { children: ComponentChildren };
      'reading-outbox': {
        person: string;
        state: string;
        until: string | undefined;
        zone: string | undefined;
        children: ComponentChildren;
      };
      'submit-once': { children: ComponentChildren };
    }
  }
}

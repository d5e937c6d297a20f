/** What a service worker has and a page has not: the compiler's library for one excludes that of the other. */
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
export interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  /** What the browser has fetched while the worker was starting. */
  readonly preloadResponse?: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
}
interface Events {
  install: ExtendableEvent;
  activate: ExtendableEvent;
  fetch: FetchEvent;
  message: ExtendableEvent & { data: unknown };
  sync: ExtendableEvent;
  push: ExtendableEvent & { readonly data: { json(): unknown } | null };
  notificationclick: ExtendableEvent & { readonly notification: Notification };
}
interface WorkerScope {
  readonly registration: ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } };
  readonly clients: {
    claim(): Promise<void>;
    matchAll(): Promise<{ postMessage(message: unknown): void }[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): void;
}
export const scope = globalThis as unknown as WorkerScope;

/** Words between the worker and its pages. */
export type Word = 'send' | 'keep' | 'changed' | 'wiped';

export async function tell(word: Word): Promise<void> {
  for (const page of await scope.clients.matchAll()) page.postMessage(word);
}

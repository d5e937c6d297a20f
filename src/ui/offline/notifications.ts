import { scope } from './scope.ts';

/** What the server says of a notice; the browser has decrypted it. */
interface Message {
  title: string;
  body: string;
  path: string;
  tag: string;
}

// A message must be shown: browsers end the subscription of those who get messages and show nothing.
scope.addEventListener('push', (event) => {
  const { title, body, path, tag } = (event.data?.json() ?? {}) as Message;
  event.waitUntil(
    // The same notice once more takes the place of the first, without a sound.
    scope.registration.showNotification(title, {
      body,
      tag,
      lang: 'ru',
      icon: '/assets/app-icon-192.png',
      data: path,
    }),
  );
});

scope.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { href, origin } = new URL(String(event.notification.data), location.origin);
  event.waitUntil(scope.clients.openWindow(origin === location.origin ? href : '/'));
});

/** Whoever signs out leaves nothing behind: this device is told of nothing any more. The server learns it from the push service. */
export async function endPush(): Promise<void> {
  const own = await scope.registration.pushManager?.getSubscription().catch(() => null);
  await own?.unsubscribe().catch(() => false);
}

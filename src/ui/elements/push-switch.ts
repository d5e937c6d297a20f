/**
 * Turns notices on at this device. The browser's own question comes after the button alone. What is true of this device is one of the
 * element's parts (`data-when`), which the page has written.
 */
class PushSwitch extends HTMLElement {
  connectedCallback() {
    this.querySelector('button')?.addEventListener('click', () => {
      this.#turnOn().catch(() => this.#show(Notification.permission === 'denied' ? 'denied' : 'failed', 'off'));
    });
    this.#look().catch(() => this.#show('unable'));
  }

  #show(...states: string[]) {
    for (const part of this.querySelectorAll<HTMLElement>('[data-when]'))
      part.hidden = !states.includes(part.dataset.when ?? '');
  }

  async #look() {
    if (!isSecureContext || !navigator.serviceWorker || !('PushManager' in window)) return this.#show('unable');
    if (Notification.permission === 'denied') return this.#show('denied');
    const registration = await navigator.serviceWorker.getRegistration();
    const own = await registration?.pushManager.getSubscription();
    this.#show(own && (await this.#isKnown(own.endpoint)) ? 'on' : 'off');
  }

  async #isKnown(endpoint: string) {
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint));
    return (this.getAttribute('known') ?? '').split(' ').includes(toBase64(hash));
  }

  async #turnOn() {
    if ((await Notification.requestPermission()) !== 'granted') return this.#show('denied');
    await navigator.serviceWorker.register('/sw.js');
    const { pushManager } = await navigator.serviceWorker.ready;
    // A subscription under a former key of the installation, or of somebody else at this browser, is no use.
    await (await pushManager.getSubscription())?.unsubscribe();
    const own = await pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: this.getAttribute('server-key'),
    });
    const answer = await fetch('/settings/notices/devices', {
      method: 'POST',
      body: new URLSearchParams({
        _token: this.getAttribute('token') ?? '',
        endpoint: own.endpoint,
        p256dh: toBase64(own.getKey('p256dh')!),
        auth: toBase64(own.getKey('auth')!),
      }),
    });
    if (!answer.ok) {
      await own.unsubscribe();
      throw new Error(String(answer.status));
    }
    location.assign(answer.url);
  }
}

/** base64url without padding, as everywhere in these protocols. */
const toBase64 = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

customElements.define('push-switch', PushSwitch);

/** Stops the second sending of a form. The idempotency key makes it harmless; this spares the person the doubt. */
class SubmitOnce extends HTMLElement {
  connectedCallback() {
    this.addEventListener('submit', (event) => {
      // Another element holds the form back for a moment and sends it itself.
      if (event.defaultPrevented) return;
      if (this.hasAttribute('busy')) return event.preventDefault();
      this.setAttribute('busy', '');
      const button = event.submitter;
      if (button instanceof HTMLButtonElement) button.setAttribute('aria-disabled', 'true');
    });
    // A page restored by «Назад» must be ready to send again.
    addEventListener('pageshow', () => {
      this.removeAttribute('busy');
      for (const button of this.querySelectorAll('[aria-disabled]')) button.removeAttribute('aria-disabled');
    });
  }
}
customElements.define('submit-once', SubmitOnce);

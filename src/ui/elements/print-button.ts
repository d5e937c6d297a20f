/** Prints the page. Without script the browser's own menu does. */
class PrintButton extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener('click', () => print());
  }
}
customElements.define('print-button', PrintButton);

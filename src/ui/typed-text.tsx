/** A text as somebody typed it: with its lines, its own direction of writing, and broken where a word is too long for the page. */
export function TypedText({ children }: { children: string }) {
  return (
    <p class="typed-text" dir="auto">
      {children}
    </p>
  );
}

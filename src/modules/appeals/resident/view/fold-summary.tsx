/** The line of a part that folds away: it says what a press does now. */
export const FoldSummary = () => (
  <summary>
    <span class="fold__closed">Раскрыть информацию</span>
    <span class="fold__open">Свернуть</span>
  </summary>
);

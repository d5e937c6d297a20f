import type { HeadingPath } from './header-block.ts';
import { bareForm, exactForm, firstClause, unitlessForm, wordSet } from './heading-text.ts';
import type { ColumnLayout } from './layout.ts';

/** How sure a match is, from the surest. The number is its weight when header rows are compared. */
const TIERS = [
  { name: 'saved', weight: 10 },
  { name: 'exact', weight: 10 },
  { name: 'unitless', weight: 10 },
  { name: 'bare', weight: 9 },
  { name: 'synonym', weight: 8 },
  { name: 'clause', weight: 6 },
  { name: 'leaf', weight: 5 },
  { name: 'words', weight: 3 },
] as const;
export type MatchTier = (typeof TIERS)[number]['name'];

export interface ColumnMatches {
  /** By 0-based column of the file. */
  readonly found: Map<number, { key: string; by: MatchTier }>;
  /** Several columns of the file claim one key with equal right: none is taken. */
  readonly duplicates: { key: string; columns: number[] }[];
  /** A column that several keys fit equally well: none is taken. */
  readonly ambiguous: { column: number; keys: string[] }[];
  readonly score: number;
}

/** A path as one text: how saved mappings name a heading. */
export const pathKey = (path: readonly string[]): string => path.map(exactForm).join(' / ');

const joined = (path: readonly string[], form: (text: string) => string): string =>
  path
    .map(form)
    .filter((part) => part !== '')
    .join(' / ');

export interface Forms {
  readonly exact: string[];
  readonly unitless: string[];
  readonly bare: string[];
  readonly clause: string[];
  /** The headings alone, of paths with a group and of paths without. */
  readonly leafInGroup: string[];
  readonly leafAlone: string[];
  readonly words: Set<string>[];
}

function formsOf(paths: readonly (readonly string[])[]): Forms {
  return {
    exact: paths.map((path) => joined(path, exactForm)),
    unitless: paths.map((path) => joined(path, unitlessForm)),
    bare: paths.map((path) => joined(path, bareForm)),
    clause: paths.map((path) => joined(path, firstClause)),
    leafInGroup: leavesOf(paths.filter((path) => path.length > 1)),
    leafAlone: leavesOf(paths.filter((path) => path.length === 1)),
    words: paths.map((path) => wordSet(path.map(bareForm))),
  };
}

const leavesOf = (paths: readonly (readonly string[])[]): string[] =>
  paths.map((path) => path.at(-1)!).flatMap((leaf) => [unitlessForm(leaf), bareForm(leaf), firstClause(leaf)]);

/** A column of the layout with its wordings made ready for comparison. */
export interface Candidate {
  readonly layout: ColumnLayout;
  readonly canonical: Forms;
  readonly synonyms: Forms;
}

export const candidatesOf = (columns: readonly ColumnLayout[]): Candidate[] =>
  columns.map((layout) => ({
    layout,
    canonical: formsOf([layout.path]),
    synonyms: formsOf(layout.synonyms ?? []),
  }));

const share = (left: readonly string[], right: readonly string[]): boolean =>
  left.some((form) => form !== '' && right.includes(form));

/**
 * Gives each column of the file the key whose heading it carries, tier by tier. Within a tier a column is taken only when it fits one
 * free key and that key fits no other free column; anything else is told as duplicate or ambiguous, never guessed.
 * @param saved heading path (`pathKey`) -> key, as a clerk mapped it by hand; null: the column is to be left out
 */
export function matchColumns(
  headings: readonly HeadingPath[],
  candidates: readonly Candidate[],
  saved: ReadonlyMap<string, string | null>,
): ColumnMatches {
  const matching = new Matching(candidates);
  for (const heading of headings) {
    const key = saved.get(pathKey(heading.path));
    if (key === null) matching.leaveOut(heading.column);
  }
  const open = headings.map((heading) => ({ heading, forms: formsOf(readings(heading)) }));
  for (const { name } of TIERS) {
    matching.tier(name, (candidate) =>
      open
        .filter(({ heading, forms }) =>
          name === 'saved' ? saved.get(pathKey(heading.path)) === candidate.layout.key : fits(name, forms, candidate),
        )
        .map(({ heading }) => heading.column),
    );
  }
  return matching.result();
}

const readings = (heading: HeadingPath): (readonly string[])[] =>
  heading.filledPath ? [heading.path, heading.filledPath] : [heading.path];

function fits(tier: Exclude<MatchTier, 'saved'>, column: Forms, { canonical, synonyms }: Candidate): boolean {
  switch (tier) {
    case 'exact':
      return share(column.exact, canonical.exact);
    case 'unitless':
      return share(column.unitless, canonical.unitless);
    case 'bare':
      return share(column.bare, canonical.bare);
    case 'synonym':
      return share(column.unitless, synonyms.unitless) || share(column.bare, synonyms.bare);
    case 'clause':
      return share(column.clause, canonical.clause) || share(column.clause, synonyms.clause);
    case 'leaf':
      return leafFits(column, canonical) || leafFits(column, synonyms);
    case 'words':
      return [...canonical.words, ...synonyms.words].some((heading) =>
        column.words.some((words) => contains(words, heading)),
      );
  }
}

const isSubset = (part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean =>
  [...part].every((word) => whole.has(word));

/** One side has no group. «Договор найма / Номер» is not «Договор ресурсоснабжения / Номер». */
const leafFits = (column: Forms, layout: Forms): boolean =>
  share(column.leafAlone, layout.leafInGroup) || share(column.leafInGroup, layout.leafAlone);

/** One word alone («Адрес», «Номер») stands in too many headings to tell anything. */
const contains = (words: ReadonlySet<string>, heading: ReadonlySet<string>): boolean =>
  heading.size >= 2 && isSubset(heading, words);

class Matching {
  readonly #found = new Map<number, { key: string; by: MatchTier }>();
  readonly #duplicates = new Map<string, readonly number[]>();
  readonly #ambiguous = new Map<number, Set<string>>();
  readonly #leftOut = new Set<number>();
  readonly #takenKeys = new Set<string>();
  readonly #candidates: readonly Candidate[];
  #score = 0;

  constructor(candidates: readonly Candidate[]) {
    this.#candidates = candidates;
  }

  leaveOut(column: number): void {
    this.#leftOut.add(column);
  }

  tier(tier: MatchTier, columnsOf: (candidate: Candidate) => number[]): void {
    const byColumn = new Map<number, Candidate[]>();
    for (const candidate of this.#candidates) {
      for (const column of columnsOf(candidate)) {
        if (this.#found.has(column) || this.#leftOut.has(column)) continue;
        byColumn.set(column, [...(byColumn.get(column) ?? []), candidate]);
      }
    }
    const claims = new Map<string, number[]>();
    for (const [column, fitting] of byColumn) {
      const chosen = this.#choose(tier, column, fitting);
      if (chosen) claims.set(chosen, [...(claims.get(chosen) ?? []), column]);
    }
    for (const [key, columns] of claims) this.#claim(tier, key, columns);
  }

  /** The only key that a column fits. A key that is taken already still stands in the way of a looser match. */
  #choose(tier: MatchTier, column: number, fitting: readonly Candidate[]): string | null {
    const free = fitting.filter(({ layout }) => !this.#isSettled(layout.key));
    const [only] = free;
    if (only && fitting.length === 1) return only.layout.key;
    if (only && free.length === 1 && tier === 'words' && fitting.every((other) => coversWords(only, other))) {
      return only.layout.key;
    }
    if (free.length > 1) this.#ambiguous.set(column, new Set(free.map(({ layout }) => layout.key)));
    return null;
  }

  #isSettled(key: string): boolean {
    return this.#takenKeys.has(key) || this.#duplicates.has(key);
  }

  #claim(tier: MatchTier, key: string, columns: readonly number[]): void {
    const weight = TIERS.find(({ name }) => name === tier)!.weight;
    const [column] = columns;
    if (columns.length === 1 && !this.#isSettled(key)) {
      this.#found.set(column!, { key, by: tier });
      this.#takenKeys.add(key);
      this.#score += weight;
      return;
    }
    if (this.#isSettled(key)) return;
    this.#duplicates.set(key, columns);
    this.#score += weight;
  }

  result(): ColumnMatches {
    return {
      found: this.#found,
      duplicates: [...this.#duplicates].map(([key, columns]) => ({ key, columns: [...columns].sort((a, b) => a - b) })),
      ambiguous: [...this.#ambiguous]
        .filter(([column]) => !this.#found.has(column))
        .map(([column, keys]) => ({ column, keys: [...keys] })),
      score: this.#score,
    };
  }
}

/** «Номер помещения» covers «Номер»: the longer heading says all that the shorter does. */
const coversWords = (longer: Candidate, shorter: Candidate): boolean =>
  longer === shorter ||
  shorter.canonical.words.every((words) =>
    longer.canonical.words.some((own) => isSubset(words, own) && own.size > words.size),
  );

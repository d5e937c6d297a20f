import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export interface SourceFile {
  /** From the root of the project, with forward slashes. */
  path: string;
  text: string;
  /** Project files it imports, resolved; packages are left out. */
  imports: string[];
}

const IMPORT = /(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;

/** Every TypeScript file below a folder. */
export function readSources(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const text = readFileSync(path, 'utf8');
      const imports = Array.from(text.matchAll(IMPORT), (match) => normalize(join(dirname(path), match[1]!)));
      return { path, text, imports };
    });
}

export const isTest = (path: string): boolean =>
  /(\.test|\/test-[a-z-]+)\.tsx?$/.test(path) || path.startsWith('tests/');
/** The noun of a file in src/modules, or null. */
export const moduleOf = (path: string): string | null => /^src\/modules\/([^/]+)\//.exec(path)?.[1] ?? null;

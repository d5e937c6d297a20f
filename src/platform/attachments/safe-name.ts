import { type AttachmentKind, ENDINGS } from './attachment.ts';

/** Longer names do not fit into file systems: 255 bytes there, up to two of them a Russian letter, and a program may add « (2)». */
const MOST_BYTES = 200;

/** Controls, invisible signs and those that turn the direction of text: «‮gpj.exe» would be read «exe.jpg». */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu;
const FORBIDDEN = /[<>:"|?*]/g;
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const KNOWN_ENDINGS = new Set(Object.values(ENDINGS).flat());

/**
 * The name a file is shown, kept and downloaded under: the last part of a path, without signs that deceive the eye or that file systems
 * refuse, at most 200 bytes long, and with an ending that tells what the content is.
 */
export function safeName(given: string, kind: AttachmentKind): string {
  const plain = lastPart(given.toWellFormed().normalize('NFC'))
    .replace(UNSEEN, '')
    .replace(FORBIDDEN, '_')
    .replace(/\s+/gu, ' ')
    .replace(/^[\s.]+|[\s.]+$/gu, '');
  const { stem, ending } = split(plain, kind);
  const name = cutTo(stem.replace(/[\s.]+$/u, ''), MOST_BYTES - ending.length - 1) || 'файл';
  return `${DEVICE.test(name) ? `_${name}` : name}.${ending}`;
}

const lastPart = (name: string): string => name.split(/[\\/]/).findLast((part) => /[^\s.]/.test(part)) ?? '';

/** The name with another ending. */
export function withEnding(name: string, ending: string): string {
  return `${name.replace(/\.[^.]*$/, '')}.${ending}`;
}

function split(name: string, kind: AttachmentKind): { stem: string; ending: string } {
  const dot = name.lastIndexOf('.');
  const ending = dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
  if (ENDINGS[kind].includes(ending)) return { stem: name.slice(0, dot), ending };
  return { stem: KNOWN_ENDINGS.has(ending) ? name.slice(0, dot) : name, ending: ENDINGS[kind][0]! };
}

function cutTo(text: string, mostBytes: number): string {
  let bytes = 0;
  let kept = '';
  for (const { segment } of new Intl.Segmenter('ru').segment(text)) {
    bytes += Buffer.byteLength(segment);
    if (bytes > mostBytes) break;
    kept += segment;
  }
  return kept;
}
